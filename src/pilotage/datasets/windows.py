"""Analysis windows: which planned visit an assessment belongs to, and which record counts for
it."""

from functools import cache
from typing import TypeVar

import polars as pl

from pilotage.datasets.flags import flagged
from pilotage.datasets.small_plans import as_written
from pilotage.study.protocol import AnalysisWindows

Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


def with_visit(findings: Rows, windows: AnalysisWindows) -> Rows:
    """Add AVISITN (week; 0 is baseline) and AVISIT from the study day ADY.

    Every date known to lie on or before the first dose belongs to baseline; a day in no window, or
    unknown, to no visit. Needs ADY and POST.
    What the site called the visit never decides.
    """
    return findings.with_columns(AVISITN=_visit(windows)).with_columns(AVISIT=_NAMED)


_NAMED = (
    pl.when(pl.col("AVISITN") == 0)
    .then(pl.lit("Baseline"))
    .when(pl.col("AVISITN") > 0)
    .then(pl.format("Week {}", pl.col("AVISITN")))
)


@cache
def _visit(windows: AnalysisWindows) -> pl.Expr:
    day = pl.col("ADY")
    rows = windows.rows
    place = pl.lit(pl.Series([row.last_day for row in rows])).search_sorted(day.fill_null(0))
    first_day, week = (
        pl.lit(pl.Series(values, dtype=pl.Int64)).gather(place, null_on_oob=True)
        for values in ([row.first_day for row in rows], [row.week for row in rows])
    )
    planned = pl.when(day >= first_day).then(week)
    later = pl.when(day > rows[-1].last_day).then(_later_week(day, windows))
    numbered = pl.when((day <= 1) | ~pl.col("POST")).then(0).otherwise(pl.coalesce(planned, later))
    return numbered.cast(pl.Int64)


def after_course(findings: pl.DataFrame, windows: AnalysisWindows) -> pl.Series:
    """ANL02FL: 'Y' on the value after the course of treatment, the last known one after the
    first dose and at most `after_course` days after the end of the first cycle; of a cycle that
    goes on at the data cut, the last value so far. Values without a complete date are not
    considered; a study that names no such days has no flag. Needs the order of the dates, and
    COURSEEND, the end of the first cycle."""
    if windows.after_course is None:
        return pl.Series("ANL02FL", [None], dtype=pl.String).new_from_index(0, findings.height)
    last_day = pl.col("COURSEEND") + pl.duration(days=windows.after_course)
    last = (
        findings.lazy()
        .select("SERIES", "ADT", "ADY", "AVAL", "COURSEEND")
        .with_row_index("ROW")
        .filter(_AFTER_START & (pl.col("ADT") <= last_day))
        .group_by("SERIES")
        .agg(pl.col("ROW").last())
        .pipe(as_written)
    )
    return flagged("ANL02FL", last["ROW"], findings.height)


_AFTER_START = (pl.col("ADY") > 1) & pl.col("AVAL").is_not_null()


def _later_week(day: pl.Expr, windows: AnalysisWindows) -> pl.Expr:
    """The week of the windows that go on at a fixed distance; null before them and between them."""
    later = windows.afterwards
    if later is None:
        return pl.lit(None, dtype=pl.Int64)
    last = windows.rows[-1].week
    first_day = 1 + 7 * (last + later.every_weeks) - later.days_before
    number = (day - first_day).floordiv(7 * later.every_weeks) + 1
    week = last + later.every_weeks * number
    inside = (day >= first_day) & (day <= 1 + 7 * week + later.days_after)
    return pl.when(inside).then(week)


_DISTANCE = pl.col("ADY") - (1 + 7 * pl.col("AVISITN"))
_NEARNESS = 2 * _DISTANCE.abs() + (_DISTANCE < 0).cast(pl.Int64)
"""On equal distance the later record is preferred: an earlier one is half a day further away."""
_ROW = pl.col("ROW").cast(pl.Int64)
_AT_VISIT = (pl.col("AVISITN") > 0) & pl.col("AVAL").is_not_null()
_VISIT_OF_SERIES = (pl.col("SERIES") * (1 + pl.col("AVISITN").max()) + pl.col("AVISITN")).alias(
    "VISIT"
)
_AT_BASELINE = pl.when(pl.col("AVISITN") == 0).then("ABLFL")
BASELINE_IS_FOR_ANALYSIS = pl.coalesce("ANL01FL", _AT_BASELINE).alias("ANL01FL")
"""At baseline it is the baseline record that stands for its visit."""


def for_analysis(findings: pl.DataFrame) -> pl.Series:
    """ANL01FL after baseline: 'Y' on the record that stands for its subject, parameter and visit.

    That is the known value nearest to the target day (1 + 7 x week), the later one on a tie (same
    day: later time, then higher sequence number). Needs the rows of each SERIES in that order.
    """
    # one number for both: the least is the nearest record, and of the equally near the last one
    height = findings.height
    judged = (
        findings.lazy()
        .select("SERIES", "AVISITN", "ADY", "AVAL")
        .with_row_index("ROW")
        .filter(_AT_VISIT)
        .select(_VISIT_OF_SERIES, LEAST=_NEARNESS * height + (height - 1 - _ROW))
        .pipe(as_written)
    )
    visits = judged["VISIT"]
    if visits.is_sorted():  # as mostly: Polars then need not search for the rows of a visit
        judged = pl.DataFrame([visits.set_sorted(), judged["LEAST"]])
    least = judged.lazy().group_by("VISIT").agg(pl.col("LEAST").min()).pipe(as_written)
    return flagged("ANL01FL", height - 1 - least["LEAST"] % height, height)
