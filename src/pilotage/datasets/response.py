"""Categories of an assessment, in the words of the study's conditions."""

import polars as pl

from pilotage.conditions import columns
from pilotage.study.protocol import Classification, text_of


def classified(adqs: pl.LazyFrame, code: str, classification: Classification) -> pl.LazyFrame:
    """One row for each assessment known to lie after the day of the first dose: AVALC is the first
    category that holds where every category before it is known not to hold, else missing; AVAL is
    its rank, 1 the first."""
    assessed = adqs.filter((pl.col("PARAMCD") == classification.parameter) & pl.col("POST"))
    named = named_values(classification.parameter)
    category = first_category([(columns(row.when), row.code) for row in classification.categories])
    ranks = {row.code: rank for rank, row in enumerate(classification.categories, start=1)}
    return (
        assessed.with_columns(**named)
        .with_columns(AVALC=category)
        .drop(*named)
        .with_columns(
            PARAMCD=pl.lit(code),
            PARAM=pl.lit(text_of(classification.label)),
            AVAL=pl.col("AVALC").replace_strict(ranks, default=None, return_dtype=pl.Float64),
        )
    )


def named_values(parameter: str) -> dict[str, pl.Expr]:
    """The names that conditions use for a parameter: X, X.BASE, X.CHG, X.PCHG."""
    return {
        parameter: pl.col("AVAL"),
        f"{parameter}.BASE": pl.col("BASE"),
        f"{parameter}.CHG": pl.col("CHG"),
        f"{parameter}.PCHG": pl.col("PCHG"),
    }


def first_category(rows: list[tuple[pl.Expr, str]]) -> pl.Expr:
    """The category of the first condition that holds; null where an unknown one stands before
    it."""
    answer = pl.lit(None, dtype=pl.String)
    for condition, category in reversed(rows):
        # a null condition would fall through to the next branch: test for it first
        answer = (
            pl.when(condition.is_null())
            .then(pl.lit(None, dtype=pl.String))
            .when(condition)
            .then(pl.lit(category))
            .otherwise(answer)
        )
    return answer
