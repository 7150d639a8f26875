"""Findings about data, collected as a frame: one row per finding, built by expressions so that a
hundred thousand rows cost no more than ten."""

from collections.abc import Iterable

import polars as pl

from pilotage.findings import InputErrors, error

SCHEMA = {"SEVERITY": pl.String, "WHERE": pl.String, "USUBJID": pl.String, "MESSAGE": pl.String}


def remark(
    rows: pl.DataFrame | pl.LazyFrame,
    message: pl.Expr,
    *,
    when: pl.Expr | None = None,
    file: str,
    severity: str = "warning",
) -> pl.LazyFrame:
    """One finding for each row (for which `when` holds): its line in `file` and a message."""
    chosen = rows.lazy() if when is None else rows.lazy().filter(when)
    return chosen.select(
        SEVERITY=pl.lit(severity),
        WHERE=pl.coalesce(pl.format(file + ":{}", pl.col("SRCLINE")), pl.lit(file)),
        USUBJID=pl.col("USUBJID").cast(pl.String),
        MESSAGE=message,
    )


def together(parts: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """All findings in one frame, in an order that does not depend on the order of the rows."""
    frame = pl.concat([pl.LazyFrame(schema=SCHEMA), *parts])
    order = ["SEVERITY", "USUBJID", "WHERE", "MESSAGE"]
    return frame.unique().sort(order, nulls_last=True).collect(engine="in-memory")


def refuse_errors(findings: pl.DataFrame) -> None:
    """Raise InputErrors with every finding that is an error; do nothing where there is none."""
    errors = findings.filter(pl.col("SEVERITY") == "error")
    if errors.height:
        raise InputErrors(error(row["WHERE"], row["MESSAGE"]) for row in errors.to_dicts())
