"""The life of a subject in the trial, as it is told: days, on each what was recorded and decided,
and the stretches of time in which nothing changed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotage.rules import Input

Kind = Literal[
    "consent",
    "eligibility",
    "disposition",
    "visit",
    "relapse",
    "response",
    "dose",
    "stopping",
    "dispensing",
    "adverse event",
    "activity",
    "deviation",
    "contact",
    "state",
]

Mark = Literal["", "unknown", "against"]
"""`unknown`: the protocol cannot answer, or nobody knows; `against`: something stands against the
protocol or the treatment (a dose that deviates, a reason to stop, a visit that was missed)."""

Rows = tuple[tuple[str, int], ...]
"""Rows of the snapshot: table and --SEQ; a row of DM has no number and says 0."""


@dataclass(frozen=True, slots=True)
class Source:
    """A heading of the protocol."""

    id: str
    heading: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that an entry says: a criterion, a reason to stop, a form."""

    what: str
    mark: Mark = ""
    why: str = ""
    sources: tuple[Source, ...] = ()
    inputs: tuple[Input, ...] = ()
    brief: bool = False
    """Need not be named where room is short: a criterion that is passed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was recorded or decided.

    `why` is what the protocol says, in its words. `same_as` is what two entries share that say the
    same on different days; `short` says it in a few words. `row` is the row of the decision table
    that answers.
    """

    kind: Kind
    what: str
    mark: Mark = ""
    why: str = ""
    sources: tuple[Source, ...] = ()
    inputs: tuple[Input, ...] = ()
    parts: tuple[Part, ...] = ()
    rows: Rows = ()
    same_as: tuple[object, ...] = ()
    short: str = ""

    @property
    def sameness(self) -> tuple[object, ...]:
        own = (self.what, *(part.what for part in self.parts))
        return (self.kind, self.mark, *(self.same_as or own))


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day. `on` is the first possible day where the date is incomplete, and
    `written` the date as it was written; `on` is None where there is no date at all."""

    on: date | None
    written: str
    study_day: int | None
    week: int | None
    title: str
    entries: tuple[Entry, ...]
    version: str | None = None

    @property
    def sameness(self) -> frozenset[tuple[object, ...]]:
        return frozenset(entry.sameness for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same was found and decided as on the day before them."""

    days: tuple[Day, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that is told of one subject. `at` is the day whose knowledge it is: nothing that
    is dated later is used. `now` is how things stand on it."""

    study: str
    title: str
    subject: str
    person: str
    at: date
    data_cut: date
    synthetic: bool
    story: tuple[Day | Period, ...]
    now: Day
    not_collected: tuple[str, ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """Every day, those of the quiet periods too."""
        found: list[Day] = []
        for each in self.story:
            found += each.days if isinstance(each, Period) else [each]
        return tuple(found)
