"""What `pilotage check` finds: every class, in a sound study that is damaged in one place."""

import pytest
from check_examples import found_in, line_of, only

HEAVY = "\"PHASE == 'before start' and entry.weight >= 30\""
TO_10 = "\"PHASE == 'treatment' and WEEK >= 4 and RESPONSE == 'NR' and DOSE_STEP == '10 mg'\""
EXCLUDED = '- {id: EX01, when: "NEUT < 1.5", why: Neutrophils below 1.5, source: P-03}'


def test_a_sound_study_gives_none_of_the_classes(tmp_path):
    assert found_in(tmp_path) == []


# -- gap -------------------------------------------------------------------------------------------


def test_weight_bands_that_leave_a_gap(tmp_path):
    found = only(found_in(tmp_path, (HEAVY, HEAVY.replace(">= 30", "> 32"))), "gap")
    assert found.severity == "error"
    assert found.where == line_of(tmp_path, "dosing:")
    assert found.example == (
        "phase of treatment is before start and weight 31 kg is neither below 30 nor above 32"
    )
    assert found.message.startswith(
        "no row of dosing says what to do where phase of treatment is before start and "
        "weight is from 30 to 32 kg; for example "
    )
    assert found.key == (
        "gap dosing where PHASE == 'before start' and entry.weight between 30 and 32"
    )
    assert found.source == ("P-05",)


def test_a_single_weight_without_a_dose(tmp_path):
    found = only(found_in(tmp_path, (HEAVY, HEAVY.replace(">= 30", "> 30"))), "gap")
    assert found.example.endswith("weight 30 kg is neither below 30 nor above 30")


def test_a_response_that_the_dosing_table_forgets(tmp_path):
    partial = "\"PHASE == 'treatment' and WEEK >= 4 and RESPONSE == 'PR'\""
    found = only(found_in(tmp_path, (partial, partial.replace(">= 4", ">= 8"))), "gap")
    assert found.key == (
        "gap dosing where PHASE == 'treatment' and WEEK >= 4 and WEEK < 8 and RESPONSE == 'PR'"
    )
    assert found.example == (
        "phase of treatment is treatment and response is PR and week of treatment 4 weeks is "
        "neither below 4 nor 8 or more"
    )


@pytest.mark.parametrize("otherwise, kinds", [("hold", []), ("not stated", ["gap"])])
def test_what_is_done_otherwise_closes_every_gap(tmp_path, otherwise, kinds):
    end = ("stopping:\n", f"  otherwise: {otherwise}\n\nstopping:\n")
    found = found_in(tmp_path, (HEAVY, HEAVY.replace(">= 30", "> 32")), end)
    assert [finding.kind for finding in found] == kinds


def test_an_assessment_without_a_category(tmp_path):
    edit = ("SCORE.BASE == 0 or SCORE.PCHG > -50", "SCORE.CHG >= 0")
    found = only(found_in(tmp_path, edit), "gap")
    assert found.where == line_of(tmp_path, "  OVRLRESP:")
    assert found.example == "score is 6 points and score at baseline is 10 points"
    assert found.source == ("P-07",)


def test_an_assessment_whose_category_cannot_be_known(tmp_path):
    edit = ("SCORE.BASE == 0 or SCORE.PCHG > -50", "SCORE.PCHG > -50")
    found = only(found_in(tmp_path, edit), "gap")
    assert found.message == (
        "whether category NR of OVRLRESP holds cannot be known where score at baseline is 0 points "
        "and score is 1 points"
    )


# -- overlap ---------------------------------------------------------------------------------------


def test_two_doses_at_the_same_weight(tmp_path):
    found = only(found_in(tmp_path, (HEAVY, HEAVY.replace(">= 30", ">= 25"))), "overlap")
    assert found.severity == "note"
    assert found.where == line_of(tmp_path, "why: Light")
    assert found.message == (
        "row 1 of dosing (Light) and row 2 can hold together (phase of treatment is before start "
        "and weight is 28 kg); only their order decides between start to 10 mg and start to 20 mg"
    )


def test_an_exception_before_the_rule_is_no_overlap(tmp_path):
    assert found_in(tmp_path, (HEAVY, "\"PHASE == 'before start' and entry.weight >= 20\"")) == []


