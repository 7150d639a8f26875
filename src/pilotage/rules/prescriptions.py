"""Doses beside the protocol, at every visit, every change of dose and every reason to stop."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.rules.advice import WHETHER, Advice, DoseComparison, compare_dose
from pilotage.rules.advices import advices_on as advices_on
from pilotage.rules.causes import cause
from pilotage.rules.decide import UNKNOWN, Decision
from pilotage.rules.dosed import ONE_DAY, Dosed, dosed
from pilotage.rules.dosed import unit_missing as unit_missing
from pilotage.rules.inputs import Input
from pilotage.rules.record import Record
from pilotage.rules.standing import last_days
from pilotage.rules.states import inputs
from pilotage.rules.stopped import (
    Stop,
    against_stop,
    begins_again,
    in_force,
    left_after,
    stops_by_subject,
)
from pilotage.rules.wording import label_of, not_known, problem_words, together
from pilotage.study.namespace import PHASES

DOSES: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "AT": pl.String(), "ENTERED": pl.String(),
    "VERDICT": pl.String(), "REASON": pl.String(), "EXPECTED": pl.String(),
    "MISSING": pl.String(), "SOURCE": pl.String(), "STOPPED": pl.Date(),
}  # fmt: skip
AT_VISIT, AT_CHANGE, AT_STOP = "visit", "change of dose", "reason to stop"


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day on which a dose was decided, and what kind of day it is (`at`). `step` is the dose as a
    step of the ladder, `written` as it was recorded where it is none; `problem` says why it
    cannot be judged."""

    subject: str
    day: date
    at: str
    step: str | None
    written: str
    problem: str | None

    @property
    def entered(self) -> str:
        return self.step or self.written


