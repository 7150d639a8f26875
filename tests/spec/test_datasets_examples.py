"""Study days, baseline, visit windows, cycles and populations: examples worked out by hand.

Each example is derived twice, by the package and by the reference derivation.
"""

from __future__ import annotations

import pytest
from dataset_examples import Derive, both, day

pytestmark = both


@pytest.mark.requirement("P-30")
def test_the_day_of_the_first_dose_is_day_1_and_there_is_no_day_0(derive: Derive):
    found = derive(
        qs="""
        QSDTC      | QSORRES
        2019-12-30 | 9
        2019-12-31 | 9
        2020-01-01 | 9
        2020-01-02 | 9
        """
    )
    assert found.column("adqs", "ADY") == [-2, -1, 1, 2]


def test_a_dose_of_0_is_not_the_first_dose(derive: Derive):
    found = derive(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
        0      | D-9     | D-1
        5      | D1      | D28
        """,
        qs="QSDTC | QSORRES\n D-1 | 9",
    )
    assert found.one("adsl")["TRTSDT"] == day(1)
    assert found.one("adqs")["ADY"] == -1


def test_a_subject_never_treated_keeps_its_rows_without_day_and_change(derive: Derive):
    found = derive(
        ex="EXDOSE | EXSTDTC | EXENDTC\n 0 | D1 | D9",
        qs="QSDTC | QSORRES\n D1 | 9\n D29 | 4",
    )
    assert found.one("adsl")["SAFFL"] == "N"
    assert found.one("adsl")["EVALFL"] == "N"
    assert found.column("adqs", "AVAL") == [9, 4]
    for name in ("ADY", "BASE", "CHG", "PCHG", "AVISIT"):
        assert found.column("adqs", name) == [None, None]
    assert found.rows("adrs") == []
    assert found.rows("adtte") == []


# Baseline


def test_the_baseline_of_a_day_with_several_values_is_the_latest_time(derive: Derive):
    found = derive(
        qs="""
        QSDTC    | QSORRES
        D1T15:00 | 12
        D1T09:00 | 20
        D-1      | 30
        """
    )
    assert found.flagged("adqs", "ABLFL") == [1]
    assert found.column("adqs", "BASE") == [12, 12, 12]


def test_the_baseline_of_a_day_without_times_is_the_highest_sequence_number(derive: Derive):
    found = derive(
        qs="""
        QSSEQ | QSDTC | QSORRES
        7     | D1    | 12
        3     | D1    | 20
        """
    )
    assert found.flagged("adqs", "ABLFL") == [7]
    assert found.column("adqs", "BASE") == [12, 12]


def test_a_missing_value_is_no_baseline(derive: Derive):
    found = derive(
        qs="""
        QSDTC | QSORRES
        D-14  | 20
        D-1   | 18
        D1    |
        """
    )
    assert found.flagged("adqs", "ABLFL") == [2]
    assert found.column("adqs", "CHG") == [2, 0, None]


def test_the_day_of_the_first_dose_is_baseline_and_the_next_day_is_not(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1T08:00 | D84",
        qs="""
        QSDTC    | QSORRES
        D1T20:00 | 12
        D2       | 6
        """,
    )
    assert found.flagged("adqs", "ABLFL") == [1]
    assert found.column("adrs", "AVALC", PARAMCD="OVRLRESP") == ["PR"]


def test_without_a_value_by_the_first_dose_there_is_no_baseline_and_no_change(derive: Derive):
    found = derive(qs="QSDTC | QSORRES\n D2 | 12\n D29 | 6")
    assert found.flagged("adqs", "ABLFL") == []
    for name in ("BASE", "CHG", "PCHG"):
        assert found.column("adqs", name) == [None, None]


@pytest.mark.requirement("P-61", "P-67")
@pytest.mark.parametrize(
    ("base", "value", "change", "percent"),
    [("22", "11", -11, -50), ("8", "10", 2, 25), ("0", "3", 3, None), ("5", "0", -5, -100)],
)
def test_change_and_per_cent_change_from_baseline(
    derive: Derive, base: str, value: str, change: float, percent: float | None
):
    found = derive(
        qs=f"""
        QSTESTCD | QSDTC | QSORRES
        CLASIDAM | D1    | {base}
        CLASIDAM | D29   | {value}
        """
    )
    later = found.one("adqs", QSSEQ=2)
    assert (later["CHG"], later["PCHG"]) == (change, percent)


@pytest.mark.requirement("P-35")
def test_a_second_cycle_keeps_the_baseline_of_the_first(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1 | D84\n D200 | D260",
        qs="QSDTC | QSORRES\n D1 | 20\n D199 | 8\n D228 | 4",
    )
    assert found.one("adsl")["NCYCLES"] == 2
    assert found.column("adqs", "BASE") == [20, 20, 20]
    assert found.column("adqs", "PCHG") == [0, -60, -80]


def test_the_standardised_result_goes_before_the_result_as_written(derive: Derive):
    found = derive(
        qs="""
        QSDTC | QSORRES  | QSSTRESN
        D1    | eight    | 8
        D15   | 7        |
        D29   | NOT DONE |
        """
    )
    assert found.column("adqs", "AVAL") == [8, 7, None]


# Visit windows


@pytest.mark.requirement("P-41")
def test_the_window_of_a_study_day(derive: Derive):
    # Week 60 has its target on day 421: 41 days before it to 42 days after it.
    weeks = {
        **{1: 0, 2: 2, 22: 2, 23: 4, 43: 4, 44: 8, 71: 8, 72: 12, 99: 12, 100: 16, 127: 16},
        **{128: 20, 155: 20, 156: 24, 211: 24, 212: 36, 295: 36, 296: 48, 379: 48},
        **{380: 60, 463: 60, 464: 72, 547: 72, 548: 84},
    }
    found = derive(qs="\n".join(["QSDTC | QSORRES", *(f"D{number} | 9" for number in weeks)]))
    by_day = {row["ADY"]: row for row in found.rows("adqs")}
    assert {number: row["AVISITN"] for number, row in by_day.items()} == weeks
    assert {row["AVISIT"] for row in by_day.values()} >= {"Baseline", "Week 2", "Week 84"}
    assert all(
        row["AVISIT"] == (f"Week {row['AVISITN']:.0f}" if row["AVISITN"] else "Baseline")
        for row in by_day.values()
    )


def test_the_visit_text_never_decides(derive: Derive):
    found = derive(
        qs="""
        QSDTC | VISIT       | QSORRES
        D1    | Week 24     | 9
        D30   | Week 12     | 9
        D85   | UNSCHEDULED | 9
        """
    )
    assert found.column("adqs", "AVISIT") == ["Baseline", "Week 4", "Week 12"]


@pytest.mark.parametrize(
    ("one", "other", "analysed"),
    [
        ("D80 | 9", "D88 | 9", 2),  # the target of week 12 is day 85: 5 and 3 days away
        ("D82 | 9", "D90 | 9", 1),
        ("D84 | 9", "D86 | 9", 2),  # both one day away: the later
        ("D86 | 9", "D84 | 9", 1),
        ("D85 | ", "D99 | 9", 2),  # a missing value is passed over
        ("D85 | 9", "D85 | 9", 2),  # one day: the higher sequence number
        ("D85T11:00 | 9", "D85T10:00 | 9", 1),  # one day: the later time
    ],
)
def test_one_record_of_a_window_is_analysed(derive: Derive, one: str, other: str, analysed: int):
    found = derive(qs=f"QSDTC | QSORRES\n {one}\n {other}")
    assert found.flagged("adqs", "ANL01FL", AVISITN=12) == [analysed]


# Cycles, doses and populations


@pytest.mark.requirement("P-35")
@pytest.mark.parametrize(
    ("second_start", "cycles", "days"),
    [
        ("D43", 1, 50),  # D29 to D42: 14 days without drug, still the same cycle
        ("D44", 2, 28 + 7),  # D29 to D43: 15 days
    ],
)
def test_15_days_without_drug_end_a_cycle(
    derive: Derive, second_start: str, cycles: int, days: int
):
    found = derive(ex=f"EXSTDTC | EXENDTC\n D1 | D28\n {second_start} | D50")
    subject = found.one("adsl")
    assert (subject["NCYCLES"], subject["TRTDURD"]) == (cycles, days)
    assert found.column("adex", "CYCLE") == [1, cycles]
    assert (subject["TRTSDT"], subject["TRTEDT"]) == (day(1), day(50))


def test_doses_of_0_do_not_bridge_two_cycles(derive: Derive):
    found = derive(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
        5      | D1      | D28
        0      | D29     | D43
        5      | D44     | D50
        """
    )
    assert found.one("adsl")["NCYCLES"] == 2


