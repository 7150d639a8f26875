"""The planned contacts of all subjects, each with its dates: those that apply to the subject, from
the day the calendar counts from, up to the day beyond which nothing is planned yet.

A contact is planned by the version of the protocol in force on its target. A visit that an
amendment moves across its own day, so that neither version plans it on a day of its own, stays
where the earlier one had it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from pilotage.rules import standing
from pilotage.rules.anchors import FIRST_DOSE, PLANNED_START, anchors
from pilotage.rules.asked import asked, conditional_forms
from pilotage.rules.evidence import Evidence, evidence
from pilotage.rules.kept import with_reach
from pilotage.rules.planned import (
    AHEAD,
    days_after,
    frequent_until,
    planned_tests,
    planned_visits,
    study_day_of,
)
from pilotage.rules.record import Record
from pilotage.rules.rulings import Ruling, only_of, place_on, rulings
from pilotage.rules.visited import VISITS, days_seen, tests_alone


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of all subjects on the day of the question, before contacts are planned.

    `rulings` are the versions of the protocol up to the day; `record` is under the last of them.
    `found` and `seen` read each day as the version in force on it asks for it.
    """

    record: Record
    at: date
    rulings: tuple[Ruling, ...]
    found: Evidence
    seen: pl.DataFrame
    anchors: pl.DataFrame
    cycles: pl.DataFrame
    ends: pl.DataFrame


def course_of(record: Record, at: date) -> Course:
    known = rulings(record, at=at)
    last = known[-1].record
    study, snapshot, datasets = last.study, last.snapshot, last.datasets
    found, seen = _recorded(known, at)
    doses = standing.first_doses(snapshot, datasets, at=at)
    return Course(
        record=last,
        at=at,
        rulings=known,
        found=found,
        seen=seen,
        anchors=anchors(study, snapshot, doses, seen, at=at),
        cycles=standing.cycles(study, snapshot, datasets, at=at),
        ends=standing.ends_of_participation(study, snapshot, at=at),
    )


def _recorded(known: tuple[Ruling, ...], at: date) -> tuple[Evidence, pl.DataFrame]:
    """Which forms have data and on which days subjects were seen."""
    days, seen, nowhere = [], [], frozenset[str]()
    for place, ruling in enumerate(known):
        study, snapshot = ruling.record.study, ruling.record.snapshot
        found = evidence(study.protocol, snapshot, at=at)
        days.append(only_of(found.days, "FROM", place, known))
        seen.append(only_of(days_seen(study, snapshot, found, at=at), "FROM", place, known))
        nowhere |= found.nowhere
    return Evidence(pl.concat(days), nowhere), pl.concat(seen)


def planned_contacts(course: Course) -> pl.DataFrame:
    """Every planned contact: N, USUBJID, CHAIN, CYCLE, DAY, TARGET, FIRST and LAST (null where the
    window is not stated), NEXT (when the next one's window begins), OVER_FROM and OVER_TO (when
    what it belongs to ended), APPLIES (null where that is not known), RULING (the place of the
    version that plans it), and the columns of the plan and of `with_reach`."""
    plans = [_planned_by(place, course) for place in range(len(course.rulings))]
    rows = pl.concat(plans, how="diagonal_relaxed")
    if len(plans) > 1:
        rows = _by_its_version(rows, course.rulings)
    applying = _with_next(_applying(rows, course))
    soon = (pl.col("TARGET") <= pl.col("HORIZON")).fill_null(pl.col("OFFSET") <= pl.col("SINGLE"))
    listed = applying.filter(soon & ~(pl.col("TARGET") > pl.col("ENDED")).fill_null(False))
    dated = listed.drop("HORIZON", "SINGLE")
    return with_reach(_with_end(dated, course)).with_row_index("N")


def _planned_by(place: int, course: Course) -> pl.DataFrame:
    """What one version plans, with RULING (its place), HORIZON (the last day of what is listed) and
    SINGLE (the last single visit, in days from the anchor)."""
    record, at = course.rulings[place].record, course.at
    schedule, own = record.protocol.schedule, replace(course, record=record)
    ahead = max([AHEAD, *([schedule.afterwards.every_days] if schedule.afterwards else [])])
    single = max([0, *(visit.day - 1 for visit in schedule.visits)])
    earliest = course.anchors["ANCHOR"].min()
    span = (at - earliest).days if isinstance(earliest, date) else 0
    last = max(span + ahead, single)
    rows = pl.concat([_visits(own, last), *_tests(own, last)], how="diagonal")
    horizon = pl.max_horizontal(
        days_after(pl.col("ANCHOR"), pl.lit(single)), pl.lit(at + timedelta(days=ahead))
    )
    return rows.with_columns(
        RULING=pl.lit(place, pl.Int64), SINGLE=pl.lit(single, pl.Int64), HORIZON=horizon
    )


