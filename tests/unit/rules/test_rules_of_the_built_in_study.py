"""The decision tables of the built-in study, at their boundaries."""

from itertools import pairwise

import pytest

from pilotage.conditions import Condition, holds
from pilotage.rules import UNKNOWN, Decision, State, decide, decide_any
from pilotage.study import load_study

STUDY = load_study("lenalidomide_cle")
DOSING, STOPPING = STUDY.protocol.dosing, STUDY.protocol.stopping


def dose(
    phase: str,
    *,
    week: int = 0,
    step: str = "5 mg QD",
    weeks: int = 4,
    response: str | None = None,
    best: str | None = None,
    relapse: str | None = "no",
    relapses: int = 0,
    **more: str,
) -> Decision:
    """The answer of the dosing table: week of the cycle, dose step and weeks at it, response now
    and at best, a relapse that has not cleared, relapses while reducing."""
    state = {
        "PHASE": phase,
        "WEEK": week,
        "DOSE_STEP": step,
        "WEEKS_AT_STEP": weeks,
        "RESPONSE": response,
        "BEST_RESPONSE": best or response,
        "RELAPSE": relapse,
        "TAPER_RELAPSES": relapses,
        **more,
    }
    return decide(DOSING, state)


def answer(decision: Decision) -> tuple[str | None, str | None]:
    return decision.action, decision.to


@pytest.mark.requirement("P-30", "P-03")
def test_treatment_starts_with_5_mg_a_day() -> None:
    decision = dose("before start", step="stop", weeks=0)
    assert answer(decision) == ("start", "5 mg QD")
    assert decision.source == ("P-30",)


@pytest.mark.requirement("P-30")
@pytest.mark.parametrize("response", ["CR", "PR", "MR", "NR", None])
@pytest.mark.parametrize("week", [0, 2, 3])
def test_before_week_4_the_dose_stays_whatever_the_response(
    week: int, response: str | None
) -> None:
    decision = dose("treatment", week=week, response=response)
    assert answer(decision) == ("hold", None)
    assert decision.source == ("P-30",)


@pytest.mark.requirement("P-31", "P-32", "P-33")
@pytest.mark.parametrize("week", [4, 8, 12, 60])
@pytest.mark.parametrize(
    "response, expected, source",
    [
        ("CR", ("lower", None), "P-33"),
        ("PR", ("hold", None), "P-32"),
        ("MR", ("hold", None), "P-31"),
        ("NR", ("raise", "10 mg QD"), "P-31"),
    ],
)
def test_from_week_4_at_5_mg_the_response_decides(
    week: int, response: str, expected: tuple[str, str | None], source: str
) -> None:
    decision = dose("treatment", week=week, response=response)
    assert answer(decision) == expected
    assert source in decision.source


@pytest.mark.requirement("P-31")
@pytest.mark.parametrize(
    "response, weeks, expected",
    [
        ("NR", 7, ("hold", None)),
        ("NR", 8, ("stop", None)),
        ("MR", 8, ("hold", None)),
        ("PR", 8, ("hold", None)),
        ("CR", 1, ("lower", None)),
    ],
)
def test_10_mg_is_given_8_weeks_to_bring_an_improvement(
    response: str, weeks: int, expected: tuple[str, str | None]
) -> None:
    decision = dose("treatment", week=12, step="10 mg QD", weeks=weeks, response=response)
    assert answer(decision) == expected


@pytest.mark.requirement("P-31")
@pytest.mark.parametrize("step", ["5 mg QD", "10 mg QD"])
@pytest.mark.parametrize("week", [4, 12])
def test_without_a_known_response_no_advice_is_given_from_week_4(week: int, step: str) -> None:
    decision = dose("treatment", week=week, step=step)
    assert decision.action == UNKNOWN
    assert decision.missing == ("RESPONSE",)


