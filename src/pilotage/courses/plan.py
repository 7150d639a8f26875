"""What is planned for one synthetic subject, where its course is not left to chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotage.conditions import Condition
from pilotage.rules import Value
from pilotage.study.protocol import Protocol

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
    """A score and its stages; one that is gradual also rises evenly, from 0 too."""

    baseline: int
    stages: tuple[Stage, ...] = ()
    gradual: bool = False


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
    """The end of treatment, on the first day without drug; one that is not for good ends a cycle,
    and the rules of the study may give the drug again."""

    day: int
    reason: str
    words: str
    for_good: bool = True


@dataclass(frozen=True, slots=True)
class Supply:
    """How drug is handed out: the form, the dose in a capsule, the capsules that are packed
    together, how likely one is to be forgotten, and the forms that are filled before where the
    study's rules would let no drug be handed out without."""

    form: str
    strength: float
    packed: int = 1
    forgotten: float = 0
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restart:
    """What the study's rules of dispensing ask before drug is given again: forms filled on the day
    of the decision, and a visit with further forms so many days later."""

    first: tuple[str, ...]
    days: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes astray in a trial now and then, and how it is recorded as a deviation: a visit
    `days` beyond its window, a visit or a form that is missed. `words` may name {visit}, {form} and
    {days}."""

    kind: Literal["late visit", "missed visit", "missed form"]
    chance: float
    code: str
    words: str
    category: str
    when: Condition | None = None
    days: tuple[int, int] = (1, 1)
    form: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A subject as it is to be. Items are named form.item; `known` are names for the conditions of
    `Given`; `results` are results of items on a day, in place of what chance would give; `regions`
    are named by form and parameter, or by the form and an empty text for all of its scores. Nothing
    is known of the days after `cut_day`."""

    subject: str
    consent: date
    first_dose: date
    last_day: int
    cut_day: int
    age: int
    sex: str
    known: Mapping[str, Value]
    scores: Mapping[str, ScorePlan]
    answers: Mapping[str, Given]
    numbers: Mapping[str, NumberPlan]
    regions: Mapping[tuple[str, str], Places]
    results: Mapping[tuple[str, int], float]
    pages: tuple[Page, ...] = ()
    stop: Stop | None = None
    supply: Supply | None = None
    restart: Restart | None = None
    slips: tuple[Slip, ...] = ()


def limits_of(plan: Plan, protocol: Protocol, code: str) -> tuple[float | None, float | None]:
    """The laboratory's limits of normal for a parameter, in its unit."""
    unit = protocol.parameters[code].unit
    for name, number in plan.numbers.items():
        form, _, item = name.partition(".")
        target = protocol.forms[form].items[item].target
        if target.endswith(f"TESTCD = {code}") and number.unit == unit:
            return number.normal
    return None, None


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the study that a course writes down: the reason of each action on the dose, of an
    end of treatment by it, and the category and code of a deviation that its rules see."""

    dose_reasons: Mapping[str, str]
    withdrawn: str
    deviation: tuple[str, str] = ("", "")
