"""What `pilotage check` finds about times, visits, tests and words: a sound study, damaged in one
place."""

import pytest
from check_examples import found_in, line_of, only, study_in

from pilotage.check import study_findings
from pilotage.study import load_study

ENTRY = "number: 1, epoch: SCREENING, day: -7, window: [3, 3]"
WEEK_4 = "    - {id: WEEK_4, label: Week 4, number: 3, epoch: TREATMENT, day: 29, window: [3, 3]"
WEEK_2 = "number: 2.5, epoch: TREATMENT, day: 15, window: [3, 3]"
AFTERWARDS = "every_days: 28, window: [3, 3], source: P-04, forms: [symptoms, blood_count, doses]"
WEIGHT = "range: [20, 150], max_age_days: 30}"
NO_SCORE = (
    '      - {when: "RESPONSE is missing", do: perform, form: symptoms, '
    "why: There is no score, source: P-04}\n"
)
NO_COUNT = (
    '      - {when: "NEUT.GRADE is missing", do: perform, form: blood_count, '
    "why: There is no blood count, source: P-04}\n"
)


# -- time-conflict ---------------------------------------------------------------------------------


def test_windows_that_overlap(tmp_path):
    start = "number: 2, epoch: TREATMENT, day: 1, window: [0, 0]"
    found = only(found_in(tmp_path, (start, start.replace("[0, 0]", "[4, 0]"))), "time-conflict")
    assert found.severity == "warning"
    assert found.where == line_of(tmp_path, "id: START")
    assert found.message == (
        "the window of START opens on day -4, before that of ENTRY closes on day -4: "
        "on day -4 both are due"
    )
    assert found.key == "time-conflict ENTRY / START"


def test_windows_that_only_meet_do_not_overlap(tmp_path):
    start = "number: 2, epoch: TREATMENT, day: 1, window: [0, 0]"
    assert found_in(tmp_path, (start, start.replace("[0, 0]", "[3, 0]"))) == []


def test_a_screening_window_that_reaches_past_the_first_dose(tmp_path):
    found = found_in(tmp_path, (ENTRY, ENTRY.replace("[3, 3]", "[3, 7]")))
    assert "ENTRY is planned before the first dose (day -7), but its window reaches day 1" in [
        finding.message for finding in found
    ]


def test_epochs_that_run_backwards(tmp_path):
    edit = (
        "label: Week 8, number: 4, epoch: TREATMENT",
        "label: Week 8, number: 4, epoch: SCREENING",
    )
    found = only(found_in(tmp_path, edit), "time-conflict")
    assert found.message == (
        "WEEK_8 (day 57) goes back to the epoch SCREENING, after TREATMENT at WEEK_4 (day 29)"
    )


def test_an_item_that_is_asked_before_what_decides_about_it(tmp_path):
    smoker = "smoker: {label: smoker, type: yes_no,"
    needs = (smoker, smoker + ' when: "doses.dose > 0",')
    found = only(found_in(tmp_path, needs), "time-conflict")
    assert found.message == (
        "whether 'smoker' is asked on day -7 depends on doses.dose, which is first recorded on "
        "day 1"
    )


def test_a_criterion_on_a_test_after_the_first_dose(tmp_path):
    worse = '    - {id: IN03, when: "doses.dose >= 0", why: Has a dose, source: P-03}\n  exclusion:'
    start = ("day: 1, window: [0, 0], source: P-04, forms: [symptoms, blood_count, doses]",
             "day: 1, window: [0, 0], source: P-04, forms: [symptoms, blood_count]")  # fmt: skip
    aged = ("range: [0, 20], required: true}", "range: [0, 20], required: true, max_age_days: 9}")
    found = found_in(tmp_path, ("  exclusion:", worse), start, aged)
    (conflict,) = [finding for finding in found if finding.kind == "time-conflict"]
    assert conflict.message == (
        "criterion IN03 (Has a dose) uses 'dose', which is first collected at WEEK_2 (day 15), "
        "after the first dose"
    )


def test_a_criterion_on_a_value_that_is_older_than_the_first_one(tmp_path):
    found = only(
        found_in(tmp_path, ('"NEUT < 1.5"', '"NEUT < 1.5 and NEUT.AGE_DAYS >= 14"')),
        "time-conflict",
    )
    assert found.message.endswith(
        "asks for 'neutrophils' of 14 days before, but the first is planned on day -7"
    )


def test_a_visit_that_counts_for_one_week_or_another(tmp_path):
    found = only(
        found_in(tmp_path, (WEEK_4, WEEK_4.replace("day: 29", "day: 42"))), "time-conflict"
    )
    assert found.message == (
        "WEEK_4 (days 39 to 45) counts for week 4 up to day 43 and not for it from day 44 on"
    )