@pytest.mark.requirement("P-30")
def test_without_a_known_week_no_advice_is_given() -> None:
    state: State = {"PHASE": "treatment", "RESPONSE": "CR", "TAPER_RELAPSES": 0}
    assert decide(DOSING, state).missing == ("WEEK",)


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("step", ["10 mg QD", "5 mg QD", "5 mg QOD", "5 mg TIW"])
@pytest.mark.parametrize("weeks, action", [(0, "hold"), (3, "hold"), (4, "lower"), (5, "lower")])
def test_in_taper_one_step_down_each_month_while_the_score_stays_0(
    step: str, weeks: int, action: str
) -> None:
    decision = dose("taper", week=24, step=step, weeks=weeks, response="CR")
    assert answer(decision) == (action, None)


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("response", ["PR", "MR", "NR"])
def test_in_taper_a_score_above_0_that_is_no_relapse_keeps_the_dose(response: str) -> None:
    assert answer(dose("taper", week=24, step="5 mg QOD", response=response)) == ("hold", None)


@pytest.mark.requirement("P-33", "P-65")
@pytest.mark.parametrize("missing", ["RESPONSE", "RELAPSE"])
def test_in_taper_an_unknown_score_gives_no_advice(missing: str) -> None:
    unknown = {"RESPONSE": "response", "RELAPSE": "relapse"}[missing]
    known: dict[str, str | None] = {"response": "CR", "relapse": "no", unknown: None}
    decision = dose("taper", week=24, step="5 mg QOD", best="CR", **known)  # type: ignore[arg-type]
    assert decision.action == UNKNOWN
    assert missing in decision.missing


@pytest.mark.requirement("P-35")
@pytest.mark.parametrize(
    "phase, step",
    [
        ("taper", "10 mg QD"),
        ("taper", "5 mg QD"),
        ("taper", "5 mg QOD"),
        ("taper", "5 mg TIW"),
        ("off treatment", "stop"),
    ],
)
def test_a_first_relapse_while_reducing_or_after_withdrawal_returns_to_5_mg_a_day(
    phase: str, step: str
) -> None:
    decision = dose(phase, week=24, step=step, response="PR", best="CR", relapse="yes", relapses=1)
    assert answer(decision) == ("reintroduce", "5 mg QD")
    assert decision.source == ("P-35",)


@pytest.mark.requirement("P-35")
@pytest.mark.parametrize("relapses", [2, 3])
@pytest.mark.parametrize(
    "phase, step, held",
    [
        ("taper", "5 mg QOD", "5 mg QD"),
        ("taper", "5 mg TIW", "5 mg QOD"),
        ("off treatment", "stop", "5 mg TIW"),
    ],
)
def test_a_second_relapse_allows_the_last_step_that_held_the_score_at_0(
    phase: str, step: str, held: str, relapses: int
) -> None:
    decision = dose(
        phase, week=24, step=step, response="PR", best="CR", relapse="yes", relapses=relapses
    )
    assert answer(decision) == ("maintain", held)


@pytest.mark.requirement("P-35")
def test_a_second_relapse_is_not_judged_without_the_number_of_relapses() -> None:
    state: State = {"PHASE": "taper", "RELAPSE": "yes", "DOSE_STEP": "5 mg QOD"}
    assert decide(DOSING, state).missing == ("TAPER_RELAPSES",)


@pytest.mark.requirement("P-35")
def test_a_maintenance_dose_that_holds_is_kept() -> None:
    decision = dose("maintenance", week=36, step="5 mg TIW", response="CR", relapses=2)
    assert answer(decision) == ("hold", None)


@pytest.mark.requirement("P-35")
@pytest.mark.parametrize("step", ["5 mg QD", "5 mg QOD", "5 mg TIW"])
@pytest.mark.parametrize(
    "weeks, expected",
    [(0, ("hold", None)), (7, ("hold", None)), (8, ("reintroduce", "5 mg QD"))],
)
def test_a_maintenance_dose_is_given_8_weeks_to_clear_the_relapse(
    step: str, weeks: int, expected: tuple[str, str | None]
) -> None:
    decision = dose(
        "maintenance",
        week=36,
        step=step,
        weeks=weeks,
        response="PR",
        best="CR",
        relapse="yes",
        relapses=2,
    )
    assert answer(decision) == expected
    assert decision.source == ("P-35",)