def doses(
    record: Record, visits: pl.DataFrame, *, at: date, stops: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Every dose beside the protocol: VERDICT is conforms, deviates or CANNOT ADVISE.

    `visits` (USUBJID, DATE) are days on which a dose was decided. A dose that begins on the day of
    a visit or the day after it is the one decided there; any other change is judged on its day.
    Nothing is judged after the end of participation.

    `stops` are the reasons to stop, as `reasons.stops` finds them. The day of each is judged like
    a visit, and STOPPED is that of the first one in force: from then on every dose deviates, until
    drug is taken again as the dosing table asks for it.
    """
    taken = dosed(record, at=at)
    days: dict[str, list[date]] = {}
    for subject, day in visits.select("USUBJID", "DATE").unique().sort("DATE").rows():
        days.setdefault(subject, []).append(day)
    known = stops_by_subject(stops)
    over = last_days(record.study, record.snapshot, at=at)
    moments = [
        each
        for subject in taken.taken
        for each in _decided(taken, subject, days.get(subject, []), known.get(subject, []), at)
        if each.day <= over.get(subject, each.day)
    ]
    advices = advices_on(record, [(each.subject, each.day) for each in moments], for_dose=True)
    rows: list[tuple[object, ...]] = []
    for each, advice in zip(moments, advices, strict=True):
        if begins_again(taken, each.subject, each.day, each.step, advice):
            known[each.subject] = left_after(known.get(each.subject, []), each.day)
        stop = in_force(known.get(each.subject, []), each.day)
        rows.append(_row(record, taken, each, advice, stop))
    return pl.DataFrame(rows, schema=DOSES, orient="row")


def allows_no_drug(advice: Advice, *, without: bool) -> Decision | None:
    """What allows to give no drug, whatever a reason to stop would say: that the dosing table asks
    for none, or that a subject `without` drug may not be given any. None where nothing does."""
    asked = advice.dosing
    if asked.action == "stop" or (asked.action == "hold" and without):
        return asked
    blocks = [each for each in advice.dispensing if each.known]
    return blocks[0] if without and blocks else None


def _decided(
    taken: Dosed, subject: str, visits: list[date], stops: list[Stop], at: date
) -> Iterator[_Moment]:
    """The days on which a dose was decided. What a visit on the last day decided is not known yet:
    a dose that begins the day after lies beyond it."""
    own = taken.taken[subject]
    start = own[0].first
    changes = {each.first for each in own}
    changes |= {each.last + ONE_DAY for each in own if each.last and each.last + ONE_DAY <= at}

    def moment(day: date, kind: str, from_day: date) -> _Moment:
        dose = taken.on(subject, from_day)
        if dose is None:
            return _Moment(subject, day, kind, taken.none(from_day), "", None)
        return _Moment(subject, day, kind, dose.step, dose.written, dose.problem)

    def given(day: date) -> str:
        return moment(day, "", day).entered

    changes = {day for day in changes if day == start or given(day) != given(day - ONE_DAY)}
    asked = sorted({*visits, *(stop.day for stop in stops)})
    asked = [day for day in asked if start <= day < at or (day == at and at in changes)]
    for day in asked:
        follows = day not in changes and day + ONE_DAY in changes
        kind = AT_VISIT if day in visits else AT_STOP
        yield moment(day, kind, day + ONE_DAY if follows else day)
    explained = {*asked, *(day + ONE_DAY for day in asked)}
    for day in sorted(changes - explained):
        yield moment(day, AT_CHANGE, day)


def _row(
    record: Record, taken: Dosed, each: _Moment, advice: Advice, stop: Stop | None
) -> tuple[object, ...]:
    found, missing = _compared(record, taken, each, advice, stop)
    reason = found.reason
    if found.verdict == UNKNOWN and found.ruling is not None and found.ruling.missing:
        reason = _as_unknown(reason, found.ruling)
    return (
        each.subject, each.day, each.at, each.entered, found.verdict, reason, found.expected,
        missing, ", ".join(found.source), None if stop is None else stop.day,
    )  # fmt: skip


def _as_unknown(reason: str, ruling: Decision) -> str:
    """The reason of a row of which it is not known whether it holds, as no fact."""
    if ruling.row is None:
        return reason
    return reason if reason.startswith(WHETHER) else not_known(reason)


def _compared(
    record: Record, taken: Dosed, each: _Moment, advice: Advice, stop: Stop | None
) -> tuple[DoseComparison, str | None]:
    """The verdict on a dose, and what is missing where there is none."""
    none = taken.none(each.day)
    protocol = (record.under_version_on(each.day) or record).protocol
    settled = against_stop(stop, each.day, each.step, none=none, protocol=protocol)
    if settled is not None:
        return settled, None
    if each.problem is not None:
        return DoseComparison("CANNOT ADVISE", each.problem), each.problem
    found = compare_dose(advice, each.entered, protocol)
    if found.verdict != "conforms" and each.step == none:
        allowed = allows_no_drug(advice, without=advice.step == none)
        if allowed is not None:
            found = DoseComparison("conforms", allowed.reason, allowed.source)
    if found.verdict != UNKNOWN:
        return found, None
    names = _ruling_names(advice)
    if found.ruling is not None and found.ruling.known:  # the step it leads to is not known
        names = tuple(n for n, v in protocol.state.items() if v.derivation == "dose step")
    return found, missing_words(record, each.subject, each.day, names)


def _ruling_names(advice: Advice) -> tuple[str, ...]:
    """The names that keep an answer about the dose unknown."""
    if advice.phase == PHASES[0] and advice.dosing.action == "start":
        return tuple(name for a in advice.eligibility if a.passed is None for name in a.missing)
    unknown = [advice.dosing] if not advice.dosing.known else [*advice.stopping]
    return tuple(name for decision in unknown for name in decision.missing)


def missing_words(record: Record, subject: str, day: date, names: Iterable[str]) -> str | None:
    """`Neutrophils: too old (0.9 of 2010-01-02)`: what is wrong with each of the names, under the
    version of the protocol of the day. None where nothing is."""
    ruling = record.under_version_on(day) or record
    known = inputs(ruling, subject, day, dict.fromkeys(names))
    said = [
        (label_of(ruling.study, found.name), _problem(ruling, subject, day, found))
        for found in known.values()
        if found.problem is not None
    ]
    return together(said) or None


def _problem(record: Record, subject: str, day: date, found: Input) -> str:
    because = cause(record, subject, day, found)
    return problem_words(found) if because is None else f"not known, because {because}"
