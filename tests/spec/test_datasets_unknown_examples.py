"""What is unknown stays unknown, and what is known in spite of a missing part is said.

Incomplete dates are intervals: a comparison is answered when every day that the date allows gives
the same answer. Examples worked out by hand; day 1 is 1 January 2020.
"""

from __future__ import annotations

import pytest
from dataset_examples import by_package, clasi_items, day, derive_snapshot, read_tables

# Doses with incomplete dates


@pytest.mark.requirement("P-30")
def test_a_first_cycle_that_is_long_enough_on_any_reading_is_evaluable():
    found = by_package(ex="EXSTDTC | EXENDTC\n D1 | 2020-02")
    assert found.one("adsl")["EVALFL"] == "Y"
    assert found.one("adsl")["NCYCLES"] == 1
    assert found.one("adsl")["TRTEDT"] is None
    assert found.one("adsl")["CYC1DAYS"] is None


def test_a_first_cycle_that_may_or_may_not_be_long_enough_is_unknown():
    found = by_package(ex="EXSTDTC | EXENDTC\n D1 | 2020-01")
    assert found.one("adsl")["SAFFL"] == "Y"
    assert found.one("adsl")["EVALFL"] is None


def test_a_first_cycle_too_short_on_any_reading_is_not_evaluable():
    found = by_package(ex="EXSTDTC | EXENDTC\n 2020-01-10 | 2020-01")
    assert found.one("adsl")["EVALFL"] == "N"


def test_an_incomplete_later_dose_does_not_hide_the_first_dose():
    found = by_package(
        ex="""
        EXSTDTC    | EXENDTC
        D1         | D28
        2020-03    | D99
        """
    )
    assert found.one("adsl")["TRTSDT"] == day(1)


def test_an_incomplete_dose_that_may_be_the_first_leaves_the_first_dose_unknown():
    found = by_package(
        ex="""
        EXSTDTC    | EXENDTC
        2020-01    | D28
        D5         | D99
        """,
        qs="QSDTC | QSORRES\n D40 | 3",
    )
    assert found.one("adsl")["TRTSDT"] is None
    assert found.one("adqs")["ADY"] is None


def test_a_subject_whose_first_dose_is_unknown_stays_visible_in_times_to_event():
    found = by_package(ex="EXSTDTC | EXENDTC\n 2020-01 | D99", qs="QSDTC | QSORRES\n D40 | 0")
    row = found.one("adtte", PARAMCD="TTCR")
    # the response came after every day of January: only how long it took is not known
    assert (row["STARTDT"], row["ADT"], row["AVAL"], row["CNSR"]) == (None, day(40), None, 0)


def test_a_subject_whose_dose_was_not_recorded_may_or_may_not_be_treated():
    found = by_package(ex="EXDOSE | EXSTDTC | EXENDTC\n | D1 | D28")
    assert found.one("adsl")["SAFFL"] is None
    assert found.one("adsl")["EVALFL"] is None


def test_a_dose_not_recorded_may_have_been_the_first():
    found = by_package(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
               | D1      | D31
        5      | D32     | D99
        """,
        qs="QSDTC | QSORRES\n D-9 | 10\n D20 | 0",
    )
    assert found.one("adsl")["TRTSDT"] is None
    assert found.one("adsl")["EVALFL"] == "Y"  # 68 or 99 days
    assert found.column("adqs", "BASE") == [None, None]


def test_the_response_is_known_where_the_first_dose_is_only_known_to_the_month():
    found = by_package(
        ex="EXSTDTC | EXENDTC\n 2020-01 | D200",
        qs="QSDTC | QSORRES\n 2019-12-20 | 10\n 2020-06-01 | 0",
    )
    assert found.column("adqs", "BASE") == [10, 10]
    assert found.one("adrs", PARAMCD="BESTRESP")["AVALC"] == "CR"


def test_a_short_dose_that_may_have_been_the_first_leaves_the_first_cycle_unknown():
    found = by_package(
        ex="""
        EXSTDTC    | EXENDTC
        2020-03-01 | 2020-06-30
        2020       | 2020
        """
    )
    assert found.one("adsl")["EVALFL"] is None


@pytest.mark.requirement("P-65")
def test_a_relapse_of_a_subject_with_open_dose_dates_keeps_its_row():
    found = by_package(
        ex="EXSTDTC | EXENDTC\n D1 | 2020-05",
        qs="QSDTC | QSORRES\n D1 | 9\n D29 | 0\n D200 | 5",
    )
    assert found.one("adtte", PARAMCD="TTRELW")["STARTDT"] is None
    assert found.one("adtte", PARAMCD="TTREL")["CNSR"] == 0


def test_one_known_dose_makes_a_subject_treated_whatever_else_is_missing():
    found = by_package(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
               | D1      | D28
        5      | D29     | D56
        """
    )
    assert found.one("adsl")["SAFFL"] == "Y"


@pytest.mark.requirement("P-63")
def test_an_event_is_treatment_emergent_where_incomplete_dose_dates_leave_no_doubt():
    found = by_package(
        ex="EXSTDTC | EXENDTC\n D1 | 2020-02",
        ae="""
        AESTDTC
        D-1
        D5
        D61
        D75
        D91
        """,
    )
    # the last dose is between D32 and D60: 30 days after it end between D62 and D90
    assert found.column("adae", "TRTEMFL") == ["N", "Y", "Y", None, "N"]


# Overlapping doses


