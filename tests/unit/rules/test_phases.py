"""Dose, cycle, phase of treatment and relapses in taper, read from the doses that were taken."""

from dataclasses import replace

import polars as pl
import pytest
from record_examples import Cells, built_in, dose, kept, known, on, score, value

from pilotage.instruments.clasi import CLASI
from pilotage.rules import Record, states

STATE = ("PHASE", "DOSE_STEP", "WEEKS_AT_STEP", "CYCLE", "CYCLE_DAY", "WEEK")


def state(of: Record, day: int | str, *names: str) -> tuple[object, ...]:
    return tuple(value(of, name, day) for name in names or STATE)


def phases(of: Record, *days: int) -> list[object]:
    return [value(of, "PHASE", day) for day in days]


def with_scores(doses: list[Cells], *scores: tuple[int, int]) -> Record:
    """Doses and activity scores, beginning with 12 on day 1."""
    return kept(ex=doses, qs=[score(12, 1), *(score(total, day) for day, total in scores)])


# -- the dose --------------------------------------------------------------------------------------


@pytest.mark.requirement("P-30", "P-33")
def test_what_begins_on_a_day_is_being_decided_on_it() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("10 mg QD", 29)])
    assert state(of, -5) == ("before start", "stop", 0, 0, 0, 0)
    assert state(of, 1) == ("before start", "stop", 0, 0, 0, 0)
    assert state(of, 2) == ("treatment", "5 mg QD", 0, 1, 2, 2)
    assert state(of, 29) == ("treatment", "5 mg QD", 4, 1, 29, 4)
    assert state(of, 30) == ("treatment", "10 mg QD", 0, 1, 30, 4)
    assert state(of, 85) == ("treatment", "10 mg QD", 8, 1, 85, 12)


def test_the_day_after_the_last_dose_is_the_first_without() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28)])
    assert [value(of, "DOSE_STEP", day) for day in (28, 29, 30)] == ["5 mg QD", "5 mg QD", "stop"]
    assert phases(of, 29, 30) == ["treatment", "off treatment"]


@pytest.mark.parametrize("first, cycle, day", [(43, 1, 44), (44, 2, 2)])
def test_more_than_14_days_without_drug_begin_another_cycle(
    first: int, cycle: int, day: int
) -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("5 mg QD", first)])
    assert state(of, first + 1, "CYCLE", "CYCLE_DAY") == (cycle, day if cycle == 2 else first + 1)


def test_a_row_without_drug_says_what_no_row_says() -> None:
    rows = [dose("5 mg QD", 1, 28), dose("stop", 29, 40), dose("5 mg QD", 41)]
    assert value(kept(ex=rows), "DOSE_STEP", 35) == "stop"
    assert value(kept(ex=[rows[0], rows[2]]), "DOSE_STEP", 35) == "stop"


def test_two_rows_of_one_dose_are_one_stretch() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 14), dose("5 mg QD", 15)])
    assert value(of, "WEEKS_AT_STEP", 29) == 4


def test_two_rows_of_a_dose_off_the_ladder_are_one_stretch_too() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 14, EXDOSE=7.5), dose("5 mg QD", 15, EXDOSE=7.5)])
    assert state(of, 29, "DOSE_STEP", "WEEKS_AT_STEP") == (None, 4)


@pytest.mark.parametrize("day, expected", [(-3, None), (1, 1), (8, 8)])
def test_the_study_day_counts_from_the_first_dose(day: int, expected: int | None) -> None:
    assert value(kept(ex=[dose("5 mg QD", 1)]), "STUDY_DAY", day) == expected


def test_a_subject_who_was_never_treated_is_before_its_start() -> None:
    assert state(kept(), 50) == ("before start", "stop", 0, 0, 0, 0)
    assert known(kept(), "STUDY_DAY", 50).problem == "missing"


# -- what is not known of a dose -------------------------------------------------------------------


def test_a_dose_that_is_no_step_of_the_ladder_has_none() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("10 mg QD", 29, EXDOSE=7.5)])
    found = known(of, "DOSE_STEP", 40)
    assert (found.value, found.problem, found.rows) == (None, "not computed", (("EX", 2),))
    assert value(of, "PHASE", 40) == "treatment"


