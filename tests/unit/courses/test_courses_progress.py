"""What a synthetic subject's protocol knows of it on a day."""

import pytest
from cohort_examples import study

from pilotage.courses.progress import Progress, days_between, nominal_week
from pilotage.rules import Decision

PROTOCOL = study().protocol
WINDOWS = PROTOCOL.analysis_windows


def progress(**more: object) -> Progress:
    answers = {"prior_treatment.thalidomide": ("yes", -20)}
    return Progress(PROTOCOL, {"NEUT": (1.8, 7.5)}, 44, "F", answers, **more)  # type: ignore[arg-type]


def with_scores(*scores: tuple[int, float], phase: str = "treatment") -> Progress:
    """A subject with activity scores on study days."""
    made = progress(phase=phase)
    for day, score in scores:
        made.observe({"CLASIACT": score}, day)
    return made


def started(day: int = 1) -> Progress:
    made = progress()
    made.carry_out(Decision("start", to="5 mg QD"), day)
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
    state = progress().state(-20)
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
    made = progress()
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
    made.carry_out(Decision("lower", to="stop"), 43)  # day 42 is the last dose day
    made.carry_out(Decision("reintroduce", to="5 mg QD"), 42 + gap + 1)
    state = made.state(42 + gap + 1)
    assert (state["CYCLE"], state["WEEK"], state["CYCLE_DAY"]) == (
        cycle, week, 1 if cycle == 2 else 57
    )  # fmt: skip


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("day, weeks", [(29, 4), (26, 4), (25, 3), (1, 0)])
def test_weeks_at_the_dose_step_are_the_nearest_whole_number(day: int, weeks: int) -> None:
    assert started().state(day)["WEEKS_AT_STEP"] == weeks


@pytest.mark.requirement("P-30", "P-31", "P-33")
def test_decisions_move_along_the_ladder() -> None:
    made = started()
    seen = []
    for action in ("raise", "raise", "lower", "hold", "lower", "lower", "lower", "lower"):
        made.carry_out(Decision(action), 30)
        seen.append((made.state(30)["DOSE_STEP"], made.phase))
    assert seen == [
        ("10 mg QD", "treatment"),
        ("10 mg QD", "treatment"),
        ("5 mg QD", "taper"),
        ("5 mg QD", "taper"),
        ("5 mg QOD", "taper"),
        ("5 mg TIW", "taper"),
        ("stop", "off treatment"),
        ("stop", "off treatment"),
    ]


@pytest.mark.requirement("P-35")
def test_maintenance_without_a_named_step_is_the_last_step_that_held_the_score_at_0() -> None:
    made = started()
    made.observe({"CLASIACT": 0}, 29)
    made.carry_out(Decision("lower"), 29)
    made.carry_out(Decision("maintain"), 57)
    assert (made.state(57)["DOSE_STEP"], made.phase) == ("5 mg QD", "maintenance")


def test_an_unknown_decision_leaves_the_dose() -> None:
    made = started()
    made.carry_out(Decision("CANNOT ADVISE"), 29)
    assert (made.state(29)["DOSE_STEP"], made.phase) == ("5 mg QD", "treatment")