@pytest.mark.requirement("P-35")
def test_doses_on_the_same_day_add_up():
    found = by_package(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
        5      | D1      | D80
        5      | D1      | D40
        """,
        qs="QSDTC | QSORRES\n D1 | 9\n D29 | 0\n D60 | 5",
    )
    assert found.one("adtte", PARAMCD="TTRELT")["STARTDT"] == day(41)


def test_a_day_shared_by_two_doses_belongs_to_the_later_one():
    found = by_package(
        ex="""
        USUBJID | EXDOSE | EXSTDTC | EXENDTC
        S01     | 10     | D1      | D40
        S01     | 5      | D40     | D80
        S02     | 5      | D1      | D40
        S02     | 10     | D40     | D80
        """,
        qs="USUBJID | QSDTC | QSORRES\n S01 | D29 | 0\n S02 | D29 | 0",
    )
    starts = {row["USUBJID"]: row["STARTDT"] for row in found.rows("adtte", PARAMCD="TTRELT")}
    # a dose that was raised is no reduction: the first is the day after the last dose
    assert starts == {"S01": day(40), "S02": day(81)}


# Assessments with incomplete dates


@pytest.mark.requirement("P-61")
def test_the_response_by_week_12_is_unknown_where_a_better_one_may_lie_after_it():
    found = by_package(
        qs="""
        QSDTC   | QSORRES
        D1      | 20
        D60     | 9
        2020-04 | 0
        """
    )
    # April 2020 is days 92 to 121: the last day that counts is 99
    assert found.one("adrs", PARAMCD="RESPW12")["AVALC"] is None
    assert found.one("adrs", PARAMCD="BESTRESP")["AVALC"] == "CR"


def test_the_response_by_week_12_is_known_where_the_doubtful_one_is_no_better():
    found = by_package(
        qs="""
        QSDTC   | QSORRES
        D1      | 20
        D60     | 9
        2020-04 | 15
        """
    )
    assert found.one("adrs", PARAMCD="RESPW12")["AVALC"] == "PR"


def test_a_baseline_with_an_incomplete_date_belongs_to_the_visit_baseline():
    found = by_package(qs="QSDTC | QSORRES\n 2019-12 | 20\n D29 | 4")
    first = found.rows("adqs")[0]
    assert (first["ABLFL"], first["AVISIT"], first["ANL01FL"]) == ("Y", "Baseline", "Y")
    assert found.column("adqs", "BASE") == [20, 20]


# Items of one assessment


@pytest.mark.requirement("P-50")
def test_items_of_one_day_are_one_assessment_whatever_their_times():
    lines = clasi_items("D29T10:00", ERYSCALP=3)
    early, late = lines[:10], [line.replace("T10:00", "T10:01") for line in lines[10:]]
    found = by_package(qs="\n".join(["QSTESTCD | QSDTC | QSORRES", *early, *late]))
    (total,) = found.rows("adqs", PARAMCD="CLASIACT")
    assert (total["AVAL"], total["ADT"]) == (3, day(29))


def test_two_assessments_on_one_day_are_told_apart_by_their_times():
    lines = [*clasi_items("D29T08:00", ERYSCALP=3), *clasi_items("D29T17:00", ERYSCALP=1)]
    found = by_package(qs="\n".join(["QSTESTCD | QSDTC | QSORRES", *lines]))
    assert sorted(found.column("adqs", "AVAL", PARAMCD="CLASIACT")) == [1, 3]


def test_a_stated_total_goes_with_the_items_of_its_day():
    lines = clasi_items("D29T10:00", ERYSCALP=3)
    stated = "CLASIACT | D29 | 7"
    found = by_package(qs="\n".join(["QSTESTCD | QSDTC | QSORRES", *lines, stated]))
    (total,) = found.rows("adqs", PARAMCD="CLASIACT")
    assert total["AVAL"] == 3
    assert total["QSSEQ"] == len(lines) + 1


def test_items_without_a_date_belong_to_no_assessment():
    lines = clasi_items("", ERYSCALP=3)
    found = by_package(qs="\n".join(["QSTESTCD | QSDTC | QSORRES", *lines]))
    assert found.rows("adqs", PARAMCD="CLASIACT") == []


# Columns that the engine does not know


@pytest.mark.parametrize("name", ["TRTSDT", "DCSREAS", "TIME", "BASE", "ROW", "UNIT", "*", "^.*$"])
def test_an_unknown_column_is_kept_and_changes_nothing(name: str):
    qs = ["USUBJID | QSDTC | QSORRES", "S01 | D1 | 9", "S01 | D29 | 0"]
    plain = read_tables(qs="\n".join(qs))
    wider = {table: [{**row, name: "foreign"} for row in rows] for table, rows in plain.items()}
    expected, found = derive_snapshot(plain), derive_snapshot(wider)
    for dataset in ("adsl", "adqs", "adrs", "adtte", "adex"):
        before, after = getattr(expected, dataset), getattr(found, dataset)
        assert after.select(before.columns).equals(before), dataset
    assert "foreign" in found.adsl.row(0)


def test_the_names_that_the_derivation_uses_are_refused_as_names_of_a_study():
    from pilotage.datasets.derive import INTERNAL
    from pilotage.study.columns import RESERVED

    of_dates = {name for name in INTERNAL if name.endswith(("_FIRST", "_LAST", "_TIME"))}
    assert of_dates | RESERVED >= INTERNAL
