"""Tables over hand-made results: what stands in a cell, where it comes from, what is told below."""

import pytest
from report_examples import context, output, result, template, texts, told

from pilotage.report.layouts.counts import baseline, disposition, response
from pilotage.report.model import Table

ARM = {"analysis": "RESPONSE", "missing": "0 not known: counted as no event"}


def proportion(count, n, low, high, population="SAFFL", **more):
    own = {**ARM, "population": population, **more}
    method = "clopper_pearson 95%"
    return [
        result("count", count, n, **own),
        result("unknown", 0, n, **own),
        result("proportion", count / n, n, **own),
        result("clopper_pearson_low", low, n, **{**own, "method": method}),
        result("clopper_pearson_high", high, n, **{**own, "method": method}),
    ]


@pytest.mark.requirement("P-81")
def test_a_response_shows_subjects_and_interval_in_both_populations(study, small):
    rows = [
        *proportion(2, 3, 0.094, 0.992),
        *proportion(2, 2, 0.158, 1.0, population="EVALFL"),
    ]
    table = response(output("response", "RESPONSE"), context(study, small, *rows))
    assert [(c.group, c.label) for c in table.columns] == [
        ("", "Outcome"),
        ("Treated (n = 3)", "Subjects"),
        ("Treated (n = 3)", "95 % interval"),
        ("First cycle of at least 28 days (n = 3)", "Subjects"),
        ("First cycle of at least 28 days (n = 3)", "95 % interval"),
    ]
    assert texts(table) == [
        [
            "Complete response by week 8",
            *("2/3 (67 %)", "9.4 to 99.2 %"),
            *("2/2 (100 %)", "15.8 to 100.0 %"),
        ],
    ]
    assert table.rows[0].cells[2].results == (
        "RESPONSE/SAFFL/-/-/clopper_pearson_low",
        "RESPONSE/SAFFL/-/-/clopper_pearson_high",
    )
    assert "Intervals: exact (Clopper-Pearson)." in told(table)


def test_a_number_that_is_absent_is_a_dash_with_its_reason(study, small):
    own = {**ARM, "missing": "3 not known: left out"}
    rows = [
        result("count", 0, 0, **own),
        result("unknown", 3, 0, **own),
        result("clopper_pearson_low", None, 0, **own, reason="nobody to count (n is 0)"),
        result("clopper_pearson_high", None, 0, **own, reason="nobody to count (n is 0)"),
    ]
    table = response(output("response", "RESPONSE"), context(study, small, *rows))
    subjects, interval = table.rows[0].cells[1:3]
    notes = told(table)
    assert (subjects.text, [notes[m] for m in subjects.marks]) == (
        "0/0",
        ["3 not known: left out."],
    )
    assert (interval.text, [notes[m] for m in interval.marks]) == (
        "–",
        ["nobody to count (n is 0)."],
    )


def test_a_footnote_is_told_once_however_many_cells_refer_to_it(study, small):
    rows = [
        *proportion(2, 3, 0.094, 0.992, missing="1 not known: left out"),
        *proportion(2, 3, 0.094, 0.992, population="EVALFL", missing="1 not known: left out"),
    ]
    table = response(output("response", "RESPONSE"), context(study, small, *rows))
    assert [note.text for note in table.notes if note.mark] == ["1 not known: left out."]
    assert table.rows[0].cells[1].marks == table.rows[0].cells[3].marks == ("a",)


def test_an_analysis_without_a_result_is_never_left_out_in_silence(study, small):
    table = response(output("response", "RESPONSE"), context(study, small))
    assert texts(table)[0][1] == "–"
    assert told(table)[table.rows[0].cells[1].marks[0]] == "no result."


def test_a_population_that_the_analysis_is_not_planned_for_stays_empty_and_says_so(study, small):
    plan = output("disposition", "RESPONSE", "SEX")
    rows = [*proportion(2, 3, 0.094, 0.992), result("count F", 3, 3, analysis="SEX", text="F")]
    table = disposition(plan, context(study, small, *rows))
    assert texts(table)[-1] == ["  Female", "3/3 (100 %)", ""]
    assert "Empty: the plan does not ask this of the population." in told(table)


