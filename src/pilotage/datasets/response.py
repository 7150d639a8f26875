"""Categories of an assessment, in the words of the study's conditions."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets.baseline import CHANGE
from pilotage.datasets.neighbours import last_before
from pilotage.datasets.once import once_per_study
from pilotage.datasets.small_plans import as_written
from pilotage.study.protocol import Classification, Protocol, text_of

SCHEMA: dict[str, pl.DataType] = {
    "USUBJID": pl.String(),
    "AVAL": pl.Float64(),
    "BASE": pl.Float64(),
    "CHG": pl.Float64(),
    "PCHG": pl.Float64(),
    "ADT": pl.Date(),
    "ADTF": pl.String(),
    "ADY": pl.Int64(),
    "AVISITN": pl.Int64(),
    "AVISIT": pl.String(),
    "ONTRTFL": pl.String(),
    "CYCLE": pl.Int64(),
    "SRCDOM": pl.String(),
    "SRCSEQ": pl.Int64(),
    "SRCITEMS": pl.String(),
    "TIME": pl.String(),
    "SEQ": pl.Int64(),
    "DATE_FIRST": pl.Date(),
    "DATE_LAST": pl.Date(),
    "TRTSDT_MIN": pl.Date(),
    "TRTSDT_MAX": pl.Date(),
    "POST": pl.Boolean(),
}
"""The columns of an assessment; USUBJID is an enumeration of such texts."""
READ = list(SCHEMA)

VALUES = {"": "AVAL", ".BASE": "BASE", ".CHG": "CHG", ".PCHG": "PCHG"}
"""The columns in which conditions find X, X.BASE, X.CHG and X.PCHG of a parameter X."""


def assessments(adqs: pl.DataFrame, parameters: Collection[str]) -> dict[str, pl.DataFrame]:
    """The rows of each parameter that lie after the day of the first dose, or may (POST is null),
    in the order of their dates; those without a complete date come last. Needs the order in which
    `placed` leaves them."""
    after = adqs.select(_AFTER_TREATMENT).to_series()
    found = {each: adqs[READ].filter(after & (adqs["PARAMCD"] == each)) for each in parameters}
    return {each: _in_order(rows) for each, rows in found.items()}


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    if not rows["ADT"].null_count():
        return rows
    keys = [key for key in ("ADT", "TIME", "SEQ") if rows[key].null_count() < rows.height]
    return rows.sort("USUBJID", *keys, nulls_last=[False, *(key == "ADT" for key in keys)])


_PLACED = pl.col("DATE_FIRST").is_not_null() & pl.col("TRTSDT_MIN").is_not_null()
_AFTER_TREATMENT = pl.col("POST").fill_null(_PLACED)


def stands_in(parameter: str) -> dict[str, str]:
    return {parameter + part: column for part, column in VALUES.items()}


@dataclass(frozen=True, slots=True)
class Categories:
    """How an assessment (with BASE, CHG and PCHG as the classification wants them) is classified:
    whether the condition of each category `holds`, a column each, and from these the `answers`
    PARAMCD, PARAM, AVALC and AVAL.

    AVALC is the first category that holds where every category before it is known not to hold, else
    missing; AVAL is its rank, 1 the first.
    """

    holds: list[pl.Expr]
    answers: list[pl.Expr]

    def of(self, assessed: pl.DataFrame) -> pl.LazyFrame:
        return assessed.lazy().with_columns(self.holds).with_columns(self.answers)


@once_per_study
def categories_of(protocol: Protocol) -> dict[str, Categories]:
    """By the codes of the classifications."""
    return {code: _categories(code, each) for code, each in protocol.classifications.items()}


def _categories(code: str, classification: Classification) -> Categories:
    rows, names = classification.categories, stands_in(classification.parameter)
    holds = [columns(row.when, SCHEMA, stands_in=names) for row in rows]
    conditions = [pl.col(f"_{rank}") for rank, _ in enumerate(rows, start=1)]
    codes, ranks = [row.code for row in rows], [float(rank) for rank in range(1, len(rows) + 1)]
    return Categories(
        [each.alias(f"_{rank}") for rank, each in enumerate(holds, start=1)],
        [
            pl.lit(code).alias("PARAMCD"),
            pl.lit(text_of(classification.label)).alias("PARAM"),
            first_that_holds(conditions, codes, pl.String()).alias("AVALC"),
            first_that_holds(conditions, ranks, pl.Float64()).alias("AVAL"),
        ],
    )


def against_previous(assessed: pl.DataFrame) -> pl.DataFrame:
    """BASE, CHG and PCHG against the assessment before (the first: against the baseline). They are
    missing for subjects with an incomplete date: which assessment came before is not known. Needs
    the order of the dates."""
    based = assessed.lazy().with_columns(_PREVIOUS)
    return based.with_columns(CHANGE).pipe(as_written)


_DATED = (pl.col("ADT").is_not_null() | pl.col("AVAL").is_null()).all().over("USUBJID")
_LAST_KNOWN = last_before(pl.col("AVAL"))
_PREVIOUS = pl.when(_DATED).then(_LAST_KNOWN.fill_null(pl.col("BASE"))).alias("BASE")


def first_that_holds(
    conditions: list[pl.Expr], answers: list[str] | list[float], kind: pl.DataType
) -> pl.Expr:
    """The answer of the first condition that holds; null where an unknown one stands before it."""
    unknown = pl.lit(None, dtype=kind)
    found = unknown
    for condition, answer in reversed(list(zip(conditions, answers, strict=True))):
        # a null condition would fall through to the next branch: test for it first
        found = (
            pl.when(condition.is_null())
            .then(unknown)
            .when(condition)
            .then(pl.lit(answer))
            .otherwise(found)
        )
    return found
