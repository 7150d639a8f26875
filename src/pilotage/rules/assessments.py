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
from pilotage.rules.orders import Assessed, Certain, certain
from pilotage.study.protocol import Classification, Protocol

CHANGES = ("BASE", "CHG", "PCHG")


@dataclass(frozen=True)
class Assessments:
    """Every assessment of the parameter that is judged, with its CATEGORY, whether a relapse begins
    there (EVENT), whether it clears one (CLEAR), and whether one is open after it (OPEN; null
    where the order of the assessments is not known).

    `surely` and `perhaps` hold the best RANK so far by the last and the first possible day.
    `unclear`, by subject, is the first day from which an incomplete date leaves open how many
    relapses there were, `doubted` the row with the first such date (-1: none), and `blurred` the
    first day that this can be;
    `unjudged` the first day of an assessment that cannot be judged (an item is open, the baseline
    is missing) and may have been the response that a relapse follows.
    """

    parameter: str
    codes: tuple[str, ...]
    judged: Records
    surely: Records
    perhaps: Records
    unclear: Whole
    doubted: Whole
    blurred: Whole
    unjudged: Whole

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

    def may_have_responded(self, at: Moments) -> Truth:
        """Was there an assessment up to each day that cannot be judged and may have been the
        response that a relapse follows?"""
        found: Truth = (self.unjudged[at.subject] <= at.day) & (at.subject >= 0)
        return found

    def is_blurred(self, at: Moments) -> Truth:
        """May there have been an assessment without a complete date up to each day?"""
        found: Truth = (self.blurred[at.subject] <= at.day) & (at.subject >= 0)
        return found

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
    protocol: Protocol, datasets: Datasets, kept: Records, begun: Whole, started: Whole
) -> Assessments:
    """`kept` are the records of the parameter; `begun` and `started`, by subject, the days between
    which the first dose was taken."""
    name = classification_of(protocol)
    assert name is not None
    classification = protocol.classifications[name]
    rows = _with_response(_judged(kept.rows, datasets.adrs, name), protocol, classification)
    subject, first, last = (rows[each].to_numpy() for each in ("SUBJECT", "FIRST", "LAST"))
    undated = (first != last) & (last > begun[subject])
    either_side = (last > begun[subject]) & (first <= started[subject])
    loose = undated | (either_side & (begun < started)[subject])
    rows = rows.with_columns(VOID=pl.Series(_perhaps_void(rows)))
    rows, unclear = _with_relapse(rows, protocol, classification, loose, begun, started)
    doubted = np.full(len(begun), -1, dtype=np.int64)
    for row in reversed(np.flatnonzero(loose)):
        doubted[subject[row]] = row
    blurred = np.full(len(begun), ALWAYS, dtype=np.int64)
    np.minimum.at(blurred, subject[loose], first[loose])
    unjudged = pl.Series(undated) & rows["RANK"].is_null() & ~rows["IN_ADRS"]
    ranks = rows.with_columns(RANK=pl.when(unjudged).then(1.0).otherwise("RANK"))
    return Assessments(
        parameter=classification.parameter,
        codes=tuple(category.code for category in classification.categories),
        judged=Records(rows),
        surely=_best(rows.filter(pl.col("LAST") < ALWAYS, ~pl.col("VOID")), "LAST"),
        perhaps=_best(ranks, "FIRST"),
        unclear=unclear,
        doubted=doubted,
        blurred=blurred,
        unjudged=_unjudged(rows, len(begun)),
    )


def _perhaps_void(rows: pl.DataFrame) -> Truth:
    """May the items of the day have won over a stated total? That of a day is known where both
    dates are complete; where one is not, the days on which they may meet."""
    loose = pl.col("FIRST") != pl.col("LAST")
    spans = rows.select("SUBJECT", "FIRST", "LAST", "SRCITEMS").with_row_index("ROW")
    spans = spans.filter(loose.any().over("SUBJECT"))
    items = spans.filter(pl.col("SRCITEMS").is_not_null())
    stated = spans.filter(pl.col("SRCITEMS").is_null())
    both = stated.join(items, on="SUBJECT", suffix="_ITEMS").filter(
        loose | (pl.col("FIRST_ITEMS") != pl.col("LAST_ITEMS")),
        pl.col("FIRST") <= pl.col("LAST_ITEMS"),
        pl.col("FIRST_ITEMS") <= pl.col("LAST"),
    )
    void: Truth = np.isin(np.arange(rows.height), both["ROW"].to_numpy())
    return void