def test_a_dose_without_a_unit_is_not_known() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("10 mg QD", 29, EXDOSU="")])
    assert value(of, "DOSE_STEP", 29) == "5 mg QD"
    assert state(of, 40, "DOSE_STEP", "PHASE") == (None, None)


def test_doses_that_overlap_are_not_known() -> None:
    forgotten = [dose("5 mg QD", 1), dose("10 mg QD", 29)]
    assert [value(kept(ex=forgotten), "DOSE_STEP", day) for day in (29, 30)] == ["5 mg QD", None]
    shared_day = [dose("5 mg QD", 1, 29), dose("10 mg QD", 29)]
    assert value(kept(ex=shared_day), "DOSE_STEP", 30) == "10 mg QD"


@pytest.mark.parametrize("name", STATE)
def test_after_a_dose_of_unknown_date_nothing_about_doses_is_known(name: str) -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("10 mg QD", "2020-03")])
    assert value(of, name, "2020-03-01") is not None
    assert value(of, name, "2020-03-02") is None
    assert known(of, name, "2020-03-02").problem == "date incomplete"


@pytest.mark.parametrize("name", STATE)
def test_a_dose_of_unknown_last_day_is_known_up_to_the_first_day_that_this_can_be(
    name: str,
) -> None:
    closed, open_ = (
        kept(ex=[dose("5 mg QD", 1, 10), dose("10 mg QD", 11, last)])
        for last in ("2020-03-31", "2020-03")
    )
    for day in (1, 2, 11, 12, 20, "2020-02-29", "2020-03-01"):
        assert value(open_, name, day) == value(closed, name, day) is not None
    assert known(open_, name, "2020-03-02").problem == "date incomplete"


def test_a_dose_that_ends_in_the_month_in_which_it_began_is_known_on_its_first_day() -> None:
    of = kept(ex=[dose("5 mg QD", 1, "2020-01")])
    assert [value(of, "PHASE", day) for day in (-20, 1, 2)] == ["before start"] * 2 + [None]


def test_a_dose_row_without_a_dose_leaves_what_follows_open() -> None:
    of = kept(ex=[dose("5 mg QD", 1, 28), dose("5 mg QD", 29, EXDOSE="")])
    assert value(of, "DOSE_STEP", 29) == "5 mg QD"
    assert known(of, "DOSE_STEP", 30).problem == "not computed"


# -- the phase -------------------------------------------------------------------------------------


@pytest.mark.requirement("P-33")
def test_a_lower_dose_after_complete_response_is_taper_and_none_is_withdrawal() -> None:
    steps = ("10 mg QD", "5 mg QD", "5 mg QOD", "5 mg TIW")
    of = with_scores(
        [dose(step, 1 + 28 * at, 28 + 28 * at) for at, step in enumerate(steps)],
        *((day, 0) for day in (29, 57, 85, 113)),
    )
    assert phases(of, 29, 30, 58, 86, 113, 114) == [
        "treatment", "taper", "taper", "taper", "taper", "off treatment"
    ]  # fmt: skip


def test_a_lower_dose_without_complete_response_stays_treatment() -> None:
    of = with_scores([dose("10 mg QD", 1, 28), dose("5 mg QD", 29)], (29, 6))
    assert phases(of, 30, 60) == ["treatment", "treatment"]


def test_a_lower_dose_after_complete_response_is_taper_also_against_the_table() -> None:
    """At a score of 6 the table does not ask for less."""
    of = with_scores([dose("5 mg QD", 1, 56), dose("5 mg QOD", 57)], (29, 0), (57, 6))
    assert phases(of, 57, 58) == ["treatment", "taper"]


@pytest.mark.requirement("P-35")
def test_a_relapse_in_taper_reintroduces_treatment() -> None:
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("5 mg QD", 57)]
    of = with_scores(doses, (29, 0), (57, 4))
    assert phases(of, 57, 58) == ["taper", "treatment"]
    assert [value(of, "TAPER_RELAPSES", day) for day in (56, 57, 90)] == [0, 1, 1]
    assert [value(of, "RELAPSE", day) for day in (30, 57)] == ["no", "yes"]


