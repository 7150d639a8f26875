"""The dose that was taken from a day on, held against the protocol of that day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from pilotage.explain.case import ONE_DAY, Case
from pilotage.explain.model import Entry, Mark, Rows, Source
from pilotage.explain.words import NOTHING, sources, unknown
from pilotage.rules import Advice, Decision, DoseComparison, Input, compare_dose
from pilotage.rules.advice import UNNAMED, Verdict, names_another_dose
from pilotage.rules.inputs import Problem
from pilotage.rules.moments import PROBLEMS, Moments
from pilotage.rules.prescriptions import allows_no_drug, unit_missing
from pilotage.rules.stopped import Stop, against_stop, begins_again, in_force, left_after
from pilotage.rules.tracing import source_rows
from pilotage.study.namespace import PHASES

EPOCH = date(1970, 1, 1)
NO_DRUG = "no drug"
MARKS: Mapping[Verdict, Mark] = {
    "conforms": "",
    "deviates": "against",
    "CANNOT ADVISE": "unknown",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which another dose begins. `step` is a step of the ladder, or the dose as it was
    written where it is none; None where that cannot be told, and `why` says what is wrong."""

    on: date
    step: str | None
    rows: Rows
    why: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The dose before a day `on` and from it on; `change` where they differ, which may begin on
    the day after: what is prescribed at a visit is often taken from the next morning on. `problem`
    and `why` say why the dose is not known."""

    on: date
    before: str | None
    after: str | None
    change: Change | None
    problem: Problem | None
    why: str = ""


def changes_of(case: Case) -> tuple[Change, ...]:
    """Every change of the dose up to the day of the question."""
    ladder = [step.step for step in case.protocol.treatment.ladder]
    written = {row["EXSEQ"]: row for row in case.datasets.adex.to_dicts()}
    found = []
    for row in case.record.doses.changes.rows.iter_rows(named=True):
        on = EPOCH + timedelta(days=row["FIRST"])
        if on > case.at:
            continue
        dose = written.get(row["EXSEQ"], {})
        amount = f"{dose.get('EXDOSE'):g} {dose.get('EXDOSU')} {dose.get('EXDOSFRQ') or ''}"
        step = ladder[row["STEP"]] if row["STEP"] is not None else None
        if step is None and row["MDD"] is not None:
            step = amount.strip()
        why = _not_told(on, dose) if step is None else ""
        found.append(Change(on, step, source_rows(row), why))
    return tuple(found)


def _not_told(on: date, dose: Mapping[str, object]) -> str:
    """Why a dose is not known that began on a day and has a row."""
    if dose.get("EXDOSU") is None:
        return unit_missing(on)
    if dose.get("AVAL") is None:
        return f"how often the dose of {on} was taken is missing"
    return "doses overlap"


def given_on(case: Case, on: date, changes: Iterable[Change], decided: Collection[date]) -> Given:
    """The dose that was given on a day. `decided` are the days on which anything is decided: a dose
    that begins on another of them belongs to that one."""
    none = next((s.step for s in case.protocol.treatment.ladder if not s.dose), NO_DRUG)
    earlier = [each for each in changes if each.on < on]
    before = earlier[-1].step if earlier else none
    reach = on if on + ONE_DAY in decided else on + ONE_DAY
    change = next((each for each in changes if on <= each.on <= reach), None)
    after = change.step if change else before
    problem = _problem(case, (change.on if change else on) + ONE_DAY)
    own = change or (earlier[-1] if earlier else None)
    return Given(on, before, after, change, problem, own.why if own else "")


def _problem(case: Case, on: date) -> Problem | None:
    day = np.array([(on - EPOCH).days], dtype=np.int64)
    found = case.record.doses.change_before(Moments(np.zeros(1, dtype=np.int64), day))
    return PROBLEMS[int(found.problem[0])]


def is_no_drug(case: Case, step: str | None) -> bool:
    return any(s.step == step and not s.dose for s in case.protocol.treatment.ladder)


def begun(case: Case, advice: Advice, given: Given) -> bool:
    """Is there a dose to judge: has treatment begun, or does it begin now?"""
    return advice.phase != PHASES[0] or given.change is not None


def stop_on(
    case: Case, on: date, changes: Collection[Change], decided: Collection[date]
) -> Stop | None:
    """The reason to stop after which no drug may be taken on a day."""
    left = [stop for stop in case.stops if stop.day <= on]
    for day in decided if left else ():
        if left and left[0].day <= day <= on:
            after = given_on(case, day, changes, decided).after
            if begins_again(case.taken, case.subject, day, after, case.advice(day)):
                left = left_after(left, day)
    return in_force(left, on)


def _as_written(case: Case, given: Given) -> Given:
    """A dose of which only what was written is known."""
    taken = case.taken.on(case.subject, given.change.on if given.change else given.on)
    if taken is None:
        return given
    return replace(given, after=taken.written if taken.problem else taken.step or taken.written)


def dose_entry(
    case: Case,
    advice: Advice,
    given: Given,
    decided: Collection[date],
    *,
    stop: Stop | None = None,
) -> Entry | None:
    """The dose given, beside what the protocol says; None before treatment. `stop` is the reason to
    stop in force on the day, as `stop_on` finds it.

    A dose is judged once, by the state of the day on which it was decided: a day of `decided`. What
    was decided on the day of the question is known where a dose begins on it, else not before the
    next morning: until then there is no verdict.
    """
    if not begun(case, advice, given):
        return None
    if given.after is None and stop is not None and stop.day < given.on:
        given = _as_written(case, given)
    if given.problem is not None or given.after is None:
        why = given.why if given.problem is None else NOTHING[given.problem]
        what = unknown(f"which dose was taken from here on is not known: {why}")
        return Entry("dose", what, "unknown", short=what)
    if given.change is not None and given.on not in decided:
        what = f"{named(case, given.after)}, begun on this day as decided on {given.on - ONE_DAY}"
        return Entry("dose", what, rows=given.change.rows, short=what)
    found, ruling = _compared(case, advice, given.on, given.after, stop)
    if given.change is None and case.at == given.on and given.on in decided:
        return _not_yet_judged(case, advice, given, found)
    reason = found.reason
    named_row = ruling is not None and bool(ruling.missing)
    what = _what(case, given, found, named_row=named_row)
    if ruling is not None and ruling.row is None and found.verdict != "CANNOT ADVISE":
        what, reason = f"{what}; {reason}", ""  # no row of the protocol says it
    return Entry(
        "dose",
        what,
        MARKS[found.verdict],
        why=reason if found.verdict != "CANNOT ADVISE" or named_row else "",
        sources=cited(case, found.source, silent=found.silent, entered=given.after),
        inputs=found.missing or _inputs(advice, ruling),
        rows=given.change.rows if given.change else (),
        same_as=(_words(case, given), found.verdict, reason, tuple(i.name for i in found.missing)),
        short=what,
    )


def _compared(
    case: Case, advice: Advice, on: date, entered: str, stop: Stop | None
) -> tuple[DoseComparison, Decision | None]:
    """The verdict on a dose, as `prescriptions.doses` gives it, and the decision behind it."""
    protocol, none = case.protocol_on(on), case.taken.none(on)
    settled = against_stop(stop, on, entered, none=none, protocol=protocol)
    if settled is not None:
        return settled, None
    found = compare_dose(advice, entered, protocol)
    if found.verdict != "conforms" and entered == none:
        allowed = allows_no_drug(advice, without=advice.step == none)
        if allowed is not None:
            return DoseComparison("conforms", allowed.reason, allowed.source), allowed
    both = [*advice.stopping, advice.dosing]
    return found, next((each for each in both if each is found.ruling), None)


def _not_yet_judged(case: Case, advice: Advice, given: Given, found: DoseComparison) -> Entry:
    """On the day of a decision: what the protocol says of the day, and no verdict on a dose."""
    so_far = f"{named(case, given.after)} so far"
    known = found.ruling is None or found.ruling.known
    what = f"{so_far}: not judged yet, a dose decided on this day may begin on the next"
    if not known:
        what = unknown(f"{so_far}; what the protocol says of this day is not known")
    return Entry(
        "dose",
        what,
        "" if known else "unknown",
        why=found.reason,
        sources=cited(case, found.source, silent=found.silent, entered=given.after or ""),
        inputs=found.missing or _inputs(advice, found.ruling),
        short=what,
    )


def cited(case: Case, ids: Iterable[str], *, silent: bool, entered: str = "") -> tuple[Source, ...]:
    """The headings of a decision about the dose. Of a `silent` one, a heading that names another
    dose than the one entered is left out."""
    treatment = case.protocol.treatment
    return tuple(
        Source(each.id, UNNAMED)
        if silent and names_another_dose(each.heading, entered, treatment)
        else each
        for each in sources(case.study, ids)
    )


def _inputs(advice: Advice, ruling: Decision | None) -> tuple[Input, ...]:
    return advice.inputs_of(ruling) if ruling else ()


def _what(case: Case, given: Given, found: DoseComparison, *, named_row: bool) -> str:
    """`named_row`: the answer is unknown because a row of the protocol is, which is named then."""
    said = _words(case, given)
    match found.verdict:
        case "CANNOT ADVISE":
            return unknown(
                f"{said}; {'not known whether this holds' if named_row else found.reason}"
            )
        case "deviates" if found.expected:
            return f"{said}: deviates, {named(case, found.expected)} was expected"
    return f"{said}: {found.verdict}"


def named(case: Case, step: str | None) -> str:
    return NO_DRUG if step is None or is_no_drug(case, step) else step


def _words(case: Case, given: Given) -> str:
    """`first dose 5 mg QD`, `5 mg QD → 10 mg QD`, `5 mg QD kept`, `no drug`."""
    before, after = named(case, given.before), named(case, given.after)
    if given.change is None or before == after:
        if case.at == given.on:  # nothing was decided on this day: it is asked what may go on
            return f"to keep {after}" if after != NO_DRUG else f"to stay on {after}"
        return after if after == NO_DRUG else f"{after} kept"
    if given.change.on == case.first_dose:
        return f"first dose {after}"
    return f"{before} → {after}"
