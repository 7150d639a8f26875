"""The day from which the calendar of a subject counts: the first dose, or before it the day on
which it can be planned."""

from datetime import date

import polars as pl

from pilotage.rules.planned import days_after, planned_visits
from pilotage.rules.visited import VISITS
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import with_interval
from pilotage.study import Study

FIRST_DOSE, PLANNED_START = "first dose", "planned start"


def anchors(
    study: Study, snapshot: Snapshot, doses: pl.DataFrame, seen: pl.DataFrame, *, at: date
) -> pl.DataFrame:
    """USUBJID, BASIS, ANCHOR, ANCHOR_FROM, ANCHOR_TO.

    After the first dose, that day. Before it, the days on which the visits made so far lie in their
    windows (from, to), and among them the day from which the last of these visits is on target.
    BASIS is null where neither is known: then only the study days of the plan are. Subjects who
    consented after the day of the question, and of whom nothing older is known, have no row.

    `doses` is what `first_doses` gives, `seen` what `days_seen` gives.
    """
    made = _made_before(study, snapshot, seen, at)
    consent = with_interval(snapshot.tables["dm"], "RFICDTC")
    later = consent.filter(pl.col("RFICDTC_FIRST") > at).join(made, on="USUBJID", how="anti")
    treated = doses.filter(pl.col("DOSED")).filter(
        pl.col("START").is_not_null() | ~pl.col("USUBJID").is_in(later["USUBJID"].implode())
    ).select(
        "USUBJID",
        BASIS=pl.when(pl.col("START").is_not_null()).then(pl.lit(FIRST_DOSE)),
        ANCHOR="START", ANCHOR_FROM="START", ANCHOR_TO="START",
    )  # fmt: skip
    waiting = doses.filter(~pl.col("DOSED")).join(later, on="USUBJID", how="anti").select("USUBJID")
    planned = planned_visits(study, last=0).filter(pl.col("OFFSET") < 0)
    placed = made.join(planned, on="ID").with_columns(
        AIM=days_after(pl.col("DAY"), -pl.col("OFFSET"))
    )
    bounds = (
        placed.sort("OFFSET")
        .group_by("USUBJID", maintain_order=True)
        .agg(
            AIM=pl.col("AIM").last(),
            ANCHOR_FROM=days_after(pl.col("AIM"), -pl.col("AFTER")).max(),
            ANCHOR_TO=days_after(pl.col("AIM"), pl.col("BEFORE")).min(),
        )
    )
    possible = (pl.col("ANCHOR_FROM") <= pl.col("ANCHOR_TO")).fill_null(False)
    inside = pl.col("AIM").clip("ANCHOR_FROM", "ANCHOR_TO")
    planned_starts = waiting.join(bounds, on="USUBJID", how="left").select(
        "USUBJID",
        BASIS=pl.when(pl.col("AIM").is_not_null()).then(pl.lit(PLANNED_START)),
        ANCHOR=pl.when(possible).then(inside).otherwise("AIM"),
        ANCHOR_FROM=pl.when(possible).then("ANCHOR_FROM").otherwise("AIM"),
        ANCHOR_TO=pl.when(possible).then("ANCHOR_TO").otherwise("AIM"),
    )
    return pl.concat([treated, planned_starts])


def _made_before(study: Study, snapshot: Snapshot, seen: pl.DataFrame, at: date) -> pl.DataFrame:
    """USUBJID, ID, DAY: the visits before the first dose that were made, each on its last day. The
    first one is known by its number, else it is the subject's first visit, else the day of
    consent."""
    before = [visit for visit in study.protocol.schedule.visits if visit.day < 0]
    if not before:
        return pl.DataFrame(schema={"USUBJID": pl.String, "ID": pl.String, "DAY": pl.Date})
    days = seen.filter(pl.col("FROM") == pl.col("TO"))
    numbers = {visit.number: visit.id for visit in before}
    named = pl.col("NUMBER").replace_strict(numbers, default=None, return_dtype=pl.String)
    alone = pl.when(pl.col("CHAIN") != VISITS).then("CHAIN")
    known = days.select("USUBJID", ID=pl.coalesce(alone, named), DAY="FROM")
    first = before[0].id
    dm = with_interval(snapshot.tables["dm"], "RFICDTC")
    consent = dm.filter(pl.col("RFICDTC_FIRST") == pl.col("RFICDTC_LAST"))
    consent = consent.filter(pl.col("RFICDTC_FIRST") <= at)
    loose = known.filter(pl.col("ID").is_null()).with_columns(ID=pl.lit(first), RANK=pl.lit(2))
    parts = [
        known.filter(pl.col("ID").is_not_null()).with_columns(RANK=pl.lit(1)),
        loose.sort("DAY").unique("USUBJID", keep="first", maintain_order=True),
        consent.select("USUBJID", ID=pl.lit(first), DAY="RFICDTC_FIRST", RANK=pl.lit(3)),
    ]
    rows = pl.concat(parts).sort("RANK", "DAY", descending=[False, True])
    return rows.unique(["USUBJID", "ID"], keep="first", maintain_order=True).drop("RANK")
