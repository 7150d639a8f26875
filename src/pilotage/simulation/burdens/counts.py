"""What is counted of each rehearsal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pilotage.simulation.rehearsal import Told, document
from pilotage.simulation.rehearsal.burden import MATTERS, QUERIES, UNDECIDED


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is counted: its name in tables, what it is, and whether it is one matter of
    the alerts."""

    name: str
    label: str
    is_matter: bool = False


def named(matter: str) -> str:
    """The name of a matter in tables."""
    return f"ALERT_{matter.upper().replace(' ', '_')}"


COUNTED: Final = (
    Counted("ALERTS", "Alerts, queries among them"),
    *(Counted(named(matter), f"Alerts: {matter}", is_matter=True) for matter in MATTERS),
    Counted("QUERIES", "Queries: edit checks, and what the review of the record asks"),
    Counted("UNDECIDED", "Decisions that could not be made: a dose, a supply, a reason to stop"),
    Counted("SLIPS", "Slips of typing"),
    Counted("SLIPS_LEFT", "Slips of typing that nobody found"),
    Counted("ITEMS", "Items entered"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """One rehearsal: its number from 1, its seed, the weeks of the whole trial, the most alerts of
    one subject in a week, and how many there were of each of COUNTED, by name."""

    number: int
    seed: int
    weeks: int
    most_in_a_week: int
    of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """The rehearsals of one scenario, in the order of their numbers, each with so many subjects who
    are included."""

    subjects: int
    counts: tuple[Counts, ...]


def counts_of(number: int, found: Told) -> Counts:
    """A rehearsal as it is counted: the numbers of its `rehearsal.json`."""
    burden, slips = found.burden, found.rehearsal.slips
    items = document(found)["items"]
    assert isinstance(items, int)
    of = {named(matter): burden.of(matter) for matter in MATTERS}
    of |= {
        "ALERTS": burden.alerts,
        "QUERIES": sum(burden.of(matter) for matter in QUERIES),
        "UNDECIDED": sum(burden.of(matter) for matter in UNDECIDED),
        "SLIPS": len(slips),
        "SLIPS_LEFT": sum(slip.remains for slip in slips),
        "ITEMS": items,
    }
    return Counts(number, found.rehearsal.seed, burden.weeks, burden.most_in_a_week, of)
