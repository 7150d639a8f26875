"""Which planned contact a day belongs to: what was done, matched with what was planned.

The windows of a chain of contacts (the visits; the tests of a series) part the calendar:

1. A day in the window of a contact belongs to it. Where windows overlap, VISITNUM decides if it is
   the number of one of them; else the nearer target, the earlier one on a tie.
2. A day between two windows belongs to the contact before or after it whose number VISITNUM is.
3. Else, where nothing says that it was out of plan, to the nearer window, the earlier on a tie:
   days without any VISITNUM in their table, with the number of another planned contact, and tests,
   which have no number. A visit with no number, or one that is not planned, is out of plan.
4. Of several days for one contact one is kept: in the window before outside it, with the right
   number before without, then the nearest to the target, then the later one. The others are out of
   plan.

What a visit was called never decides.
"""

import polars as pl

KEY = ("USUBJID", "CHAIN")
FAR = 36_500
"""Days in which no other contact is planned."""


def with_reach(planned: pl.DataFrame) -> pl.DataFrame:
    """Add, to rows with USUBJID CHAIN TARGET FIRST LAST REACH: OPENS and CLOSES, the days that
    belong to a contact by nearness; AFTER_LAST and BEFORE_NEXT, the windows on either side (null
    where there is none). REACH limits the nearness; null does not."""
    rows = planned.sort(*KEY, "TARGET", "FIRST", maintain_order=True)
    following = {c: pl.col(c).shift(-1).over(KEY) for c in ("FIRST", "TARGET")}
    gap = (following["FIRST"] - pl.col("LAST")).dt.total_days()
    between = (following["TARGET"] - pl.col("TARGET")).dt.total_days()
    halfway = pl.col("LAST") + pl.duration(days=gap // 2)
    overlapping = (pl.col("TARGET") + pl.duration(days=between // 2)).clip(
        following["FIRST"] - pl.duration(days=1), pl.col("LAST")
    )
    border = pl.when(gap > 0).then(halfway).otherwise(overlapping)
    reach = pl.duration(days=pl.col("REACH").fill_null(FAR))
    with_border = rows.with_columns(
        BORDER=border,
        AFTER_LAST=pl.col("LAST").shift(1).over(KEY),
        BEFORE_NEXT=following["FIRST"],
    )
    previous = pl.col("BORDER").shift(1).over(KEY) + pl.duration(days=1)
    return with_border.with_columns(
        OPENS=pl.max_horizontal(previous, pl.col("FIRST") - reach),
        CLOSES=pl.min_horizontal("BORDER", pl.col("LAST") + reach),
    ).drop("BORDER")


def claimed(planned: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The rows of `days` (USUBJID, CHAIN, DAY, NUMBER, LOOSE) with N, the number of the planned
    contact that each belongs to; null out of plan.

    `planned` has N, VISITNUM and the columns of `with_reach`. LOOSE: nothing says that the day was
    out of plan.
    """
    rows = days.with_row_index("ROW")
    near = _nearest(planned, rows)
    named = _named(planned, rows)
    both = near.join(named, on="ROW", how="left")
    in_window = pl.col("DAY").is_between("FIRST", "LAST")
    in_named_window = pl.col("DAY").is_between("FIRST_NAMED", "LAST_NAMED")
    beside_named = (
        (pl.col("DAY") > pl.col("AFTER_LAST")).fill_null(True)
        & (pl.col("DAY") < pl.col("BEFORE_NEXT")).fill_null(True)
        & pl.col("N_NAMED").is_not_null()
    )
    loose = pl.col("LOOSE") | pl.col("N_NAMED").is_not_null()
    belongs = (
        pl.when(in_named_window).then("N_NAMED")
        .when(in_window).then("N")
        .when(beside_named).then("N_NAMED")
        .when(loose).then("N")
    )  # fmt: skip
    found = both.with_columns(N=belongs).select(*rows.columns, "N")
    return _one_each(found, planned).drop("ROW")


def _nearest(planned: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Each day with the contact to which it belongs by nearness."""
    wanted = planned.select(*KEY, "N", "FIRST", "LAST", "OPENS", "CLOSES").sort("OPENS", "N")
    found = days.sort("DAY").join_asof(
        wanted, left_on="DAY", right_on="OPENS", by=list(KEY), strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    reached = (pl.col("DAY") <= pl.col("CLOSES")).fill_null(False)
    return found.with_columns(
        pl.when(reached).then(c).alias(c) for c in ("N", "FIRST", "LAST")
    ).drop("OPENS", "CLOSES")


def _named(planned: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Each day with the contact whose number it carries."""
    numbers = planned.filter(pl.col("VISITNUM").is_not_null()).unique([*KEY, "VISITNUM"])
    return days.select("ROW", *KEY, "NUMBER").join(
        numbers.select(
            *KEY, NUMBER="VISITNUM", N_NAMED="N", FIRST_NAMED="FIRST", LAST_NAMED="LAST",
            AFTER_LAST="AFTER_LAST", BEFORE_NEXT="BEFORE_NEXT",
        ),
        on=[*KEY, "NUMBER"], how="inner",
    ).drop(*KEY, "NUMBER")  # fmt: skip


def _one_each(found: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """Leave each contact the one day that stands for it; the others become days out of plan."""
    windows = planned.select("N", "FIRST", "LAST", "TARGET", "VISITNUM")
    away = (pl.col("DAY") - pl.col("TARGET")).dt.total_days().abs()
    best = (
        found.filter(pl.col("N").is_not_null())
        .join(windows, on="N")
        .sort(
            ~pl.col("DAY").is_between("FIRST", "LAST"),
            ~(pl.col("NUMBER") == pl.col("VISITNUM")).fill_null(False),
            away,
            pl.col("DAY"),
            pl.col("ROW"),
            descending=[False, False, False, True, True],
        )
        .unique("N", keep="first", maintain_order=True)
        .select("ROW", KEPT=pl.lit(True))
    )
    kept = found.join(best, on="ROW", how="left")
    return kept.with_columns(N=pl.when("KEPT").then("N")).drop("KEPT")
