"""What is planned for one synthetic subject, where its course is not left to chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotage.conditions import Condition
from pilotage.rules import Value

Anchor = Literal[
    "first dose",
    "stage",
    "reduction",
    "further reduction",
    "withdrawal",
    "reintroduction",
    "maintenance",
]
"""What the days of a stage are counted from: the first dose, the stage before it, the first day of
a lower dose and of the next lower one, the last day of treatment, the first day of a dose that was
given again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A score that is reached on a day: so many days after the anchor."""

    value: int
    days: int
    after: Anchor


@dataclass(frozen=True, slots=True)
class ScorePlan:
    baseline: int
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to an item: a value (the first time another one), or yes (1) while a condition
    holds, or the contact's date."""

    value: object = None
    first: object = None
    while_: Condition | None = None
    contact: bool = False


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A measured number around the subject's own level, as the laboratory writes it. `under_drug`
    is added under drug, `shift` after the first dose."""

    level: float
    unit: str
    within_sd: float = 0
    under_drug: float = 0
    shift: float = 0
    digits: int = 0
    bounds: tuple[float, float] = (float("-inf"), float("inf"))
    normal: tuple[float | None, float | None] = (None, None)
    sum_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a log, or a form filled on a day of its own; `dates` are study days. Where forms
    are named under `contact`, the subject is seen that day."""

    form: str
    day: int
    values: Mapping[str, object]
    dates: Mapping[str, int]
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The regions of an instrument that are affected first: one after the other, or all evenly."""

    regions: tuple[str, ...] = ()
    evenly: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of treatment for good, on the first day without drug."""

    day: int
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A subject as it is to be. Items are named form.item; `known` are names for the conditions of
    `Given`; `results` are results of items on a day, in place of what chance would give."""

    subject: str
    consent: date
    first_dose: date
    last_day: int
    age: int
    sex: str
    known: Mapping[str, Value]
    scores: Mapping[str, ScorePlan]
    answers: Mapping[str, Given]
    numbers: Mapping[str, NumberPlan]
    regions: Mapping[str, Places]
    results: Mapping[tuple[str, int], float]
    pages: tuple[Page, ...] = ()
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the study that a course writes down: the reason of each action on the dose, and of
    an end of treatment by it."""

    dose_reasons: Mapping[str, str]
    withdrawn: str
