"""Laboratory values, toxicity grades and adverse events: examples worked out by hand.

Each example is derived twice, by the package and by the reference derivation.
Grades: Common Terminology Criteria for Adverse Events, version 3.0.
"""

from __future__ import annotations

import pytest
from dataset_examples import Derive, beside, both, day

pytestmark = both

HEADING = "LBTESTCD | LBORRES | LBORRESU | LBORNRLO | LBORNRHI\n"


def assert_grades(derive: Derive, text: str) -> None:
    """Every row of the table has the grade beside it (- is missing)."""
    table, expected = beside(text)
    grades = derive(lb=table).column("adlb", "ATOXGR")
    found = ["-" if grade is None else str(grade) for grade in grades]
    assert [*zip(table.splitlines()[1:], found, strict=True)] == [
        *zip(table.splitlines()[1:], expected, strict=True)
    ]


@pytest.mark.requirement("P-54", "P-36")
def test_grades_of_neutrophils(derive: Derive):
    assert_grades(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRLO | GRADE
        ---------+---------+----------+----------+------
        NEUT     | 1800    | /mm3     | 1800     | 0
        NEUT     | 1799    | /mm3     | 1800     | 1
        NEUT     | 1500    | /mm3     | 1800     | 1
        NEUT     | 1500    | /mm3     | 1500     | 0
        NEUT     | 1499    | /mm3     | 1800     | 2
        NEUT     | 1190    | /mm3     | 1800     | 2
        NEUT     | 1000    | /mm3     | 1800     | 2
        NEUT     | 999     | /mm3     | 1800     | 3
        NEUT     | 500     | /mm3     | 1800     | 3
        NEUT     | 499     | /mm3     | 1800     | 4
        NEUT     | 1.0     | 10*9/L   | 1.8      | 2
        NEUT     | 1.190   | 10*3/uL  | 1.8      | 2
        """,
    )


@pytest.mark.requirement("P-54")
def test_a_bound_wins_over_the_limit_of_normal_and_a_needed_limit_may_not_be_missing(
    derive: Derive,
):
    assert_grades(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRLO | LBORNRHI | GRADE
        ---------+---------+----------+----------+----------+------
        NEUT     | 0.9     | 10*9/L   |          |          | 3
        NEUT     | 1.4     | 10*9/L   | 1.3      |          | 2
        NEUT     | 1.6     | 10*9/L   |          | 7.7      | -
        NEUT     | 1.6     | 10*9/L   | 1.3      |          | 0
        ALT      | 801     | U/L      | 10       |          | -
        """,
    )


@pytest.mark.requirement("P-54", "P-36")
def test_grades_of_the_other_counts_and_haemoglobin(derive: Derive):
    assert_grades(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRLO | GRADE
        ---------+---------+----------+----------+------
        WBC      | 3.4     | 10*9/L   | 3.5      | 1
        WBC      | 3.0     | 10*9/L   | 3.5      | 1
        WBC      | 2.9     | 10*9/L   | 3.5      | 2
        WBC      | 1999    | /uL      | 3500     | 3
        WBC      | 1000    | /mm3     | 3500     | 3
        WBC      | 0.9     | 10*3/uL  |          | 4
        PLAT     | 150     | 10*9/L   | 150      | 0
        PLAT     | 75000   | /mm3     | 150000   | 1
        PLAT     | 74      | 10*9/L   | 150      | 2
        PLAT     | 49      | 10*9/L   | 150      | 3
        PLAT     | 25      | 10*9/L   | 150      | 3
        PLAT     | 24      | 10*9/L   |          | 4
        HGB      | 12.0    | g/dL     | 12.0     | 0
        HGB      | 11.9    | g/dL     | 12.0     | 1
        HGB      | 10.0    | g/dL     | 12.0     | 1
        HGB      | 9.9     | g/dL     | 12.0     | 2
        HGB      | 80      | g/L      | 120      | 2
        HGB      | 7.9     | g/dL     | 12.0     | 3
        HGB      | 6.5     | g/dL     | 12.0     | 3
        HGB      | 6.4     | g/dL     |          | 4
        """,
    )


@pytest.mark.requirement("P-54")
def test_grades_against_the_upper_limit(derive: Derive):
    assert_grades(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRHI | GRADE
        ---------+---------+----------+----------+------
        ALT      | 40      | U/L      | 40       | 0
        ALT      | 41      | U/L      | 40       | 1
        ALT      | 100     | U/L      | 40       | 1
        ALT      | 101     | U/L      | 40       | 2
        ALT      | 200     | U/L      | 40       | 2
        ALT      | 201     | U/L      | 40       | 3
        ALT      | 800     | U/L      | 40       | 3
        ALT      | 801     | U/L      | 40       | 4
        CREAT    | 1.1     | mg/dL    | 1.1      | 0
        CREAT    | 1.65    | mg/dL    | 1.1      | 1
        CREAT    | 1.66    | mg/dL    | 1.1      | 2
        CREAT    | 3.3     | mg/dL    | 1.1      | 2
        CREAT    | 3.31    | mg/dL    | 1.1      | 3
        CREAT    | 6.6     | mg/dL    | 1.1      | 3
        CREAT    | 6.61    | mg/dL    | 1.1      | 4
        CREAT    | 97      | umol/L   | 97       | 0
        CREAT    | 98      | umol/L   | 97       | 1
        """,
    )


