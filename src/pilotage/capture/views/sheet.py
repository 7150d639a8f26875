"""A form as the page shows it: its questions, what was answered, and what is said about it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pilotage.capture.body_map import BodyMap, body_map
from pilotage.capture.entry_forms import Field, FormPage, LabResult, Mistake
from pilotage.capture.entry_forms.page import FEW, Option
from pilotage.capture.entry_forms.reading import name_of
from pilotage.capture.entry_forms.unit_words import unit_words
from pilotage.forms.answer import Answer
from pilotage.instruments import Region

Layout = Literal["questions", "laboratory", "regions"]
MISSING_WORDS = (gettext_noop("not done"), gettext_noop("unknown"), gettext_noop("not applicable"))
"""Why there is no value, as `answer.MISSING` has it; translated where it is shown."""
ALIKE = 3
"""From so many questions on a hint that they share stands once, at the head of the form."""
_NUMBERED = re.compile(r"(?P<head>(?:.* )?(?P<word>\S+)) (?P<number>\d+)")
_KEYS = "123456789"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose: what is sent, what is read, and the key that chooses it."""

    code: str
    label: str
    key: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One field on the page. `hidden`: it is not asked now, and nothing stands in it. `condition`
    says in words when it is asked; empty for one that always is, and where nobody reads it."""

    field: Field
    answer: Answer
    asked: bool = True
    mistakes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    result: LabResult | None = None
    unanswered: bool = False
    condition: str = ""

    @property
    def hidden(self) -> bool:
        return not self.asked and self.answer.is_open and not self.mistakes

    @property
    def id(self) -> str:
        return f"q-{self.field.item}"

    @property
    def name(self) -> str:
        return name_of(self.field.item)

    @property
    def names(self) -> dict[str, str]:
        """The names of the parts beside the value."""
        parts = ("unit", "low", "high", "missing", "why", "reported", "clear")
        return {part: name_of(self.field.item, part) for part in parts}

    @property
    def layout(self) -> str:
        """Which template shows it."""
        if self.field.options:
            return "buttons"
        if self.field.is_number:
            return "number"
        return {"date": "date", "datetime": "date", "file": "file"}.get(self.field.kind, "text")

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(
            Choice(option.code, _label(self.field, option), _key(self.field, place, option),
                   option.code == self.answer.value)
            for place, option in enumerate(self.field.options)
        )  # fmt: skip

    @property
    def one_unit(self) -> str:
        """The unit as it is read, where there is no choice."""
        return unit_words(self.field.units[0]) if len(self.field.units) == 1 else ""

    @property
    def units(self) -> tuple[tuple[str, str], ...]:
        """The units to choose among: code, and as it is read."""
        return tuple((unit, unit_words(unit)) for unit in self.field.units)

    @property
    def asks_as_reported(self) -> bool:
        """Whether the answer may be a bound that the laboratory reported in place of a number."""
        return self.field.is_laboratory and self.answer.value[:1] in ("<", ">", "≤", "≥")


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region of the body with its questions, one for each group (None: it has none there)."""

    region: Region
    cells: tuple[Question | None, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(cell for cell in self.cells if cell is not None)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading, laid out as their kind needs it."""

    layout: Layout
    title: str = ""
    questions: tuple[Question, ...] = ()
    groups: tuple[str, ...] = ()
    rows: tuple[RegionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole page of a form. `hints`: what many of its questions say alike, said once."""

    page: FormPage
    questions: tuple[Question, ...]
    sections: tuple[Section, ...]
    map: BodyMap | None = None
    hints: tuple[str, ...] = ()

    @property
    def mistaken(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.mistakes)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said about the questions, by item."""

    mistakes: Sequence[Mistake] = ()
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    results: Mapping[str, LabResult] = field(default_factory=dict)
    open: Sequence[str] = ()


def sheet(
    page: FormPage,
    answers: Mapping[str, Answer],
    asked: frozenset[str],
    remarks: Remarks | None = None,
    conditions: Mapping[str, str] | None = None,
) -> Sheet:
    """The page with its questions in sections: regions of the body first, then headings."""
    remarks, conditions = remarks or Remarks(), conditions or {}
    questions = tuple(
        replace(_question(each, answers, asked, remarks), condition=conditions.get(each.item, ""))
        for each in page.fields
    )
    hints, questions = _said_once(questions)
    return Sheet(page, questions, tuple(_sections(page, questions)), body_map(page.regions), hints)


def _said_once(
    questions: tuple[Question, ...],
) -> tuple[tuple[str, ...], tuple[Question, ...]]:
    """The hints that several questions have, but for a number at their end, and the questions
    without them: what is left to each is that number with the word before it."""
    heads = [_hint(question.field.hint)[0] for question in questions]
    counted = Counter(head for head in heads if head)
    shared = tuple(head for head in dict.fromkeys(heads) if counted[head] >= ALIKE)
    left = (
        replace(each, field=replace(each.field, hint=_hint(each.field.hint)[1]))
        if head in shared
        else each
        for each, head in zip(questions, heads, strict=True)
    )
    return shared, tuple(left)


def _hint(hint: str) -> tuple[str, str]:
    """A hint without the number at its end, and the number with the word before it."""
    found = _NUMBERED.fullmatch(hint)
    return (found["head"], f"{found['word']} {found['number']}") if found else (hint, "")


def _question(
    each: Field, answers: Mapping[str, Answer], asked: frozenset[str], remarks: Remarks
) -> Question:
    return Question(
        each,
        answers.get(each.item, Answer()),
        asked=each.item in asked,
        mistakes=tuple(m.message for m in remarks.mistakes if m.item == each.item),
        said=tuple(remarks.said.get(each.item, ())),
        result=remarks.results.get(each.item),
        unanswered=each.item in remarks.open,
    )


def _sections(page: FormPage, questions: tuple[Question, ...]) -> Iterator[Section]:
    placed = [question for question in questions if question.field.region]
    if placed:
        yield _by_region(page, placed)
    groups: dict[tuple[str, Layout], list[Question]] = {}
    for question in questions:
        if not question.field.region:
            layout: Layout = "laboratory" if question.field.is_laboratory else "questions"
            groups.setdefault((question.field.group, layout), []).append(question)
    for (title, layout), found in groups.items():
        yield Section(layout, title, tuple(found))


def _by_region(page: FormPage, questions: list[Question]) -> Section:
    groups = tuple(dict.fromkeys(question.field.group for question in questions))
    at = {(question.field.region, question.field.group): question for question in questions}
    rows = tuple(
        RegionRow(region, tuple(at.get((region.code, group)) for group in groups))
        for region in page.regions
    )
    return Section("regions", "", tuple(questions), groups, rows)


def _label(field: Field, option: Option) -> str:
    """Yes and no in the language of the page; an instrument's 0 and 1 with their meaning."""
    if field.kind == "yes_no":
        return _("yes") if option.code == "yes" else _("no")
    if field.kind == "points" and not field.region and len(field.options) == 2:
        return {"0": _("0 · no"), "1": _("1 · yes")}.get(option.code, option.label)
    return option.label


def _key(field: Field, place: int, option: Option) -> str:
    if field.kind == "points":
        return option.code
    if field.kind == "yes_no":
        return "1" if option.code == "yes" else "0"
    return _KEYS[place] if place < FEW else ""


def answer_words(field: Field, answer: Answer) -> str:
    """An answer as a person reads it: the label of a choice, a number with its unit and limits, why
    there is none."""
    if answer.missing:
        return f"{_(answer.missing)} ({answer.why})" if answer.why else _(answer.missing)
    if not answer.value:
        return _("open")
    if field.kind == "file":
        return _("a picture")
    for option in field.options:
        if option.code == answer.value:
            return _label(field, option)
    words = f"{answer.value} {unit_words(answer.unit)}".rstrip()
    return f"{words} [{answer.low}–{answer.high}]" if answer.low or answer.high else words
