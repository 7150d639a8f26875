"""Categories of an assessment, in the words of the study's conditions."""

from functools import cache

import polars as pl

from pilotage.conditions import Condition, columns
from pilotage.datasets.baseline import CHANGE
from pilotage.study.protocol import Classification, text_of

READ = [
    "USUBJID",
    "AVAL",
    "BASE",
    "CHG",
    "PCHG",
    "ADT",
    "ADTF",
    "ADY",
    "AVISITN",
    "AVISIT",
    "ONTRTFL",
    "CYCLE",
    "SRCDOM",
    "SRCSEQ",
    "SRCITEMS",
    "TIME",
    "SEQ",
    "DATE_FIRST",
    "DATE_LAST",
    "TRTSDT_MIN",
    "TRTSDT_MAX",
    "POST",
]

VALUES = {"": "AVAL", ".BASE": "BASE", ".CHG": "CHG", ".PCHG": "PCHG"}
"""The columns in which conditions find X, X.BASE, X.CHG and X.PCHG of a parameter X."""


def assessments(adqs: pl.DataFrame, parameter: str) -> pl.DataFrame:
    """The rows of a parameter that lie after the day of the first dose, or may (POST is null), in
    the order of their dates; those without a complete date come last."""
    rows = adqs.lazy().filter(_after_treatment(parameter)).select(READ).collect(engine="in-memory")
    keys = [key for key in ("ADT", "TIME", "SEQ") if rows[key].null_count() < rows.height]
    return rows.sort("USUBJID", *keys, nulls_last=[False, *(key == "ADT" for key in keys)])


@cache
def _after_treatment(parameter: str) -> pl.Expr:
    placed = pl.col("DATE_FIRST").is_not_null() & pl.col("TRTSDT_MIN").is_not_null()
    return (pl.col("PARAMCD") == parameter) & pl.col("POST").fill_null(placed)


def stands_in(parameter: str) -> dict[str, str]:
    return {parameter + part: column for part, column in VALUES.items()}


def classified(assessed: pl.DataFrame, code: str, classification: Classification) -> pl.LazyFrame:
    """Each assessment (with BASE, CHG and PCHG as the classification wants them) with AVALC, the
    first category that holds where every category before it is known not to hold, else missing;
    AVAL is its rank, 1 the first."""
    rows = tuple((row.when, row.code) for row in classification.categories)
    holds, answers = _categories(rows, classification.parameter, tuple(assessed.schema.items()))
    return (
        assessed.lazy()
        .with_columns(**holds)
        .with_columns(PARAMCD=pl.lit(code), PARAM=pl.lit(text_of(classification.label)), **answers)
    )


@cache
def _categories(
    rows: tuple[tuple[Condition, str], ...],
    parameter: str,
    schema: tuple[tuple[str, pl.DataType], ...],
) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """Whether the condition of each category holds, a column each, and from these AVALC and
    AVAL."""
    names = stands_in(parameter)
    holds = {
        f"_{rank}": columns(when, dict(schema), stands_in=names)
        for rank, (when, _) in enumerate(rows, start=1)
    }
    conditions = [pl.col(name) for name in holds]
    codes, ranks = [code for _, code in rows], [float(rank) for rank in range(1, len(rows) + 1)]
    return holds, {
        "AVALC": first_that_holds(conditions, codes, pl.String()),
        "AVAL": first_that_holds(conditions, ranks, pl.Float64()),
    }


def against_previous(assessed: pl.DataFrame) -> pl.DataFrame:
    """BASE, CHG and PCHG against the assessment before (the first: against the baseline). They are
    missing for subjects with an incomplete date: which assessment came before is not known. Needs
    the order of the dates."""
    based = assessed.lazy().with_columns(BASE=_PREVIOUS)
    return based.with_columns(CHANGE).collect(engine="in-memory")


_DATED = (pl.col("ADT").is_not_null() | pl.col("AVAL").is_null()).all().over("USUBJID")
_LAST_KNOWN = pl.col("AVAL").forward_fill().shift(1).over("USUBJID")
_PREVIOUS = pl.when(_DATED).then(_LAST_KNOWN.fill_null(pl.col("BASE")))


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
