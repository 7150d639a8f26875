"""Partial dates: one value, a column, and that the two agree."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pilotage.snapshot.dates import PartialDate, partial_date, survey, with_interval

DAY = date(2009, 3, 15)


@pytest.mark.parametrize(
    "text, first, last, time",
    [
        ("2009-03-15", DAY, DAY, None),
        ("2009-03-15T09", DAY, DAY, "09"),
        ("2009-03-15T09:30", DAY, DAY, "09:30"),
        ("2009-03-15T09:30:59", DAY, DAY, "09:30:59"),
        ("2009-03-15T09:30:59.25", DAY, DAY, "09:30:59.25"),
        ("2009-03-15T00:00", DAY, DAY, "00:00"),
        ("2009-03-15T09:30Z", DAY, DAY, "09:30"),
        ("2009-03-15T23:30-05:00", DAY, DAY, "23:30"),
        ("2009-03-15T00:30+0545", DAY, DAY, "00:30"),
        ("2009-02", date(2009, 2, 1), date(2009, 2, 28), None),
        ("2008-02", date(2008, 2, 1), date(2008, 2, 29), None),
        ("2009-12", date(2009, 12, 1), date(2009, 12, 31), None),
        ("2009", date(2009, 1, 1), date(2009, 12, 31), None),
        ("2009---31", date(2009, 1, 31), date(2009, 12, 31), None),
        ("2008-02-29", date(2008, 2, 29), date(2008, 2, 29), None),
        ("1900-01-01", date(1900, 1, 1), date(1900, 1, 1), None),
        ("2100-12-31", date(2100, 12, 31), date(2100, 12, 31), None),
        ("--03-15", None, None, None),
        ("--02-29", None, None, None),
        ("--03", None, None, None),
        ("----15", None, None, None),
    ],
)
def test_a_date_is_the_days_it_may_be(text, first, last, time):
    assert partial_date(text) == PartialDate(first, last, time)
    read = with_interval(pl.DataFrame({"QSDTC": [text]}), "QSDTC")
    assert read.row(0) == (text, first, last, time)


def test_a_missing_date_has_no_days():
    read = with_interval(pl.DataFrame({"QSDTC": [None]}, schema={"QSDTC": pl.String}), "QSDTC")
    assert read.row(0) == (None, None, None, None)
    assert read.schema == {
        "QSDTC": pl.String, "QSDTC_FIRST": pl.Date, "QSDTC_LAST": pl.Date, "QSDTC_TIME": pl.String,
    }  # fmt: skip


def one_by_one(text: str) -> tuple[date | None, date | None, str | None]:
    try:
        read = partial_date(text)
    except ValueError:
        return None, None, None
    return read.first, read.last, read.time


LIKE_A_DATE = st.one_of(
    st.text("0129-T:Z+.", max_size=18),
    st.from_regex(
        r"(20[01][0-9]|1899|2101|0000|-)(-([01][0-9]|-)(-([0-3][0-9])(T[0-2][0-9](:[0-6][0-9]"
        r"(:[0-6][0-9](\.[0-9]+)?)?)?(Z|[+-][01][0-9](:?[0-6][0-9])?)?)?)?)?",
        fullmatch=True,
    ),
    st.sampled_from(
        [
            "２００９-03-15",
            "2009-03-15\n",
            " 2009",
            "2009-03-15T٠٩:30",
            "",
            "2009-3-005",
            "2009--",
            "-",
            "----",
            "---",
        ]
    ),
)


@example(["0000-01-01"])
@example(["1899-12-31"])
@example(["2101-01-01"])
@settings(max_examples=80, deadline=None)
@given(st.lists(LIKE_A_DATE, min_size=1, max_size=20))
def test_a_column_is_read_as_its_values_one_by_one(texts):
    read = with_interval(pl.DataFrame({"D": texts}), "D").drop("D")
    assert read.rows() == [one_by_one(text) for text in texts]


def test_columns_read_together_are_read_as_alone():
    days = pl.DataFrame({"A": ["2009-03-15", None], "B": ["2009-03", "2010-01-01T10:00"]})
    assert with_interval(days, "A", "B").equals(with_interval(with_interval(days, "A"), "B"))
    assert with_interval(days, "A", "B")["B_TIME"].to_list() == [None, "10:00"]


@settings(max_examples=60, deadline=None)
@given(st.lists(LIKE_A_DATE, max_size=20))
def test_a_survey_names_the_dates_that_cannot_be_read(texts):
    wrong = set()
    for text in texts:
        try:
            partial_date(text)
        except ValueError:
            wrong.add(text)
    assert survey(pl.Series(texts, dtype=pl.String)).wrong.keys() == wrong


def test_every_day_of_two_centuries_is_read_and_no_other():
    days = [date(1900, 1, 1) + timedelta(n) for n in range(0, 73_414, 13)]
    read = with_interval(pl.DataFrame({"D": [str(day) for day in days]}), "D")
    assert read["D_FIRST"].to_list() == days
    assert read["D_LAST"].to_list() == days


def test_times_sort_as_they_follow_each_other():
    times = ["2009-03-15T09:59:59", "2009-03-15T10", "2009-03-15T10:00", "2009-03-15T10:00:01"]
    read = with_interval(pl.DataFrame({"D": times}), "D")
    assert read["D_TIME"].to_list() == sorted(read["D_TIME"].to_list())


def test_a_survey_has_the_latest_first_day():
    assert survey(pl.Series(["2009-03-15", "2010", "2009---31", "--05-01"])).latest == date(
        2010, 1, 1
    )
    assert survey(pl.Series([], dtype=pl.String)).latest is None
