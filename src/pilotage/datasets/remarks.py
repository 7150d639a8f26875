"""Findings about data, collected as a frame: one row per finding, built by expressions so that a
hundred thousand rows cost no more than ten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from pilotage.datasets.small_plans import as_written
from pilotage.findings import InputErrors, error
from pilotage.snapshot.order import in_file_order

SCHEMA = {"SEVERITY": pl.String, "WHERE": pl.String, "USUBJID": pl.String, "MESSAGE": pl.String}


@dataclass(frozen=True, slots=True)
class Check:
    """What is said of each row for which `when` holds."""

    when: pl.Expr
    message: pl.Expr
    severity: str = "warning"


def remarks(
    rows: pl.DataFrame | pl.LazyFrame, checks: Sequence[Check], *, file: str
) -> list[pl.LazyFrame]:
    """The findings of several checks. All are asked in one pass, and only those that some row
    meets are put into words."""
    asked = rows.lazy().select(check.when.any().alias(str(n)) for n, check in enumerate(checks))
    met = asked.pipe(as_written).row(0)
    return [
        remark(rows, check.message, when=check.when, file=file, severity=check.severity)
        for check, some in zip(checks, met, strict=True)
        if some
    ]


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
    known = list(parts)
    if not known:
        return pl.DataFrame(schema=SCHEMA)
    frame = pl.concat(known)
    order = ["SEVERITY", "USUBJID", "WHERE", "MESSAGE"]
    return frame.unique().sort(order, nulls_last=True).pipe(as_written)


def refuse_errors(findings: pl.DataFrame) -> None:
    """Raise InputErrors with every finding that is an error, in the order of files and lines; do
    nothing where there is none."""
    errors = findings.filter(pl.col("SEVERITY") == "error")
    if errors.height:
        told = [error(row["WHERE"], row["MESSAGE"]) for row in errors.to_dicts()]
        raise InputErrors(in_file_order(told))
