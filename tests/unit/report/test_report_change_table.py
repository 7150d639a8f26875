"""Changes from baseline for print: a line each, in one population, with the tests that pair."""

from typing import Any

import pytest
from report_examples import context, output, result, template, texts, told

from pilotage.report.layouts.change_table import changes, shown_tests
from pilotage.report.provenance import stamped
from pilotage.report.shells.document import shell_context
from pilotage.report.shells.outputs import shell
from pilotage.study import Study, load_study
from pilotage.study.sap import ChangeAnalysis

NUMBERS = {
    "n": 6, "mean_baseline": 6.0, "sd_baseline": 1.0, "mean_visit": 1.5, "sd_visit": 0.5,
    "mean_change": -4.5, "mean_change_low": -9.25, "mean_change_high": 0.25,
}  # fmt: skip
P = {
    "paired_t": (0.0423, "paired t; two-sided; n = 6; df = 5"),
    "signed_rank_exact": (
        0.25, "Wilcoxon signed-rank, exact; paired; two-sided; n = 6; 2 tied values; "
        "0 zero differences, pratt rule"
    ),
}  # fmt: skip


def rows(week: int, population: str = "SAFFL", **numbers: float | None) -> list[dict[str, Any]]:
    own = {"analysis": "SCORE_CHANGE", "avisitn": week, "avisit": f"Week {week}"}
    own["population"] = population
    known = NUMBERS | numbers
    n = int(known["n"] or 0)
    found = [
        result(name, value, n, reason=None if value is not None else "one value", **own)
        for name, value in known.items()
    ]
    return [
        *found,
        *(result(f"p_{t}", p, n, method=method, **own) for t, (p, method) in P.items()),
    ]


@pytest.fixture(scope="module")
def tested(tmp_path_factory) -> Study:
    """The change of the small study with several tests, in both populations."""
    tests = "[welch_t, paired_t, signed_rank_exact, signed_rank_asymptotic]"
    return template(
        tmp_path_factory.mktemp("tested"),
        ("sap.yaml", "    week: 8\n    populations: [SAFFL]",
         f"    week: 8\n    tests: {tests}\n    populations: [EVALFL, SAFFL]"),
    )  # fmt: skip


@pytest.mark.requirement("P-71")
def test_a_change_is_a_line_in_the_headline_population(tested, small):
    made = context(tested, small, *rows(8), *rows(8, "EVALFL", mean_change=-99.0))
    plan = output("changes", "SCORE_CHANGE")
    table = changes(plan, made)
    assert [column.label.replace("\u00a0", " ") for column in table.columns] == [
        "Characteristic", "n", "Baseline, mean (SD)", "Follow-up, mean (SD)",
        "Mean change (95 % interval)", "P, paired t", "P, signed-rank, exact",
    ]  # fmt: skip
    assert texts(table) == [
        ["Change of the symptom score at week 8", "6", "6.0 (1.0)", "1.5 (0.5)",
         "−4.5 (−9.3 to 0.3)", "0.042", "0.250"],
    ]  # fmt: skip
    assert table.rows[0].cells[5].hint == P["paired_t"][1]
    notes = told(table)
    assert "Intervals: mean changes by paired t." in notes
    # what all P values share; what differs from line to line is a result
    assert any(
        "Wilcoxon signed-rank, exact, paired, two-sided, n = 6, 2 tied values" in note
        for note in notes
    )
    stamp = stamped(table, plan, made).notes[-1].text
    assert stamp.startswith("Population: Treated (n = 3).")


def test_the_tests_that_keep_the_pairing_are_shown_and_of_one_the_exact_form():
    def tests(*names: str) -> tuple[str, ...]:
        analysis = ChangeAnalysis.model_construct(tests=names)
        return shown_tests([analysis])

    assert tests("pooled_t", "signed_rank_asymptotic", "paired_t", "signed_rank_exact") == (
        "paired_t", "signed_rank_exact",
    )  # fmt: skip
    assert tests("signed_rank_asymptotic", "mann_whitney_exact") == ("signed_rank_asymptotic",)
    assert tests("welch_t", "pooled_t") == ("welch_t",)
    assert tests() == ()


@pytest.mark.requirement("P-71", "P-84")
@pytest.mark.parametrize(("n", "marked"), [(4, True), (5, False)])
def test_each_visit_is_a_line_and_one_of_few_values_is_marked(tmp_path, small, n, marked):
    study = template(tmp_path, ("sap.yaml", "    week: 8\n", "    by_visit: true\n"))
    made = context(study, small, *rows(4), *rows(8, n=n))
    table = changes(output("changes", "SCORE_CHANGE"), made)
    assert [row[:2] for row in texts(table)] == [
        ["Change of the symptom score at week 8"], ["  Week 4", "6"], ["  Week 8", str(n)],
    ]  # fmt: skip
    assert table.rows[1].cells[1].marks == ()
    marks = table.rows[2].cells[1].marks
    assert bool(marks) == marked
    assert [told(table)[mark] for mark in marks] == (["fewer than 5 values."] if marked else [])


def test_every_dash_of_a_line_has_its_reason(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    week: 8\n", "    by_visit: true\n"))
    made = context(study, small, *rows(8, sd_visit=None, mean_change_low=None))
    table = changes(output("changes", "SCORE_CHANGE"), made)
    dashes = [cell for cell in table.rows[1].cells if "–" in cell.text]
    assert [cell.text for cell in dashes] == ["1.5 (–)", "−4.5 (– to 0.3)"]
    assert {told(table)[mark] for cell in dashes for mark in cell.marks} == {"one value."}


def test_a_change_without_a_result_says_so(study, small):
    table = changes(output("changes", "SCORE_CHANGE"), context(study, small))
    cells = table.rows[0].cells[1:]
    assert all(cell.text.startswith("–") and cell.marks for cell in cells)


def test_the_shell_has_the_same_columns_and_a_line_for_each_window():
    study = load_study("lenalidomide_cle")
    made = shell_context(study, study.protocol.versions[0].date)
    by_visit, at_one = (
        next(o for o in study.sap.outputs if o.id == name) for name in ("T2.6", "T2.3")
    )
    table = shell(by_visit, made)
    windows = [window.week for window in study.protocol.analysis_windows.rows]
    first = [row[0] for row in texts(table)][: len(windows) + 1]
    assert first[1:] == [f"  Week {week}" for week in windows]
    assert len(table.columns) == len(changes(by_visit, made).columns)
    assert len(shell(at_one, made).rows) == len(at_one.analyses)


@pytest.mark.requirement("P-71", "P-86")
def test_what_the_short_tables_leave_out_stands_in_the_appendix():
    study = load_study("lenalidomide_cle")
    short = [o for o in study.sap.outputs if o.layout == "changes"]
    whole = {n for o in study.sap.outputs if o.layout == "baseline" for n in o.analyses}
    assert [o.id for o in short] == ["T2.3", "T2.6"]
    assert {name for o in short for name in o.analyses} <= whole
