"""What the decision tables may know of a subject on a day, of the built-in study."""

import polars as pl
import pytest

from pilotage.datasets.windows import with_visit
from pilotage.rules import Standing
from pilotage.rules.state import WEEKS_AT_ONCE, days_between, nominal_week
from pilotage.study import load_study
from pilotage.study.new import TEMPLATE

PROTOCOL = load_study("lenalidomide_cle").protocol
WINDOWS = PROTOCOL.analysis_windows
LADDER = [step.step for step in PROTOCOL.treatment.ladder]


def standing(**more: object) -> Standing:
    answers = {"prior_treatment.thalidomide": ("yes", -20)}
    return Standing(PROTOCOL, {"NEUT": (1.8, 7.5)}, 44, "F", answers, **more)  # type: ignore[arg-type]


def with_scores(*scores: tuple[int, float], phase: str = "treatment") -> Standing:
    """A subject with activity scores on study days."""
    made = standing(phase=phase)
    for day, score in scores:
        made.observe({"CLASIACT": score}, day)
    return made


def started() -> Standing:
    made = standing()
    made.take(LADDER.index("5 mg QD"), 1)
    return made


@pytest.mark.requirement("P-84")
@pytest.mark.parametrize(
    "week, first, last",
    [(2, 2, 22), (4, 23, 43), (8, 44, 71), (12, 72, 99), (16, 100, 127), (20, 128, 155),
     (24, 156, 211), (36, 212, 295), (48, 296, 379), (60, 380, 463), (72, 464, 547)],
)  # fmt: skip
def test_the_nominal_week_is_that_of_the_analysis_window(week: int, first: int, last: int) -> None:
    assert [nominal_week(day, WINDOWS) for day in (first, last)] == [week, week]
    assert nominal_week(first - 1, WINDOWS) != week


def test_the_nominal_week_is_0_up_to_the_first_day() -> None:
    assert [nominal_week(day, WINDOWS) for day in (-5, 1)] == [0, 0]


def test_a_day_in_no_window_has_no_week() -> None:
    without = WINDOWS.model_copy(update={"afterwards": None})
    assert nominal_week(380, without) is None


@pytest.mark.parametrize(
    "first, last, days", [(1, 8, 7), (-1, 1, 1), (-3, 5, 7), (-5, -2, 3), (4, 4, 0)]
)
def test_there_is_no_day_0(first: int, last: int, days: int) -> None:
    assert days_between(first, last) == days


def test_before_the_first_dose_nothing_but_the_person_is_known() -> None:
    state = standing().state(-20)
    assert (state["AGE"], state["SEX"], state["PHASE"]) == (44, "F", "before start")
    assert (state["DOSE_STEP"], state["WEEK"], state["CYCLE"]) == ("stop", 0, 0)
    for name in ("RESPONSE", "BEST_RESPONSE", "CLASIACT", "CLASIACT.BASE", "NEUT.GRADE", "NOTHING"):
        assert state.get(name) is None


def test_baseline_is_the_last_value_up_to_the_first_dose() -> None:
    state = with_scores((-20, 9), (1, 12), (15, 6)).state(15)
    assert [state[f"CLASIACT{part}"] for part in ("", ".BASE", ".CHG", ".PCHG")] == [6, 12, -6, -50]


def test_percent_change_is_unknown_where_baseline_is_0() -> None:
    state = with_scores((1, 0), (15, 2)).state(15)
    assert (state["CLASIACT.CHG"], state["CLASIACT.PCHG"]) == (2, None)


def test_a_value_without_baseline_has_no_change() -> None:
    assert with_scores((15, 2)).state(15)["CLASIACT.CHG"] is None


@pytest.mark.parametrize("day, known", [(36, True), (37, False)])
def test_a_score_older_than_the_study_allows_is_unknown(day: int, known: bool) -> None:
    state = with_scores((1, 12), (29, 6)).state(day)
    for name in ("CLASIACT", "CLASIACT.CHG", "CLASIACT.PCHG", "RESPONSE", "RELAPSE"):
        assert (state[name] is not None) is known, name
    assert state["CLASIACT.BASE"] == 12
    assert state["CLASIACT.AGE_DAYS"] == day - 29
    assert state["BEST_RESPONSE"] == "PR"


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("day, grade", [(31, 3), (32, None)])
def test_a_grade_is_that_of_the_last_count_until_it_is_too_old(day: int, grade: int | None) -> None:
    made = started()
    made.observe({"NEUT": 0.9}, 1)
    assert made.state(day)["NEUT.GRADE"] == grade


def test_an_answer_of_the_history_stands_until_it_is_too_old() -> None:
    made = standing()
    assert made.state(100)["prior_treatment.thalidomide"] == "yes"
    assert made.state(3650)["prior_treatment.thalidomide"] is None


@pytest.mark.requirement("P-60", "P-61", "P-62")
@pytest.mark.parametrize("score, response", [(0, "CR"), (6, "PR"), (7, "MR"), (12, "NR")])
def test_response_is_judged_after_the_first_dose_only(score: float, response: str) -> None:
    assert with_scores((-20, score), (1, 12)).state(1)["RESPONSE"] is None
    assert with_scores((1, 12), (15, score)).state(15)["RESPONSE"] == response


def test_the_best_response_is_kept() -> None:
    state = with_scores((1, 12), (15, 6), (29, 12)).state(29)
    assert (state["RESPONSE"], state["BEST_RESPONSE"]) == ("NR", "PR")