@pytest.mark.requirement("P-54")
@pytest.mark.parametrize(
    ("line", "value", "lower", "upper"),
    [
        ("NEUT | 1190 | /mm3 | 1800 | 7700", 1.19, 1.8, 7.7),
        ("NEUT | 1190 | /uL | 1800 |", 1.19, 1.8, None),
        ("NEUT | 1.190 | 10*3/uL | 1.8 |", 1.19, 1.8, None),
        ("NEUT | 1.190 | 10*9/L | 1.8 |", 1.19, 1.8, None),
        ("HGB | 12.5 | g/dL | 12 | 16", 125, 120, 160),
        ("CREAT | 1.1 | mg/dL | | 1.2", 97.24, None, 106.08),
        ("C3 | 90 | mg/dL | 80 | 160", 0.9, 0.8, 1.6),
    ],
)
def test_a_value_and_its_limits_are_converted_to_the_standard_unit(
    derive: Derive, line: str, value: float, lower: float | None, upper: float | None
):
    row = derive(lb=HEADING + line).one("adlb")
    assert row["AVAL"] == pytest.approx(value, abs=1e-9)
    for name, limit in (("ANRLO", lower), ("ANRHI", upper)):
        assert row[name] == (None if limit is None else pytest.approx(limit, abs=1e-9))


@pytest.mark.requirement("P-54")
def test_what_is_not_a_number_or_has_no_unit_is_missing_and_never_graded(derive: Derive):
    # 1.190 may be 1,190 cells or 1.19 cells.
    found = derive(
        lb="""
        LBTESTCD | LBORRES    | LBORRESU | LBORNRLO
        ---------+------------+----------+---------
        NEUT     | 1.190      | /mm3     | 1800
        NEUT     | 1.190      | /uL      | 1800
        PLAT     | 150.000    | /mm3     | 150
        NEUT     | <0.5       | 10*9/L   | 1.8
        NEUT     | >100       | 10*9/L   | 1.8
        NEUT     | haemolysed | 10*9/L   | 1.8
        NEUT     |            | 10*9/L   | 1.8
        NEUT     | 1.19       |          | 1.8
        """
    )
    assert found.column("adlb", "AVAL") == [None] * 8
    assert found.column("adlb", "ATOXGR") == [None] * 8


@pytest.mark.requirement("P-68")
def test_the_change_of_antibodies_is_against_the_study_baseline(derive: Derive):
    found = derive(
        lb="""
        LBTESTCD | LBDTC | LBORRES | LBORRESU
        ADSDNA   | D-5   | 10      | IU/mL
        ADSDNA   | D57   | 30      | IU/mL
        ADSDNA   | D85   | 5       | IU/mL
        """
    )
    assert found.column("adlb", "CHG") == [0, 20, -5]
    assert found.column("adlb", "PCHG") == [0, 200, -50]
    assert found.column("adlb", "ATOXGR") == [None, None, None]


@pytest.mark.requirement("P-35", "P-44")
def test_the_laboratory_baseline_is_that_of_the_first_cycle(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1 | D84\n D200 | D260",
        lb="""
        LBDTC | LBORRES | LBORRESU
        D-3   | 3500    | /mm3
        D1    | 4.0     | 10*9/L
        D22   | 3.0     | 10*9/L
        D199  | 3.8     | 10*9/L
        D230  | 1000    | /uL
        """,
    )
    assert found.flagged("adlb", "ABLFL") == [2]
    assert found.column("adlb", "BASE") == [4, 4, 4, 4, 4]
    assert found.one("adlb", LBSEQ=5)["PCHG"] == pytest.approx(-75, abs=1e-9)
    assert found.column("adlb", "AVISITN") == [0, 0, 2, 24, 36]


