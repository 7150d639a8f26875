"""A decision, traced: each row of its table with what is known of it, and what it rests on."""

from collections.abc import Iterator, Sequence
from datetime import date

from pilotage.conditions import Condition, describe, names_in
from pilotage.explain.case import Case
from pilotage.explain.decisions import (
    activity_entry,
    deviation_entry,
    dispensing_entry,
    eligibility_entry,
    stopping_entry,
)
from pilotage.explain.doses import changes_of, cited, dose_entry, given_on, stop_on
from pilotage.explain.model import Entry, Part
from pilotage.explain.occasions import decided_days
from pilotage.explain.trace import Trace
from pilotage.explain.trace_names import trace_name
from pilotage.explain.words import sources, unknown
from pilotage.rules import Advice, Decision
from pilotage.rules.decide import AnyTable, row_holds
from pilotage.study.protocol import DosingTable, Protocol, Row

DECISIONS = ("eligibility", "dosing", "stopping", "dispensing", "activities", "deviations")

HOW = {
    "dosing": "the first row that holds answers, where every row before it is known not to hold; a "
    "row that is not known makes the answer unknown",
    "eligibility": "every inclusion criterion must hold, and no exclusion criterion",
    "stopping": "every row that holds is a reason to stop, whatever else is unknown",
    "dispensing": "every row that holds stands against dispensing, whatever else is unknown",
    "activities": "every row that holds asks for its form",
    "deviations": "every row that holds is a deviation",
}


def criteria_of(case: Case) -> dict[str, Row]:
    eligibility = case.protocol.eligibility
    return {each.id: each for each in (*eligibility.inclusion, *eligibility.exclusion)}


def trace_decision(case: Case, name: str, on: date) -> Trace:
    """One of DECISIONS, or a criterion by its id."""
    advice = case.advice(on)
    if name in DECISIONS:
        return _of_table(case, advice, name)
    return _criterion(case, advice, name)


def _of_table(case: Case, advice: Advice, name: str) -> Trace:
    entry = _entry(case, advice, name)
    if not advice.dosing.known and case.record.under_version_on(advice.on) is None:
        entry = Entry("state", unknown(advice.dosing.reason), "unknown")
    elif entry is None:
        entry = Entry("state", _nothing(name))
    steps = entry.parts
    if case.record.under_version_on(advice.on) is None:
        steps = ()
    elif name != "eligibility":
        steps = tuple(_walk(case, advice, _table(case.protocol_on(advice.on), name), name))
    inputs = [*entry.inputs, *(i for p in entry.parts if p.mark for i in p.inputs)]
    names = dict.fromkeys(each.name for each in inputs)
    why = (f"“{entry.why}”",) if entry.why else ()
    version = f"protocol version {advice.version.id}" if advice.version else "no version in force"
    return Trace(
        name,
        f"on {advice.on}, before anything was prescribed on it; {version}",
        entry.what,
        entry.mark,
        how=(HOW[name], *why),
        steps=steps,
        behind=tuple(trace_name(case, each, advice.on, deep=False) for each in names),
    )


def _nothing(name: str) -> str:
    known = {"activities": "nothing is asked for", "deviations": "no deviation is known",
             "dispensing": "the protocol has no rules about it"}  # fmt: skip
    return known.get(name, "nothing is decided before the first dose")


def _entry(case: Case, advice: Advice, name: str) -> Entry | None:
    match name:
        case "eligibility":
            return eligibility_entry(case, advice)
        case "dosing":
            changes = changes_of(case)
            decided = decided_days(case, changes)
            given = given_on(case, advice.on, changes, decided)
            stop = stop_on(case, advice.on, changes, decided)
            return dose_entry(case, advice, given, decided, stop=stop)
        case "stopping":
            return stopping_entry(case, advice)
        case "dispensing":
            return dispensing_entry(case, advice)
        case "activities":
            return activity_entry(case, advice, {})
    return deviation_entry(case, advice)


def _table(protocol: Protocol, name: str) -> DosingTable | AnyTable | None:
    return {
        "dosing": protocol.dosing,
        "stopping": protocol.stopping,
        "dispensing": protocol.dispensing,
        "activities": protocol.schedule.activities,
        "deviations": protocol.deviations,
    }[name]


def _walk(
    case: Case, advice: Advice, table: DosingTable | AnyTable | None, name: str
) -> Iterator[Part]:
    """Each row with its answer. Rows after the one that answers first are not asked. Of the dosing
    table only the conditions are told, never what a row would do."""
    if table is None:
        return
    silent = name == "dosing" and not case.protocol.dose_proposals
    rows: Sequence[Row] = table.rows
    for number, row in enumerate(rows, 1):
        known = isinstance(row.when, Condition)
        answer, values = row_holds(table, row, advice.state)
        said = {True: "holds", False: "does not hold", None: "is not known"}[answer]
        words = "the protocol does not state when" if not known else _condition(case, row)
        names = names_in(row.when) if isinstance(row.when, Condition) else ()
        used = Decision("", inputs={name: values.get(name) for name in names})
        yield Part(
            f"row {number} {said}",
            "unknown" if answer is None else "",
            why=words if name == "dosing" else f"{case.text(row.why)} ({words})",
            sources=cited(case, row.sources, silent=silent),
            inputs=advice.inputs_of(used),
        )
        if name == "dosing" and answer is not False:
            return


def _condition(case: Case, row: Row) -> str:
    assert isinstance(row.when, Condition)
    return describe(row.when, case.study.namespace)


def _criterion(case: Case, advice: Advice, id_: str) -> Trace:
    row = criteria_of(case)[id_]
    entry = eligibility_entry(case, advice)
    parts = entry.parts if entry else ()
    own = next((part for part in parts if part.what.startswith(f"{id_} ")), None)
    names = names_in(row.when) if isinstance(row.when, Condition) else ()
    words = _condition(case, row) if names else "the protocol does not state when it holds"
    return Trace(
        id_,
        case.text(row.why),
        own.what if own else "not known: the protocol of that day is not kept",
        own.mark if own else "unknown",
        how=(f"it holds where {words}" if names else words,
             *(f"{s.id} {s.heading}" for s in sources(case.study, row.sources))),
        behind=tuple(trace_name(case, each, advice.on, deep=False) for each in names),
    )  # fmt: skip
