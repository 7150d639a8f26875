"""Where a calendar begins before the first dose, and where it ends."""

from datetime import date

import polars as pl
import pytest
from calendar_examples import calendar, count, on, one, pregnancy_test, status, visit

SEEN = [visit(0, -21), visit(1, 1)]
FERTILE = [{"RPORRES": "Y"}]


# -- before the first dose -------------------------------------------------------------------------


@pytest.mark.requirement("P-40")
def test_before_the_first_dose_the_calendar_counts_from_a_planned_start() -> None:
    rows = calendar(date(2020, 1, 5), ex=[], sv=[visit(0, "2020-01-01")])
    start = one(rows, "BASELINE")
    assert (start["FIRST"], start["TARGET"], start["LAST"]) == (
        date(2020, 1, 15),  # a day early, 15 days after the screening
        date(2020, 1, 22),
        date(2020, 1, 31),  # 30 days after it
    )
    assert (start["BASIS"], start["STATUS"]) == ("planned start", "upcoming")
    assert start["REMARK"] == "counted from the planned start"
    assert one(rows, "WEEK_4")["TARGET"] == date(2020, 2, 19)
    assert (status(rows, "SCREENING"), status(rows, "WEEK_4")) == ("done", "upcoming")


@pytest.mark.requirement("P-20", "P-40")
def test_each_visit_made_narrows_the_days_of_the_start() -> None:
    tested = [pregnancy_test(-17, "FIRST")]  # 5 January
    rows = calendar(date(2020, 1, 6), ex=[], rp=FERTILE, sv=[visit(0, -21)], lb=tested)
    start = one(rows, "BASELINE")
    assert (start["TARGET"], start["LAST"]) == (date(2020, 1, 17), date(2020, 1, 19))
    assert start["FIRST"] == date(2020, 1, 15)  # 15 days after screening, a day early


@pytest.mark.parametrize(
    "at, expected", [("2020-01-14", "upcoming"), ("2020-01-15", "due"), ("2020-01-31", "due"),
                     ("2020-02-01", "overdue"), ("2020-06-01", "overdue")]
)  # fmt: skip
def test_a_start_that_did_not_come_is_overdue_and_what_follows_waits(
    at: str, expected: str
) -> None:
    rows = calendar(date.fromisoformat(at), ex=[], sv=[visit(0, "2020-01-01")])
    assert status(rows, "BASELINE") == expected
    later = rows.filter((pl.col("KIND") == "visit") & (pl.col("DAY") > 1))
    assert set(later["STATUS"]) == {"upcoming"}
    assert later["TARGET"].min() >= date.fromisoformat(at)


def test_the_day_of_consent_stands_for_a_screening_without_a_row() -> None:
    rows = calendar(date(2020, 1, 5), ex=[], sv=[])
    assert one(rows, "BASELINE")["TARGET"] == date(2020, 1, 22)
    assert status(rows, "SCREENING") == "due"


def test_of_a_subject_without_any_day_only_the_study_days_are_known() -> None:
    rows = calendar(date(2020, 1, 5), dm=[{"RFICDTC": ""}], ex=[], sv=[])
    assert set(rows["STATUS"]) == {"unknown"}
    assert one(rows, "WEEK_4")["DAY"] == 29


def test_a_first_dose_after_the_day_of_the_question_is_not_known_yet() -> None:
    rows = calendar(-5, sv=[visit(0, -20), visit(1, 1)])
    assert one(rows, "BASELINE")["BASIS"] == "planned start"
    assert one(rows, "BASELINE")["TARGET"] == on(2)  # 21 days after the screening


def test_who_consents_later_is_in_no_calendar_yet() -> None:
    assert calendar(date(2019, 12, 31), sv=SEEN).is_empty()


# -- the end of participation ----------------------------------------------------------------------


def ended(day: int | str, decode: str = "COMPLETED", of: str = "STUDY") -> list[dict[str, object]]:
    when = on(day) if isinstance(day, int) else day
    return [{"DSDECOD": decode, "DSSCAT": of, "DSSTDTC": when}]