def test_a_subject_never_treated_keeps_its_laboratory_rows_and_events(derive: Derive):
    found = derive(
        ex="USUBJID | EXSTDTC | EXENDTC\n S02 | D1 | D9",
        lb="LBSEQ | LBORRES\n 41 | 0.9\n 43 |",
        ae="AESEQ | AESTDTC\n 17 | D5",
    )
    assert found.column("adlb", "LBSEQ") == [41, 43]
    assert found.column("adlb", "ATOXGR") == [3, None]
    assert found.column("adlb", "ADY") == [None, None]
    assert found.column("adae", "AESEQ") == [17]
    assert found.column("adae", "TRTEMFL") == [None]


# Adverse events


@pytest.mark.requirement("P-63")
def test_an_event_emerges_from_the_first_dose_to_30_days_after_the_last(derive: Derive):
    # Two cycles, the last dose on day 150: the time between them counts.
    table, expected = beside("""
        AETERM | AESTDTC  | TRTEMFL
        -------+----------+--------
        Rash   | D-1      | N
        Rash   | D1       | Y
        Rash   | D1T06:00 | Y
        Rash   | D100     | Y
        Rash   | D150     | Y
        Rash   | D179     | Y
        Rash   | D180     | Y
        Rash   | D181     | N
        Rash   |          | -
        """)
    found = derive(ex="EXSTDTC | EXENDTC\n D1 | D28\n D120 | D150", ae=table)
    assert [flag or "-" for flag in found.column("adae", "TRTEMFL")] == expected


@pytest.mark.requirement("P-63")
def test_a_partial_date_emerges_unless_its_known_part_excludes_it(derive: Derive):
    # First dose on 15 January, last dose on 1 March 2020, 30 days later 31 March.
    table, expected = beside("""
        AESTDTC | AEENDTC    | TRTEMFL
        --------+------------+--------
        2019    | 2021-05-01 | N
        2019-12 | 2021-05-01 | N
        2020-01 | 2021-05-01 | Y
        2020-02 | 2021-05-01 | Y
        2020-03 | 2021-05-01 | Y
        2020-04 | 2021-05-01 | N
        2020    | 2021-05-01 | Y
        2021    | 2021-05-01 | N
        """)
    found = derive(ex="EXSTDTC | EXENDTC\n 2020-01-15 | 2020-03-01", ae=table)
    assert found.column("adae", "TRTEMFL") == expected
    assert found.column("adae", "ASTDT") == [None] * 8
    assert found.column("adae", "ASTDY") == [None] * 8
    assert found.column("adae", "ASTDTF") == ["M", "D", "D", "D", "D", "D", "M", "M"]


@pytest.mark.requirement("P-63")
def test_a_date_without_a_year_emerges_if_its_day_comes_in_the_time_that_counts(derive: Derive):
    # The time that counts is 20 December 2019 to 30 January 2020.
    table, expected = beside("""
        AESTDTC | TRTEMFL
        --------+--------
        --12-19 | N
        --12-20 | Y
        --01-30 | Y
        --01-31 | N
        --02-29 | N
        --12    | Y
        --11    | N
        --02    | N
        ----01  | Y
        ----31  | Y
        ----19  | Y
        """)
    found = derive(ex="EXSTDTC | EXENDTC\n 2019-12-20 | 2019-12-31", ae=table)
    assert found.column("adae", "TRTEMFL") == expected
    assert set(found.column("adae", "ASTDTF")) == {"Y"}
    assert set(found.column("adae", "ASTDT") + found.column("adae", "ASTDY")) == {None}


def test_a_date_without_a_year_of_a_subject_never_treated_says_nothing(derive: Derive):
    found = derive(ex="USUBJID | EXSTDTC | EXENDTC\n S02 | D1 | D9", ae="AESTDTC\n --03-15")
    assert found.column("adae", "TRTEMFL") == [None]
    assert found.column("adae", "ASTDTF") == ["Y"]


def test_start_and_end_of_an_event_have_study_days(derive: Derive):
    event = derive(ae="AESTDTC | AEENDTC\n D-2T23:00 | D5").one("adae")
    assert (event["ASTDT"], event["ASTDY"]) == (day(-2), -2)
    assert (event["AENDT"], event["AENDY"]) == (day(5), 5)
    assert event["ASTDTF"] is None
