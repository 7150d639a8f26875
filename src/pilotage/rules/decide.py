"""The interpreter of decision tables: which row of a table answers, with its reason and source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pilotage.conditions import Condition, Value, names_in, unknown_names
from pilotage.rules.doubts import (
    DOUBTS,
    OF_DATES_AND_DAYS,
    Doubts,
    holds_for_any,
    holds_recorded_or_not,
    may_be_recorded,
)
from pilotage.study.protocol import (
    ActivityRow,
    ActivityTable,
    DeviationRow,
    DeviationTable,
    DispensingRow,
    DispensingTable,
    DosingTable,
    Row,
    StoppingRow,
    StoppingTable,
    text_of,
)

State = Mapping[str, Value]
"""What is known of a subject at one moment, by the names of the study's namespace."""

AnyTable = StoppingTable | DispensingTable | DeviationTable | ActivityTable
"""The tables in which any row answers."""

UNKNOWN = "CANNOT ADVISE"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a table: an action, none, or unknown with the names that are missing.

    `to` is the dose step, or the form, of an action that names one. `inputs` are the values that
    the answering row used, `row` is its number in the table, from 0; None where no row answers.
    """

    action: str | None
    reason: str = ""
    source: tuple[str, ...] = ()
    to: str | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    row: int | None = field(default=None, compare=False)

    @property
    def known(self) -> bool:
        return self.action != UNKNOWN


def decide(table: DosingTable, state: State) -> Decision:
    """For ordered tables: the action of the first row that holds while every row before it is known
    not to hold.

    A row that cannot be known makes the answer unknown, with the names that are missing; so does a
    row whose condition the protocol does not state, and one that asks whether something is missing
    where that is not known. Never raises for missing data.
    """
    for number, row in enumerate(table.rows):
        if not isinstance(row.when, Condition):
            return _not_stated(row, number)
        match holds_recorded_or_not(row.when, state, DOUBTS):
            case True:
                return _answer(row, number, row.do, state, to=row.to)
            case None:
                return _unknown(row, number, state, doubts_of(table))
    if table.otherwise == "not stated":
        return Decision(UNKNOWN, "the protocol does not say what to do in this case")
    return Decision(table.otherwise, "no other rule of the table holds")


def decide_any(table: AnyTable, state: State) -> Sequence[Decision]:
    """For tables in which any row answers: every row that is true, in the order of the table,
    whatever else is unknown. Empty where every row is known not to hold.

    One reason to stop, or not to dispense, settles the matter: there the unknown rows answer only
    when none is true. A reason to stop holds where any value of the latest day meets it, and says
    with which. A row that asks whether something is missing is unknown where that cannot be said;
    but what asks for a form does not wait for that, as the calendar does not. Each activity and
    each deviation is a matter of its own: there the unknown rows answer beside the true ones.
    """
    found: list[Decision] = []
    rows: Sequence[StoppingRow | DispensingRow | DeviationRow | ActivityRow] = table.rows
    for number, row in enumerate(rows):
        if not isinstance(row.when, Condition):
            found.append(_not_stated(row, number))
            continue
        answer, values = row_holds(table, row, state)
        match answer:
            case True:
                form = row.form if isinstance(row, ActivityRow) else None
                found.append(_answer(row, number, row.do, values, to=form))
            case None:
                found.append(_unknown(row, number, state, doubts_of(table)))
    if isinstance(table, StoppingTable | DispensingTable):
        return [decision for decision in found if decision.known] or found
    return found


def row_holds(table: DosingTable | AnyTable, row: Row, state: State) -> tuple[bool | None, State]:
    """Does a row of a table hold, and with which values? Unknown where the protocol does not state
    its condition."""
    if not isinstance(row.when, Condition):
        return None, state
    doubts = doubts_of(table)
    if isinstance(table, StoppingTable):
        return holds_for_any(row.when, state, doubts)
    return holds_recorded_or_not(row.when, state, doubts), state


def doubts_of(table: DosingTable | AnyTable) -> Doubts:
    """What leaves open whether something is missing, for a table. A dose waits for what cannot be
    read as well; a stop, a supply and a deviation ask for a value that can be used."""
    if isinstance(table, DosingTable):
        return DOUBTS
    return frozenset() if isinstance(table, ActivityTable) else OF_DATES_AND_DAYS


def _answer(row: Row, number: int, action: str, state: State, *, to: str | None = None) -> Decision:
    assert isinstance(row.when, Condition)
    inputs = {name: state.get(name) for name in names_in(row.when)}
    return Decision(action, text_of(row.why), row.sources, to, inputs, row=number)


def _unknown(row: Row, number: int, state: State, doubts: Doubts) -> Decision:
    assert isinstance(row.when, Condition)
    missing = unknown_names(row.when, state) or may_be_recorded(row.when, state, doubts)
    inputs = {name: state.get(name) for name in names_in(row.when)}
    return Decision(UNKNOWN, text_of(row.why), row.sources, None, inputs, missing, number)


def _not_stated(row: Row, number: int) -> Decision:
    words = f"the protocol does not state when this holds: {text_of(row.why)}"
    return Decision(UNKNOWN, words, row.sources, row=number)