def _by_its_version(rows: pl.DataFrame, known: tuple[Ruling, ...]) -> pl.DataFrame:
    """Each contact as the version in force on its target plans it; a visit once."""
    placed = rows.with_columns(PLACE=place_on(pl.col("TARGET"), known))
    own = pl.col("RULING") == pl.col("PLACE")
    tests = placed.filter((pl.col("KIND") == "test") & own)
    visits = placed.filter(pl.col("KIND") == "visit")
    planned = visits.select("ID", PLACE="RULING", ALSO=pl.lit(True)).unique()
    moved = visits.join(planned, on=["ID", "PLACE"], how="left").filter(
        own | (pl.col("ALSO").fill_null(False) & ~own.any().over("USUBJID", "ID"))
    )
    earliest = moved.sort("RULING").unique(["USUBJID", "ID"], keep="first", maintain_order=True)
    return pl.concat([earliest.drop("ALSO"), tests]).drop("PLACE")


def _visits(course: Course, last: int) -> pl.DataFrame:
    alone = list(tests_alone(course.record.study.protocol))
    chain = pl.when(pl.col("ID").is_in(alone)).then("ID").otherwise(pl.lit(VISITS))
    plan = planned_visits(course.record.study, last=last).join(course.anchors, how="cross")
    none = {"CYCLE": pl.lit(None, pl.Int64), "ENDED": pl.lit(None, pl.Date)}
    return _dated(plan.with_columns(CHAIN=chain, START="ANCHOR", **none), course.at)


def _tests(course: Course, last: int) -> list[pl.DataFrame]:
    """The tests of each series; before the first dose, those that follow the planned start."""
    of_study = course.anchors.with_columns(
        START="ANCHOR", CYCLE=pl.lit(None, pl.Int64), BEGIN="ANCHOR", ENDED=pl.lit(None, pl.Date)
    )
    planned = of_study.filter(pl.col("BASIS") == PLANNED_START).with_columns(CYCLE=pl.lit(1))
    begun = course.anchors.filter(pl.col("BASIS") == FIRST_DOSE).join(course.cycles, on="USUBJID")
    of_cycles = begun.with_columns(START="ANCHOR", ENDED="END").drop("END")
    cycles = pl.concat([planned, of_cycles.select(planned.columns)], how="vertical_relaxed")
    found = []
    for series in course.record.study.protocol.schedule.series:
        if series.during == "treatment":
            plan = planned_tests(course.record.study, series, last=last, first_day_too=True)
            dated = _of_cycles(plan, cycles, frequent_until(series), course.at)
        else:
            plan = planned_tests(course.record.study, series, last=last, first_day_too=False)
            dated = _dated(plan.join(of_study, how="cross"), course.at)
        found.append(dated.filter(pl.col("TARGET").is_not_null()).with_columns(CHAIN="ID"))
    return found


def _of_cycles(plan: pl.DataFrame, cycles: pl.DataFrame, frequent: int, at: date) -> pl.DataFrame:
    """The tests of a series that goes with the treatment. A later cycle begins with the frequent
    ones (up to the day `frequent` of the cycle) from its own first day; the others keep the days
    that count from the first dose, as the visits do."""
    both = plan.join(cycles, how="cross")
    first = both.filter((pl.col("CYCLE") == 1) & (pl.col("OFFSET") > 0))
    later = both.filter(pl.col("CYCLE") > 1)
    anew = later.filter(pl.col("OFFSET") <= frequent).with_columns(
        ANCHOR="BEGIN", ANCHOR_FROM="BEGIN", ANCHOR_TO="BEGIN"
    )
    kept_up = _dated(later, at).filter(
        pl.coalesce("FIRST", "TARGET") > days_after(pl.col("BEGIN"), pl.lit(frequent))
    )
    return pl.concat([_dated(first, at), _dated(anew, at), kept_up])


