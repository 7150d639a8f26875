"""The visits of a calendar: their windows, which day fulfils which, and how they stand on a day."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from calendar_examples import (
    built_in,
    calendar,
    count,
    on,
    one,
    snapshot,
    status,
    visit,
    with_schedule,
)

from pilotage.datasets import derive
from pilotage.rules.calendar import contacts

SEEN = [visit(0, -21), visit(1, 1)]


# -- windows ---------------------------------------------------------------------------------------


@pytest.mark.requirement("P-41")
@pytest.mark.parametrize(
    "identifier, first, target, last",
    [
        ("SCREENING", -30, -21, -15),
        ("BASELINE", -1, 1, 1),  # there is no day 0: one day early is day -1
        ("WEEK_2", 12, 15, 18),
        ("WEEK_24", 166, 169, 172),
        ("WEEK_36", 246, 253, 260),
        ("WEEK_48", 330, 337, 344),
    ],
)
def test_a_visit_has_its_target_and_its_window(
    identifier: str, first: int, target: int, last: int
) -> None:
    row = one(calendar(1, sv=SEEN), identifier)
    assert (row["FIRST"], row["TARGET"], row["LAST"]) == (on(first), on(target), on(last))
    assert (row["DAY"], row["BASIS"]) == (target, "first dose")


@pytest.mark.requirement("P-41")
def test_visits_go_on_every_twelve_weeks_with_their_numbers() -> None:
    rows = calendar(700, sv=SEEN)
    found = rows.filter(pl.col("ID").str.starts_with("WEEK_") & (pl.col("DAY") > 337))
    assert found.sort("DAY").select("ID", "DAY", "VISITNUM").rows() == [
        ("WEEK_60", 421, 12.0),
        ("WEEK_72", 505, 13.0),
        ("WEEK_84", 589, 14.0),
        ("WEEK_96", 673, 15.0),
        ("WEEK_108", 757, 16.0),
    ]


@pytest.mark.parametrize(
    "start, target",
    [
        ("2020-01-31", date(2020, 2, 28)),  # 28 days later, in a month of 29 days
        ("2020-02-01", date(2020, 2, 29)),  # the leap day
        ("2019-02-01", date(2019, 3, 1)),
        ("2019-12-31", date(2020, 1, 28)),
    ],
)
def test_months_and_leap_days_are_counted_in_days(start: str, target: date) -> None:
    rows = calendar(date.fromisoformat(start), ex=[{"EXSTDTC": start}])
    assert one(rows, "WEEK_4")["TARGET"] == target


# -- on which day it stands how --------------------------------------------------------------------


@pytest.mark.requirement("P-41")
@pytest.mark.parametrize(
    "at, expected",
    [
        (25, "upcoming"),
        (26, "due"),  # the first day of the window
        (29, "due"),
        (32, "due"),  # the last one
        (33, "overdue"),  # one beyond
        (39, "overdue"),
        (40, "missed"),  # the window of week 6 begins
    ],
)
def test_a_visit_that_was_not_made_stands_as_its_window_does(at: int, expected: str) -> None:
    assert status(calendar(at, sv=SEEN), "WEEK_4") == expected


@pytest.mark.requirement("P-41")
@pytest.mark.parametrize(
    "day, expected",
    [
        (26, "done"),
        (32, "done"),
        (25, "done early -1"),
        (33, "done late 1"),
        (39, "done late 7"),
        (40, "missed"),  # in the window of week 6: that is what it is
        (19, "done early -7"),
        (18, "missed"),  # in the window of week 2
    ],
)
def test_a_visit_made_is_done_early_or_late_by_its_date(day: int, expected: str) -> None:
    rows = calendar(60, sv=[*SEEN, visit(3, day)])
    assert status(rows, "WEEK_4") == expected


def test_a_visit_made_after_the_day_of_the_question_is_not_seen() -> None:
    made = [*SEEN, visit(3, 30)]
    assert status(calendar(29, sv=made), "WEEK_4") == "due"
    assert status(calendar(30, sv=made), "WEEK_4") == "done"


def test_a_visit_made_carries_its_day_and_its_row() -> None:
    row = one(calendar(60, sv=[*SEEN, visit(3, 30)]), "WEEK_4")
    assert (row["DONE"], row["SRCDOM"], row["SRCSEQ"]) == (on(30), "SV", 3)


# -- which visit a day belongs to ------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 4, "", 99])
def test_a_day_in_a_window_belongs_to_its_visit_whatever_it_was_called(number: object) -> None:
    rows = calendar(80, sv=[*SEEN, visit(number, 43, VISIT="Week 4")])
    assert (status(rows, "WEEK_6"), status(rows, "WEEK_4")) == ("done", "missed")


@pytest.mark.parametrize(
    "number, day, week_4, week_6",
    [
        (3, 38, "done late 6", "missed"),  # nearer to week 6, but the number is that of week 4
        (4, 34, "missed", "done early -6"),
        (7, 34, "done late 2", "missed"),  # a number that cannot be: the nearer window
        (7, 36, "done late 4", "missed"),  # as near to both: the earlier
        (7, 37, "missed", "done early -3"),
        ("", 36, "missed", "missed"),  # no number: out of plan
        (3.1, 36, "missed", "missed"),
    ],
)
def test_between_windows_the_number_tells_if_it_fits(
    number: object, day: int, week_4: str, week_6: str
) -> None:
    rows = calendar(80, sv=[*SEEN, visit(number, day)])
    assert (status(rows, "WEEK_4"), status(rows, "WEEK_6")) == (week_4, week_6)
    out_of_plan = rows.filter(pl.col("KIND") == "unscheduled").height
    assert out_of_plan == (week_4 == week_6 == "missed")


def test_where_no_visit_has_a_number_the_nearer_window_tells() -> None:
    rows = calendar(80, sv=[visit("", day) for day in (-21, 1, 34, 38)])
    assert (status(rows, "WEEK_4"), status(rows, "WEEK_6")) == ("done late 2", "done early -2")


def test_of_several_days_in_a_window_one_is_the_visit() -> None:
    rows = calendar(60, sv=[*SEEN, visit(3, 27), visit("", 29), visit(3, 31)])
    assert one(rows, "WEEK_4")["DONE"] == on(31)  # the right number, as near, and later
    others = rows.filter(pl.col("KIND") == "unscheduled")
    assert sorted(others["DONE"]) == [on(27), on(29)]


def test_a_second_day_with_the_number_of_a_visit_that_was_made_is_out_of_plan() -> None:
    rows = calendar(60, sv=[*SEEN, visit(3, 29), visit(3, 38)])
    assert (status(rows, "WEEK_4"), status(rows, "WEEK_6")) == ("done", "missed")
    assert rows.filter(pl.col("KIND") == "unscheduled")["DONE"].to_list() == [on(38)]


@pytest.mark.requirement("P-41")
def test_an_unscheduled_visit_has_its_day_and_the_label_of_the_site() -> None:
    rows = calendar(60, sv=[*SEEN, visit("", 20, VISIT="Rash came back")])
    (row,) = rows.filter(pl.col("KIND") == "unscheduled").to_dicts()
    assert (row["STATUS"], row["DAY"], row["LABEL"]) == ("unscheduled", 20, "Rash came back")
    assert (row["TARGET"], row["SRCSEQ"]) == (None, 3)


def test_overlapping_windows_go_by_number_then_by_nearness() -> None:
    week_2 = next(v for v in built_in().protocol.schedule.visits if v.id == "WEEK_2")
    week_4 = next(v for v in built_in().protocol.schedule.visits if v.id == "WEEK_4")
    wide = (
        week_2.model_copy(update={"window": (3, 8)}),  # day 12 to 23
        week_4.model_copy(update={"window": (9, 3)}),  # day 20 to 32
    )
    study = with_schedule(visits=wide, afterwards=None)
    for number, day, found in [
        (2, 23, "WEEK_2"), (3, 23, "WEEK_4"), ("", 22, "WEEK_2"), ("", 23, "WEEK_4"),
        (9, 20, "WEEK_2"),
    ]:  # fmt: skip
        rows = calendar(30, study, sv=[visit(number, day)])
        assert rows.filter(pl.col("DONE") == on(day))["ID"].to_list() == [found]


def test_without_sv_the_days_on_which_forms_were_filled_are_the_visits() -> None:
    weighed = [{"VSDTC": on(29), "VISITNUM": 3}, {"VSDTC": on(33), "VISITNUM": 3}]
    cut = snapshot(vs=weighed, lb=[count(36)])
    tables = {name: table for name, table in cut.tables.items() if name != "sv"}
    bare = replace(cut, tables=tables)
    rows = contacts(built_in(), bare, derive(built_in(), bare), on(60))
    assert status(rows, "WEEK_4") == "done"
    assert one(rows, "WEEK_4")["DONE"] == on(29)


# -- what is not known -----------------------------------------------------------------------------


def test_a_visit_on_an_incomplete_date_may_be_the_one_that_is_missing() -> None:
    rows = calendar(60, sv=[*SEEN, visit(3, "2020-02")])  # day 29 is 19 February
    row = one(rows, "WEEK_4")
    assert (row["STATUS"], row["DONE"]) == ("unknown", None)
    assert "2020-02-01 to 2020-02-29" in row["REMARK"]
    assert status(rows, "WEEK_6") == "missed"  # the number says that it is not this one


@pytest.mark.parametrize(
    "written, number, week_2, week_4, week_6",
    [
        # study days 11 to 39: it may have been in the window of week 2, whatever its number
        ("2020-02", 3, "unknown", "unknown", "missed"),
        ("2020-02", 4, "unknown", "unknown", "unknown"),  # week 6 a little early
        ("2020-02", 2, "unknown", "unknown", "unknown"),  # of no neighbour: the nearer window
        ("2020-02", "", "unknown", "unknown", "missed"),  # no number: in a window, or out of plan
        ("2020-02", 99, "unknown", "unknown", "missed"),
        # study days 40 to 70: week 6, or after it
        ("2020-03", 3, "missed", "missed", "unknown"),
        ("2020-03", 4, "missed", "missed", "unknown"),
    ],
)
def test_an_incomplete_date_may_be_any_visit_whose_window_it_meets(
    written: str, number: object, week_2: str, week_4: str, week_6: str
) -> None:
    rows = calendar(80, sv=[*SEEN, visit(number, written)])
    found = [status(rows, f"WEEK_{week}") for week in (2, 4, 6)]
    assert found == [week_2, week_4, week_6]


def test_an_incomplete_date_wholly_in_a_window_is_a_visit_made() -> None:
    known = {v.id: v for v in built_in().protocol.schedule.visits}
    wide = known["SCREENING"], known["WEEK_4"].model_copy(update={"window": (30, 30)})
    rows = calendar(90, with_schedule(visits=wide), sv=[visit(3, "2020-02")])
    row = one(rows, "WEEK_4")
    assert (row["STATUS"], row["DONE"]) == ("done", None)
    assert row["REMARK"] == "made on an incomplete date: 2020-02-01 to 2020-02-29"


@pytest.mark.parametrize("written", ["2020-01", "2020", ""])
def test_an_incomplete_first_dose_leaves_every_date_unknown(written: str) -> None:
    rows = calendar(60, ex=[{"EXSTDTC": written}], sv=[*SEEN, visit(3, 29)])
    planned = rows.filter(pl.col("KIND") == "visit")
    assert set(planned["STATUS"]) == {"unknown"}
    assert planned["TARGET"].null_count() == planned.height
    assert set(planned["REMARK"]) == {"the day of the first dose is not known"}
    assert one(rows, "WEEK_4")["DAY"] == 29


def test_a_dose_without_a_date_plans_nothing_before_the_consent() -> None:
    assert calendar(date(2019, 12, 31), ex=[{"EXSTDTC": ""}], sv=SEEN).is_empty()


def test_a_window_that_is_not_stated_is_neither_kept_nor_broken() -> None:
    visits = tuple(
        v.model_copy(update={"window": "not stated"}) if v.id == "WEEK_4" else v
        for v in built_in().protocol.schedule.visits
    )
    study = with_schedule(visits=visits)
    for at, expected in [(28, "upcoming"), (29, "due"), (30, "unknown"), (40, "missed")]:
        assert status(calendar(at, study, sv=SEEN), "WEEK_4") == expected
    row = one(calendar(60, study, sv=[*SEEN, visit(3, 31)]), "WEEK_4")
    assert (row["STATUS"], row["DAYSOFF"], row["FIRST"]) == ("done", None, None)
