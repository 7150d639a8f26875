"""Sentences with places for results: `{CR.SAFFL.count:share} of subjects responded`.

| written | stands for |
|---|---|
| `{ANALYSIS.POPULATION.STATISTIC}` | a result, such as `{AGE.SAFFL.mean}` |
| `{ANALYSIS.POPULATION.LEVEL.STATISTIC}` | of a group or a term; `each` lists every level |
| `{ANALYSIS.POPULATION.week 8.STATISTIC}` | at an analysis visit; week 0 is the baseline |
| `{…:FORM}` | a number of decimals, `share`, `percent` or `p` instead of the usual form |
| `{…|one|many}` | the number and the noun that goes with it |
| `{label NAME}` | what an analysis, a parameter or a population is called |
"""

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["", "share", "percent", "p", "0", "1", "2", "3"]
FORMS: tuple[Form, ...] = ("share", "percent", "p", "0", "1", "2", "3")

EACH = "each"
_WEEK = re.compile(r"week ([0-9]+)")
_LABEL = "label "


class TemplateError(ValueError):
    """What is wrong with a sentence, in words."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place for the label of something in the study."""

    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A place for a result."""

    analysis: str
    population: str
    statistic: str
    level: str | None = None
    week: int | None = None
    form: Form = ""
    nouns: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """How it is written, without form and nouns."""
        between = self.level if self.week is None else f"week {self.week}"
        parts = (self.analysis, self.population, between, self.statistic)
        return ".".join(part for part in parts if part is not None)


Piece = str | Named | Asked


def read_template(text: str) -> tuple[Piece, ...]:
    """The sentence in pieces. Raises TemplateError for a number that was typed, and for a place
    that cannot be read."""
    pieces: list[Piece] = []
    for at, part in enumerate(re.split(r"(\{[^{}]*\})", text)):
        if at % 2:
            pieces.append(_place(part[1:-1].strip()))
        elif part:
            _refuse_numbers(part)
            pieces.append(part)
    return tuple(pieces)


def _refuse_numbers(text: str) -> None:
    if "{" in text or "}" in text:
        raise TemplateError("a bracket '{' or '}' has no partner")
    typed = next((word for word in text.split() if any(map(str.isnumeric, word))), None)
    if typed is not None:
        hint = "numbers come from results: {ANALYSIS.POPULATION.STATISTIC}, or {label NAME}"
        raise TemplateError(f"'{typed}' holds a typed number; {hint}")


def _place(inner: str) -> Named | Asked:
    if inner.startswith(_LABEL):
        return Named(inner.removeprefix(_LABEL).strip())
    reference, *nouns = (part.strip() for part in inner.split("|"))
    if nouns and len(nouns) != 2:
        raise TemplateError(f"'{{{inner}}}' needs two nouns, as in {{…|subject|subjects}}")
    for noun in nouns:
        _refuse_numbers(noun)
    reference, colon, form = (part.strip() for part in reference.partition(":"))
    if colon and form not in FORMS:
        raise TemplateError(f"'{form}' is no form of a number; known are {', '.join(FORMS)}")
    parts = reference.split(".")
    if len(parts) not in (3, 4) or not all(parts):
        words = "is no result; write {ANALYSIS.POPULATION.STATISTIC}"
        raise TemplateError(f"'{{{inner}}}' {words}")
    analysis, population, *between, statistic = parts
    week = _WEEK.fullmatch(between[0]) if between else None
    return Asked(
        analysis,
        population,
        statistic,
        level=None if week or not between else between[0],
        week=int(week[1]) if week else None,
        form=next((known for known in FORMS if known == form), ""),
        nouns=(nouns[0], nouns[1]) if nouns else None,
    )