@pytest.mark.requirement("P-35")
def test_a_reintroduction_at_the_dose_that_is_taken_opens_treatment_too() -> None:
    doses = [dose("10 mg QD", 1, 28), dose("5 mg QD", 29)]
    of = with_scores(doses, (29, 0), (57, 4))
    assert phases(of, 57, 58) == ["taper", "treatment"]
    assert value(of, "WEEKS_AT_STEP", 58) == 4


@pytest.mark.requirement("P-35")
def test_after_a_second_relapse_in_taper_the_dose_that_held_is_maintenance() -> None:
    doses = [
        dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("5 mg QD", 57, 112),
        dose("5 mg QOD", 113, 140), dose("5 mg QD", 141),
    ]  # fmt: skip
    of = with_scores(doses, (29, 0), (57, 4), (113, 0), (141, 5))
    assert phases(of, 113, 114, 141, 142) == ["treatment", "taper", "taper", "maintenance"]
    assert value(of, "TAPER_RELAPSES", 141) == 2


@pytest.mark.requirement("P-35")
def test_a_visit_without_an_assessment_is_an_occasion_too() -> None:
    """After 8 weeks a maintenance dose of 5 mg/day that does not clear the relapse is the dose of
    reintroduction: from that visit on it is treatment."""
    doses = [
        dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("5 mg QD", 57, 112),
        dose("5 mg QOD", 113, 140), dose("5 mg QD", 141),
    ]  # fmt: skip
    scores = ((1, 12), (29, 0), (57, 4), (113, 0), (141, 5), (190, 5))
    qs = [score(total, day) for day, total in scores]
    of = kept(ex=doses, qs=qs, sv=[{"SVSTDTC": 195}])
    assert phases(of, 195, 196) == ["maintenance", "treatment"]
    assert phases(kept(ex=doses, qs=qs), 196) == ["maintenance"]


def test_where_the_day_of_complete_response_is_not_known_a_lower_dose_may_be_taper() -> None:
    of = kept(
        ex=[dose("5 mg QD", 1, 28), dose("5 mg QOD", 29)],
        qs=[score(12, 1), score(0, "2020-02")],
    )
    assert known(of, "PHASE", "2020-02-20").problem == "not computed"


@pytest.mark.requirement("P-33", "P-60")
@pytest.mark.parametrize(
    "scores, day, phase",
    [
        ({29: ""}, 29, None),  # may have been 0
        ({29: "", 15: 6}, 29, None),
        ({29: "", 15: 0}, 29, "taper"),  # 0 was seen at another assessment
        ({29: 1}, 29, "treatment"),
        ({30: ""}, 29, "treatment"),  # not yet assessed on the day of the dose
        ({1: "", 15: 6}, 29, "treatment"),  # the baseline is no response
    ],
)
def test_a_lower_dose_after_an_assessment_with_open_items_may_be_taper(
    scores: dict[int, object], day: int, phase: str | None
) -> None:
    qs = [score(12, -1), *(score(total, on_day) for on_day, total in scores.items())]
    of = kept(ex=[dose("10 mg QD", 1, day - 1), dose("5 mg QD", day)], qs=qs)
    assert value(of, "PHASE", day + 1) == phase


@pytest.mark.parametrize("total, phase", [(1, "treatment"), (0, "taper"), ("", None)])
def test_without_a_baseline_a_score_that_is_not_0_is_known_not_to_be_the_response(
    total: object, phase: str | None
) -> None:
    of = kept(ex=[dose("10 mg QD", 1, 28), dose("5 mg QD", 29)], qs=[score(total, 29)])
    assert value(of, "PHASE", 30) == phase