def _dated(plan: pl.DataFrame, at: date) -> pl.DataFrame:
    """Add DAY, TARGET, FIRST, LAST. A planned start lies between two days, and what follows it
    counts from the planned day, or from the day of the question where that has passed."""
    follows = (pl.col("BASIS") == PLANNED_START) & (pl.col("OFFSET") > 0)
    soonest = pl.max_horizontal("ANCHOR", pl.lit(at))
    plan = plan.with_columns(
        pl.when(follows.fill_null(False)).then(soonest).otherwise(name).alias(name)
        for name in ("ANCHOR", "ANCHOR_FROM", "ANCHOR_TO")
    )
    since_start = (pl.col("ANCHOR") - pl.col("START")).dt.total_days()
    counted = pl.when(pl.col("BASIS") == FIRST_DOSE).then(since_start).fill_null(0)
    return plan.with_columns(
        DAY=study_day_of(pl.col("OFFSET") + counted),
        TARGET=days_after(pl.col("ANCHOR"), pl.col("OFFSET")),
        FIRST=days_after(pl.col("ANCHOR_FROM"), pl.col("OFFSET") - pl.col("BEFORE")),
        LAST=days_after(pl.col("ANCHOR_TO"), pl.col("OFFSET") + pl.col("AFTER")),
    )


def _applying(rows: pl.DataFrame, course: Course) -> pl.DataFrame:
    """The contacts that apply to their subject: at least one of their forms is asked, as the
    answers stand when the window closes. APPLIES is null where that is not known."""
    numbered = rows.with_row_index("ROW")
    parts = [
        _asked_of(numbered.filter(pl.col("RULING") == place), ruling, course.at)
        for place, ruling in enumerate(course.rulings)
    ]
    found = numbered.join(pl.concat(parts), on="ROW", how="left", maintain_order="left")
    return found.drop("ROW").filter(pl.col("APPLIES").fill_null(True))


def _asked_of(rows: pl.DataFrame, ruling: Ruling, at: date) -> pl.DataFrame:
    """ROW, APPLIES of the contacts of one version."""
    conditional = list(conditional_forms(ruling.record.protocol))
    always = pl.col("FORMS").list.eval(pl.element().is_in(conditional)).list.all().not_()
    known = rows.with_columns(ALWAYS=always)
    doubtful = known.filter(~pl.col("ALWAYS")).select(
        "ROW", "USUBJID", "FORMS",
        DAY=pl.min_horizontal(pl.coalesce("LAST", "TARGET"), pl.lit(at)),
    )  # fmt: skip
    each = doubtful.explode("FORMS").rename({"FORMS": "FORM"})
    answers = asked(ruling.record, each)
    any_asked = answers.group_by("ROW").agg(ASKED=pl.col("ASKED").any(ignore_nulls=False))
    found = known.join(any_asked, on="ROW", how="left")
    return found.select("ROW", APPLIES=pl.when("ALWAYS").then(True).otherwise("ASKED"))


def _with_next(rows: pl.DataFrame) -> pl.DataFrame:
    """Add NEXT: the first day of the window of the next visit, or of the next test of a series in
    the same cycle; the days that an earlier cycle planned beyond its end are nobody's next."""
    begins = pl.coalesce("FIRST", "TARGET")
    tests = rows.filter(pl.col("KIND") == "test").sort("USUBJID", "CHAIN", "TARGET", "CYCLE")
    visits = rows.filter(pl.col("KIND") == "visit").sort("USUBJID", "OFFSET", "ID")
    proper = pl.when(pl.col("CHAIN") == VISITS).then(begins)
    return pl.concat(
        [
            visits.with_columns(NEXT=proper.shift(-1).backward_fill().over("USUBJID")),
            tests.with_columns(NEXT=begins.shift(-1).over("USUBJID", "CHAIN", "CYCLE")),
        ]
    )


def _with_end(rows: pl.DataFrame, course: Course) -> pl.DataFrame:
    """Add OVER_FROM and OVER_TO: the first and last possible day on which participation ended, or
    the treatment that the contact goes with, whichever came first. Null while both go on."""
    goes_on = pl.col("END").is_null().any()
    off = course.cycles.group_by("USUBJID").agg(OFF=pl.when(~goes_on).then(pl.col("END").max()))
    left = course.ends.rename({"FROM": "LEFT_FROM", "TO": "LEFT_TO"})
    known = rows.join(left, on="USUBJID", how="left").join(off, on="USUBJID", how="left")
    of_visit = pl.when((pl.col("DURING") == "treatment") & (pl.col("KIND") == "visit")).then("OFF")
    ended = pl.coalesce("ENDED", of_visit)
    return known.with_columns(
        OVER_FROM=pl.min_horizontal("LEFT_FROM", ended), OVER_TO=pl.min_horizontal("LEFT_TO", ended)
    ).drop("LEFT_FROM", "LEFT_TO", "OFF")
