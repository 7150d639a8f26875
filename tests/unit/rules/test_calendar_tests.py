"""The series of tests in a calendar, conditional forms, a second cycle, forms without data."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from calendar_examples import (
    built_in,
    calendar,
    count,
    on,
    one,
    pregnancy_test,
    status,
    visit,
    with_schedule,
)

SEEN = [visit(0, -21), visit(1, 1)]
FERTILE = [{"RPORRES": "Y", "RPDTC": on(-21)}]


def days(rows: pl.DataFrame, form: str) -> list[int]:
    return sorted(rows.filter((pl.col("ID") == form) & pl.col("TARGET").is_not_null())["DAY"])


# -- counts weekly, then monthly -------------------------------------------------------------------


@pytest.mark.requirement("P-44")
def test_counts_are_weekly_for_two_months_then_every_four_weeks() -> None:
    found = days(calendar(120, sv=SEEN), "haematology")
    assert found[:10] == [8, 15, 22, 29, 36, 43, 50, 57, 85, 113]
    assert {later - before for before, later in pairwise(found[8:])} == {28}


@pytest.mark.requirement("P-44")
@pytest.mark.parametrize(
    "day, expected",
    [
        (10, "missed"),  # nearer to the one of day 8
        (11, "done early -2"),
        (12, "done early -1"),
        (13, "done"),
        (15, "done"),
        (16, "done late 1"),
        (17, "done late 2"),
        (18, "missed"),  # nearer to the one of day 22
    ],
)
def test_a_count_is_done_by_its_date(day: int, expected: str) -> None:
    taken = [count(8), count(day), count(22)]
    rows = calendar(25, sv=SEEN, lb=taken)
    assert (status(rows, "haematology", 8), status(rows, "haematology", 22)) == ("done", "done")
    assert status(rows, "haematology", 15) == expected


@pytest.mark.requirement("P-44")
@pytest.mark.parametrize(
    "at, expected",
    [(12, "upcoming"), (13, "due"), (15, "due"), (16, "overdue"), (19, "overdue"), (20, "missed")],
)
def test_a_count_not_taken_is_missed_when_the_next_one_is_due(at: int, expected: str) -> None:
    assert status(calendar(at, sv=SEEN, lb=[count(8)]), "haematology", 15) == expected


def test_any_test_of_the_form_is_evidence_but_a_test_not_done_is_none() -> None:
    one_value = [count(8, LBTESTCD="WBC")]
    not_done = [count(8, LBORRES="", LBSTAT="NOT DONE", LBCAT="HAEMATOLOGY")]
    assert status(calendar(10, sv=SEEN, lb=one_value), "haematology", 8) == "done"
    assert status(calendar(10, sv=SEEN, lb=not_done), "haematology", 8) == "overdue"


def test_a_count_at_an_unscheduled_visit_counts_and_one_more_is_out_of_plan() -> None:
    rows = calendar(120, sv=[*SEEN, visit("", 86)], lb=[count(86), count(95), count(113)])
    assert status(rows, "haematology", 85) == "done late 1"
    extra = rows.filter((pl.col("KIND") == "test") & (pl.col("STATUS") == "unscheduled"))
    assert extra["DONE"].to_list() == [on(95)]


def test_a_count_without_a_complete_date_leaves_open_which_one_it_is() -> None:
    rows = calendar(60, sv=SEEN, lb=[count("2020-02")])  # study days 11 to 39
    assert [status(rows, "haematology", day) for day in (8, 15, 36, 50)] == [
        "missed", "unknown", "unknown", "missed",
    ]  # fmt: skip
    assert "2020-02-01 to 2020-02-29" in one(rows, "haematology", 15)["REMARK"]


def test_where_the_snapshot_has_no_place_for_a_test_nothing_is_known_of_it() -> None:
    rows = calendar(60, sv=SEEN)  # no table FA
    row = one(rows, "stopping_review", 29)
    assert row["STATUS"] == "unknown"
    assert row["REMARK"] == "the snapshot has no place for this form"


def test_tests_whose_later_distance_is_not_stated_end_with_the_frequent_ones() -> None:
    (first, *_) = built_in().protocol.schedule.series
    series = (first.model_copy(update={"then_every_days": "not stated"}),)
    rows = calendar(200, with_schedule(series=series), sv=SEEN)
    assert days(rows, "haematology") == [8, 15, 22, 29, 36, 43, 50, 57]


# -- only those to whom it applies -----------------------------------------------------------------


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize(
    "sex, answers, planned, remark",
    [
        ("F", [{"RPORRES": "Y"}], True, None),
        ("F", [{"RPORRES": "N"}], False, None),
        ("M", [], False, None),
        ("F", [], True, "whether it applies to the subject is not known"),
        ("U", [], True, "whether it applies to the subject is not known"),
        # an answer that is too old is not known any more (100 days)
        ("F", [{"RPORRES": "N", "RPDTC": "2019-06-01"}], True,
         "whether it applies to the subject is not known"),
        # the last answer counts
        ("F", [{"RPORRES": "Y"}, {"RPORRES": "N", "RPDTC": "2020-01-05"}], False, None),
    ],
)  # fmt: skip
def test_pregnancy_tests_are_planned_for_those_who_are_asked_for_them(
    sex: str, answers: list[dict[str, object]], planned: bool, remark: str | None
) -> None:
    rows = calendar(10, dm=[{"SEX": sex}], rp=answers, sv=SEEN)
    assert bool(days(rows, "pregnancy_test")) is planned
    assert (status(rows, "FIRST_PREGNANCY_TEST") != "no row") is planned
    if planned:
        assert one(rows, "pregnancy_test", 8)["REMARK"] == remark


@pytest.mark.requirement("P-20")
def test_a_contact_that_is_a_test_alone_is_seen_by_the_test() -> None:
    for day, expected in [
        (-15, "done early -1"),
        (-14, "done"),
        (-10, "done"),
        (-9, "done late 1"),
    ]:
        rows = calendar(5, rp=FERTILE, sv=SEEN, lb=[pregnancy_test(day, "FIRST")])
        assert status(rows, "FIRST_PREGNANCY_TEST") == expected
    rows = calendar(5, rp=FERTILE, sv=[*SEEN, visit(0.5, -12)])
    assert status(rows, "FIRST_PREGNANCY_TEST") == "done"  # a row of SV with its number


# -- cycles of treatment ---------------------------------------------------------------------------

TWO_CYCLES = [
    {"EXENDTC": on(100)},
    {"EXSTDTC": on(200)},
]


@pytest.mark.requirement("P-20", "P-35")
def test_tests_that_go_with_the_treatment_begin_again_with_a_second_cycle() -> None:
    rows = calendar(230, ex=TWO_CYCLES, rp=FERTILE, sv=SEEN)
    found = rows.filter((pl.col("ID") == "pregnancy_test") & (pl.col("DAY") <= 260))
    by_cycle = (
        found.filter(pl.col("TARGET").is_not_null()).group_by("CYCLE").agg("DAY").sort("CYCLE")
    )
    first, second = (sorted(row) for row in by_cycle["DAY"].to_list())
    assert first == [8, 15, 22, 29, 57, 85]  # none after day 100
    assert second == [200, 207, 214, 221, 228, 253]  # weekly again, then the days of the visits


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize("begin", [169, 197, 225, 253])
def test_a_day_that_both_cycles_plan_is_not_followed_by_itself(begin: int) -> None:
    cycles = [{"EXENDTC": on(100)}, {"EXSTDTC": on(begin)}]
    for at in range(begin, begin + 3):
        rows = calendar(at, ex=cycles, rp=FERTILE, sv=SEEN)
        assert status(rows, "pregnancy_test", begin) in ("due", "overdue")


@pytest.mark.requirement("P-41", "P-44")
def test_visits_and_counts_go_on_without_the_drug() -> None:
    rows = calendar(150, ex=[{"EXENDTC": on(100)}], sv=SEEN)
    assert {113, 141, 169} <= set(days(rows, "haematology"))
    assert status(rows, "WEEK_24") == "upcoming"
    assert [day for day in days(rows, "dispensing") if day > 100] == []


def test_a_dose_that_has_no_end_goes_on_until_treatment_is_ended_for_good() -> None:
    ended = [{"DSDECOD": "ADVERSE EVENT", "DSSCAT": "TREATMENT", "DSSTDTC": on(100)}]
    rows = calendar(150, ds=ended, sv=SEEN, da=[{"DADTC": on(29)}])
    assert days(rows, "dispensing") == [29, 57, 85]
    assert 113 in days(calendar(99, ds=ended, sv=SEEN, da=[{"DADTC": on(29)}]), "dispensing")
    assert status(rows, "WEEK_24") == "upcoming"


def test_visits_of_an_epoch_during_treatment_end_with_it() -> None:
    study = built_in()
    epochs = tuple(
        e.model_copy(update={"during": "treatment"}) if e.id == "TREATMENT" else e
        for e in study.protocol.epochs
    )
    protocol = study.protocol.model_copy(update={"epochs": epochs})
    changed = replace(study, protocol=protocol)
    rows = calendar(105, changed, ex=[{"EXENDTC": on(100)}], sv=SEEN)
    assert (status(rows, "WEEK_12"), status(rows, "WEEK_16")) == ("missed", "no row")
    assert status(rows, "WEEK_36") == "upcoming"


# -- forms of a visit ------------------------------------------------------------------------------


@pytest.mark.requirement("P-42")
def test_a_visit_made_names_its_forms_without_data() -> None:
    weights = [{"VSDTC": on(28), "VISITNUM": ""}]
    skin = [{"QSDTC": on(29), "QSTESTCD": "CLASIACT", "QSORRES": 3}]
    asked = [{"FATESTCD": "AEANY", "FAORRES": "N", "FADTC": on(29)}]
    rows = calendar(60, sv=[*SEEN, visit(3, 29)], vs=weights, qs=skin, fa=asked)
    missing = one(rows, "WEEK_4")["FORMSMISS"]
    # weighed the day before, in the window; the table of doses is a log
    assert missing == ["chemistry", "medication_review", "neurology", "systemic_review"]


def test_data_outside_the_window_count_by_the_number_of_the_visit_alone() -> None:
    made = [*SEEN, visit(3, 29)]
    for number, missing in [(3, False), ("", True), (4, True)]:
        rows = calendar(60, sv=made, vs=[{"VSDTC": on(36), "VISITNUM": number}])
        assert ("vital_signs" in one(rows, "WEEK_4")["FORMSMISS"]) is missing


def test_a_form_for_which_the_snapshot_has_no_place_is_not_called_missing() -> None:
    rows = calendar(60, sv=[*SEEN, visit(3, 29)])
    assert "vital_signs" not in one(rows, "WEEK_4")["FORMSMISS"]


def test_a_form_that_is_not_asked_is_not_missing() -> None:
    men = calendar(
        90, dm=[{"SEX": "M"}], rp=[{"RPORRES": "", "RPDTC": ""}], sv=[*SEEN, visit(6, 85)]
    )
    women = calendar(90, rp=[{"RPDTC": on(-21)}], sv=[*SEEN, visit(6, 85)])
    assert "childbearing" not in one(men, "WEEK_12")["FORMSMISS"]
    assert "childbearing" in one(women, "WEEK_12")["FORMSMISS"]


# -- a form that both a visit and a series ask for -------------------------------------------------


def stop_questions(day: int | str, number: object = "") -> dict[str, object]:
    when = on(day) if isinstance(day, int) else day
    return {"FATESTCD": "PHYSSTOP", "FAORRES": "N", "FADTC": when, "VISITNUM": number}


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "day, number, expected",
    [
        (15, "", "missed"),  # on the day of the visit of week 2, which asks for the form too
        (12, "", "missed"),  # in its window
        (18, "", "missed"),
        (20, 2, "missed"),  # under its number
        (20, "", "done early -6"),  # of no visit
        (26, 2, "done"),  # in the window of the test, whatever the number
        (33, "", "done late 4"),
        (40, "", "missed"),  # in the window of week 6, which asks for it
    ],
)
def test_the_form_of_a_visit_is_not_that_of_a_later_contact_of_its_series(
    day: int, number: object, expected: str
) -> None:
    seen = [*SEEN, visit(2, 15), visit(3, 29), visit(4, 43)]
    rows = calendar(60, sv=seen, fa=[stop_questions(day, number)])
    assert status(rows, "stopping_review", 29) == expected


def test_the_form_of_a_visit_made_late_stays_with_the_visit() -> None:
    rows = calendar(60, sv=[*SEEN, visit(2, 20), visit(3, 29)], fa=[stop_questions(20)])
    assert status(rows, "WEEK_2") == "done late 2"
    assert status(rows, "stopping_review", 29) == "missed"


def test_the_form_of_a_visit_filled_on_another_day_of_its_window_is_not_out_of_plan() -> None:
    for seen, out_of_plan in [([visit(2, 15)], []), ([], [on(14)])]:
        rows = calendar(60, sv=[*SEEN, *seen], fa=[stop_questions(14)])
        found = rows.filter((pl.col("KIND") == "test") & (pl.col("STATUS") == "unscheduled"))
        assert found["DONE"].to_list() == out_of_plan


# -- nobody misses what may not apply to them ------------------------------------------------------


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize(
    "at, known, not_known",
    [
        (15, "due", "due"),
        (16, "overdue", "overdue"),
        (19, "overdue", "overdue"),
        (20, "missed", "unknown"),  # the next one has begun
    ],
)
def test_a_contact_that_may_not_apply_is_never_missed(at: int, known: str, not_known: str) -> None:
    for answers, expected in [(FERTILE, known), ([], not_known)]:
        rows = calendar(at, rp=answers, sv=SEEN)
        assert status(rows, "pregnancy_test", 15) == expected
    row = one(rows, "pregnancy_test", 15)
    assert row["REMARK"] == "whether it applies to the subject is not known"


def test_nor_where_the_subject_left_after_it() -> None:
    left = [{"DSDECOD": "COMPLETED", "DSSCAT": "STUDY", "DSSTDTC": on(17)}]
    for answers, expected in [(FERTILE, "missed"), ([], "unknown")]:
        rows = calendar(18, rp=answers, sv=SEEN, ds=left)
        assert status(rows, "pregnancy_test", 15) == expected
    remark = one(rows, "pregnancy_test", 15)["REMARK"]
    assert remark == "whether it applies to the subject is not known"


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "last, expected",
    [
        ("", True),
        (on(16), True),
        (on(15), True),  # the visit is on the last day under treatment
        (on(14), False),
    ],
)
def test_off_treatment_nobody_misses_a_form_that_goes_with_the_treatment(
    last: object, expected: bool
) -> None:
    other = [{"FATESTCD": "AEANY", "FAORRES": "N", "FADTC": on(1)}]
    rows = calendar(60, ex=[{"EXENDTC": last}], sv=[*SEEN, visit(2, 15)], fa=other)
    missing = one(rows, "WEEK_2")["FORMSMISS"]
    assert ("stopping_review" in missing) is expected
    assert "medication_review" in missing  # asked on and off treatment


def test_on_the_day_before_a_later_cycle_the_forms_of_treatment_are_expected_again() -> None:
    other = [{"FATESTCD": "AEANY", "FAORRES": "N", "FADTC": on(1)}]
    for begins, expected in [(16, True), (17, False)]:
        doses = [{"EXENDTC": on(1)}, {"EXSTDTC": on(begins + 20)}]
        made = [*SEEN, visit(2, 15), visit(4, 35)]
        rows = calendar(60, ex=doses, sv=made, fa=other)
        assert ("stopping_review" in one(rows, "WEEK_6")["FORMSMISS"]) is expected