def _unjudged(rows: pl.DataFrame, subjects: int) -> Whole:
    """By subject the first day of an assessment that may have been the response that a relapse
    follows, and has no category."""
    found = np.full(subjects, ALWAYS, dtype=np.int64)
    open_ = rows.filter(pl.col("IN_ADRS"), pl.col("CATEGORY").is_null(), "MAY_RESPOND")
    np.minimum.at(found, open_["SUBJECT"].to_numpy(), open_["FIRST"].to_numpy())
    return found


def _with_response(
    rows: pl.DataFrame, protocol: Protocol, classification: Classification
) -> pl.DataFrame:
    """Add RESPONDS and MAY_RESPOND: is an assessment, after the first dose, the response that a
    relapse follows, and may it be? Where it has no category, by the condition of that response."""
    relapse = protocol.relapse
    if relapse is None:
        return rows.with_columns(RESPONDS=False, MAY_RESPOND=False)
    after = next(each for each in classification.categories if each.code == relapse.after)
    seen = rows
    if classification.against != "baseline":  # the assessment before may be the one not known
        seen = rows.with_columns(pl.lit(None, pl.Float64).alias(c) for c in CHANGES)
    holds = columns(after.when, seen.schema, stands_in=_names(classification.parameter))
    known = pl.col("CATEGORY").is_not_null()
    is_after = (pl.col("CATEGORY") == after.code).fill_null(False)
    condition = seen.select(holds.alias("HOLDS"))["HOLDS"]
    return rows.with_columns(
        RESPONDS=pl.when(known | pl.col("IN_ADRS"))
        .then(is_after)
        .otherwise(condition.fill_null(False)),
        MAY_RESPOND=pl.when(known).then(is_after).otherwise(condition.fill_null(True)),
    )


def _names(parameter: str) -> dict[str, str]:
    """The columns in which conditions find a parameter and its change."""
    return {parameter: "VALUE", **{f"{parameter}.{part}": part for part in CHANGES}}


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
    rows: pl.DataFrame,
    protocol: Protocol,
    classification: Classification,
    loose: Truth,
    begun: Whole,
    started: Whole,
) -> tuple[pl.DataFrame, Whole]:
    """Add CLEAR and OPEN; and by subject the first day from which relapses are not known."""
    relapse, unclear = protocol.relapse, np.full(len(begun), ALWAYS, dtype=np.int64)
    if relapse is None:
        nothing = pl.lit(None, pl.Boolean)
        return rows.with_columns(CLEAR=nothing, OPEN=nothing), unclear
    names = _names(classification.parameter)
    clear, relapses = (
        columns(when, rows.schema, stands_in=names).fill_null(False)
        for when in (relapse.cleared, relapse.when)
    )
    status = pl.when("EVENT").then(True).when("CLEAR").then(False)
    rows = rows.with_columns(CLEAR=clear, RELAPSES=relapses, LOOSE=pl.Series(loose))
    rows = rows.with_columns(OPEN=status.forward_fill().over("SUBJECT").fill_null(False))
    open_ = rows["OPEN"].to_list()
    for subject in np.unique(rows["SUBJECT"].to_numpy()[loose]).tolist():
        places = (rows["SUBJECT"] == subject).arg_true().to_list()
        own = rows[places]
        since = int(own.filter("LOOSE")["FIRST"].to_numpy().min())
        found = _certain(own, int(begun[subject]), int(started[subject]))
        if not found.same_relapses:
            unclear[subject] = since
        for place, after in zip(places, found.open_after, strict=True):
            open_[place] = after
    return rows.with_columns(OPEN=pl.Series(open_, dtype=pl.Boolean)), unclear


def _certain(rows: pl.DataFrame, begun: int, started: int) -> Certain:
    """What is known of the relapses of one subject on whatever days they were. Nothing from an
    assessment on of which neither the day nor the value is known, or not whether it is the
    response, or whether its total counts."""
    nothing = pl.col("LOOSE") & (pl.col("FIRST") != pl.col("LAST")) & pl.col("VALUE").is_null()
    perhaps = pl.col("VALUE").is_not_null() & pl.col("MAY_RESPOND") & ~pl.col("RESPONDS")
    blind = rows.filter(nothing | perhaps | pl.col("VOID"))["FIRST"].to_numpy()
    assessed = rows.select("FIRST", "LAST", "RESPONDS", "RELAPSES", "CLEAR").rows()
    found = certain([Assessed(*row) for row in assessed], begun, started)
    if not len(blind):
        return found
    opens = zip(rows["FIRST"].to_list(), found.open_after, strict=True)
    since = int(blind.min())
    return Certain(tuple(None if first >= since else each for first, each in opens), False)


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