@pytest.mark.parametrize(
    "rows",
    [
        ended(75),
        ended(75, "DEATH", "TREATMENT"),
        ended(75, "LOST TO FOLLOW-UP", ""),
        ended(75, "COMPLETED", ""),
        ended(75, "COMPLETED", "STUDY PARTICIPATION"),
    ],
)
def test_after_the_end_of_participation_nothing_is_planned(rows: list[dict[str, object]]) -> None:
    found = calendar(100, ds=rows, sv=SEEN)
    assert (status(found, "WEEK_8"), status(found, "WEEK_12")) == ("missed", "no row")
    assert found.filter(pl.col("TARGET") > on(75)).is_empty()
    before = calendar(74, ds=rows, sv=SEEN)
    assert (status(before, "WEEK_8"), status(before, "WEEK_12")) == ("overdue", "upcoming")


@pytest.mark.parametrize("rows", [ended(75, of="TREATMENT"), ended(75, "ENTERED INTO TRIAL", "")])
def test_what_ends_treatment_alone_or_nothing_at_all_leaves_the_visits(
    rows: list[dict[str, object]],
) -> None:
    assert status(calendar(100, ds=rows, sv=SEEN), "WEEK_12") == "overdue"


@pytest.mark.parametrize("seen_on, week_12", [(75, "no row"), (76, "overdue")])
def test_a_disposition_that_does_not_say_of_what_ends_nothing_if_the_subject_is_still_seen(
    seen_on: int, week_12: str
) -> None:
    found = calendar(100, ds=ended(75, "ADVERSE EVENT", ""), sv=[*SEEN, visit("", seen_on)])
    assert status(found, "WEEK_12") == week_12


@pytest.mark.parametrize("day, expected", [(31, "no row"), (32, "no row"), (33, "missed")])
def test_a_contact_whose_window_was_open_when_the_subject_left_is_not_expected(
    day: int, expected: str
) -> None:
    assert status(calendar(60, ds=ended(day), sv=SEEN), "WEEK_4") == expected


def test_an_incomplete_day_of_the_end_leaves_open_what_lies_in_it() -> None:
    found = calendar(200, ds=ended("2020-03"), sv=SEEN)  # study days 40 to 70
    assert [status(found, f"WEEK_{week}") for week in (4, 6, 12)] == ["missed", "unknown", "no row"]


def test_a_death_and_a_screen_failure_end_the_calendar() -> None:
    dead = calendar(100, dm=[{"DTHDTC": on(75)}], sv=SEEN)
    assert status(dead, "WEEK_12") == "no row"
    failed = calendar(
        date(2020, 2, 20), ex=[], sv=[visit(0, -21)],
        ds=[{"DSDECOD": "SCREEN FAILURE", "DSCAT": "ENROLMENT", "DSSTDTC": on(-14)}],
    )  # fmt: skip
    assert failed["ID"].to_list() == ["SCREENING"]


def test_what_was_done_after_the_end_is_shown_all_the_same() -> None:
    found = calendar(100, ds=ended(75), sv=[*SEEN, visit(6, 85)], lb=[count(85)])
    assert status(found, "WEEK_12") == "done"


# -- all subjects ----------------------------------------------------------------------------------


def test_a_subject_has_the_same_calendar_alone_and_among_others() -> None:
    keys = [{"USUBJID": name} for name in ("S01", "S02", "S03")]
    doses = [{"USUBJID": "S01"}, {"USUBJID": "S02", "EXSTDTC": "2020-02-10"}]
    seen = [visit(0, -21), visit(3, 30), visit(0, "2020-01-20", USUBJID="S02")]
    both = calendar(100, dm=keys, ex=doses, sv=seen, lb=[count(8), count(8, USUBJID="S03")])
    alone = calendar(100, dm=keys[:1], ex=doses[:1], sv=seen[:2], lb=[count(8)])
    own = both.filter(pl.col("USUBJID") == "S01")
    order = ["KIND", "ID", "DAY", "DONE"]
    assert own.sort(order).equals(alone.sort(order))
    assert set(both["USUBJID"]) == {"S01", "S02", "S03"}