@pytest.mark.requirement("P-35")
def test_a_relapse_under_maintenance_is_not_judged_without_the_time_at_the_dose() -> None:
    decision = decide(DOSING, {"PHASE": "maintenance", "RELAPSE": "yes"})
    assert decision.missing == ("WEEKS_AT_STEP",)


@pytest.mark.requirement("P-35", "P-30")
@pytest.mark.parametrize("response", ["CR", "PR", "MR", "NR", None])
@pytest.mark.parametrize("weeks", [0, 3])
def test_after_reintroduction_5_mg_a_day_stay_for_4_weeks_whatever_the_response(
    weeks: int, response: str | None
) -> None:
    decision = dose(
        "treatment", week=36, weeks=weeks, response=response, best="CR", relapse="yes", relapses=1
    )
    assert answer(decision) == ("hold", None)
    assert decision.source == ("P-35", "P-30")


@pytest.mark.requirement("P-35", "P-31", "P-33")
@pytest.mark.parametrize(
    "response, expected", [("CR", ("lower", None)), ("NR", ("raise", "10 mg QD"))]
)
def test_4_weeks_after_reintroduction_the_response_decides_again(
    response: str, expected: tuple[str, str | None]
) -> None:
    decision = dose("treatment", week=36, weeks=4, response=response, best="CR", relapses=1)
    assert answer(decision) == expected


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("step, relapses", [("5 mg QD", 0), ("10 mg QD", 1)])
def test_only_5_mg_a_day_after_a_relapse_waits_for_4_weeks(step: str, relapses: int) -> None:
    decision = dose("treatment", week=36, step=step, weeks=3, response="CR", relapses=relapses)
    assert answer(decision) == ("lower", None)


@pytest.mark.requirement("P-33")
def test_after_withdrawal_without_relapse_nothing_is_given() -> None:
    decision = dose("off treatment", week=36, step="stop", response="CR")
    assert answer(decision) == ("hold", None)


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("phase", ["before start", "treatment", "taper", "off treatment"])
def test_treatment_that_was_ended_for_good_is_never_taken_up_again(phase: str) -> None:
    reason = {"end_of_treatment.reason": "PREGNANCY"}
    decision = dose(phase, week=24, response="PR", best="CR", relapse="yes", relapses=1, **reason)
    assert answer(decision) == ("stop", None)


@pytest.mark.requirement("P-35")
def test_treatment_that_was_completed_as_planned_may_be_taken_up_again() -> None:
    reason = {"end_of_treatment.reason": "COMPLETED"}
    decision = dose(
        "off treatment", step="stop", response="PR", best="CR", relapse="yes", relapses=1, **reason
    )
    assert answer(decision) == ("reintroduce", "5 mg QD")


@pytest.mark.requirement("P-03", "P-30")
def test_no_advice_leads_to_a_dose_that_the_ladder_does_not_have() -> None:
    ladder = {step.step for step in STUDY.protocol.treatment.ladder}
    assert {row.to for row in DOSING.rows if row.to} <= ladder


# -- stopping --------------------------------------------------------------------------------------

NOTHING_WRONG: State = {
    "NEUT.GRADE": 2,
    "WBC.GRADE": 2,
    "PLAT.GRADE": 2,
    "HGB.GRADE": 2,
    "stopping_review.consent_withdrawn": "no",
    "SEX": "F",
    "childbearing.potential": "yes",
    "pregnancy_test.result": "NEGATIVE",
    "stopping_review.life_threatening": "no",
    "SLEDAI.CHG": 12,
    "stopping_review.flare_other_treatment": "yes",
    "stopping_review.physician_stops": "no",
}


@pytest.mark.requirement("P-36")
def test_nothing_stops_treatment_just_below_every_bound() -> None:
    assert decide_any(STOPPING, NOTHING_WRONG) == []


