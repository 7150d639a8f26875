"""The mean daily dose day by day, and the days on which it changed."""

import polars as pl

from pilotage.datasets.neighbours import latest_before
from pilotage.datasets.small_plans import as_written


def dose_changes(rows: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, DATE, BEFORE, AFTER: each day on which the mean daily dose differs from the day
    before. A day without drug counts 0; rows that overlap add up, but where one row ends on the day
    on which the next begins, that day belongs to the next; a dose that goes on at the data cut has
    no end. Needs ASTDT, AENDT, MDD, ONGOING of rows with complete dates."""
    return _changes(_segments(rows))


def _segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Periods that do not overlap, with their mean daily dose."""
    dated = (
        rows[[*_SEGMENT, "EXSEQ"]]
        .lazy()
        .filter(_DATED)
        .sort("USUBJID", "ASTDT", "EXSEQ")
        .with_columns(_UP_TO_NEXT)
        .with_columns(_OVERLAPS)
        .with_columns(_CROSSED)
        .pipe(as_written)
    )
    if not dated["CROSSED"].any():
        return dated[_SEGMENT]
    simple, crossed = dated.filter(~pl.col("CROSSED")), _cut_up(dated.filter("CROSSED"))
    return pl.concat([simple[_SEGMENT], crossed[_SEGMENT]]).sort("USUBJID", "ASTDT")


_SEGMENT = ["USUBJID", "ASTDT", "AENDT", "MDD", "ONGOING"]
_ONE_DAY = pl.duration(days=1)
_DATED = pl.col("ASTDT").is_not_null() & pl.col("AENDT").is_not_null()


def _beside(column: str, rows: int) -> pl.Expr:
    """The value so many rows before (or after, where negative); missing where that is a row of
    another subject. The rows of a subject stand together."""
    same = pl.col("USUBJID") == pl.col("USUBJID").shift(rows)
    return pl.when(same).then(pl.col(column).shift(rows))


_NEXT_START = _beside("ASTDT", -1)
_SHARES_LAST_DAY = (pl.col("AENDT") == _NEXT_START) & (pl.col("ASTDT") < _NEXT_START)
_UP_TO_NEXT = pl.when(_SHARES_LAST_DAY).then(pl.col("AENDT") - _ONE_DAY).otherwise("AENDT")
_EARLIER_END = latest_before(pl.col("AENDT"))
_OVERLAPS = (pl.col("ASTDT") <= _EARLIER_END).alias("OVERLAPS")
_CROSSED = pl.col("OVERLAPS").any().over("USUBJID").alias("CROSSED")
"""Some doses of the subject overlap."""


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
    periods = segments.lazy()
    ends = periods.with_columns(_FOLLOWED).filter(_ENDS).select(_AT_END)
    both = pl.concat([periods.select(_AT_START), ends]).filter(_DIFFERS)
    return both.sort("USUBJID", "DATE").pipe(as_written)


_BEFORE = _beside("MDD", 1)
_JOINED = pl.col("ASTDT") == _beside("AENDT", 1) + _ONE_DAY
_FOLLOWED = (pl.col("AENDT") + _ONE_DAY == _NEXT_START).fill_null(False).alias("FOLLOWED")
_ENDS = ~pl.col("FOLLOWED") & ~pl.col("ONGOING")
_AT_START = [
    pl.col("USUBJID"),
    pl.col("ASTDT").alias("DATE"),
    pl.when(_JOINED.fill_null(False)).then(_BEFORE).otherwise(0.0).alias("BEFORE"),
    pl.col("MDD").alias("AFTER"),
]
_AT_END = [
    pl.col("USUBJID"),
    (pl.col("AENDT") + _ONE_DAY).alias("DATE"),
    pl.col("MDD").alias("BEFORE"),
    pl.lit(0.0).alias("AFTER"),
]
_DIFFERS = pl.col("BEFORE").ne_missing(pl.col("AFTER"))