def relapses(*scores: tuple[int, float], phase: str = "taper") -> tuple[object, object]:
    """RELAPSE and TAPER_RELAPSES after the last score."""
    state = with_scores((1, 12), *scores, phase=phase).state(scores[-1][0])
    return state["RELAPSE"], state["TAPER_RELAPSES"]


@pytest.mark.requirement("P-65")
def test_a_relapse_is_a_score_of_4_after_complete_response() -> None:
    assert relapses((15, 5), (29, 6)) == ("no", 0)
    assert relapses((15, 0), (29, 3)) == ("no", 0)
    assert relapses((15, 0), (29, 4)) == ("yes", 1)


@pytest.mark.requirement("P-65")
def test_a_relapse_lasts_until_the_score_is_0_and_only_then_another_counts() -> None:
    assert relapses((15, 0), (29, 4), (43, 3)) == ("yes", 1)
    assert relapses((15, 0), (29, 4), (43, 3), (57, 6)) == ("yes", 1)
    assert relapses((15, 0), (29, 4), (43, 0)) == ("no", 1)
    assert relapses((15, 0), (29, 4), (43, 0), (57, 4)) == ("yes", 2)


@pytest.mark.requirement("P-35")
@pytest.mark.parametrize(
    "phase, counted", [("treatment", 0), ("taper", 1), ("off treatment", 1), ("maintenance", 1)]
)
def test_relapses_count_while_reducing_and_after_withdrawal(phase: str, counted: int) -> None:
    assert relapses((15, 0), (29, 4), phase=phase) == ("yes", counted)


@pytest.mark.parametrize("gap, cycle, week", [(14, 1, 8), (15, 2, 0)])
def test_more_than_14_days_without_drug_begin_a_new_cycle_and_its_weeks(
    gap: int, cycle: int, week: int
) -> None:
    made = started()
    made.take(0, 43)  # day 42 is the last dose day
    made.take(LADDER.index("5 mg QD"), 42 + gap + 1)
    state = made.state(42 + gap + 1)
    assert (state["CYCLE"], state["WEEK"], state["CYCLE_DAY"]) == (
        cycle, week, 1 if cycle == 2 else 57
    )  # fmt: skip


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("day, weeks", [(29, 4), (26, 4), (25, 3), (1, 0)])
def test_weeks_at_the_dose_step_are_the_nearest_whole_number(day: int, weeks: int) -> None:
    assert started().state(day)["WEEKS_AT_STEP"] == weeks


# -- of one mind with the datasets ----------------------------------------------------------------


def test_every_day_has_the_week_that_the_datasets_give_it() -> None:
    days = range(1, 7 * 2 * WEEKS_AT_ONCE + 3)
    rows = pl.DataFrame({"ADY": days}).with_columns(POST=pl.col("ADY") > 1)
    assert [nominal_week(day, WINDOWS) for day in days] == with_visit(rows, WINDOWS)[
        "AVISITN"
    ].to_list()


def test_a_category_after_one_that_is_unknown_is_unknown() -> None:
    """Without a baseline nobody knows whether the row of 50 % improvement holds."""
    template = load_study(TEMPLATE).protocol
    made = Standing(template, {}, 44, "F")
    made.observe({"SCORE": 5}, 15)
    assert made.state(15)["RESPONSE"] is None
    made.observe({"SCORE": 0}, 29)
    assert made.state(29)["RESPONSE"] == "CR"


@pytest.mark.parametrize(
    "scores, response",
    [((10, 4), "PR"), ((10, 4, 3), "MR"), ((10, 4, 2), "PR"), ((10, 4, 4), "NR")],
)
def test_a_category_may_be_judged_against_the_assessment_before(
    scores: tuple[int, ...], response: str
) -> None:
    relapse = PROTOCOL.relapse
    assert relapse is not None
    classification = PROTOCOL.classifications[relapse.classification].model_copy(
        update={"against": "previous assessment"}
    )
    changed = {**PROTOCOL.classifications, relapse.classification: classification}
    made = Standing(PROTOCOL.model_copy(update={"classifications": changed}), {}, 44, "F")
    for day, score in enumerate(scores, start=1):
        made.observe({"CLASIACT": score}, day)
    assert made.state(len(scores))["RESPONSE"] == response


# -- answers --------------------------------------------------------------------------------------


def test_the_last_answer_stands() -> None:
    made = standing()
    made.answer({"childbearing.potential": "yes"}, -20)
    made.answer({"childbearing.potential": "no"}, 1)
    assert made.state(1)["childbearing.potential"] == "no"


@pytest.mark.parametrize("day, known", [(-13, True), (-12, False), (400, False)])
def test_an_item_of_an_instrument_may_be_as_old_as_its_score(day: int, known: bool) -> None:
    made = standing()
    made.answer({"clasi.eryface": 2}, -20)
    assert (made.state(day)["clasi.eryface"] == 2) is known
    assert made.recorded(day)["clasi.eryface"] == 2


def test_an_answer_without_a_maximum_age_is_known_to_edit_checks_only() -> None:
    made = standing()
    made.answer({"diagnosis.sle": "yes"}, -20)
    assert made.state(-20)["diagnosis.sle"] is None
    assert made.recorded(400)["diagnosis.sle"] == "yes"


def test_without_an_assessment_nobody_knows_of_a_relapse() -> None:
    assert started().state(15)["RELAPSE"] is None
    assert with_scores((1, 12)).state(3)["RELAPSE"] == "no"


def test_before_the_first_dose_there_is_no_study_day_and_no_week_at_a_step() -> None:
    state = standing().state(-20)
    assert (state["STUDY_DAY"], state["WEEKS_AT_STEP"]) == (None, 0)