@pytest.mark.requirement("P-36", "P-54")
@pytest.mark.parametrize(
    "reason",
    [
        {"NEUT.GRADE": 3},
        {"WBC.GRADE": 3},
        {"PLAT.GRADE": 4},
        {"HGB.GRADE": 3},
        {"stopping_review.consent_withdrawn": "yes"},
        {"pregnancy_test.result": "POSITIVE"},
        {"stopping_review.life_threatening": "yes"},
        {"SLEDAI.CHG": 13},
        {"stopping_review.physician_stops": "yes"},
    ],
    ids=str,
)
def test_each_reason_alone_stops_treatment(reason: dict[str, float | str]) -> None:
    (stop,) = decide_any(STOPPING, {**NOTHING_WRONG, **reason})
    assert stop.action == "stop"
    assert "P-36" in stop.source
    assert next(iter(reason)) in stop.inputs


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("name", [n for n in NOTHING_WRONG if n.endswith("GRADE")])
def test_a_known_reason_stops_whatever_else_is_unknown(name: str) -> None:
    assert [stop.action for stop in decide_any(STOPPING, {name: 3})] == ["stop"]


@pytest.mark.requirement("P-36")
def test_without_a_known_reason_what_is_unknown_is_named() -> None:
    unknown = {**NOTHING_WRONG, "PLAT.GRADE": None}
    assert [(d.action, d.missing) for d in decide_any(STOPPING, unknown)] == [
        (UNKNOWN, ("PLAT.GRADE",))
    ]


@pytest.mark.requirement("P-36")
def test_lymphocytes_never_stop_treatment() -> None:
    assert decide_any(STOPPING, {**NOTHING_WRONG, "LYM.GRADE": 4}) == []


@pytest.mark.requirement("P-34")
@pytest.mark.parametrize("changed, recorded", [("yes", ["record"]), ("no", [])])
def test_a_change_of_baseline_medication_is_recorded_as_a_deviation(
    changed: str, recorded: list[str]
) -> None:
    deviations = STUDY.protocol.deviations
    assert deviations is not None
    found = decide_any(deviations, {"medication_review.changed": changed})
    assert [d.action for d in found] == recorded


# -- pregnancy prevention --------------------------------------------------------------------------

TESTED: State = {
    "PHASE": "treatment",
    "CYCLE_DAY": 57,
    "childbearing.potential": "yes",
    "childbearing.lactating": "no",
    "childbearing.contraception": "yes",
    "pregnancy_test.result": "NEGATIVE",
    "pregnancy_test.tested": "2010-01-01",
    "PREG_TEST_DAYS": 28,
}


def dispensing(sex: str | None, **state: float | str | None) -> list[str | None]:
    """The actions of the dispensing table for a subject of this sex."""
    table = STUDY.protocol.dispensing
    assert table is not None
    return [decision.action for decision in decide_any(table, {"SEX": sex, **state})]


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize("sex", ["F", "U"])
def test_who_may_be_a_woman_gets_capsules_only_with_a_valid_test(sex: str) -> None:
    assert dispensing(sex, **TESTED) == []
    assert dispensing(sex, **{**TESTED, "PREG_TEST_DAYS": 29}) == ["block"]
    assert dispensing(sex, **{**TESTED, "pregnancy_test.result": None}) == ["block"]
    assert dispensing(sex, **{**TESTED, "pregnancy_test.result": "POSITIVE"}) == ["block"]


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize("sex", ["F", "U"])
def test_who_may_be_a_woman_gets_no_capsules_when_nothing_was_asked(sex: str) -> None:
    assert dispensing(sex, PHASE="treatment", CYCLE_DAY=57) == ["block"]


@pytest.mark.requirement("P-20")
def test_an_unrecorded_sex_leaves_dispensing_unknown() -> None:
    assert set(dispensing(None, PHASE="treatment", CYCLE_DAY=57)) == {UNKNOWN}


@pytest.mark.requirement("P-20")
def test_men_are_asked_for_no_pregnancy_test() -> None:
    assert dispensing("M", PHASE="treatment", CYCLE_DAY=57) == []


