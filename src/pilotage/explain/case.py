"""One subject on the way to its explanation: what was known on a day, and how days are counted."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from pilotage.datasets import Datasets, derive
from pilotage.explain.known import known_on
from pilotage.rules import Advice, Input, Record, advise, inputs, record
from pilotage.rules.calendar import contacts
from pilotage.rules.dosed import Dosed, dosed
from pilotage.rules.reasons import stops
from pilotage.rules.standing import last_days
from pilotage.rules.stopped import Stop, recorded_days, stops_by_subject
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import partial_date
from pilotage.study import Study
from pilotage.study.protocol import Label, Protocol

Row = dict[str, Any]
ONE_DAY = timedelta(days=1)
VISITS = ("visit", "unscheduled")
"""Contacts that are visits."""


@dataclass(frozen=True)
class Case:
    """What a snapshot, cut on the day `at`, says of one subject. Made by `case_of`."""

    study: Study
    snapshot: Snapshot
    datasets: Datasets
    record: Record
    subject: str
    at: date
    _advice: dict[date, Advice] = field(default_factory=dict, repr=False, compare=False)

    @property
    def protocol(self) -> Protocol:
        return self.study.protocol

    @cached_property
    def adsl(self) -> Row:
        return self.datasets.adsl.row(0, named=True)

    @cached_property
    def first_dose(self) -> date | None:
        """The day of the first dose; None before it, and where its date is not complete."""
        start: date | None = self.adsl["TRTSDT"]
        return start

    @cached_property
    def contacts(self) -> tuple[Row, ...]:
        """The calendar as it stands on the day."""
        rows = contacts(self.study, self.snapshot, self.datasets, self.at)
        return tuple(
            rows.sort(pl.coalesce("DONE", "TARGET"), "KIND", "ID", nulls_last=True).to_dicts()
        )

    @cached_property
    def taken(self) -> Dosed:
        """The doses as they were recorded."""
        return dosed(self.record, at=self.at)

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The reasons to stop that held under treatment, each from the day on which it was known,
        as the review of the data finds them."""
        schema = {"USUBJID": pl.String, "DATE": pl.Date}
        made = [
            (self.subject, row["DONE"])
            for row in self.contacts
            if row["KIND"] in VISITS and row["DONE"] is not None
        ]
        seen = pl.DataFrame(made, schema=schema, orient="row")
        over = last_days(self.study, self.snapshot, at=self.at)
        days = recorded_days(seen, self.datasets.adlb, at=self.at, over=over)
        found, _ = stops(self.record, days, at=self.at)
        return tuple(stops_by_subject(found).get(self.subject, ()))

    def text(self, label: Label) -> str:
        return self.study.text(label)

    def advice(self, on: date) -> Advice:
        """What the protocol says on a day."""
        if on not in self._advice:
            self._advice[on] = advise(self.record, self.subject, on)
        return self._advice[on]

    def protocol_on(self, on: date) -> Protocol:
        """The protocol in the version of a day; today's where that version is not kept."""
        return self.under(on).protocol

    def under(self, on: date | None) -> "Case":
        """The case in the version of the protocol that was in force on a day; today's where that
        version is not kept, or the day is not known."""
        ruling = None if on is None else self.record.under_version_on(on)
        if ruling is None or ruling.study is self.study:
            return self
        return replace(self, study=ruling.study, datasets=ruling.datasets, record=ruling)

    def planning(self, on: date | None) -> "Case":
        """The case in the version of the protocol that plans the contacts of a day: days before the
        first version go with it."""
        first = min(version.date for version in self.protocol.versions)
        return self.under(None if on is None else max(on, first))

    def inputs(self, on: date, *names: str) -> tuple[Input, ...]:
        """Values on a day, as decisions may use them."""
        own = self.under(on)
        known = [name for name in names if name in own.study.namespace]
        return tuple(inputs(own.record, self.subject, on, known).values())

    def study_day(self, on: date | None) -> int | None:
        """Counted from the first dose, which is day 1; there is no day 0."""
        if on is None or self.first_dose is None:
            return None
        days = (on - self.first_dose).days
        return days + 1 if days >= 0 else days

    def week(self, on: date | None) -> int | None:
        """Whole weeks since the first dose; None before it."""
        day = self.study_day(on)
        return None if day is None or day < 1 else (day - 1) // 7

    def rows(self, table: str) -> list[Row]:
        """The rows of a table of the snapshot; none where it is absent."""
        found = self.snapshot.tables.get(table)
        return [] if found is None else found.to_dicts()


def case_of(study: Study, snapshot: Snapshot, subject: str, at: date) -> Case:
    """The case as it was known on a day. Nothing that is dated later is in it."""
    known = known_on(snapshot, subject, at)
    datasets = derive(study, known)
    return Case(study, known, datasets, record(study, known, datasets), subject, at)


def day_of(text: str | None) -> tuple[date | None, str]:
    """The first possible day of a date, and how it is written; ("", None) where there is none."""
    if not text:
        return None, ""
    try:
        found = partial_date(text)
    except ValueError:
        return None, text
    if found.first == found.last and found.first is not None:
        return found.first, found.first.isoformat()
    return found.first, text