# -- no-visit --------------------------------------------------------------------------------------


def test_an_analysis_window_without_a_visit(tmp_path):
    edit = (
        "{week: 2, first_day: 2, last_day: 22}",
        "{week: 1, first_day: 2, last_day: 10}\n    - {week: 2, first_day: 11, last_day: 22}",
    )
    found = only(found_in(tmp_path, edit), "no-visit")
    assert found.message == ("no visit is planned in the analysis window of week 1 (days 2 to 10)")
    assert found.severity == "warning"


def test_an_analysis_of_a_week_without_a_visit_is_an_error(tmp_path):
    found = only(found_in(tmp_path, ("day: 57,", "day: 75,")), "no-visit")
    assert (found.severity, found.key) == ("error", "no-visit week 8")
    assert found.message.endswith("(days 44 to 71), of which CHANGE speaks")


def test_a_dose_is_decided_in_a_week_without_a_visit(tmp_path):
    edits = [(f"RESPONSE == '{r}'", f"RESPONSE == '{r}' and WEEK >= 6") for r in ("CR",)]
    found = found_in(tmp_path, *edits)
    (missing,) = [finding for finding in found if finding.kind == "no-visit"]
    assert missing.message == (
        "row 4 of dosing (Complete response) decides at week 6, but no visit of that week is "
        "planned (visits in weeks 2, 4, 8, 12, 16)"
    )
    assert missing.severity == "error"


def test_a_summary_before_the_first_assessment(tmp_path):
    found = only(found_in(tmp_path, ("until_day: 71", "until_day: 14")), "no-visit")
    assert found.key == "no-visit RESPW8"


def test_a_step_that_is_due_between_two_visits(tmp_path):
    held = "  RESPONSE: {label: response"
    weeks = "  HELD: {label: weeks at this dose, is: weeks at dose step, unit: weeks}\n"
    rare = (AFTERWARDS, AFTERWARDS.replace("every_days: 28", "every_days: 84"))
    wide = (
        "afterwards: {every_weeks: 4, days_before: 13, days_after: 14}",
        "afterwards: {every_weeks: 12, days_before: 41, days_after: 42}",
    )
    lower = "\"PHASE == 'treatment' and WEEK >= 4 and RESPONSE == 'CR'\", do: lower"
    later = lower.replace("RESPONSE == 'CR'", "RESPONSE == 'CR' and HELD >= 4")
    found = found_in(tmp_path, (held, weeks + held), rare, wide, (lower, later))
    late = [finding for finding in found if finding.kind == "no-visit"]
    assert [finding.message for finding in late][-1] == (
        "row 4 of dosing (Complete response) is due 4 weeks after a change of dose, but after "
        "WEEK_8 (day 57) the next assessment is planned 12 weeks later, at Follow-up, week 20"
    )


# -- no-test ---------------------------------------------------------------------------------------


def test_an_input_that_no_form_collects(tmp_path):
    found = found_in(tmp_path, ("where LBTESTCD = NEUT", "where LBTESTCD = OTHER"))
    assert [(f.kind, f.key) for f in found if f.kind == "no-test"] == [
        ("no-test", "no-test eligibility NEUT"),
        ("no-test", "no-test stopping NEUT"),
        ("no-test", "no-test activities NEUT"),
    ]
    assert found[0].message == (
        "criterion EX01 (Neutrophils below 1.5) uses 'neutrophils', which no form collects"
    )


def test_a_form_that_is_planned_nowhere(tmp_path):
    habits = (
        "  habits:\n    label: Habits\n    source: P-02\n    items:\n"
        "      alcohol: {label: drinks, type: yes_no, max_age_days: 9, "
        "target: SU.SUOCCUR where SUTRT = ALCOHOL}\n"
        "\neligibility:"
    )
    drinks = "{id: IN01, when: \"AGE >= 18 and habits.alcohol == 'no'\""
    found = only(
        found_in(tmp_path, ("eligibility:", habits), ('{id: IN01, when: "AGE >= 18"', drinks)),
        "no-test",
    )
    assert found.message == (
        "criterion IN01 (Adults) uses 'drinks', but the form habits is planned nowhere"
    )


