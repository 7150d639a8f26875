"""What a snapshot says under one of the studies that are compared, as if its present protocol had
ruled from the first day on."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import polars as pl

from pilotage.analysis import analyse
from pilotage.datasets import Datasets, derive
from pilotage.rules import Record, record, states
from pilotage.rules.calendar import contacts
from pilotage.rules.prescriptions import doses
from pilotage.rules.reasons import stops
from pilotage.rules.standing import last_days
from pilotage.rules.stopped import recorded_days, until
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.protocol import Protocol

What = Literal[
    "eligibility", "doses", "dosing advice", "stopping", "dispensing", "activities", "deviations",
    "visits", "results", "values",
]  # fmt: skip
"""What can come out differently."""

MOMENT = {"USUBJID": pl.String, "DATE": pl.Date}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something about the past that comes out differently. `subject` and `on` are None where it is
    about no single subject or day; `name` says what it is, where `what` does not say enough."""

    what: What
    subject: str | None
    on: date | None
    name: str
    old: str
    new: str
    why: str = ""


@dataclass(frozen=True)
class Past:
    """A snapshot under a study."""

    study: Study
    snapshot: Snapshot
    datasets: Datasets

    @property
    def protocol(self) -> Protocol:
        return self.study.protocol

    @cached_property
    def record(self) -> Record:
        return record(self.study, self.snapshot, self.datasets)

    @cached_property
    def contacts(self) -> pl.DataFrame:
        """The calendar on the day of the data cut."""
        return contacts(self.study, self.snapshot, self.datasets, self.snapshot.data_cut)

    @cached_property
    def visits(self) -> pl.DataFrame:
        """USUBJID, DATE: the days of visits."""
        return self._done("visit", "unscheduled")

    @cached_property
    def tests(self) -> pl.DataFrame:
        """USUBJID, DATE: the days of tests and visits."""
        return self._done("visit", "unscheduled", "test")

    def _done(self, *kinds: str) -> pl.DataFrame:
        done = self.contacts.filter(pl.col("KIND").is_in(kinds) & pl.col("DONE").is_not_null())
        days = done.select(pl.col("USUBJID").cast(pl.String), DATE=pl.col("DONE").cast(pl.Date))
        return days.unique().sort("USUBJID", "DATE")

    @cached_property
    def doses(self) -> pl.DataFrame:
        """Every dose beside the protocol, as the review of the data judges it."""
        at = self.snapshot.data_cut
        over = last_days(self.study, self.snapshot, at=at)
        days = recorded_days(self.visits, self.datasets.adlb, at=at, over=over)
        reasons, _ = stops(self.record, days, at=at)
        return doses(self.record, until(self.visits, over), at=at, stops=reasons)

    @cached_property
    def first_doses(self) -> pl.DataFrame:
        """USUBJID, DATE: the day of the first dose, of each subject of whom it is known."""
        rows = self.datasets.adsl.select(pl.col("USUBJID").cast(pl.String), DATE="TRTSDT")
        return rows.drop_nulls()

    @cached_property
    def results(self) -> pl.DataFrame:
        return analyse(self.study, self.datasets)

    def states(self, moments: pl.DataFrame) -> pl.DataFrame:
        """What the decision tables ask, at each moment (USUBJID, DATE)."""
        return states(self.record, moments)


def past(study: Study, snapshot: Snapshot) -> Past:
    """Raises InputErrors with every value that the study refuses."""
    ruling = ruling_always(study)
    return Past(ruling, snapshot, derive(ruling, snapshot))


def ruling_always(study: Study) -> Study:
    """The study as if the present version of its protocol had been in force on every day."""
    only = study.version.model_copy(update={"date": date.min})
    protocol = study.protocol.model_copy(update={"versions": (only,)})
    return replace(study, protocol=protocol, kept={})


def both(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The moments of either, each once, in order."""
    frames = [frame.select("USUBJID", "DATE").cast(MOMENT) for frame in (old, new)]  # type: ignore[arg-type]
    return pl.concat(frames).unique().sort("USUBJID", "DATE")
