"""A trial rehearsed before it starts: invented subjects, and how a site would enter them."""

from pilotage.simulation.rehearsal.rehearse import Rehearsal, rehearse
from pilotage.simulation.rehearsal.told import Told, document, summary, told
from pilotage.simulation.rehearsal.write import (
    REPORT,
    SNAPSHOT,
    refuse_what_is_there,
    write_rehearsal,
)

__all__ = [
    "REPORT",
    "SNAPSHOT",
    "Rehearsal",
    "Told",
    "document",
    "refuse_what_is_there",
    "rehearse",
    "summary",
    "told",
    "write_rehearsal",
]
