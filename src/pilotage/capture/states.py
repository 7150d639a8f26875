"""What may follow upon what: each table says which state an act leads to from each state.

An act that has no row here is refused in that state. The diagrams of `docs/reference/workflow.md`
are drawn from these tables.
"""

from collections.abc import Mapping
from typing import Final

Table = Mapping[tuple[str, str], str]
"""(state, act) -> state. The state "" is that of what does not exist yet."""

_WRITTEN: Final = ("", "started", "complete", "verified", "signed", "verified and signed")

ENTRY: Final[Table] = {
    **{(state, "save with open items"): "started" for state in _WRITTEN},
    **{(state, "save complete"): "complete" for state in _WRITTEN},
    ("complete", "verify"): "verified",
    ("complete", "sign"): "signed",
    ("verified", "sign"): "verified and signed",
    ("signed", "verify"): "verified and signed",
}
"""One form of one subject. A change takes back what was verified and signed."""

SUBJECT: Final[Table] = {
    ("", "screen"): "screening",
    ("screening", "sign eligibility"): "eligible",
    ("eligible", "change data"): "screening",
    ("enrolled", "sign eligibility"): "enrolled",
    ("screening", "fail screening"): "screen failure",
    ("eligible", "fail screening"): "screen failure",
    ("eligible", "enrol"): "enrolled",
    ("enrolled", "complete"): "completed",
    ("enrolled", "withdraw"): "withdrawn",
    ("screen failure", "take back"): "screening",
    ("completed", "take back"): "enrolled",
    ("withdrawn", "take back"): "enrolled",
}
"""A subject's way through the trial. What was signed as eligible holds while its data stand."""

QUERY: Final[Table] = {
    ("", "open"): "open",
    ("open", "answer"): "answered",
    ("open", "close"): "closed",
    ("answered", "close"): "closed",
    ("answered", "reopen"): "open",
    ("closed", "reopen"): "open",
}
"""A question to the site."""

STUDY: Final[Table] = {
    ("open", "lock"): "locked",
    ("locked", "unlock"): "open",
}
"""The whole record. Entries and subjects carry a lock of their own, beside their state."""

TABLES: Final[Mapping[str, Table]] = {
    "entry": ENTRY,
    "subject": SUBJECT,
    "query": QUERY,
    "study": STUDY,
}


def states_of(table: Table) -> tuple[str, ...]:
    """Every state of a table, in the order in which it names them."""
    return tuple(
        dict.fromkeys(state for (before, _), to in table.items() for state in (before, to) if state)
    )


ENTRY_STATES: Final = ("started", "complete", "verified", "signed", "verified and signed")
ENTRY_ORDER: Final = ENTRY_STATES
"""From the least to the most that was done."""

SUBJECT_STATES: Final = states_of(SUBJECT)
QUERY_STATES: Final = states_of(QUERY)
OPEN_QUERIES: Final = ("open", "answered")
"""The states of a query that somebody still has to look at."""

SIGNED: Final = ("signed", "verified and signed")
"""The states of an entry that somebody has signed."""


def after(table: Table, state: str, act: str) -> str | None:
    """The state that an act leads to; None where it cannot follow upon this state."""
    return table.get((state, act))


def acts_in(table: Table, state: str) -> tuple[str, ...]:
    """The acts that are possible in a state."""
    return tuple(act for (before, act) in table if before == state)