def test_a_change_of_dose_stays_inside_the_cycle(derive: Derive):
    found = derive(
        ex="""
        EXDOSE | EXSTDTC | EXENDTC
        5      | D1      | D14
        10     | D15     | D28
        """
    )
    subject = found.one("adsl")
    assert (subject["NCYCLES"], subject["TRTDURD"], subject["EVALFL"]) == (1, 28, "Y")


@pytest.mark.parametrize(
    ("doses", "evaluable"),
    [
        ("D1 | D27", "N"),
        ("D1 | D28", "Y"),
        ("D1 | D7\n D100 | D200", "N"),  # only the first cycle decides
        ("D1 | D20\n D30 | D35", "Y"),  # a short pause inside the first cycle
    ],
)
def test_a_first_cycle_of_28_days_makes_a_subject_evaluable(
    derive: Derive, doses: str, evaluable: str
):
    subject = derive(ex=f"EXSTDTC | EXENDTC\n {doses}").one("adsl")
    assert (subject["SAFFL"], subject["EVALFL"]) == ("Y", evaluable)


@pytest.mark.requirement("P-03", "P-33")
def test_the_mean_daily_dose(derive: Derive):
    found = derive(
        ex="""
        EXDOSE | EXDOSFRQ | EXSTDTC | EXENDTC
        10     | QD       | D1      | D7
        5      | QOD      | D8      | D14
        5      | TIW      | D15     | D21
        0      | QD       | D22     | D28
        """
    )
    assert found.column("adex", "AVAL") == pytest.approx([10, 2.5, 15 / 7, 0], abs=1e-9)


def test_a_dose_without_an_end_goes_on_to_the_latest_date_of_the_snapshot(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1 | D28\n D29 |",
        ds="DSSTDTC\n D100",
    )
    subject = found.one("adsl")
    assert (subject["TRTDURD"], subject["TRTONGFL"]) == (100, "Y")


def test_a_pause_without_an_end_is_not_an_ongoing_treatment(derive: Derive):
    found = derive(
        ex="EXDOSE | EXSTDTC | EXENDTC\n 5 | D1 | D28\n 0 | D29 |",
        ds="DSSTDTC\n D100",
    )
    subject = found.one("adsl")
    assert (subject["TRTDURD"], subject["TRTONGFL"], subject["TRTEDT"]) == (28, "N", day(28))


def test_follow_up_runs_from_the_first_dose_to_the_last_contact(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1 | D28",
        qs="QSDTC | QSORRES\n D1 | 9\n D200 | 9",
    )
    assert found.one("adsl")["FUPDURD"] == 200
