"""What the rules say of the subjects of the examples: the road that the data of any trial take."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from pilotage.check.examples.subjects import Moment, Subject
from pilotage.check.examples.tables import latest_day, snapshot_of
from pilotage.conditions import Value
from pilotage.datasets import derive
from pilotage.rules import Advice, Input, Record, inputs, record
from pilotage.rules.calendar import contacts
from pilotage.rules.departures import review
from pilotage.rules.events import queries, serious_events
from pilotage.rules.moments import PROBLEMS
from pilotage.rules.prescriptions import advices_on
from pilotage.rules.states import column
from pilotage.study import Study

ADVICE = ("eligible", "criteria", "waits_for", "dosing", "step", "missing", "entered", "stops",
          "blocks")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules say of a moment, as far as something is expected of it; `record` is under the
    version of the protocol in force on its day.

    `state` are values by name, `problems` what is wrong with those that are unknown; `contacts`,
    `deviations`, `reporting` (serious events) and `queries` are rows as the calendar and the review
    have them.
    """

    record: Record
    moment: Moment
    advice: Advice | None = None
    state: Mapping[str, Value] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, object]] = ()
    deviations: Sequence[Mapping[str, object]] = ()
    reporting: Sequence[Mapping[str, object]] = ()
    queries: Sequence[Mapping[str, object]] = ()

    def input(self, name: str) -> Input:
        """A value with its day, or with what is recorded although it cannot be used."""
        return inputs(self.record, self.moment.subject.id, self.moment.on, [name])[name]

    def deviations_by_kind(self) -> Counter[str]:
        return Counter(str(row["DVDECOD"]) for row in self.deviations)


def asked(
    study: Study, subjects: Sequence[Subject], moments: Sequence[Moment], day_one: date
) -> list[Asked]:
    """Every moment with what the rules say of it: one derivation for all subjects.

    Raises InputErrors for values that the study refuses.
    """
    cut = latest_day(subjects, [moment.on for moment in moments], day_one)
    snapshot = snapshot_of(study, subjects, day_one=day_one, cut=cut)
    known = record(study, snapshot, derive(study, snapshot))
    found = [Asked(known, moment) for moment in moments]
    for step in (_with_advice, _with_state, _with_contacts, _with_events):
        found = step(known, found)
    return found


def _with_advice(known: Record, moments: list[Asked]) -> list[Asked]:
    at = [n for n, each in enumerate(moments) if _expects(each, ADVICE)]
    days = [(moments[n].moment.subject.id, moments[n].moment.on) for n in at]
    advices = advices_on(known, days, for_entry=True, for_dose=True) if days else []
    found = list(moments)
    for n, advice in zip(at, advices, strict=True):
        names = {name for answer in advice.eligibility for name in answer.missing}
        stand_in = {name: Input(name, None, problem="missing") for name in names}
        found[n] = replace(moments[n], advice=replace(advice, inputs=stand_in))
    return found


def _expects(each: Asked, keys: Iterable[str]) -> bool:
    return not each.moment.expected.model_fields_set.isdisjoint(keys)


def _with_state(known: Record, moments: list[Asked]) -> list[Asked]:
    """Each version of the protocol has its own state; a day without a version has none."""
    found = list(moments)
    of_day = {each.moment.on: known.under_version_on(each.moment.on) for each in moments}
    for ruling in {id(each): each for each in of_day.values()}.values():
        own = [n for n, each in enumerate(moments) if of_day[each.moment.on] is ruling]
        if ruling is not None:
            for n in own:
                found[n] = replace(found[n], record=ruling)
            _add_state(ruling, own, found)
    return found


def _add_state(ruling: Record, own: list[int], found: list[Asked]) -> None:
    names = {name for n in own for name in found[n].moment.expected.state}
    for name in sorted(names & ruling.study.namespace.keys()):
        at = [n for n in own if name in found[n].moment.expected.state]
        rows = [(found[n].moment.subject.id, found[n].moment.on) for n in at]
        frame = pl.DataFrame(rows, schema={"USUBJID": pl.String, "DATE": pl.Date}, orient="row")
        values = column(ruling, name, ruling.moments(frame))
        for n, value, problem in zip(at, values.values, values.problem, strict=True):
            state = {**found[n].state, name: value}
            said = {**found[n].problems, name: PROBLEMS[problem] or "not known"}
            found[n] = replace(found[n], state=state, problems=said)


def _with_contacts(known: Record, moments: list[Asked]) -> list[Asked]:
    """The calendar, and the review where deviations are expected, day by day of those subjects of
    whom it is asked."""
    found = list(moments)
    for on, at in _by_day(moments, ("contacts", "deviations")).items():
        part = known.only({moments[n].moment.subject.id for n in at})
        whole = (part.study, part.snapshot, part.datasets, on)
        if any(_expects(moments[n], ["deviations"]) for n in at):
            held = review(*whole)
            planned, deviations = held.contacts, held.dv
        else:
            planned, deviations = contacts(*whole), None
        for n in at:
            own = pl.col("USUBJID") == moments[n].moment.subject.id
            found[n] = replace(
                moments[n],
                contacts=planned.filter(own).to_dicts(),
                deviations=() if deviations is None else deviations.filter(own).to_dicts(),
            )
    return found


def _with_events(known: Record, moments: list[Asked]) -> list[Asked]:
    """The clocks of serious events and the queries, day by day of those of whom it is asked."""
    found = list(moments)
    for on, at in _by_day(moments, ("reporting", "queries")).items():
        part = known.only({moments[n].moment.subject.id for n in at})
        clocks, asked_for = serious_events(part, at=on), queries(part, at=on)
        for n in at:
            own = pl.col("USUBJID") == moments[n].moment.subject.id
            found[n] = replace(
                found[n],
                reporting=clocks.filter(own).to_dicts(),
                queries=asked_for.filter(own).to_dicts(),
            )
    return found


def _by_day(moments: Sequence[Asked], keys: Iterable[str]) -> dict[date, list[int]]:
    """The places of the moments of which any of the keys is expected, by day."""
    days: dict[date, list[int]] = {}
    for n, each in enumerate(moments):
        if _expects(each, keys):
            days.setdefault(each.moment.on, []).append(n)
    return dict(sorted(days.items()))