def test_a_relapse_of_unknown_day_leaves_open_whether_treatment_began_again() -> None:
    """Day 57 is 18 March: was the relapse of that month before it, or after?"""
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("5 mg QD", 57)]
    scores = [score(12, 1), score(0, 29), score(5, "2020-03")]
    assert phases(kept(ex=doses, qs=scores), 57, 58, 90) == ["taper", None, None]
    stopped = [*doses[:2], dose("5 mg QD", 57, 89)]
    assert phases(kept(ex=stopped, qs=scores), 90, 91) == [None, "off treatment"]
    same_dose = [dose("10 mg QD", 1, 28), dose("5 mg QD", 29)]
    assert phases(kept(ex=same_dose, qs=scores), 40, 41) == ["taper", None]


def test_more_drug_out_of_taper_without_a_relapse_is_treatment() -> None:
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("10 mg QD", 57)]
    of = with_scores(doses, (29, 0), (57, 0))
    assert phases(of, 57, 58) == ["taper", "treatment"]


def test_one_relapse_is_counted_once_however_often_its_total_is_stated() -> None:
    """Items win over stated totals: two totals of one day say the same."""
    items = next(each.items for each in CLASI.scores if each.code == "CLASIACT")
    scores = [score(12, 1), score(0, 29)]
    scores += [score(int(place < 5), 57, item) for place, item in enumerate(items)]
    scores += [score(4, 57), score(17, 57)]
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29)]
    assert state(kept(ex=doses, qs=scores), 57, "RELAPSE", "TAPER_RELAPSES") == ("yes", 1)


def test_a_relapse_under_treatment_is_none_in_taper() -> None:
    of = with_scores([dose("5 mg QD", 1)], (29, 0), (57, 4))
    assert state(of, 57, "RELAPSE", "TAPER_RELAPSES") == ("yes", 0)


# -- responses -------------------------------------------------------------------------------------


@pytest.mark.requirement("P-60", "P-61", "P-62")
def test_response_is_that_of_the_last_assessment_and_the_best_is_kept() -> None:
    of = with_scores([dose("5 mg QD", 1)], (15, 6), (29, 11))
    assert [value(of, "RESPONSE", day) for day in (1, 3, 15, 22, 23, 29)] == [
        None, None, "PR", "PR", None, "MR"
    ]  # fmt: skip
    assert known(of, "RESPONSE", 1).problem == "missing"
    assert known(of, "RESPONSE", 23).problem == "too old"
    assert value(of, "BEST_RESPONSE", 200) == "PR"
    assert known(of, "RESPONSE", 15).rows == (("QS", 2),)
    assert known(of, "BEST_RESPONSE", 200).on == on(15)


def test_a_response_without_a_baseline_is_not_computed() -> None:
    of = kept(ex=[dose("5 mg QD", 1)], qs=[score(5, 15)])
    assert known(of, "RESPONSE", 15).problem == "not computed"
    assert known(of, "RELAPSE", 15).value == "no"


def test_an_assessment_of_unknown_day_leaves_relapses_open() -> None:
    of = with_scores([dose("5 mg QD", 1)], (29, 0))
    data = kept(ex=[dose("5 mg QD", 1)], qs=[score(12, 1), score(0, 29), score(5, "2020-03")])
    assert value(of, "RELAPSE", "2020-03-01") is None  # 11 days old
    assert value(data, "TAPER_RELAPSES", "2020-02-29") == 0
    assert known(data, "TAPER_RELAPSES", "2020-03-01").problem == "date incomplete"
    assert known(data, "RELAPSE", "2020-03-01").problem == "date incomplete"
    assert known(data, "RELAPSE", "2020-03-01").recorded == "5 points of 2020-03"
    assert known(data, "TAPER_RELAPSES", "2020-04-30").recorded == "5 points of 2020-03"


def test_after_the_interval_of_an_incomplete_date_what_every_order_says_is_known() -> None:
    """On whatever day of March the relapse was, in April it is open or cleared."""
    first = [score(12, 1), score(0, 29), score(5, "2020-03")]
    for total, response, relapse in ((2, "PR", "yes"), (0, "CR", "no")):
        of = kept(ex=[dose("5 mg QD", 1)], qs=[*first, score(total, "2020-04-10")])
        assert state(of, "2020-04-10", "RESPONSE", "RELAPSE") == (response, relapse)
        assert value(of, "TAPER_RELAPSES", "2020-04-10") is None


