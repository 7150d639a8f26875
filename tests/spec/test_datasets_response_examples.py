"""Response, time to response and relapse: examples worked out by hand.

Each example is derived twice, by the package and by the reference derivation.
"""

from __future__ import annotations

import pytest
from dataset_examples import Derive, Derived, beside, both, clasi_items, day

pytestmark = both


def scores(*lines: str) -> str:
    return "\n".join(["QSDTC | QSORRES", *lines])


def time_to(found: Derived, code: str) -> tuple[object, ...] | None:
    """Start, end, days, weeks and censoring of one subject; None without a row."""
    rows = found.rows("adtte", PARAMCD=code)
    if not rows:
        return None
    (row,) = rows
    return tuple(row[name] for name in ("STARTDT", "ADT", "AVAL", "AVALWK", "CNSR"))


# Response


RESPONSES = """
    BASE | AVAL | OVRLRESP
    -----+------+---------
    22   | 0    | CR
    22   | 1    | PR
    22   | 11   | PR
    22   | 12   | MR
    22   | 21   | MR
    22   | 22   | NR
    22   | 23   | NR
    11   | 5    | PR
    11   | 6    | MR
    1    | 1    | NR
    0    | 0    | CR
    0    | 1    | NR
         | 0    | CR
         | 1    | -
         | 40   | -
    22   |      | -
         |      | -
    """
FLARES = """
    BASE | AVAL | FLARE
    -----+------+-------
    4    | 2    | NONE
    4    | 7    | NONE
    4    | 8    | MILD
    4    | 16   | MILD
    4    | 17   | SEVERE
    0    | 13   | SEVERE
         | 60   | -
    4    |      | -
    """


def categories(derive: Derive, text: str, code: str, parameter: str) -> list[object]:
    """One subject per line: the category at day 29 with a baseline on day 1 (- is missing)."""
    table, _ = beside(text)
    doses, rows = ["USUBJID | EXSTDTC | EXENDTC"], ["USUBJID | QSTESTCD | QSDTC | QSORRES"]
    for number, line in enumerate(table.splitlines()[1:], start=11):
        base, value = line.split("|")
        doses.append(f"S{number} | D1 | D84")
        rows.append(f"S{number} | {parameter} | D1 | {base}")
        rows.append(f"S{number} | {parameter} | D29 | {value}")
    found = derive(ex="\n".join(doses), qs="\n".join(rows)).rows("adrs", PARAMCD=code)
    return [row["AVALC"] or "-" for row in sorted(found, key=lambda row: str(row["USUBJID"]))]


@pytest.mark.requirement("P-60", "P-61", "P-62")
def test_the_response_at_one_assessment(derive: Derive):
    # With the baseline missing only complete response can be known; 0 has no per cent.
    assert categories(derive, RESPONSES, "OVRLRESP", "CLASIACT") == beside(RESPONSES)[1]


@pytest.mark.requirement("P-66")
def test_a_flare_is_an_increase_of_more_than_3_and_severe_above_12(derive: Derive):
    assert categories(derive, FLARES, "FLARE", "SLEDAI") == beside(FLARES)[1]


def test_every_assessment_after_the_first_dose_has_a_response(derive: Derive):
    found = derive(qs=scores("D-7 | 0", "D1 | 20", "D2 | 20", "D30 | 8", "D31 | 0", "D500 | 19"))
    assert found.column("adrs", "AVALC", PARAMCD="OVRLRESP") == ["NR", "PR", "CR", "MR"]
    assert found.column("adrs", "ADY", PARAMCD="OVRLRESP") == [2, 30, 31, 500]


@pytest.mark.requirement("P-61")
@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (("D99 | 0",), "CR"),
        (("D100 | 0",), None),
        (("D99 | 15", "D100 | 0"), "MR"),
        (("D2 | 10", "D99 | 25"), "PR"),  # the best, not the last
        (("D99 |", "D100 | 0"), None),
        (("D30 |", "D57 | 20"), "NR"),
    ],
)
def test_the_response_by_week_12_is_the_best_to_day_99(
    derive: Derive, later: tuple[str, ...], expected: str | None
):
    found = derive(qs=scores("D1 | 20", *later))
    assert found.column("adrs", "AVALC", PARAMCD="RESPW12") == [expected]