def test_two_categories_of_the_same_assessment(tmp_path):
    edit = ("SCORE > 0 and SCORE.BASE > 0 and SCORE.PCHG <= -50",
            "SCORE.BASE > 0 and SCORE.PCHG <= -50")  # fmt: skip
    found = only(found_in(tmp_path, edit), "overlap")
    assert "category CR of OVRLRESP can hold together with PR" in found.message
    assert found.severity == "note"


# -- contradiction ---------------------------------------------------------------------------------


def test_a_dose_is_raised_where_a_later_row_stops(tmp_path):
    stop = TO_10.replace(" and DOSE_STEP == '10 mg'", "")
    edit = (
        "\"PHASE == 'treatment' and WEEK >= 4 and RESPONSE == 'NR' and DOSE_STEP == '20 mg'\"",
        stop,
    )
    found = only(found_in(tmp_path, edit), "contradiction")
    assert found.message == (
        "where phase of treatment is treatment and week of treatment is 4 weeks and response is NR "
        "and dose is 10 mg, row 6 of dosing (No response to 10 mg) says raise to 20 mg although "
        "row 7 of dosing (No response to 20 mg) says stop; the row that stops must stand first"
    )


def test_a_raise_that_raises_nothing(tmp_path):
    edit = (TO_10 + ", do: raise, to: 20 mg", TO_10 + ", do: raise, to: 10 mg")
    found = only(found_in(tmp_path, edit), "contradiction")
    assert "says raise to 10 mg where" in found.message
    assert found.message.endswith("dose is 10 mg: that does not raise the dose")


def test_an_inclusion_criterion_that_excludes_everybody(tmp_path):
    found = only(found_in(tmp_path, ('"SCORE >= 4"', '"SCORE > 10"')), "contradiction")
    assert found.message == (
        "criterion IN02 (A score of 4 or more) can never be met: it excludes everybody"
    )
    assert found.key == "contradiction IN02"
    assert found.example == "score is 5 points"


def test_an_exclusion_criterion_that_excludes_everybody(tmp_path):
    always = EXCLUDED.replace("NEUT < 1.5", "NEUT >= 0")
    found = only(found_in(tmp_path, (EXCLUDED, always)), "contradiction")
    assert found.message.endswith("always holds: it excludes everybody")


def test_two_criteria_that_nobody_passes(tmp_path):
    edit = EXCLUDED.replace("EX01", "EX02").replace("NEUT < 1.5", "AGE >= 16")
    found = only(found_in(tmp_path, (EXCLUDED, f"{EXCLUDED}\n    {edit}")), "contradiction")
    assert found.key == "contradiction IN01 / EX02"
    assert found.message == (
        "nobody can pass criterion IN01 (Adults) and criterion EX02 (Neutrophils below 1.5)"
    )


def test_three_criteria_that_nobody_passes_together(tmp_path):
    def criterion(name, when):
        return f'\n    - {{id: {name}, when: "{when}", why: {name}, source: P-03}}'

    more = criterion("EX02", "SCORE >= 4 and AGE >= 40") + criterion(
        "EX03", "AGE < 40 and SCORE > 3"
    )
    found = only(found_in(tmp_path, (EXCLUDED, EXCLUDED + more)), "contradiction")
    assert found.key == "contradiction IN02 / EX02 / EX03"


def test_edit_checks_that_no_form_passes(tmp_path):
    more = '\n      - {holds: "doses.dose > 20", message: too little, source: P-01}'
    end = "message: no such dose, source: P-01}"
    found = found_in(tmp_path, (end, end + more.replace("> 20", "== 5")))
    assert {finding.kind for finding in found} == {"contradiction"}
    assert found[0].message == "no complete form passes the edit checks of doses (Doses)"


def test_a_dose_of_the_ladder_that_the_form_refuses(tmp_path):
    found = only(
        found_in(tmp_path, ("doses.dose in (0, 10, 20)", "doses.dose in (0, 10)")), "contradiction"
    )
    assert found.message == "the dose of step 20 mg cannot be entered in doses.dose"