@pytest.mark.requirement("P-20", "P-36")
@pytest.mark.parametrize("sex", ["F", "U"])
def test_pregnancy_excludes_and_stops_whoever_is_not_known_to_be_male(sex: str) -> None:
    pregnant: State = {**TESTED, "SEX": sex, "pregnancy_test.result": "POSITIVE"}
    (criterion,) = [c for c in STUDY.protocol.eligibility.exclusion if c.id == "EX01A"]
    assert isinstance(criterion.when, Condition)
    assert holds(criterion.when, pregnant) is True
    assert [d.reason for d in decide_any(STOPPING, {**NOTHING_WRONG, **pregnant})] == ["Pregnancy"]


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize("item", ["potential", "lactating"])
@pytest.mark.parametrize("sex, asked", [("F", True), ("U", True), ("M", False)])
def test_childbearing_is_asked_of_whoever_is_not_known_to_be_male(
    item: str, sex: str, asked: bool
) -> None:
    when = STUDY.protocol.forms["childbearing"].items[item].when
    assert isinstance(when, Condition)
    assert holds(when, {"SEX": sex}) is asked


# -- ages of values against the schedule ----------------------------------------------------------


@pytest.mark.requirement("P-20", "P-41")
def test_answers_on_childbearing_never_grow_too_old_between_two_visits_that_ask_them() -> None:
    schedule = STUDY.protocol.schedule
    asking = [visit for visit in schedule.visits if "childbearing" in visit.forms]
    later = schedule.afterwards
    assert later is not None
    assert "childbearing" in later.forms
    gaps = [
        second.day + second.window[1] - (first.day - first.window[0])
        for first, second in pairwise(asking)
        if isinstance(first.window, tuple) and isinstance(second.window, tuple)
    ]
    assert len(gaps) == len(asking) - 1
    assert isinstance(later.window, tuple)
    gaps.append(later.every_days + sum(later.window))
    items = STUDY.protocol.forms["childbearing"].items
    limit = items["potential"].max_age_days
    assert isinstance(limit, int)
    assert max(gaps) <= limit


def apart(form: str) -> int:
    """Days that may lie between two of a series, once it is in its slower rhythm."""
    (series,) = [s for s in STUDY.protocol.schedule.series if s.form == form]
    assert isinstance(series.then_every_days, int)
    assert isinstance(series.window, tuple)
    return series.then_every_days + sum(series.window)


@pytest.mark.requirement("P-44", "P-36", "P-22")
@pytest.mark.parametrize("count", ["NEUT", "WBC", "PLAT", "HGB"])
def test_a_count_never_grows_too_old_between_two_counts_of_the_schedule(count: str) -> None:
    limit = STUDY.protocol.parameters[count].max_age_days
    assert limit == 30
    assert apart("haematology") <= limit


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("item", ["consent_withdrawn", "life_threatening", "physician_stops"])
def test_the_reasons_to_stop_are_asked_again_before_the_answers_are_too_old(item: str) -> None:
    limit = STUDY.protocol.forms["stopping_review"].items[item].max_age_days
    assert isinstance(limit, int)
    assert apart("stopping_review") <= limit


# -- activities ------------------------------------------------------------------------------------


def performed(**state: float | str) -> list[str | None]:
    """The forms that the table of activities asks for."""
    named = {name.replace("__", "."): value for name, value in state.items()}
    found = decide_any(STUDY.protocol.schedule.activities, named)
    return [decision.to for decision in found if decision.action == "perform"]


@pytest.mark.requirement("P-45")
def test_an_exacerbation_of_systemic_disease_asks_for_its_score() -> None:
    assert "sledai" in performed(systemic_review__exacerbation="yes")
    assert "sledai" not in performed(systemic_review__exacerbation="no")


@pytest.mark.requirement("P-43")
def test_new_neurological_symptoms_ask_for_a_nerve_conduction_study() -> None:
    assert "nerve_conduction" in performed(neurology__new_symptoms="yes")
    assert "nerve_conduction" not in performed(neurology__new_symptoms="no")


@pytest.mark.requirement("P-33")
@pytest.mark.parametrize("age, forms", [(27, []), (28, ["clasi"])])
def test_in_taper_the_score_is_asked_for_every_four_weeks(age: int, forms: list[str]) -> None:
    assert performed(PHASE="taper", CLASIACT__AGE_DAYS=age) == forms
