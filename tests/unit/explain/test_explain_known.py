"""What was known on a day: rows that are dated later, and later ends, are not there."""

from datetime import date

import pytest
from explain_examples import blood, dose, on, score, snapshot, visits

from pilotage.explain.known import known_on

DAY = on(29)


def column(
    table: str, name: str, at: date = DAY, **tables: list[dict[str, object]]
) -> list[object]:
    known = known_on(snapshot(**tables), "S01", at)
    return known.tables[table][name].to_list()


@pytest.mark.parametrize(
    "written, kept",
    [
        ("2020-02-03", True),  # the day itself
        ("2020-02-03T23:59", True),
        ("2020-02-04", False),
        ("2020-02", True),  # may lie before it
        ("2020-03", False),
        ("2020", True),
        ("2021", False),
        ("", True),
    ],
)
def test_a_row_counts_from_the_first_day_on_which_it_may_have_been_recorded(
    written: str, kept: bool
) -> None:
    rows = [score(1, 10), {**score(1, 4), "QSDTC": written}]
    assert len(column("qs", "QSORRES", qs=rows)) == 1 + kept


def test_the_end_of_a_dose_after_the_day_is_not_known() -> None:
    doses = [dose(1, 28), dose(29, 60), dose(61)]
    assert column("ex", "EXENDTC", ex=doses) == [on(28).isoformat(), None]


def test_what_an_event_came_to_is_not_known_before_its_end() -> None:
    events = [
        {"AESTDTC": on(20), "AEENDTC": on(29), "AEOUT": "RECOVERED/RESOLVED"},
        {"AESTDTC": on(20), "AEENDTC": on(30), "AEOUT": "RECOVERED/RESOLVED"},
        {"AESTDTC": on(30)},
    ]
    assert column("ae", "AEOUT", ae=events) == ["RECOVERED/RESOLVED", None]


def test_a_history_that_was_asked_later_is_not_known_although_it_began_before() -> None:
    rows = [
        {"MHTERM": "CLE", "MHSTDTC": "2010-01-01", "MHDTC": on(-5)},
        {"MHTERM": "SLE", "MHSTDTC": "2010-01-01", "MHDTC": on(40)},
    ]
    assert column("mh", "MHTERM", mh=rows) == ["CLE"]


def test_a_supplement_goes_with_its_row() -> None:
    doses = [dose(1, 28), dose(40)]
    notes = [
        {"RDOMAIN": "EX", "IDVAR": "EXSEQ", "IDVARVAL": number, "QNAM": "ADJTEXT", "QVAL": number}
        for number in (1, 2)
    ]
    assert column("suppex", "QVAL", ex=doses, suppex=notes) == ["1"]


def test_dates_of_dm_after_the_day_are_empty_but_that_of_consent() -> None:
    dm = [{"RFICDTC": "2019-12-23", "DTHDTC": on(50)}]
    assert column("dm", "DTHDTC", dm=dm) == [None]
    assert column("dm", "RFICDTC", dm=dm) == ["2019-12-23"]
    assert column("dm", "RFICDTC", date(2019, 12, 22), dm=dm) == ["2019-12-23"]


def test_other_subjects_are_not_there() -> None:
    both = [{"USUBJID": "S01"}, {"USUBJID": "S02"}]
    known = known_on(snapshot(dm=both, sv=visits(1)), "S02", DAY)
    assert known.tables["dm"]["USUBJID"].to_list() == ["S02"]
    assert known.tables["sv"].is_empty()


def test_the_day_is_the_data_cut() -> None:
    cut = snapshot(lb=blood(60))
    assert cut.data_cut == on(60)
    assert known_on(cut, "S01", DAY).data_cut == DAY