def test_a_relapse_that_is_cleared_at_once(tmp_path):
    relapse = (
        '\nrelapse: {classification: OVRLRESP, after: CR, when: "SCORE >= 4", '
        'cleared: "SCORE <= 4", source: P-07}\n'
    )
    end = "RESPW8: {label: Response by week 8, until_day: 71, source: P-07}\n"
    found = only(found_in(tmp_path, (end, end + relapse)), "contradiction")
    assert found.example == "score is 4 points"


@pytest.mark.parametrize("table, row", [("IN01", '"AGE >= 18"'), ("EX01", '"NEUT < 1.5"')])
def test_a_criterion_that_must_be_known_and_never_can_be(tmp_path, table, row):
    """Answering the open question does not help: nobody could ever be signed."""
    edit = (f"{table}, when: {row}", f"{table}, must_be_known: true, when: not stated")
    found = only(
        [f for f in found_in(tmp_path, edit) if f.kind != "undefined-term"], "contradiction"
    )
    assert found.severity == "error"
    assert found.where == line_of(tmp_path, f"id: {table}")
    assert found.message.endswith(
        "must be known before eligibility is signed, and the protocol does not say when it holds: "
        "it excludes everybody"
    )


@pytest.mark.parametrize("known", ["", "must_be_known: true, "])
def test_a_criterion_that_must_be_known_or_is_not_stated_alone_contradicts_nothing(tmp_path, known):
    when = '"AGE >= 18"' if known else "not stated"
    edit = ('IN01, when: "AGE >= 18"', f"IN01, {known}when: {when}")
    assert [f for f in found_in(tmp_path, edit) if f.kind == "contradiction"] == []


# -- unreachable -----------------------------------------------------------------------------------


def test_a_row_that_can_never_hold(tmp_path):
    found = only(
        found_in(tmp_path, ('"NEUT.GRADE >= 3"', '"NEUT.GRADE >= 3 and NEUT > 2"')), "unreachable"
    )
    assert found.message == "row 1 of stopping (Neutropenia of grade 3) can never hold"
    assert found.key == "unreachable stopping: Neutropenia of grade 3"


def test_the_grade_follows_from_the_value_up_to_its_boundary(tmp_path):
    """Neutrophils 1.0 are grade 2, anything below is grade 3."""
    below = ('"NEUT.GRADE >= 3"', '"NEUT.GRADE >= 3 and NEUT >= 1"')
    only(found_in(tmp_path / "a", below), "unreachable")
    inside = ('"NEUT.GRADE >= 3"', '"NEUT.GRADE >= 3 and NEUT >= 0.99"')
    assert found_in(tmp_path / "b", inside) == []


def test_a_row_that_stands_behind_another(tmp_path):
    first = (
        "- {when: \"PHASE == 'treatment' and WEEK < 4\", do: hold, why: First month, source: P-05}"
    )
    shadowed = (
        "- {when: \"PHASE == 'treatment' and WEEK <= 2\", do: hold, why: First day, source: P-05}"
    )
    found = only(found_in(tmp_path, (first, f"{first}\n    {shadowed}")), "unreachable")
    assert found.message == (
        "row 4 of dosing (First day) never answers: wherever it holds, row 3 of dosing (First "
        "month) holds too and stands before it"
    )
    assert found.example == ("phase of treatment is treatment and week of treatment is 2 weeks")


def test_a_category_that_is_never_reached(tmp_path):
    edit = ('SCORE > 0 and (SCORE.BASE == 0 or SCORE.PCHG > -50)"', 'SCORE == 0"')
    kinds = [finding.kind for finding in found_in(tmp_path, edit)]
    assert "unreachable" in kinds


def test_an_item_that_is_never_asked(tmp_path):
    smoker = "smoker: {label: smoker, type: yes_no,"
    found = only(
        found_in(tmp_path, (smoker, smoker + ' when: "AGE < 30 and AGE > 40",')), "unreachable"
    )
    assert found.message == "item entry.smoker (smoker) is never asked"


def test_an_exclusion_criterion_that_excludes_nobody(tmp_path):
    never = EXCLUDED.replace("NEUT < 1.5", "NEUT < 1.5 and NEUT > 2")
    found = only(found_in(tmp_path, (EXCLUDED, never)), "unreachable")
    assert found.message.endswith("can never hold: it excludes nobody")
