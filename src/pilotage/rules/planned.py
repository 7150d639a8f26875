"""The contacts that a schedule plans: visits, repeated visits and series of tests, each with its
target and its window. Days of a plan are counted from the anchor: 0 is the day of the first dose
(or the first day of a cycle), -1 the day before it."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from pilotage.study import Study
from pilotage.study.protocol import NotStated, RepeatedVisit, Series, Visit, text_of

AHEAD = 84
"""Repeated visits and tests are listed so many days beyond the day of the question, and at least up
to the last single visit."""

PLAN: Mapping[str, pl.DataType] = {
    "KIND": pl.String(), "ID": pl.String(), "LABEL": pl.String(), "EPOCH": pl.String(),
    "VISITNUM": pl.Float64(), "OFFSET": pl.Int64(), "BEFORE": pl.Int64(), "AFTER": pl.Int64(),
    "REACH": pl.Int64(), "DURING": pl.String(), "FORMS": pl.List(pl.String),
    "SOURCE": pl.List(pl.String),
}  # fmt: skip
Row = dict[str, object]


def planned_visits(study: Study, *, last: int) -> pl.DataFrame:
    """The visits of the plan; those that are repeated up to the day `last` and one beyond it."""
    schedule = study.protocol.schedule
    during: dict[str, str] = {epoch.id: epoch.during for epoch in study.protocol.epochs}
    rows = [_visit(visit, during[visit.epoch]) for visit in schedule.visits]
    if schedule.afterwards is not None:
        rows += _repeated(schedule.visits, schedule.afterwards, during, last)
    return pl.DataFrame(rows, schema=PLAN)


def planned_tests(study: Study, series: Series, *, last: int, first_day_too: bool) -> pl.DataFrame:
    """The tests of a series up to the day `last` and one beyond it; on the first day only where
    `first_day_too`: that of the first cycle has a visit of its own."""
    label, rows = text_of(study.protocol.forms[series.form].label), []
    for offset, reach in _offsets(series):
        if offset or first_day_too:
            rows.append({**_test(series, offset, reach), "LABEL": label})
        if offset > last:
            break
    return pl.DataFrame(rows, schema=PLAN)


def frequent_until(series: Series) -> int:
    """The last day of the plan (0 is the first) on which tests are more frequent than later."""
    later = series.then_every_days
    return series.until_day - 1 if isinstance(later, str) or series.every_days < later else 0


def _visit(visit: Visit, during: str) -> Row:
    offset = visit.day - 1 if visit.day > 0 else visit.day
    return {
        "KIND": "visit", "ID": visit.id, "LABEL": text_of(visit.label), "EPOCH": visit.epoch,
        "VISITNUM": visit.number, "OFFSET": offset, **_window(visit.window), "REACH": None,
        "DURING": during, "FORMS": list(visit.forms), "SOURCE": list(visit.sources),
    }  # fmt: skip


def _repeated(
    visits: tuple[Visit, ...], repeated: RepeatedVisit, during: dict[str, str], last: int
) -> Iterator[Row]:
    final = max((_visit(visit, "") for visit in visits), key=_offset)
    offset, number = _offset(final), max(visit.number for visit in visits)
    while offset <= last:
        offset, number = offset + repeated.every_days, number + 1
        yield {
            "KIND": "visit", "ID": f"WEEK_{offset // 7}",
            "LABEL": f"{text_of(repeated.label)}, week {offset // 7}", "EPOCH": repeated.epoch,
            "VISITNUM": number, "OFFSET": offset, **_window(repeated.window), "REACH": None,
            "DURING": during[repeated.epoch], "FORMS": list(repeated.forms),
            "SOURCE": list(repeated.sources),
        }  # fmt: skip


def _offset(row: Row) -> int:
    offset = row["OFFSET"]
    assert isinstance(offset, int)
    return offset


def _test(series: Series, offset: int, reach: int) -> Row:
    return {
        "KIND": "test", "ID": series.form, "EPOCH": None,
        "VISITNUM": None, "OFFSET": offset, **_window(series.window), "REACH": reach,
        "DURING": series.during, "FORMS": [series.form], "SOURCE": list(series.sources),
    }  # fmt: skip


def _offsets(series: Series) -> Iterator[tuple[int, int]]:
    """The days of the tests, the first day among them, and half the days to the next one."""
    offset, later = 0, series.then_every_days
    while True:
        often = offset + 1 < series.until_day
        step = series.every_days if often or not isinstance(later, int) else later
        yield offset, step // 2
        if not often and not isinstance(later, int):
            return
        offset += step


def _window(window: tuple[int, int] | NotStated) -> Row:
    before, after = (None, None) if isinstance(window, str) else window
    return {"BEFORE": before, "AFTER": after}


def study_day_of(offset: pl.Expr) -> pl.Expr:
    """The study day of a day of the plan: 1 is the first dose, and there is no day 0."""
    return offset + (offset >= 0).cast(pl.Int64)


def days_after(day: pl.Expr | date, days: pl.Expr) -> pl.Expr:
    """A date so many days later."""
    return (pl.lit(day) if isinstance(day, date) else day) + pl.duration(days=days)