def test_a_test_that_is_too_rare_for_its_age(tmp_path):
    """Counts every 4 weeks are 28 days old at most: 27 days are too few, 28 enough."""
    age = "grade: NEUT, max_age_days: 31"
    without = (WEEK_4 + ", source: P-04, forms: [symptoms, blood_count, doses]",
               WEEK_4 + ", source: P-04, forms: [symptoms, doses]")  # fmt: skip
    silent = (NO_COUNT, "")
    for days, rare in ((14, False), (13, True)):
        folder = tmp_path / str(days)
        found = found_in(folder, without, silent, (age, age.replace("31", str(days))))
        tests = [finding for finding in found if finding.kind == "no-test"]
        assert [finding.key for finding in tests] == (["no-test stopping NEUT"] if rare else [])
    assert tests[0].message == (
        "row 1 of stopping (Neutropenia of grade 3) needs 'neutrophils' of the last 13 days; at "
        "WEEK_4 (day 29) the last one planned is 14 days old"
    )


def test_an_activity_that_asks_for_the_test_stands_in_for_a_planned_one(tmp_path):
    without = (WEEK_4 + ", source: P-04, forms: [symptoms, blood_count, doses]",
               WEEK_4 + ", source: P-04, forms: [symptoms, doses]")  # fmt: skip
    assert (
        found_in(
            tmp_path, without, ("grade: NEUT, max_age_days: 31", "grade: NEUT, max_age_days: 13")
        )
        == []
    )


QUESTIONS = (
    "  questions:\n    label: Questions\n    source: P-02\n    items:\n"
    "      tired: {label: tired, type: yes_no, max_age_days: 31, "
    "target: FA.FAORRES where FATESTCD = TIRED}\n"
    "\neligibility:"
)
TIRED = (
    "      - {when: \"questions.tired == 'yes'\", do: perform, form: symptoms, "
    "why: Tired, source: P-04}\n"
)
START = "window: [0, 0], source: P-04, forms: [symptoms, blood_count, doses]}"


def monthly(during: str) -> str:
    return (
        "  series:\n    - {form: questions, label: Questions, every_days: 28, until_day: 57, "
        f"then_every_days: 28, window: [0, 0], during: {during}, source: P-04}}\n  activities:\n"
    )


def asked_monthly(during: str) -> list[tuple[str, str]]:
    return [
        ("eligibility:", QUESTIONS),
        (START, START.replace("[symptoms", "[questions, symptoms")),
        ("  activities:\n", monthly(during)),
        ("\ndosing:", f"{TIRED}\ndosing:"),
    ]


def test_what_is_asked_on_treatment_only_is_not_known_at_a_visit_off_treatment(tmp_path):
    found = only(found_in(tmp_path, *asked_monthly("treatment")), "no-test")
    assert found.severity == "warning"
    assert found.message == (
        "row 3 of activities (Tired) needs 'tired' of the last 31 days; at WEEK_8 (day 57) of a "
        "subject off treatment the last one planned is 56 days old"
    )
    assert found.key == "no-test activities questions.tired off treatment"


def test_what_is_asked_until_the_end_of_the_study_is_known_off_treatment(tmp_path):
    assert found_in(tmp_path, *asked_monthly("study")) == []


def test_a_dose_off_treatment_that_rests_on_what_is_asked_on_treatment_only(tmp_path):
    after = (
        "    - {when: \"PHASE in ('taper', 'off treatment', 'maintenance')\", do: hold, "
        "why: After treatment, source: P-05}\n"
    )
    rows = "".join(
        f'    - {{when: "PHASE {phase}", do: {do}, why: {why}, source: P-05}}\n'
        for phase, do, why in (
            ("in ('taper', 'maintenance')", "hold", "After treatment"),
            ("== 'off treatment' and questions.tired == 'yes'", "reintroduce, to: 10 mg", "Tired"),
            ("== 'off treatment' and questions.tired == 'no'", "hold", "Not tired"),
        )
    )
    edits = [edit for edit in asked_monthly("treatment") if edit[0] != "\ndosing:"]
    found = found_in(tmp_path, *edits, (after, rows))
    assert [(f.kind, f.severity, f.key) for f in found if f.kind == "no-test"] == [
        ("no-test", "error", "no-test dosing questions.tired off treatment")
    ]


# -- no-action-when-missed -------------------------------------------------------------------------


def test_a_missed_score_with_nothing_said_about_it(tmp_path):
    found = only(found_in(tmp_path, (NO_SCORE, "")), "no-action-when-missed")
    assert found.message == (
        "where Symptoms is missed ('score'), the dosing table cannot advise, and no row says what "
        "to do then"
    )
    assert found.key == "no-action-when-missed dosing symptoms"


def test_a_missed_blood_count_with_nothing_said_about_it(tmp_path):
    found = only(found_in(tmp_path, (NO_COUNT, "")), "no-action-when-missed")
    assert found.key == "no-action-when-missed stopping blood_count"


def test_a_row_about_a_part_of_the_phases_leaves_the_others_open(tmp_path):
    part = NO_COUNT.replace("NEUT.GRADE is missing", "NEUT.GRADE is missing and PHASE == 'taper'")
    found = only(found_in(tmp_path, (NO_COUNT, part)), "no-action-when-missed")
    assert found.key == "no-action-when-missed stopping blood_count"


