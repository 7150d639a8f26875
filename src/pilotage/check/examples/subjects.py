"""The subject of each example: what was recorded on which day, with what its start adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pilotage.study.places import Path
from pilotage.study.worked_examples import (
    Answer,
    Example,
    Expectation,
    OnDay,
    Start,
    TakenDose,
    WorkedExamples,
)

YEARS = range(1900, 2201)
VISIT = "visit"
"""The key of a day under which the visit that was made stands."""

Recorded = dict[date, dict[str, Answer]]


@dataclass(frozen=True, slots=True)
class Subject:
    """An example as a subject: USUBJID, its answers by day, its doses, and where it stands."""

    id: str
    example: Example
    path: Path
    records: Mapping[date, Mapping[str, Answer]]
    doses: tuple[TakenDose, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something is expected of a subject."""

    subject: Subject
    on: date
    expected: Expectation
    path: Path


def subjects_of(examples: WorkedExamples) -> list[Subject]:
    """Every example with what it takes from its start. The file must be without mistakes."""
    digits = max(3, len(str(len(examples.examples))))
    found = []
    for at, example in enumerate(examples.examples):
        records, doses = _whole(example, examples)
        name = f"{at + 1:0{digits}d}"
        found.append(Subject(name, example, ("examples", at), records, doses))
    return found


def moments_of(subjects: Iterable[Subject], day_one: date) -> list[Moment]:
    return [
        Moment(subject, day_of(expected.on, day_one), expected, (*subject.path, "expect", at))
        for subject in subjects
        for at, expected in enumerate(subject.example.expect)
    ]


def _whole(own: Start, examples: WorkedExamples) -> tuple[Recorded, tuple[TakenDose, ...]]:
    """What is recorded, day by day; the doses are its own where it has any."""
    records: Recorded = {}
    doses: tuple[TakenDose, ...] = ()
    if own.like is not None:
        records, doses = _whole(examples.starts[own.like], examples)
    for day, answers in list(records.items()):
        records[day] = {n: a for n, a in answers.items() if not left_out(n, own.without)}
    for written, answers in own.records.items():
        records.setdefault(day_of(written, examples.day_one), {}).update(answers)
    return records, own.doses or doses


def left_out(name: str, without: Iterable[str]) -> bool:
    """Is a name among those that an example leaves out? `form.*` is every item of a form."""
    form = name.partition(".")[0]
    return any(name == other or other == f"{form}.*" for other in without)


def day_of(written: OnDay, day_one: date) -> date:
    """The date of a study day (there is no day 0), or the date as it is written."""
    if isinstance(written, str) and written.count("-") == 2:
        return date.fromisoformat(written)
    day = int(written)
    return day_one + timedelta(days=day - 1 if day > 0 else day)


def is_day(written: OnDay, day_one: date) -> bool:
    """Is it a day? There is no study day 0, and no 30 February."""
    try:
        return written not in (0, "0") and day_of(written, day_one).year in YEARS
    except (ValueError, OverflowError):
        return False
