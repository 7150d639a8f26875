"""Tables of cumulative incidence, of changes at each visit, and of who is not at risk."""

import pytest
from report_examples import context, output, result, template, texts, told

from pilotage.report.layouts.counts import baseline, response
from pilotage.report.layouts.subjects import subjects


@pytest.mark.requirement("P-60", "P-87")
def test_a_cumulative_incidence_shows_what_came_first(tmp_path, small):
    study = template(
        tmp_path,
        ("sap.yaml", "    kind: time to event\n",
         "    kind: cumulative incidence\n    competing: SEX == 'M'\n    competing_on: DCSDT\n"),
    )  # fmt: skip
    own = {"analysis": "TIME_TO_RELAPSE"}
    rows = [
        result("events", 2, 5, **own),
        result("competing", 2, 5, **own),
        result("last_incidence", 0.4, 5, **own),
        result("last_low", 0.05, 5, **own),
        result("last_high", 0.75, 5, **own),
    ]
    table = baseline(output("baseline", "TIME_TO_RELAPSE"), context(study, small, *rows))
    assert texts(table) == [
        ["Time to relapse"],
        ["  Events", "2/5 (40 %)"],
        ["  Competing event first", "2/5 (40 %)"],
        ["  Cumulative incidence (95 % interval)", "40.0 % (5.0 to 75.0 %)"],
    ]
    assert any("interval-censored" in text for text in told(table).values())


@pytest.mark.requirement("P-71", "P-84")
def test_a_change_at_each_visit_takes_a_line_with_n_and_the_first_test(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    week: 8\n", "    by_visit: true\n"))
    rows = [
        result(name, number, 3, analysis="SCORE_CHANGE", avisitn=week, avisit=f"Week {week}")
        for week, numbers in ((4, (3, -2.0, -4.0, 0.0, 0.049)), (8, (2, -5.0, -7.0, -3.0, 0.01)))
        for name, number in zip(
            ("n", "mean_change", "mean_change_low", "mean_change_high", "p_paired_t"),
            numbers,
            strict=True,
        )
    ]
    table = baseline(output("baseline", "SCORE_CHANGE"), context(study, small, *rows))
    assert texts(table) == [
        ["Change of the symptom score at week 8: mean change (95 % interval)"],
        ["  Week 4", "−2.0 (−4.0 to 0.0)"],
        ["  Week 8", "−5.0 (−7.0 to −3.0)"],
    ]
    assert table.rows[1].cells[1].detail == "n = 3; P, paired t: 0.049"


@pytest.mark.requirement("P-65")
def test_not_at_risk_and_not_known_are_told_apart(study, small):
    own = {"analysis": "RESPONSE", "missing": "2 not at risk (no relapse): left out; 0 not known: "
           "left out"}  # fmt: skip
    rows = [
        result("count", 1, 1, **own),
        result("unknown", 0, 1, **own),
        result("not_at_risk", 2, 1, **own),
    ]
    table = response(output("response", "RESPONSE"), context(study, small, *rows))
    cell = table.rows[0].cells[1]
    assert cell.marks == ()
    assert any("stands in no denominator" in text for text in told(table))
    assert "RESPONSE/SAFFL/-/-/not_at_risk" in cell.results


def test_an_empty_category_is_an_answer_of_an_outcome_and_none_of_a_description(
    tmp_path, study, small
):
    rows = [result(f"count {n}", c, 3, analysis="SEX", text=n) for n, c in (("F", 3), ("M", 0))]
    described = baseline(output("baseline", "SEX"), context(study, small, *rows))
    assert texts(described) == [["Sex"], ["  Female", "3/3 (100 %)"]]
    outcome = template(
        tmp_path,
        ("sap.yaml", "    variable: SEX\n", "    variable: SEX\n    endpoint: secondary\n"),
    )
    shown = baseline(output("baseline", "SEX"), context(outcome, small, *rows))
    assert texts(shown)[2] == ["  Male", "0/3 (0 %)"]


@pytest.mark.requirement("P-81")
def test_a_column_of_subjects_that_was_not_collected_says_so(study, small):
    table = subjects(output("subjects", columns=("DCSREAS",)), context(study, small))
    cells = [row.cells[1] for row in table.rows]
    assert {cell.text for cell in cells} == {"–"}
    (mark,) = {mark for cell in cells for mark in cell.marks}
    assert told(table)[mark] == (
        "Reason for the end: not collected; "
        "the snapshot has no table ds, from which DCSREAS is taken."
    )
