"""The mean daily dose day by day, and the days on which it changed."""

import polars as pl


def dose_changes(rows: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, DATE, BEFORE, AFTER: each day on which the mean daily dose differs from the day
    before. A day without drug counts 0; rows that overlap add up, but where one row ends on the day
    on which the next begins, that day belongs to the next; a dose that goes on at the data cut has
    no end. Needs ASTDT, AENDT, MDD, ONGOING of rows with complete dates."""
    return _changes(_segments(rows))


def _segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Periods that do not overlap, with their mean daily dose."""
    next_start = pl.col("ASTDT").shift(-1).over("USUBJID")
    shares_last_day = (pl.col("AENDT") == next_start) & (pl.col("ASTDT") < next_start)
    to_next = pl.when(shares_last_day).then(pl.col("AENDT") - pl.duration(days=1))
    dated = (
        rows.lazy()
        .filter(pl.col("ASTDT").is_not_null() & pl.col("AENDT").is_not_null())
        .select("USUBJID", "ASTDT", "AENDT", "MDD", "ONGOING", "EXSEQ")
        .sort("USUBJID", "ASTDT", "EXSEQ")
        .with_columns(AENDT=to_next.otherwise("AENDT"))
        .collect(engine="in-memory")
    )
    columns = ["USUBJID", "ASTDT", "AENDT", "MDD", "ONGOING"]
    previous = pl.col("AENDT").cum_max().shift(1).over("USUBJID")
    overlapping = dated.filter(pl.col("ASTDT") <= previous).select("USUBJID").unique()
    if overlapping.is_empty():
        return dated.select(columns)
    simple = dated.join(overlapping, on="USUBJID", how="anti").select(columns)
    crossed = _cut_up(dated.join(overlapping, on="USUBJID", how="semi"))
    return pl.concat([simple, crossed.select(columns)]).sort("USUBJID", "ASTDT")


def _cut_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Cut overlapping periods at every start and end; the doses of a piece add up."""
    after_end = pl.col("AENDT") + pl.duration(days=1)
    edges = (
        pl.concat([rows.select("USUBJID", EDGE="ASTDT"), rows.select("USUBJID", EDGE=after_end)])
        .unique()
        .sort("USUBJID", "EDGE")
        .with_columns(LAST=pl.col("EDGE").shift(-1).over("USUBJID") - pl.duration(days=1))
        .filter(pl.col("LAST").is_not_null())
    )
    covering = edges.join(rows, on="USUBJID").filter(
        (pl.col("ASTDT") <= pl.col("EDGE")) & (pl.col("AENDT") >= pl.col("LAST"))
    )
    dose = pl.when(pl.col("MDD").is_not_null().all()).then(pl.col("MDD").sum())
    goes_on = pl.col("ONGOING") & (pl.col("AENDT") == pl.col("LAST"))
    return (
        covering.group_by("USUBJID", "EDGE", "LAST")
        .agg(MDD=dose, ONGOING=goes_on.any())
        .rename({"EDGE": "ASTDT", "LAST": "AENDT"})
    )


def _changes(segments: pl.DataFrame) -> pl.DataFrame:
    """Each day on which the dose may differ from the day before; a day without drug counts 0."""
    one = pl.duration(days=1)
    previous_end = pl.col("AENDT").shift(1).over("USUBJID")
    next_start = pl.col("ASTDT").shift(-1).over("USUBJID")
    joined = (pl.col("ASTDT") == previous_end + one).fill_null(False)
    periods = segments.lazy()
    starts = periods.select(
        "USUBJID",
        DATE="ASTDT",
        BEFORE=pl.when(joined).then(pl.col("MDD").shift(1).over("USUBJID")).otherwise(0.0),
        AFTER="MDD",
    )
    followed = (next_start == pl.col("AENDT") + one).fill_null(False)
    ends = (
        periods.with_columns(FOLLOWED=followed)
        .filter(~pl.col("FOLLOWED") & ~pl.col("ONGOING"))
        .select("USUBJID", DATE=pl.col("AENDT") + one, BEFORE="MDD", AFTER=pl.lit(0.0))
    )
    both = pl.concat([starts, ends]).filter(pl.col("BEFORE").ne_missing(pl.col("AFTER")))
    return both.sort("USUBJID", "DATE").collect(engine="in-memory")
