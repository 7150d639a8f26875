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
from pilotage.rules.activities import activities, rows_asking
from pilotage.rules.anchors import FIRST_DOSE
from pilotage.rules.evidence import Evidence, evidence
from pilotage.rules.expected import Course, course_of, planned_contacts
from pilotage.rules.kept import claimed
from pilotage.rules.planned import study_day_of
from pilotage.rules.record import record
from pilotage.rules.rulings import Ruling
from pilotage.rules.status import perhaps, with_status
from pilotage.rules.tested import complete_days, days_of_tests
from pilotage.rules.visited import VISITS, forms_without_data
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.protocol import Protocol, text_of

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
    visits = claimed(planned, complete_days(course.seen))
    tests = days_of_tests(course, planned, visits)
    kept = pl.concat([visits, claimed(planned, complete_days(tests)).select(visits.columns)])
    made = kept.filter(pl.col("N").is_not_null()).select("N", "UNTIL", "SRCSEQ", DONE="DAY")
    days = pl.concat([course.seen, tests.select(course.seen.columns)])
    incomplete = (pl.col("FROM") == pl.col("TO")).fill_null(False).not_()
    doubtful = perhaps(planned, made, days.filter(incomplete))
    rows = with_status(
        planned.join(made, on="N", how="left").join(doubtful, on="N", how="left"), course
    )
    dated = rows.join(_forms_missing(rows, course), on="N", how="left").select(_columns())
    of_visits = tests.filter("OFVISIT").select("USUBJID", "CHAIN", DAY="FROM")
    loose = kept.filter(pl.col("N").is_null()).join(
        of_visits, on=["USUBJID", "CHAIN", "DAY"], how="anti"
    )
    return pl.concat([dated, _out_of_plan(loose, course), _conditional(course)])


def _forms_missing(rows: pl.DataFrame, course: Course) -> pl.DataFrame:
    """N, FORMSMISS of the visits made, each under the version that planned it."""
    visits = rows.filter(pl.col("DONE").is_not_null() & (pl.col("KIND") == "visit"))
    visits = visits.join(_off_treatment(visits, course), on="N", how="left")
    return pl.concat(
        forms_without_data(
            ruling.record,
            _asking(visits.filter(pl.col("RULING") == place), ruling.record.protocol),
            _recorded_for(ruling, course),
        )
        for place, ruling in enumerate(course.rulings)
    )


def _recorded_for(ruling: Ruling, course: Course) -> Evidence:
    """What was recorded for the forms of a version; of a form that another version lacks, on the
    days of that one too."""
    forms = [each.record.protocol.forms for each in course.rulings]
    own = [name for name in ruling.record.protocol.forms if any(name not in f for f in forms)]
    if not own:
        return course.found
    found = evidence(ruling.record.protocol, ruling.record.snapshot, at=course.at).days
    days = pl.concat([course.found.days, found.filter(pl.col("FORM").is_in(own))])
    return Evidence(days.unique(), course.found.nowhere)


def _asking(visits: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The visits with the forms that are expected of them: off treatment, without those of a series
    that goes with the treatment."""
    bound = [each.form for each in protocol.schedule.series if each.during == "treatment"]
    others = pl.col("FORMS").list.set_difference(pl.lit(bound, pl.List(pl.String)))
    return visits.with_columns(FORMS=pl.when("OFF").then(others).otherwise("FORMS"))


def _off_treatment(visits: pl.DataFrame, course: Course) -> pl.DataFrame:
    """N, OFF of the visits made after a cycle of treatment had ended, and before another began: not
    on the day before it, on which its first dose may have been decided."""
    both = visits.select("N", "USUBJID", "DONE").join(course.cycles, on="USUBJID")
    after = pl.col("DONE") > pl.col("END")
    begun = pl.col("DONE") >= pl.col("BEGIN") - pl.duration(days=1)
    under = begun & ~after.fill_null(False)
    return both.group_by("N").agg(OFF=after.fill_null(False).any() & ~under.any())


def _conditional(course: Course) -> pl.DataFrame:
    """What the table of activities asks for, as contacts."""
    if not any(rows_asking(course)):
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


def _columns() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in COLUMNS.items()]


def _out_of_plan(loose: pl.DataFrame, course: Course) -> pl.DataFrame:
    """The days that belong to no planned contact: visits, and tests on days without a visit."""
    schedule = course.record.protocol.schedule
    labels = {
        series.form: text_of(ruling.record.protocol.forms[series.form].label)
        for ruling in course.rulings
        for series in ruling.record.protocol.schedule.series
    }
    unscheduled = text_of(schedule.unscheduled.label) if schedule.unscheduled else "Unscheduled"
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
