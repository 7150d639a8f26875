"""Which rows an analysis reads: its population, its condition, the groups it compares."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from pilotage.analysis.asked import not_asked
from pilotage.analysis.naming import KEYS, Listed, row_names
from pilotage.analysis.origin import named
from pilotage.conditions import columns
from pilotage.datasets import Datasets
from pilotage.study import Study
from pilotage.study.parameters_read import codes_read
from pilotage.study.sap import Analysis

NO_LEVEL = "not known"
NOT_ASKED = "not applicable"
ANY = "any"
_RESERVED = (NO_LEVEL, NOT_ASKED, ANY)

CHOICES = ("ABLFL", "ANL01FL", "ANL02FL")
"""Flags of one chosen record: a record without the flag is known not to be the chosen one."""

READ = (
    "USUBJID",
    "ASEQ",
    "PARAMCD",
    "AVISITN",
    "AVISIT",
    "AVAL",
    "AVALU",
    "BASE",
    "AVALWK",
    "CNSR",
    "ANL01FL",
    "STARTDT",
    "ADT",
)
"""Columns that computations read, beside those that the analysis names."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The subjects of a population (rows of ADSL) and the chosen rows of the dataset; `level` is
    the group they belong to, if any.

    `undecided` are rows for which the condition of the analysis is unknown. `uncertain` is the
    number of subjects of whom it is not known whether they belong to the population, `apart` of
    those in it who are not at risk (`among`), `perhaps` of those of whom that is not known. `codes`
    are the parameters that the analysis is about, where it names some. `inapplicable` names, for
    a column of ADSL, the subjects of whom it was not asked. `beyond` has the keys of the rows of
    ADSL of those who are left out (uncertain, apart, perhaps): results say how many they are.
    """

    subjects: pl.DataFrame
    rows: pl.DataFrame
    undecided: pl.DataFrame
    uncertain: int = 0
    apart: int = 0
    perhaps: int = 0
    codes: tuple[str, ...] = ()
    inapplicable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    level: str | None = None
    beyond: tuple[pl.DataFrame, ...] = ()
    listed: Listed = field(default_factory=Listed)

    @property
    def n(self) -> int:
        return self.subjects.height

    def left_out(self, names: Iterable[str]) -> pl.DataFrame:
        """USUBJID of the subjects of whom one of these columns was not asked."""
        known = frozenset[str]().union(*(self.inapplicable.get(name, ()) for name in names))
        return self.subjects.select("USUBJID").filter(pl.col("USUBJID").is_in(list(known)))

    def counted(self, *rows: pl.DataFrame) -> str | None:
        """The rows of the dataset that a result counts, as results name them."""
        return row_names(*rows, most=self.listed.counted)

    def considered(self, *rows: pl.DataFrame) -> str | None:
        """The rows of the dataset that a result looks at and does not count."""
        return row_names(*rows, most=self.listed.considered)

    def others(self, rows: pl.DataFrame, counted: pl.Series) -> pl.DataFrame:
        """The keys of the rows that are not counted, or of which that is not known."""
        known = counted.fill_null(False)
        return rows.clear() if known.all() else rows.select(KEYS).filter(~known)

    def counted_in_points(self, rows: pl.DataFrame, points: int) -> str | None:
        """The rows behind each of so many points of a curve."""
        return row_names(rows, most=self.listed.points // max(points, 1))

    def subject_names(self) -> str | None:
        """The rows of ADSL that a result depends on: of those who count, and of those left out."""
        return row_names(self.subjects, *self.beyond, most=self.listed.subjects)

    def group(self, by: str, level: str) -> "Selection":
        """The subjects and rows of one group."""
        subjects = self.subjects.filter(self.level_in(by) == level)
        rows, undecided = (
            frame.join(subjects, on="USUBJID", how="semi", maintain_order="left")
            for frame in (self.rows, self.undecided)
        )
        return replace(self, subjects=subjects, rows=rows, undecided=undecided, level=level)

    def level_in(self, by: str) -> pl.Expr:
        """The group of a subject: its value, or whether that is not known or was not asked."""
        apart = pl.col("USUBJID").is_in(list(self.inapplicable.get(by, ())))
        known = level_of(pl.col(by))
        return pl.when(apart).then(pl.lit(NOT_ASKED)).otherwise(known).alias("_LEVEL")


@dataclass(slots=True)
class Selector:
    """Finds the selections of analyses; what one analysis chooses is kept for its populations."""

    datasets: Datasets
    study: Study
    listed: Listed = field(default_factory=Listed)
    chosen: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = field(default_factory=dict)

    def select(self, analysis: Analysis, population: str) -> Selection:
        """The selection of an analysis in a population, all groups together."""
        if analysis.id not in self.chosen:
            self.chosen = {analysis.id: self._choose(analysis)}
        wanted = [*KEYS, *([analysis.by] if analysis.by else [])]
        adsl = self.datasets.adsl
        everyone = adsl.filter(pl.col(population) == "Y")
        asked = pl.lit(True) if analysis.among is None else columns(analysis.among)
        judged = everyone.with_columns(ASKED=asked)
        subjects = judged.filter("ASKED").select(list(dict.fromkeys(wanted)))
        beyond = []
        if subjects.height < judged.height:
            beyond.append(judged.filter(~pl.col("ASKED").fill_null(False)).select(KEYS))
        uncertain = adsl[population].null_count()
        if uncertain:
            beyond.append(adsl.filter(pl.col(population).is_null()).select(KEYS))
        perhaps = judged["ASKED"].null_count()
        rows, undecided = (
            frame.join(subjects, on="USUBJID", how="semi", maintain_order="left")
            for frame in self.chosen[analysis.id]
        )
        return Selection(
            subjects,
            rows,
            undecided,
            uncertain=uncertain,
            apart=everyone.height - subjects.height - perhaps,
            perhaps=perhaps,
            codes=codes_read(analysis, self.study.protocol),
            inapplicable=not_asked(named(analysis), self.study.protocol, everyone),
            beyond=tuple(beyond),
            listed=self.listed,
        )

    def _choose(self, analysis: Analysis) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows for which the condition of the analysis holds, and those for which it is
        unknown, with the columns that the analysis reads."""
        dataset = self.datasets.named()[analysis.dataset.lower()]
        needed = dict.fromkeys((*READ, *named(analysis)))
        own = [c for c in needed if c in dataset.columns]
        frame = dataset.lazy().select(own).sort("USUBJID", "ASEQ")
        added = [c for c in needed if c not in dataset.columns and c in self.datasets.adsl.columns]
        if added:
            subjects = self.datasets.adsl.lazy().select("USUBJID", *added)
            frame = frame.join(subjects, on="USUBJID", how="left", maintain_order="left")
        if analysis.where is None:
            rows = frame.collect()
            return rows, rows.clear()
        flags = [c for c in CHOICES if c in needed and c in dataset.columns]
        judged = (
            frame.with_columns(pl.col(flag).fill_null("") for flag in flags)
            .with_columns(WHERE=columns(analysis.where))
            .filter(pl.col("WHERE").fill_null(True))
            .collect()
        )
        known = pl.col("WHERE").is_not_null()
        return judged.filter(known).drop("WHERE"), judged.filter(~known).drop("WHERE")


def groups(by: str, chosen: Selection) -> Iterator[Selection]:
    """The selection split by a column of ADSL; subjects without a value are a group of their own,
    and those of whom it was not asked another."""
    for level in chosen.subjects.select(chosen.level_in(by)).to_series().unique().sort().to_list():
        yield chosen.group(by, level)


def level_of(value: pl.Expr) -> pl.Expr:
    """A value as the text of a level. A missing one is `not known`; a value that reads like a word
    of ours (or in quotes) stands in quotes, so that no two levels have one name."""
    text = value.cast(pl.String)
    ours = text.is_in(list(_RESERVED)) | text.str.starts_with("'")
    return pl.when(ours).then(pl.format("'{}'", text)).otherwise(text).fill_null(NO_LEVEL)


def parameter(rows: pl.DataFrame) -> str | None:
    """The parameter of the rows, where they have one and only one."""
    if "PARAMCD" not in rows.columns:
        return None
    codes = rows["PARAMCD"].unique().to_list()
    return codes[0] if len(codes) == 1 else None