def test_the_best_response_is_taken_over_all_assessments(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D57 | 15", "D400 | 0", "D430 | 30"))
    assert found.column("adrs", "AVALC", PARAMCD="BESTRESP") == ["CR"]
    assert found.column("adrs", "AVALC", PARAMCD="RESPW12") == ["MR"]


def test_a_record_that_is_not_analysed_by_visit_counts_in_the_response(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D85 | 18", "D90 | 0"))
    assert found.flagged("adqs", "ANL01FL", AVISITN=12) == [2]
    assert found.column("adrs", "AVALC", PARAMCD="RESPW12") == ["CR"]


def test_a_treated_subject_without_later_assessment_has_a_missing_response(derive: Derive):
    found = derive(qs=scores("D1 | 20"))
    assert found.column("adrs", "AVALC", PARAMCD="OVRLRESP") == []
    assert found.column("adrs", "AVALC", PARAMCD="BESTRESP") == [None]
    assert found.column("adrs", "AVALC", PARAMCD="RESPW12") == [None]


def test_assessments_after_stopping_count(derive: Derive):
    found = derive(ex="EXSTDTC | EXENDTC\n D1 | D7", qs=scores("D1 | 20", "D60 | 0"))
    assert found.column("adrs", "AVALC", PARAMCD="BESTRESP") == ["CR"]


def test_clear_skin_on_the_day_of_the_first_dose_is_no_response(derive: Derive):
    found = derive(qs=scores("D1 | 0", "D29 | 2"))
    assert found.column("adrs", "AVALC", PARAMCD="BESTRESP") == ["NR"]
    assert time_to(found, "TTREL") is None


# Items


@pytest.mark.requirement("P-50")
@pytest.mark.parametrize(
    ("items", "stated", "expected"),
    [
        (clasi_items("D29"), (), ("CR", 0)),
        (clasi_items("D29", ERYFACE=3, SCLFACE=1), (), ("PR", 4)),
        (clasi_items("D29", ERYFACE=3, SCLFACE=1), ("CLASIACT | D29 | 0",), ("PR", 4)),
        (clasi_items("D29", ERYFACE=""), (), (None, None)),  # an open item
        (clasi_items("D29", ERYFACE=""), ("CLASIACT | D29 | 0",), (None, None)),
        ((), ("CLASIACT | D29 | 0",), ("CR", 0)),  # only a stated total
        (clasi_items("D30"), ("CLASIACT | D29 | 9", "CLASIACT | D30 | 9"), ("CR", 0)),
    ],
)
def test_the_items_of_a_date_win_over_its_stated_total(
    derive: Derive, items: tuple[str, ...], stated: tuple[str, ...], expected: tuple[object, ...]
):
    lines = ["QSTESTCD | QSDTC | QSORRES", "CLASIACT | D1 | 20", *stated, *items]
    found = derive(qs="\n".join(lines))
    last = found.rows("adqs", PARAMCD="CLASIACT", ADT=day(30 if len(stated) > 1 else 29))
    assert [row["AVAL"] for row in last] == [expected[1]]
    assert found.column("adrs", "AVALC", PARAMCD="BESTRESP") == [expected[0]]


# Time to complete response


@pytest.mark.requirement("P-60")
def test_the_time_to_complete_response_ends_at_the_first_0(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D15 | 1", "D43 | 0", "D57 | 0"))
    assert time_to(found, "TTCR") == (day(1), day(43), 43, 6.0, 0)


@pytest.mark.parametrize(
    ("assessments", "end", "days"),
    [
        (("D1 | 20", "D57 | 5", "D85 |"), 57, 57),  # the last known score, not the last row
        (("D1 | 20",), 1, 1),
        (("D-10 | 20",), 1, 1),  # never before the start
        ((), 1, 1),
    ],
)
def test_without_complete_response_the_last_known_score_censors(
    derive: Derive, assessments: tuple[str, ...], end: int, days: int
):
    found = derive(qs=scores(*assessments))
    assert time_to(found, "TTCR") == (day(1), day(end), days, pytest.approx((end - 1) / 7), 1)


# Relapse


@pytest.mark.requirement("P-65")
def test_a_relapse_is_a_score_of_4_after_complete_response(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D15 | 9", "D29 | 0", "D57 | 3", "D85 | 4"))
    assert time_to(found, "TTREL") == (day(29), day(85), 57, 8.0, 0)


def test_without_relapse_the_last_known_score_censors(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D29 | 0", "D57 | 3", "D64 |"))
    assert time_to(found, "TTREL") == (day(29), day(57), 29, 4.0, 1)


def test_complete_response_at_the_last_assessment_censors_on_that_day(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D29 | 0"))
    assert time_to(found, "TTREL") == (day(29), day(29), 1, 0.0, 1)


def test_without_complete_response_there_is_no_time_to_relapse(derive: Derive):
    found = derive(qs=scores("D1 | 20", "D29 | 1", "D57 | 30"))
    assert [time_to(found, code) for code in ("TTREL", "TTRELT", "TTRELW")] == [None, None, None]


TAPER = """
    EXDOSE | EXDOSFRQ | EXSTDTC | EXENDTC
    10     | QD       | D1      | D40
    5      | QD       | D41     | D100
    """


@pytest.mark.requirement("P-33", "P-35")
def test_the_time_to_relapse_in_taper_starts_with_the_first_reduction(derive: Derive):
    found = derive(ex=TAPER, qs=scores("D1 | 20", "D29 | 0", "D41 | 4", "D57 | 4"))
    # A score of 4 on the day of the reduction itself is not after it.
    assert time_to(found, "TTRELT") == (day(41), day(57), 17, pytest.approx(16 / 7), 0)


def test_a_relapse_before_the_reduction_does_not_end_the_time_in_taper(derive: Derive):
    found = derive(ex=TAPER, qs=scores("D1 | 20", "D29 | 0", "D36 | 6", "D57 | 5"))
    assert time_to(found, "TTREL") == (day(29), day(36), 8, 1.0, 0)
    assert time_to(found, "TTRELT") == (day(41), day(57), 17, pytest.approx(16 / 7), 0)


def test_without_relapse_in_taper_the_last_known_score_censors(derive: Derive):
    found = derive(ex=TAPER, qs=scores("D1 | 20", "D29 | 0", "D36 | 6", "D55 | 3"))
    assert time_to(found, "TTRELT") == (day(41), day(55), 15, 2.0, 1)


def test_a_taper_after_the_last_assessment_is_censored_at_its_start(derive: Derive):
    found = derive(ex=TAPER, qs=scores("D1 | 20", "D29 | 0"))
    assert time_to(found, "TTRELT") == (day(41), day(41), 1, 0.0, 1)


@pytest.mark.parametrize(
    ("doses", "start"),
    [
        ("10 | QD | D1 | D28 \n 5 | QD | D29 | D60", 61),  # on the day of CR: too early
        ("5 | QOD | D1 | D40 \n 2.5 | QD | D41 | D60", 61),  # the same mean daily dose
        ("5 | QOD | D1 | D40 \n 5 | TIW | D41 | D60", 41),  # 2.5 mg, then 2.14 mg a day
        ("5 | QD | D1 | D40 \n 10 | QD | D41 | D60", 61),  # raised, then stopped
        ("5 | QD | D1 | D40 \n 5 | QD | D44 | D60", 41),  # three days without drug
        ("5 | QD | D1 | D20 \n 5 | QD | D90 | D99", 100),  # off drug at CR, a cycle later
    ],
)
def test_a_reduction_is_a_lower_mean_daily_dose_than_the_day_before(
    derive: Derive, doses: str, start: int
):
    found = derive(
        ex=f"EXDOSE | EXDOSFRQ | EXSTDTC | EXENDTC\n {doses}",
        qs=scores("D1 | 20", "D29 | 0", "D200 | 0"),
    )
    taper = time_to(found, "TTRELT")
    assert taper is not None
    assert taper[0] == day(start)


def test_without_reduction_there_is_no_time_to_relapse_in_taper(derive: Derive):
    found = derive(
        ex="EXDOSE | EXSTDTC | EXENDTC\n 5 | D1 | D40\n 10 | D41 |",
        qs=scores("D1 | 20", "D29 | 0", "D85 | 6"),
    )
    assert time_to(found, "TTRELT") is None
    assert time_to(found, "TTRELW") is None


@pytest.mark.requirement("P-65")
def test_the_time_to_relapse_after_withdrawal_starts_on_the_last_dose_day(derive: Derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n D1 | D56",
        qs=scores("D1 | 20", "D29 | 0", "D56 | 5", "D85 | 4"),
    )
    # The relapse on the last dose day does not count, although no 0 lies between.
    assert time_to(found, "TTRELW") == (day(56), day(85), 30, pytest.approx(29 / 7), 0)
    assert time_to(found, "TTRELT") == (day(57), day(85), 29, 4.0, 0)


def test_without_relapse_after_withdrawal_the_last_known_score_censors(derive: Derive):
    found = derive(ex="EXSTDTC | EXENDTC\n D1 | D56", qs=scores("D1 | 20", "D29 | 0", "D70 | 1"))
    assert time_to(found, "TTRELW") == (day(56), day(70), 15, 2.0, 1)


@pytest.mark.parametrize(
    ("doses", "start"),
    [
        ("D1 | D29", 29),  # the cycle ends on the day of CR
        ("D1 | D28", None),  # it ended before
        ("D1 | D28\n D60 | D90\n D120 | D150", 90),  # CR between the cycles: the next one counts
        ("D1 | D40\n D60 | D90", 40),  # the first end on or after CR
        ("D1 | D40\n D60 |", 40),  # treated again and still ongoing
        ("D1 | D40\n D55 | D90", 90),  # 14 days without drug do not end a cycle
    ],
)
def test_withdrawal_is_the_end_of_the_first_cycle_that_ended_after_complete_response(
    derive: Derive, doses: str, start: int | None
):
    found = derive(ex=f"EXSTDTC | EXENDTC\n {doses}", qs=scores("D1 | 20", "D29 | 0", "D200 | 0"))
    withdrawn = time_to(found, "TTRELW")
    assert (withdrawn and withdrawn[0]) == (day(start) if start else None)
