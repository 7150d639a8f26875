"""Response and relapse as the datasets have them, in the order in which they became known."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pilotage.conditions import columns
from pilotage.datasets import Datasets
from pilotage.rules.moments import (
    ALWAYS,
    UNDATED,
    Moments,
    Records,
    Truth,
    Whole,
    last_on_or_before,
    taken,
)
from pilotage.study.protocol import Protocol


@dataclass(frozen=True)
class Assessments:
    """Every assessment of the parameter that is judged, with its CATEGORY, whether a relapse begins
    there (EVENT), whether it clears one (CLEAR), and whether one is open after it (OPEN; null
    where the order of the assessments is not known).

    `surely` and `perhaps` hold the best RANK so far by the last and the first possible day.
    `unclear`, by subject, is the first day from which an incomplete date leaves relapses open.
    """

    parameter: str
    codes: tuple[str, ...]
    judged: Records
    surely: Records
    perhaps: Records
    unclear: Whole

    def best(self, at: Moments) -> tuple[pl.Series, Whole, Whole]:
        """The rank of the best response so far (the best is 1), the row of `surely` at which it was
        reached, and whether an incomplete date leaves it open."""
        row, _ = last_on_or_before(self.surely, at)
        other, _ = last_on_or_before(self.perhaps, at)
        sure, maybe = (
            taken(kept.rows["BEST"], found)
            for kept, found in ((self.surely, row), (self.perhaps, other))
        )
        open_ = sure.ne_missing(maybe).to_numpy()
        reached = taken(self.surely.rows["REACHED"], row).fill_null(-1).to_numpy()
        return sure, reached, np.where(open_, UNDATED, 0)

    def is_unclear(self, at: Moments) -> Truth:
        """Does an incomplete date leave the relapses up to each day open?"""
        found: Truth = (self.unclear[at.subject] <= at.day) & (at.subject >= 0)
        return found


def classification_of(protocol: Protocol) -> str | None:
    """The classification that is the response: that of relapse, else the first."""
    if protocol.relapse is not None:
        return protocol.relapse.classification
    return next(iter(protocol.classifications), None)


def assessments_of(
    protocol: Protocol, datasets: Datasets, kept: Records, begun: Whole
) -> Assessments:
    """`kept` are the records of the parameter; `begun` the first day of a dose, by subject."""
    name = classification_of(protocol)
    assert name is not None
    classification = protocol.classifications[name]
    rows = _judged(kept.rows, datasets.adrs, name)
    undated = rows["FIRST"].to_numpy() != rows["LAST"].to_numpy()
    subject = rows["SUBJECT"].to_numpy()
    after = rows["LAST"].to_numpy() > begun[subject]
    unclear = np.full(len(begun), ALWAYS, dtype=np.int64)
    loose = undated & after
    np.minimum.at(unclear, subject[loose], rows["FIRST"].to_numpy()[loose])
    rows = _with_relapse(rows, protocol, classification.parameter, unclear)
    unjudged = pl.Series(loose) & rows["RANK"].is_null() & ~rows["IN_ADRS"]
    ranks = rows.with_columns(RANK=pl.when(unjudged).then(1.0).otherwise("RANK"))
    return Assessments(
        parameter=classification.parameter,
        codes=tuple(category.code for category in classification.categories),
        judged=Records(rows),
        surely=_best(rows.filter(pl.col("LAST") < ALWAYS), "LAST"),
        perhaps=_best(ranks, "FIRST"),
        unclear=unclear,
    )


def _judged(rows: pl.DataFrame, adrs: pl.DataFrame, name: str) -> pl.DataFrame:
    """The assessments with what ADRS says of each, found by its source rows."""
    source = pl.coalesce("SRCITEMS", pl.col("SRCSEQ").cast(pl.String)).alias("SOURCE")
    own = adrs.with_columns(source)
    judged = own.filter(pl.col("PARAMCD") == name).select(
        "USUBJID", "SOURCE", CATEGORY="AVALC", RANK="AVAL", IN_ADRS=pl.lit(True)
    )
    events = own.filter(pl.col("PARAMCD") == "RELAPSE").select(
        "USUBJID", "SOURCE", EVENT=pl.lit(True)
    )
    keys = ["USUBJID", "SOURCE"]
    return (
        rows.lazy()
        .with_columns(source)
        .join(judged.lazy().unique(keys), on=keys, how="left", maintain_order="left")
        .join(events.lazy().unique(keys), on=keys, how="left", maintain_order="left")
        .with_columns(pl.col("IN_ADRS", "EVENT").fill_null(False))
        # Several stated totals of a day may stand for the same items: one relapse begins there.
        .with_columns(EVENT=pl.col("EVENT") & pl.struct(keys).is_first_distinct())
        .collect(engine="in-memory")
    )


def _with_relapse(
    rows: pl.DataFrame, protocol: Protocol, parameter: str, unclear: Whole
) -> pl.DataFrame:
    """Add CLEAR and OPEN."""
    relapse = protocol.relapse
    if relapse is None:
        nothing = pl.lit(None, pl.Boolean)
        return rows.with_columns(CLEAR=nothing, OPEN=nothing)
    names = {
        parameter + part: column
        for part, column in (("", "VALUE"), (".BASE", "BASE"), (".CHG", "CHG"), (".PCHG", "PCHG"))
    }
    clear = columns(relapse.cleared, rows.schema, stands_in=names).fill_null(False)
    status = pl.when("EVENT").then(True).when("CLEAR").then(False)
    order_known = pl.Series(rows["FIRST"].to_numpy() < unclear[rows["SUBJECT"].to_numpy()])
    return (
        rows.with_columns(CLEAR=clear)
        .with_columns(OPEN=status.forward_fill().over("SUBJECT").fill_null(False))
        .with_columns(OPEN=pl.when(order_known).then("OPEN"))
    )


def _best(rows: pl.DataFrame, day: str) -> Records:
    """The best rank so far, by the day on which the assessment surely, or perhaps, was made, and
    the row at which it was REACHED."""
    far = {"FIRST": pl.col(day), "LAST": pl.col(day)}
    ordered = rows.filter(pl.col("RANK").is_not_null()).with_columns(**far)
    ordered = ordered.sort("SUBJECT", day, maintain_order=True)
    best = pl.col("RANK").cum_min().over("SUBJECT")
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    reached = pl.when(pl.col("BEST").ne_missing(pl.col("BEST").shift(1).over("SUBJECT"))).then(
        place
    )
    return Records(
        ordered.with_columns(BEST=best).with_columns(REACHED=reached.forward_fill().over("SUBJECT"))
    )