def test_the_interval_has_the_level_of_the_analysis(tmp_path, small):
    level = ("sap.yaml", "    missing: no event\n", "    missing: no event\n    level: 0.9\n")
    study = template(tmp_path, level)
    made = context(study, small, *proportion(2, 3, 0.2, 0.9))
    assert response(output("response", "RESPONSE"), made).columns[2].label == "90 % interval"


def test_intervals_of_several_levels_in_a_table_each_say_theirs(tmp_path, small):
    study = template(
        tmp_path, ("sap.yaml", "    missing: no event\n", "    missing: no event\n    level: 0.9\n")
    )
    events = [
        result("subjects", 1, 3, analysis="EVENTS", level="any", text="any"),
        result("events", 1, 3, analysis="EVENTS", level="any", text="any"),
        *(
            result(f"clopper_pearson_{end}", 0.5, 3, analysis="EVENTS", level="any", text="any",
                   method="clopper_pearson 95%")
            for end in ("low", "high")
        ),
    ]  # fmt: skip
    made = context(study, small, *proportion(2, 3, 0.2, 0.9), *events)
    table = response(output("response", "RESPONSE", "EVENTS"), made)
    assert table.columns[2].label == "Interval"
    assert [row[2] for row in texts(table) if len(row) > 2] == [
        "20.0 to 90.0 % (90 %)",
        "50.0 to 50.0 % (95 %)",
    ]


# -- categories and summaries ----------------------------------------------------------------------


def category(name, count, n=3, analysis="SEX", **more):
    return result(f"count {name}", count, n, analysis=analysis, text=name, **more)


@pytest.mark.requirement("P-80")
def test_codes_are_shown_by_their_labels_in_the_order_of_the_study(study, small):
    rows = [category("M", 1), category("not known", 1), category("F", 1)]
    table = baseline(output("baseline", "SEX"), context(study, small, *rows))
    assert texts(table) == [
        ["Sex"],
        ["  Female", "1/3 (33 %)"],
        ["  Male", "1/3 (33 %)"],
        ["  Not known", "1/3 (33 %)"],
    ]