# -- no-maximum-age --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit, key",
    [
        ((WEIGHT, "range: [20, 150]}"), "entry.weight"),
        (("grade: NEUT, max_age_days: 31", "grade: NEUT"), "NEUT"),
        (("grade: NEUT, max_age_days: 31", "grade: NEUT, max_age_days: not stated"), "NEUT"),
        (("is: response, max_age_days: 7", "is: response"), "RESPONSE"),
    ],
)
def test_an_input_without_a_maximum_age(tmp_path, edit, key):
    found = only(found_in(tmp_path, edit), "no-maximum-age")
    assert found.key == f"no-maximum-age {key}"
    assert found.severity == "error"
    assert "every decision on it is CANNOT ADVISE" in found.message


def test_an_answer_that_no_decision_uses_needs_no_maximum_age(tmp_path):
    smoker = "target: SU.SUOCCUR where SUTRT = TOBACCO, max_age_days: 30"
    assert found_in(tmp_path, (smoker, smoker.removesuffix(", max_age_days: 30"))) == []


# -- undefined-term --------------------------------------------------------------------------------


def test_a_row_of_which_the_protocol_does_not_say_when_it_holds(tmp_path):
    worse = "why: Neutropenia of grade 3, source: P-06}\n"
    row = "    - {when: not stated, do: stop, why: Toxicity, source: P-06}\n"
    found = only(found_in(tmp_path, (worse, worse + row)), "undefined-term")
    assert (
        found.message == "the protocol does not say when this holds: row 2 of stopping (Toxicity)"
    )


@pytest.mark.parametrize(
    "words, found",
    [("A 'severe rash' or worse", ["severe rash"]), ("No 'complete response' so far", []),
     ("The subject's own 'score'", []), ("“Clinical signs” of it", ["Clinical signs"])],
)  # fmt: skip
def test_a_quoted_term_that_nothing_defines(tmp_path, words, found):
    edit = ("why: Neutrophils below 1.5,", f'why: "{words}",')
    terms = found_in(tmp_path, edit)
    assert [(finding.kind, finding.example) for finding in terms] == [
        ("undefined-term", term) for term in found
    ]


# -- not-stated ------------------------------------------------------------------------------------


def test_a_fact_that_is_not_stated_is_a_note(tmp_path):
    found = only(
        found_in(tmp_path, ("planned_subjects: 10", "planned_subjects: not stated")), "not-stated"
    )
    assert (found.severity, found.key) == ("note", "not-stated study.design.planned_subjects")


@pytest.mark.parametrize(
    "edit, key",
    [
        ((WEEK_2, WEEK_2.replace("[3, 3]", "not stated")), "schedule.visits.WEEK_2.window"),
        (("reporting_hours: 24", "reporting_hours: not stated"), "adverse_events.reporting_hours"),
    ],
)
def test_what_a_running_trial_needs_is_an_error_where_it_is_not_stated(tmp_path, edit, key):
    found = only(found_in(tmp_path, edit), "not-stated")
    assert (found.severity, found.key) == ("error", f"not-stated {key}")


def test_a_study_that_classifies_nothing_decides_by_weeks_at_a_dose(tmp_path):
    """No visit assesses a response: all of them do, and no activity is asked for a score."""
    study = study_in(tmp_path)
    path = study / "protocol.yaml"
    text = path.read_text(encoding="utf-8").partition("classifications:")[0]
    lines = [line for line in text.splitlines() if "RESPONSE" not in line]
    at = lines.index("state:")
    lines.insert(at + 1, "  AT_DOSE: {label: weeks at the dose, is: weeks at dose step}")
    at = next(at for at, line in enumerate(lines) if "First month" in line)
    worse = "PHASE == 'treatment' and AT_DOSE >= 2 and SCORE >= 4"
    lines.insert(at + 1, f'    - {{when: "{worse}", do: stop, why: Worse, source: P-05}}')
    path.write_text("\n".join(lines) + "\nclassifications: {}\n", encoding="utf-8")
    plan = (study / "sap.yaml").read_text(encoding="utf-8")
    plan = "\n".join(line for line in plan.splitlines() if "id: CR," not in line)
    plan = plan.replace("layout: response", "layout: baseline").replace("[CR]", "[CHANGE]")
    (study / "sap.yaml").write_text(plan + "\n", encoding="utf-8")
    told = [str(finding) for finding in study_findings(load_study(study))]
    assert any(
        "row 4 of dosing (Worse) is due 2 weeks after a change of dose" in each for each in told
    )
