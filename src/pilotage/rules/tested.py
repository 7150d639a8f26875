"""On which days the forms of the series were filled, and which of those were filled for a visit."""

import polars as pl

from pilotage.rules.expected import Course


def days_of_tests(course: Course, planned: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The days on which the forms of the series were filled, as `days_seen` gives those of visits.

    A form that a visit asks for, filled in the window of that visit, on the day on which it was
    made or under its number, was filled for the visit: LOOSE is false, and it is a test of the
    series only in the window of that test. OFVISIT: that visit was made. `visits` are the days of
    visits that `claimed` matched.
    """
    forms = {
        series.form
        for ruling in course.rulings
        for series in ruling.record.protocol.schedule.series
    }
    rows = course.found.days.filter(pl.col("FORM").is_in(list(forms)))
    rows = rows.with_row_index("TEST")
    taken = _of_visits(rows, planned, visits, sorted(forms))
    marked = rows.join(taken, on="TEST", how="left")
    days = marked.group_by("USUBJID", "FORM", "FROM", "TO").agg(
        LOOSE=pl.col("OFVISIT").is_null().all(), OFVISIT=pl.col("OFVISIT").fill_null(False).any()
    )
    return days.select(
        "USUBJID", CHAIN="FORM", FROM="FROM", TO="TO", UNTIL="TO",
        NUMBER=pl.lit(None, pl.Float64), LOOSE="LOOSE", NAMED=pl.lit(None, pl.String),
        SRCSEQ=pl.lit(None, pl.Int64), OFVISIT="OFVISIT",
    )  # fmt: skip


def complete_days(days: pl.DataFrame) -> pl.DataFrame:
    """The days of complete dates, as `claimed` asks for them."""
    return days.filter(pl.col("FROM") == pl.col("TO")).rename({"FROM": "DAY"}).drop("TO")


def _of_visits(
    rows: pl.DataFrame, planned: pl.DataFrame, visits: pl.DataFrame, forms: list[str]
) -> pl.DataFrame:
    """TEST of the rows that were filled for a visit, and OFVISIT."""
    made = visits.filter(pl.col("N").is_not_null()).select("N", "UNTIL", MADE="DAY")
    asking = planned.filter(pl.col("KIND") == "visit").join(made, on="N", how="left")
    spans = asking.select(
        "USUBJID", "FORMS", "VISITNUM", "MADE",
        BEGIN=pl.min_horizontal("FIRST", "MADE"), STOP=pl.max_horizontal("LAST", "UNTIL"),
    ).explode("FORMS").rename({"FORMS": "FORM"}).filter(pl.col("FORM").is_in(forms))  # fmt: skip
    both = rows.join(spans, on=["USUBJID", "FORM"], suffix="_VISIT")
    inside = (pl.col("FROM") >= pl.col("BEGIN")) & (pl.col("TO") <= pl.col("STOP"))
    numbered = pl.col("VISITNUM") == pl.col("VISITNUM_VISIT")
    own = both.filter(inside.fill_null(False) | numbered.fill_null(False))
    return own.group_by("TEST").agg(OFVISIT=pl.col("MADE").is_not_null().any())
