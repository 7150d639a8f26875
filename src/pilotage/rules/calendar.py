"""The calendar of subjects: every planned contact with its window, what was done, and how it stands
on a day; and the visits that were made out of plan.

| STATUS | Meaning on the day of the question |
|---|---|
| `upcoming` | the window has not begun |
| `due` | the window is open, and nothing was done |
| `overdue` | the window is over, nothing was done, and the next contact's window has not begun |
| `missed` | the same, and the next one's window has begun or the subject has left the study |
| `done`, `done early`, `done late` | done in the window; so many days before or after it |
| `unscheduled` | a visit, or a test without a visit, that belongs to no planned contact |
| `unknown` | what is recorded does not tell; REMARK says what is missing |

A contact whose window was not over when the subject left is not expected any more and has no row;
nor has one that does not apply to the subject. What lies after the day of the question is not used.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pilotage.datasets import Datasets
from pilotage.rules.activities import activities
from pilotage.rules.anchors import FIRST_DOSE
from pilotage.rules.expected import Course, course_of, planned_contacts
from pilotage.rules.kept import claimed
from pilotage.rules.planned import study_day_of
from pilotage.rules.record import record
from pilotage.rules.status import perhaps, with_status
from pilotage.rules.visited import VISITS, forms_without_data
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.protocol import text_of

COLUMNS: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "KIND": pl.String(), "ID": pl.String(), "LABEL": pl.String(),
    "EPOCH": pl.String(), "VISITNUM": pl.Float64(), "CYCLE": pl.Int64(), "DAY": pl.Int64(),
    "TARGET": pl.Date(), "FIRST": pl.Date(), "LAST": pl.Date(), "BASIS": pl.String(),
    "STATUS": pl.String(), "DONE": pl.Date(), "DAYSOFF": pl.Int64(), "FORMS": pl.List(pl.String),
    "FORMSMISS": pl.List(pl.String), "REMARK": pl.String(), "SRCDOM": pl.String(),
    "SRCSEQ": pl.Int64(), "SOURCE": pl.List(pl.String),
}  # fmt: skip


def contacts(study: Study, snapshot: Snapshot, datasets: Datasets, at: date) -> pl.DataFrame:
    """One row per planned or unscheduled contact of every subject, as it stands on a day.

    KIND is visit, test, activity or unscheduled; ID that of the visit, or the form of the others;
    CYCLE the treatment cycle of tests that go with it. FIRST to LAST is the window, null where the
    protocol does not state it. BASIS says what TARGET counts from. DAYSOFF is how many days DONE
    lies outside the window, negative before it. FORMSMISS are the forms of a visit made that have
    no data; SRCDOM and SRCSEQ the row that says it was made.
    """
    course = course_of(record(study, snapshot, datasets), at)
    planned = planned_contacts(course)
    days = pl.concat([course.seen, _days_of_tests(course)])
    complete = pl.col("FROM") == pl.col("TO")
    kept = claimed(planned, days.filter(complete).rename({"FROM": "DAY"}).drop("TO"))
    made = kept.filter(pl.col("N").is_not_null()).select("N", "UNTIL", "SRCSEQ", DONE="DAY")
    doubtful = perhaps(planned, made, days.filter(complete.fill_null(False).not_()))
    rows = with_status(
        planned.join(made, on="N", how="left").join(doubtful, on="N", how="left"), course
    )
    missing = forms_without_data(course.record, _visits_made(rows), course.found)
    dated = rows.join(missing, on="N", how="left").select(_columns())
    return pl.concat([dated, _out_of_plan(kept, course), _conditional(course)])


def _conditional(course: Course) -> pl.DataFrame:
    """What the table of activities asks for, as contacts."""
    if not course.record.protocol.schedule.activities.rows:
        return pl.DataFrame(schema=COLUMNS)
    needs = activities(course)
    start = course.anchors.select("USUBJID", "ANCHOR", "BASIS")
    days = (pl.col("TARGET") - pl.col("ANCHOR")).dt.total_days()
    counted = pl.when(pl.col("BASIS") == FIRST_DOSE).then(study_day_of(days))
    dated = needs.join(start, on="USUBJID", how="left").with_columns(DAY=counted)
    return dated.select(
        (pl.col(name) if name in dated.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in COLUMNS.items()
    )


def _days_of_tests(course: Course) -> pl.DataFrame:
    """The days on which the forms of the series were filled, as `days_seen` gives those of
    visits."""
    forms = [series.form for series in course.record.protocol.schedule.series]
    rows = course.found.days.filter(pl.col("FORM").is_in(forms))
    return rows.select("USUBJID", "FORM", "FROM", "TO").unique().select(
        "USUBJID", CHAIN="FORM", FROM="FROM", TO="TO", UNTIL="TO",
        NUMBER=pl.lit(None, pl.Float64), LOOSE=pl.lit(True), NAMED=pl.lit(None, pl.String),
        SRCSEQ=pl.lit(None, pl.Int64),
    )  # fmt: skip


def _visits_made(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("DONE").is_not_null() & (pl.col("KIND") == "visit"))


def _columns() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in COLUMNS.items()]


def _out_of_plan(kept: pl.DataFrame, course: Course) -> pl.DataFrame:
    """Visits that belong to no planned contact, and tests that do not, on days without a visit."""
    schedule, forms = course.record.protocol.schedule, course.record.protocol.forms
    labels = {series.form: text_of(forms[series.form].label) for series in schedule.series}
    unscheduled = text_of(schedule.unscheduled.label) if schedule.unscheduled else "Unscheduled"
    loose = kept.filter(pl.col("N").is_null())
    tests = loose.filter(pl.col("CHAIN").is_in(list(labels)))
    days = course.seen.select("USUBJID", DAY="FROM").unique()
    alone = tests.join(days, on=["USUBJID", "DAY"], how="anti")
    visits = loose.filter(pl.col("CHAIN") == VISITS)
    label = pl.col("CHAIN").replace_strict(labels, default=None, return_dtype=pl.String)
    start = course.anchors.select("USUBJID", "ANCHOR", "BASIS")
    day = (pl.col("DAY") - pl.col("ANCHOR")).dt.total_days()
    known = {
        "KIND": pl.when(label.is_null()).then(pl.lit("unscheduled")).otherwise(pl.lit("test")),
        "ID": pl.when(label.is_not_null()).then("CHAIN"),
        "LABEL": pl.coalesce(label, "NAMED", pl.lit(unscheduled)),
        "VISITNUM": pl.col("NUMBER"),
        "DAY": pl.when(pl.col("BASIS") == FIRST_DOSE).then(study_day_of(day)),
        "STATUS": pl.lit("unscheduled"),
        "DONE": pl.col("DAY"),
        "SRCDOM": pl.when(pl.col("SRCSEQ").is_not_null()).then(pl.lit("SV")),
        "SRCSEQ": pl.col("SRCSEQ"),
    }
    rows = pl.concat([visits, alone]).join(start, on="USUBJID", how="left")
    return rows.select(
        "USUBJID",
        *(known.get(name, pl.lit(None)).cast(kind).alias(name)
          for name, kind in COLUMNS.items() if name != "USUBJID"),
    )  # fmt: skip
