"""From what was posted to answers: strict, and every mistake with the field and what to do.

A text that can be read in two ways (`1,5`, `1.190` cells, `03/04/2009`) is asked again. What was
typed stays in the answer, mistake or not, so that the page can show it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from django.utils.translation import gettext as _

from pilotage.capture.entry_forms.dates import as_iso, date_mistake
from pilotage.capture.entry_forms.page import Field, FormPage
from pilotage.capture.entry_forms.plausible import REPORTED
from pilotage.conditions.nodes import number_text
from pilotage.forms.answer import MISSING, Answer, Missing
from pilotage.instruments.units import parse_number

LONGEST: Final = 4000
"""Characters of a text; more are a document, not an answer."""

MOST_DIGITS: Final = 40
"""Characters of a limit of normal: the width of its column."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_COMMA: Final = re.compile(r"[+-]?[0-9]+,[0-9]+")
_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}([ ,.'][0-9]{3})+")
_BOUND: Final = re.compile(rf"(?:{'|'.join(REPORTED)}) ?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why an answer cannot be kept as it is, and what to do."""

    item: str
    message: str


def name_of(item: str, part: str = "") -> str:
    """The name under which a field is posted: `i-weight`, `i-weight-unit`. Parts are unit, low,
    high, missing, why, reported, and clear, which takes the value back."""
    return f"i-{item}-{part}" if part else f"i-{item}"


def read_posted(
    page: FormPage, post: Mapping[str, str]
) -> tuple[dict[str, Answer], tuple[Mistake, ...]]:
    """The answer to every item of the page, and all mistakes in the order of the page. An item that
    was not posted is open."""
    answers: dict[str, Answer] = {}
    mistakes: list[Mistake] = []
    for field in page.fields:
        answer = _answer(field, post)
        answers[field.item] = answer
        reported = bool(post.get(name_of(field.item, "reported")))
        mistakes += [Mistake(field.item, words) for words in _mistakes(field, answer, reported)]
    return answers, tuple(mistakes)


def _answer(field: Field, post: Mapping[str, str]) -> Answer:
    def typed(part: str = "") -> str:
        return post.get(name_of(field.item, part), "").replace("\r\n", "\n").strip()

    value, word = "" if typed("clear") else typed(), typed("missing")
    missing = cast(Missing, word if word in MISSING else "")
    if field.kind == "datetime":
        value = as_iso(value)
    unit = ""
    if field.is_number and value:
        unit = field.units[0] if len(field.units) == 1 else typed("unit")
    return Answer(
        value=value,
        unit=unit,
        low=typed("low") if field.is_laboratory else "",
        high=typed("high") if field.is_laboratory else "",
        missing=missing,
        why=typed("why") if missing else "",
    )


def _mistakes(field: Field, answer: Answer, reported: bool) -> Iterator[str]:
    if answer.value and answer.missing:
        yield _("There is a value, and “%(word)s” as well: keep one of the two.") % {
            "word": _(answer.missing)
        }
    elif answer.missing and not answer.why and (field.required or answer.missing == "not done"):
        yield _("Say in a few words why there is no value.")
    elif (answer.low or answer.high) and not answer.value:
        yield _("Limits of normal are given without a value: add the value, or clear them.")
    elif answer.value:
        yield from _of_value(field, answer, reported)
    if len(answer.why) > LONGEST or _CONTROL.search(answer.why):
        yield _("The reason is too long, or holds characters that cannot be kept.")


def _of_value(field: Field, answer: Answer, reported: bool) -> Iterator[str]:
    match field.kind:
        case "date" | "datetime":
            words = date_mistake(answer.value, with_time=field.kind == "datetime")
            if words:
                yield words
        case "choice" | "yes_no" | "points" if field.options:
            if answer.value not in {option.code for option in field.options}:
                yield _("“%(text)s” is none of the answers offered.") % {"text": answer.value}
        case "integer" | "number" | "points":
            yield from _of_number(field, answer, reported)
        case "text":
            if len(answer.value) > LONGEST:
                yield _("The text is longer than %(most)s characters.") % {"most": LONGEST}
            if _CONTROL.search(answer.value):
                yield _("The text holds characters that cannot be kept: type it again.")


def _of_number(field: Field, answer: Answer, reported: bool) -> Iterator[str]:
    if len(field.units) > 1 and answer.unit not in field.units:
        yield _("Choose the unit: it is never assumed.")
    if not (reported and field.is_laboratory and _BOUND.fullmatch(answer.value)):
        yield from _of_digits(field, answer.value, answer.unit)
    for limit in (answer.low, answer.high):
        if len(limit) > MOST_DIGITS:
            yield _("The text is longer than %(most)s characters.") % {"most": MOST_DIGITS}
        elif limit and (words := number_mistake(limit, answer.unit)):
            yield _("Limit of normal: %(words)s") % {"words": words}


def _of_digits(field: Field, text: str, unit: str) -> Iterator[str]:
    if field.is_laboratory and _BOUND.fullmatch(text):
        yield _(
            "“%(text)s” is not a number. If the laboratory reported it so, tick “as reported”: it "
            "is kept as it stands, and not graded."
        ) % {"text": text}
        return
    words = number_mistake(text, unit)
    if words:
        yield words
        return
    value = parse_number(text, unit or None).value
    whole = field.kind in ("integer", "points")
    if value is not None and whole and value % 1:
        yield _("“%(text)s” is not a whole number.") % {"text": text}
    elif field.kind == "points" and value is not None and not _allowed(field, value):
        yield _("Allowed are whole numbers from %(low)s to %(high)s.") % {
            "low": number_text(field.low or 0),
            "high": number_text(field.high or 0),
        }


def number_mistake(text: str, unit: str) -> str:
    """Why a text is no plain number, and how to write it; nothing for a number."""
    read = parse_number(text, unit or None)
    if read.value is not None:
        return ""
    if _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[ ,.']", "", text)
        return _(
            "“%(text)s” can be read in two ways: write %(plain)s, or the decimals with a point and "
            "without thousands marks."
        ) % {"text": text, "plain": plain}
    if _COMMA.fullmatch(text):
        return _("“%(text)s” is not clear: write the decimals with a point, such as %(point)s.") % {
            "text": text,
            "point": text.replace(",", "."),
        }
    return _("“%(text)s” is not a number: write digits, with a point before decimals.") % {
        "text": text
    }


def _allowed(field: Field, value: float) -> bool:
    return field.low is not None and field.high is not None and field.low <= value <= field.high


def without_value(
    answers: Mapping[str, Answer], asked: frozenset[str], *, word: str, why: str
) -> tuple[dict[str, Answer], str]:
    """The answers, with the same word and reason in every open question that is asked; and what is
    wrong with the wish, empty where nothing is."""
    if word not in MISSING or not why:
        return dict(answers), _("Choose why there is no value, and say the reason in a few words.")
    filled = Answer(missing=cast(Missing, word), why=why)
    return {
        item: filled if item in asked and answer.is_open else answer
        for item, answer in answers.items()
    }, ""
