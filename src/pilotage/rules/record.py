"""Everything that is known of all subjects, as decisions look it up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pilotage.datasets import Datasets
from pilotage.rules.ages import doubtful_ages, in_years, with_doubt
from pilotage.rules.answers import Sources
from pilotage.rules.assessments import Assessments, assessments_of, classification_of
from pilotage.rules.doses import Doses, doses_of
from pilotage.rules.inputs import names_of_tables
from pilotage.rules.moments import ALWAYS, NEVER, Moments, Records, records
from pilotage.rules.versions import Versions
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import with_interval
from pilotage.study import Study
from pilotage.study.namespace import state_choices
from pilotage.study.protocol import Protocol, StateVariable

if TYPE_CHECKING:
    from pilotage.rules.phase import Phases


@dataclass(frozen=True)
class Record:
    """What a study, a snapshot and its datasets say of the subjects. Made by `record`.

    What is asked for is looked up once and kept. Nothing that is dated after a moment ever says
    anything about it.
    """

    study: Study
    snapshot: Snapshot
    datasets: Datasets
    _kept: dict[str, Records] = field(default_factory=dict, repr=False, compare=False)
    _alone: dict[str, "Record"] = field(default_factory=dict, repr=False, compare=False)
    _versions: Versions | None = field(default=None, repr=False, compare=False)

    @property
    def protocol(self) -> Protocol:
        return self.study.protocol

    @cached_property
    def subjects(self) -> pl.Series:
        """USUBJID of every subject, in order; their places in it stand for them."""
        return self.snapshot.tables["dm"]["USUBJID"].cast(pl.String).sort()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that the decision tables use."""
        return names_of_tables(self.protocol)

    def records(self, name: str) -> Records:
        """The records of a parameter, or of an item of a form, in order."""
        if name not in self._kept:
            found = Sources(self.protocol, self.snapshot, self.datasets).of(name)
            self._kept[name] = records(found, self.subjects)
        return self._kept[name]

    @cached_property
    def doubtful_ages(self) -> pl.DataFrame:
        """The subjects whose age no decision may rest on, with what speaks against it."""
        return doubtful_ages(self.snapshot.tables["dm"], self.protocol)

    def person(self, variable: StateVariable) -> pl.DataFrame:
        """Age or sex of each subject, in order, as a record without a day. An age in doubt (`ages`)
        has no value."""
        name = "AGE" if variable.derivation == "age" else "SEX"
        dm = self.snapshot.tables["dm"].with_columns(pl.col("USUBJID").cast(pl.String))
        unit = pl.col("AGEU") if name == "AGE" and "AGEU" in dm.columns else pl.lit(None, pl.String)
        choices = state_choices(variable, self.protocol)
        allowed = in_years(unit) if choices is None else pl.col(name).is_in(list(choices))
        doubt = pl.lit(None, pl.String)
        if name == "AGE" and not self.doubtful_ages.is_empty():
            dm, doubt = with_doubt(dm, self.doubtful_ages), pl.col("DOUBT")
        return dm.sort("USUBJID").select(
            "USUBJID",
            VALUE=pl.when(allowed & doubt.is_null()).then(name),
            WRITTEN=pl.coalesce(doubt, pl.col(name).cast(pl.String)),
            UNIT=pl.when(doubt.is_null()).then(unit),
            FIRST=pl.lit(NEVER),
            LAST=pl.lit(ALWAYS),
            SRCDOM=pl.lit("DM"),
            SRCSEQ=pl.lit(0),
            SRCITEMS=pl.lit(None, pl.String),
        )

    @cached_property
    def consents(self) -> Mapping[str, date]:
        """The first day that the informed consent of each subject can have; of subjects without a
        date of consent none."""
        dm = with_interval(self.snapshot.tables["dm"], "RFICDTC")
        dated = dm.filter(pl.col("RFICDTC_FIRST").is_not_null())
        return dict(dated.select(pl.col("USUBJID").cast(pl.String), "RFICDTC_FIRST").rows())

    @cached_property
    def doses(self) -> Doses:
        return doses_of(self.datasets, self.subjects, self.protocol.treatment)

    @cached_property
    def assessments(self) -> Assessments | None:
        """Response and relapse; None for a study that classifies nothing."""
        name = classification_of(self.protocol)
        if name is None:
            return None
        parameter = self.protocol.classifications[name].parameter
        kept = self.records(parameter)
        doses = self.doses
        return assessments_of(self.protocol, self.datasets, kept, doses.begun, doses.started)

    @cached_property
    def phases(self) -> "Phases":
        """The phase of treatment, and the relapses in taper."""
        from pilotage.rules.phase import phases_of

        return phases_of(self)

    @cached_property
    def known(self) -> pl.DataFrame:
        """Every record of every parameter and item, and of what else the tables use: USUBJID, NAME,
        DATE and LATEST (the days between which it lies), NUMBER or TEXT, UNIT, SRCDOM, SRCSEQ,
        USABLE, RECORDED (as it was written)."""
        items = [
            f"{code}.{item}" for code, form in self.protocol.forms.items() for item in form.items
        ]
        used = [name for name in self.names if name.partition(".")[0] in self.protocol.forms]
        names = dict.fromkeys([*self.protocol.parameters, *items, *used])
        return pl.concat([_long(name, self.records(name).rows) for name in names])

    @cached_property
    def versions(self) -> Versions:
        """The records of the same subjects under the other versions of the protocol."""
        if self._versions is not None:
            return self._versions
        found = Versions(self.study)
        found.keep(self)
        return found

    def under_version_on(self, day: date) -> "Record | None":
        """The record under the version of the protocol that was in force on a day; None before the
        first version, and where the study does not keep that version."""
        return self.versions.on(day)

    def under(self, study: Study, datasets: Datasets) -> "Record":
        """The record under another version of the protocol."""
        return Record(study, self.snapshot, datasets, _versions=self.versions)

    def moments(self, frame: pl.DataFrame) -> Moments:
        """The rows of USUBJID and DATE as moments."""
        place = pl.col("USUBJID").cast(pl.String).cast(pl.Enum(self.subjects), strict=False)
        found = frame.select(
            place.to_physical().cast(pl.Int64).fill_null(-1).alias("SUBJECT"),
            pl.col("DATE").cast(pl.Date).to_physical().cast(pl.Int64).fill_null(NEVER).alias("DAY"),
        )
        subject, day = (found[name].to_numpy().astype(np.int64) for name in found.columns)
        return Moments(np.where(day == NEVER, -1, subject), day)

    def of(self, subject: str) -> "Record":
        """The record of one subject alone; it says the same of it. Raises KeyError for a subject
        that the snapshot does not have."""
        if len(self.subjects) == 1 and self.subjects[0] == subject:
            return self
        if subject not in self._alone:
            if not (self.subjects == subject).any():
                raise KeyError(subject)
            self._alone[subject] = self.only([subject])
        return self._alone[subject]

    def only(self, subjects: Iterable[str]) -> "Record":
        """The record of some of the subjects."""
        found = self.versions.only(list(subjects)).under(self.study.version.id)
        assert found is not None  # this record is under that version
        return found

    def part(self, subjects: Iterable[str], versions: Versions) -> "Record":
        """The rows of some of the subjects, as one of `versions`."""
        chosen = pl.col("USUBJID").cast(pl.String).is_in(list(subjects))
        tables = {
            name: table.filter(chosen) if "USUBJID" in table.columns else table
            for name, table in self.snapshot.tables.items()
        }
        frames: dict[str, Any] = {
            name: frame.filter(chosen) for name, frame in self.datasets.named().items()
        }
        return Record(
            self.study,
            replace(self.snapshot, tables=tables),
            replace(self.datasets, **frames),
            _versions=versions,
        )


def record(study: Study, snapshot: Snapshot, datasets: Datasets) -> Record:
    """What is known of every subject of a snapshot, for `states`, `inputs` and `advise`."""
    return Record(study, snapshot, datasets)


def _long(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    value, kind = pl.col("VALUE"), rows.schema["VALUE"]
    number = value.cast(pl.Float64) if kind.is_numeric() else pl.lit(None, pl.Float64)
    text = pl.lit(None, pl.String) if kind.is_numeric() else value.cast(pl.String)

    def day(end: str) -> pl.Expr:
        known = pl.col(end).is_between(NEVER + 1, ALWAYS - 1)
        return pl.when(known).then(pl.col(end).cast(pl.Int32, strict=False)).cast(pl.Date)

    return rows.select(
        pl.col("USUBJID").cast(pl.String),
        NAME=pl.lit(name),
        DATE=day("FIRST"),
        LATEST=day("LAST"),
        NUMBER=number,
        TEXT=text,
        UNIT="UNIT",
        SRCDOM="SRCDOM",
        SRCSEQ="SRCSEQ",
        USABLE=value.is_not_null(),
        RECORDED="WRITTEN",
    )