def test_an_answer_yes_or_no_takes_one_line_and_tells_of_how_many_it_is_not_known(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    variable: SEX\n", "    variable: SAFFL\n"))
    rows = [category("Y", 1), category("N", 1), category("not known", 1)]
    table = baseline(output("baseline", "SEX"), context(study, small, *rows))
    assert texts(table) == [["Sex", "1/3 (33 %)"]]
    assert told(table)["a"] == "1 not known, counted as no."
    none = baseline(output("baseline", "SEX"), context(study, small, category("N", 3)))
    assert texts(none) == [["Sex", "0/3 (0 %)"]]
    assert none.rows[0].cells[1].results == ("SEX/SAFFL/-/-/count N",)


def age(**values):
    methods = {"sd": "standard deviation, n - 1"}
    return [
        result(name, value, 3, analysis="AGE", method=methods.get(name))
        for name, value in values.items()
    ]


AGES = {
    "n": 3, "mean": 42.0, "sd": 12.53, "median": 41.0, "q1": 30.0, "q3": 55.0,
    "minimum": 30.0, "maximum": 55.0,
}  # fmt: skip


@pytest.mark.requirement("P-80")
def test_a_summary_has_one_decimal_more_than_its_values(study, small):
    table = baseline(output("baseline", "AGE"), context(study, small, *age(**AGES)))
    assert texts(table) == [
        ["Age (years)"],
        ["  Mean (SD)", "42.0 (12.5)"],
        ["  Median (quartiles)", "41.0 (30.0 to 55.0)"],
        ["  Range", "30 to 55"],
    ]
    assert "SD: standard deviation, n - 1." in told(table)


def test_a_summary_of_fewer_values_than_subjects_says_how_many(study, small):
    rows = age(**{**AGES, "n": 2})
    rows = [{**row, "N": 2, "MISSING": "1 without a value: left out"} for row in rows]
    table = baseline(output("baseline", "AGE"), context(study, small, *rows))
    assert texts(table)[1] == ["  n", "2"]
    assert told(table)["a"] == "1 without a value: left out."


@pytest.mark.requirement("P-84")
def test_a_p_value_carries_its_full_method(study, small):
    def p(test, value, method):
        return result(f"p_{test}", value, 3, analysis="SCORE_CHANGE", avisitn=8, method=method)

    change = {
        "n": 3, "mean_baseline": 6.0, "sd_baseline": 1.0, "mean_visit": 1.5, "sd_visit": 0.5,
        "mean_change": -4.5, "mean_change_low": -9.25, "mean_change_high": 0.25,
    }  # fmt: skip
    full = (
        "Wilcoxon signed-rank, exact; two-sided; n = 3; 2 tied values; "
        "0 zero differences, pratt rule"
    )
    rows = [
        *(
            result(name, value, 3, analysis="SCORE_CHANGE", avisitn=8, avisit="Week 8")
            for name, value in change.items()
        ),
        p("paired_t", 0.0423, "paired t; two-sided; n = 3; df = 2"),
        p("signed_rank_exact", 0.25, full),
    ]
    table = baseline(output("baseline", "SCORE_CHANGE"), context(study, small, *rows))
    assert texts(table) == [
        ["Change of the symptom score at week 8"],
        ["  n with both values", "3"],
        ["  Baseline, mean (SD)", "6.0 (1.0)"],
        ["  Week 8, mean (SD)", "1.5 (0.5)"],
        ["  Mean change (95 % interval)", "−4.5 (−9.3 to 0.3)"],
        ["  P, paired t", "0.042"],
        ["  P, signed-rank, exact", "0.250"],
    ]
    cell = table.rows[-1].cells[1]
    shown = f"{told(table)[cell.marks[0]]} {cell.detail}"
    assert cell.hint == full
    assert all(part in shown for part in full.split("; "))


def test_what_p_values_of_a_test_share_is_one_footnote_and_the_rest_stands_beside_each(
    tmp_path, small
):
    both = ("sap.yaml", "    parameter: SCORE\n    week: 8\n    populations: [SAFFL]",
            "    parameter: SCORE\n    week: 8\n    populations: [SAFFL, EVALFL]")  # fmt: skip
    study = template(tmp_path, both)
    rows = [
        result("p_paired_t", 0.04, n, analysis="SCORE_CHANGE", avisitn=8, population=population,
               method=f"paired t; two-sided; n = {n}; df = {n - 1}")
        for population, n in (("SAFFL", 3), ("EVALFL", 2))
    ]  # fmt: skip
    table = baseline(output("baseline", "SCORE_CHANGE"), context(study, small, *rows))
    row = next(row for row in table.rows if row.cells[0].text == "P, paired t")
    assert [cell.detail for cell in row.cells[1:]] == ["n = 3; df = 2", "n = 2; df = 1"]
    assert {told(table)[cell.marks[0]] for cell in row.cells[1:]} == {"paired t; two-sided."}


def test_a_test_that_ignores_the_pairing_says_so(tmp_path, small):
    tests = ("sap.yaml", "    week: 8\n", "    week: 8\n    tests: [welch_t]\n")
    study = template(tmp_path, tests)
    row = result(
        "p_welch_t", 0.04, 6, analysis="SCORE_CHANGE", avisitn=8, method="Welch t; two-sided"
    )
    table = baseline(output("baseline", "SCORE_CHANGE"), context(study, small, row))
    assert "ignores the pairing" in " ".join(told(table).values())


def test_every_dash_of_a_table_has_a_footnote(study, small):
    plan = output("response", "AGE", "SEX", "RESPONSE", "SCORE_CHANGE", "TIME_TO_RELAPSE", "EVENTS")
    table: Table = response(plan, context(study, small))
    dashes = [c for row in table.rows for c in row.cells if c.text.startswith("–")]
    assert dashes
    assert all(cell.marks for cell in dashes)