@pytest.mark.parametrize("total, counted", [(0, 1), (3, 1), (4, None), ("", None)])
def test_an_incomplete_date_leaves_relapses_open_only_where_it_can_concern_them(
    total: object, counted: int | None
) -> None:
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29)]
    scores = [score(12, 1), score(0, 29), score(total, "2020-03"), score(5, "2020-04-10")]
    assert value(kept(ex=doses, qs=scores), "TAPER_RELAPSES", "2020-04-10") == counted


def test_a_score_of_0_between_two_of_a_relapse_may_part_it() -> None:
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29)]
    relapse = [score(5, "2020-03-05"), score(5, "2020-03-25"), score(5, "2020-04-10")]
    for when, counted in (
        ("2020-03", None),
        ("2020-03-15", 2),
        ("2020-03-30", 2),
        ("2020-04", None),
    ):
        of = kept(ex=doses, qs=[score(12, 1), score(0, 29), *relapse, score(0, when)])
        assert value(of, "TAPER_RELAPSES", "2020-05-01") == counted


def test_whether_a_score_of_0_came_after_a_first_dose_of_unknown_day_leaves_relapses_open() -> None:
    scores = [score(12, "2020-01-02"), score(0, "2020-01-20"), score(5, "2020-02-15")]
    unknown = kept(ex=[dose("5 mg QD", "2020-01", "2020-01-31")], qs=scores)
    assert known(unknown, "RELAPSE", "2020-02-15").problem == "date incomplete"
    before = kept(ex=[dose("5 mg QD", "2020-02", "2020-02-29")], qs=scores)
    assert known(before, "RELAPSE", "2020-02-15").value == "no"


def test_an_incomplete_date_leaves_the_best_response_open_only_where_it_may_be_better() -> None:
    ex = [dose("5 mg QD", 1)]
    better = kept(ex=ex, qs=[score(12, 1), score(6, 15), score(0, "2020-03")])
    worse = kept(ex=ex, qs=[score(12, 1), score(6, 15), score(12, "2020-03")])
    days = ("2020-02-20", "2020-03-15", "2020-03-31")
    assert [value(better, "BEST_RESPONSE", day) for day in days] == ["PR", None, "CR"]
    assert [value(worse, "BEST_RESPONSE", day) for day in days] == ["PR", "PR", "PR"]


def test_a_study_without_relapses_has_responses_and_phases() -> None:
    protocol = built_in().protocol
    study = replace(built_in(), protocol=protocol.model_copy(update={"relapse": None}))
    qs = [score(12, 1), score(0, 29)]
    of = kept(study, ex=[dose("5 mg QD", 1, 28), dose("5 mg QOD", 29)], qs=qs)
    assert state(of, 30, "PHASE", "RESPONSE", "RELAPSE", "TAPER_RELAPSES") == (
        "taper", "CR", None, None
    )  # fmt: skip


# -- one and all -----------------------------------------------------------------------------------


def test_of_many_subjects_each_has_its_own_course() -> None:
    subjects = ("S1", "S2", "S3")
    doses = [
        dose("5 mg QD", 1, 28, USUBJID="S1"), dose("10 mg QD", 29, USUBJID="S1"),
        dose("5 mg QD", 1, 14, USUBJID="S3"),
    ]  # fmt: skip
    numbered = [{**row, "EXSEQ": at} for at, row in enumerate(doses, 1)]
    of = kept(dm=[{"USUBJID": each} for each in subjects], ex=numbered)
    moments = pl.DataFrame({"USUBJID": ["S3", "S2", "S1", "S3"], "DATE": [on(40)] * 3 + [on(2)]})
    found = states(of, moments, ["PHASE", "DOSE_STEP"]).rows()
    assert [row[2:] for row in found] == [
        ("off treatment", "stop"), ("before start", "stop"), ("treatment", "10 mg QD"),
        ("treatment", "5 mg QD"),
    ]  # fmt: skip
