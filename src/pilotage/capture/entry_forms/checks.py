"""What is asked about a form that was filled in: values outside their range, checks that fail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from pilotage.capture.entry_forms.asked import Known, asked, whole_state
from pilotage.capture.entry_forms.dates import about_dates
from pilotage.capture.entry_forms.page import Field, FormPage, fields_of
from pilotage.capture.entry_forms.plausible import about_laboratory
from pilotage.capture.entry_forms.unit_words import unit_words
from pilotage.capture.entry_forms.values import number_of
from pilotage.conditions import describe, holds, names_in
from pilotage.conditions.nodes import number_text
from pilotage.forms.answer import Answer
from pilotage.study import Study
from pilotage.study.namespace import namespace
from pilotage.study.protocol import EditCheck, text_of

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One question about the answers. `id` names the check, the same each time it fails; `items`
    are the answers that it is about, `source` the paragraph of the protocol."""

    id: str
    items: tuple[str, ...]
    message: str
    source: str = ""


def findings(
    study: Study,
    form: str,
    answers: Answers,
    known: Known,
    *,
    today: date | None = None,
    language: str | None = None,
) -> list[CheckFinding]:
    """Every question about the answers of a form, in the order of the form.

    A check asks when it is known not to hold; while it is unknown it is silent. Without `today`
    nothing is said about days that lie in the future.
    """
    page = fields_of(study, form, language)
    return [
        *_of_each_answer(page, answers, known),
        *(CheckFinding(*found) for found in about_dates(page, answers, today)),
        *(CheckFinding(*found) for found in about_laboratory(study, page, answers)),
        *_of_the_study(study, page, answers, known, language),
    ]


def forms_to_check(study: Study, form: str) -> tuple[str, ...]:
    """The other forms whose checks look at answers of this form."""
    return tuple(
        code
        for code, other in study.protocol.forms.items()
        if code != form
        and any(
            name.startswith(f"{form}.") for check in other.checks for name in names_in(check.holds)
        )
    )


def _of_each_answer(page: FormPage, answers: Answers, known: Known) -> Iterator[CheckFinding]:
    now = asked(page, answers, known)
    for field in page.fields:
        answer = answers.get(field.item, Answer())
        if field.item not in now and not answer.is_open:
            words = _("“%(label)s” is answered, but it is not asked here: is the answer right?")
            yield CheckFinding(
                f"{page.code}.{field.item}.unasked", (field.item,), words % {"label": field.label}
            )
        elif outside := _outside(field, answer):
            yield CheckFinding(f"{page.code}.{field.item}.range", (field.item,), outside)


def _outside(field: Field, answer: Answer) -> str:
    """Why the number is not where it is expected, or nothing."""
    if field.low is None or field.high is None or answer.missing:
        return ""
    value = number_of(field, answer.value, answer.unit) if answer.value else None
    if value is None or field.low <= value <= field.high:
        return ""
    return _(
        "%(label)s is %(value)s, outside the expected %(low)s to %(high)s: are value and unit "
        "right?"
    ) % {
        "label": field.label,
        "value": f"{answer.value} {unit_words(answer.unit)}".rstrip(),
        "low": number_text(field.low),
        "high": f"{number_text(field.high)} {unit_words(field.unit or '')}".rstrip(),
    }


def _of_the_study(
    study: Study, page: FormPage, answers: Answers, known: Known, language: str | None
) -> Iterator[CheckFinding]:
    state = whole_state(page, answers, known)
    for number, check in enumerate(study.protocol.forms[page.code].checks, start=1):
        if holds(check.holds, state) is False:
            words = _words(study, check, language)
            source = check.source or ()
            sources = (source,) if isinstance(source, str) else source
            yield CheckFinding(
                f"{page.code}.check.{number}", _own(page, check), words, ", ".join(sources)
            )


def _own(page: FormPage, check: EditCheck) -> tuple[str, ...]:
    """The items of this form that the check looks at."""
    named = {
        name.partition(".")[2] for name in names_in(check.holds) if name.startswith(f"{page.code}.")
    }
    return tuple(field.item for field in page.fields if field.item in named)


def _words(study: Study, check: EditCheck, language: str | None) -> str:
    names = namespace(study.protocol, language)
    expected = describe(check.holds, names, language=language or study.protocol.languages[0])
    return _("%(message)s. Expected: %(expected)s.") % {
        "message": text_of(check.message, language).rstrip("."),
        "expected": expected,
    }
