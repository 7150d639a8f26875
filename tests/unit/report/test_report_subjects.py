"""Tables with a row per subject: labels for codes, sources for cells, parts for wide tables."""

from dataclasses import replace

import polars as pl
import pytest
from report_examples import context, output, template, texts, told

from pilotage.report.codes import codes_of
from pilotage.report.layouts.panels import PAGE, panels
from pilotage.report.layouts.subjects import response_by_subject, subjects
from pilotage.report.model import Cell, Column, Row
from pilotage.report.words import Words


@pytest.mark.requirement("P-80")
def test_each_enrolled_subject_has_a_row_with_labels_instead_of_codes(study, small):
    plan = output("subjects", columns=("AGE", "SEX", "TRTONGFL", "TRTSDT", "SCOREBL"))
    table = subjects(plan, context(study, small))
    assert [c.label for c in table.columns] == [
        "Subject", "Age", "Sex", "On treatment at the data cut", "First dose",
        "Symptom score at baseline",
    ]  # fmt: skip
    assert texts(table) == [
        ["S1", "30", "female", "no", "2024-03-01", "6"],
        ["S2", "41", "male", "no", "2024-03-01", "6"],
        ["S3", "55", "female", "no", "2024-03-01", "7"],
    ]
    assert {cell.source for cell in table.rows[0].cells} == {"ADSL S1.1"}


@pytest.mark.requirement("P-81")
def test_each_treated_subject_has_its_response_and_its_times(study, small):
    plan = output("response by subject", parameters=("BESTRESP", "TTCR"))
    table = response_by_subject(plan, context(study, small))
    assert texts(table) == [
        ["S1", "CR", "8.0"],
        ["S2", "CR", "8.0"],
        ["S3", "NR", "4.0+"],
    ]
    assert "CR Complete response; NR No response." in told(table)
    assert table.columns[2].label == "Time to complete response, weeks"
    assert "Times in weeks; +: not seen up to the last assessment." in told(table)
    assert table.rows[0].cells[1].source.startswith("ADRS S1.")
    assert table.rows[0].cells[2].source.startswith("ADTTE S1.")


def test_an_output_that_names_no_parameters_gets_all_of_them(study, small):
    table = response_by_subject(output("response by subject"), context(study, small))
    assert len(table.columns) == 5  # subject, two summaries, two times


def test_a_value_that_is_not_there_is_a_dash_and_the_dash_is_explained(study, small):
    plan = output("subjects", columns=("DCSREAS",))
    table = subjects(plan, context(study, small))
    assert [row[1] for row in texts(table)] == ["–", "–", "–"]
    assert "–: no value, or the question does not apply to the subject." in told(table)


def test_a_short_code_with_a_long_label_is_explained_below(tmp_path, small):
    study = template(
        tmp_path,
        ("protocol.yaml", "{F: female, M: male}", "{F: a very long name for female, M: male}"),
    )
    table = subjects(output("subjects", columns=("SEX",)), context(study, small))
    assert [row[1] for row in texts(table)] == ["F", "M", "F"]
    assert "Sex: F a very long name for female; M male." in told(table)


def test_codes_that_two_codelists_name_differently_keep_a_neutral_name(tmp_path):
    sexes = "  sex: {F: female, M: male}\n"
    items = "  symptoms:\n    label: Symptoms\n    source: P-40\n    items:\n"
    ends = "".join(
        f"      {list_}: {{label: End, type: choice, codelist: {list_},"
        f" target: DS.DSDECOD where DSSCAT = {list_.upper()}}}\n"
        for list_ in ("one", "two")
    )
    study = template(
        tmp_path,
        ("protocol.yaml", sexes, f"{sexes}  one: {{DONE: This}}\n  two: {{DONE: That}}\n"),
        ("protocol.yaml", items, items + ends),
    )
    codes = codes_of(study, Words(), "DCSREAS")
    assert codes.label("DONE") == "Done"
    assert codes.label(None) == "No end recorded"


def test_a_study_without_subjects_says_so(study, small):
    nobody = replace(small, adsl=small.adsl.clear())
    table = subjects(output("subjects", columns=("AGE",)), context(study, nobody))
    assert (table.rows, table.empty) == ((), "No subject")


# -- wide tables -----------------------------------------------------------------------------------


def wide(*widths: int) -> tuple[list[Column], list[Row]]:
    columns = [Column("Subject"), *(Column("x" * width) for width in widths)]
    return columns, [Row((Cell("S1"), *(Cell("x") for _ in widths)))]


def test_a_table_that_fits_is_one_part():
    assert panels(*wide(20, 20, 20)) == ()


def test_a_wide_table_comes_in_as_few_parts_as_the_page_allows_each_with_the_subject():
    parts = panels(*wide(*[10] * 16))
    assert len(parts) == 2
    assert all(part[0] == 0 for part in parts)
    assert [place for part in parts for place in part[1:]] == list(range(1, 17))


def test_the_parts_are_of_nearly_the_same_width():
    first, second = panels(*wide(*[10] * 16))
    assert abs(len(first) - len(second)) <= 1


def test_a_column_wider_than_the_page_stands_alone():
    parts = panels(*wide(10, int(PAGE) * 2, 10))
    assert parts == ((0, 1), (0, 2), (0, 3))


# -- the course of each subject --------------------------------------------------------------------


@pytest.mark.requirement("P-81")
def test_columns_stand_in_the_order_of_the_plan_whatever_they_are(study, small):
    plan = output(
        "response by subject",
        columns=("NRELAPSE", "BESTRESP", "SEX", "RESPONSE", "TTCR", "DOSERESP"),
        heads={"RESPONSE": "By week 8", "TTCR": "CR after, weeks"},
    )
    table = response_by_subject(plan, context(study, small))
    assert [column.label for column in table.columns] == [
        "Subject", "Relapses", "Best response", "Sex", "By week 8", "CR after, weeks",
        "Dose at response",
    ]  # fmt: skip
    assert texts(table) == [
        ["S1", "0", "CR", "female", "yes", "8.0", "10 mg QD"],
        ["S2", "0", "CR", "male", "yes", "8.0", "10 mg QD"],
        ["S3", "n/a", "NR", "female", "no", "4.0+", "n/a"],
    ]
    assert "n/a: the question does not apply to the subject." in told(table)
    assert "Dose at response: in force on the day before the response was first seen." in told(
        table
    )
    first = table.rows[0].cells
    assert [cell.source.split()[0] for cell in first] == [
        "ADSL", "ADRS", "ADRS", "ADSL", "ADRS", "ADTTE", "ADRS",
    ]  # fmt: skip


def test_categories_of_several_columns_are_explained_once(study, small):
    plan = output("response by subject", columns=("BESTRESP", "RESPW8"))
    notes = told(response_by_subject(plan, context(study, small))).values()
    assert sum("Complete response" in note for note in notes) == 1


def test_screen_failures_are_no_enrolled_subjects(tmp_path, small):
    population = "  ENRLFL:\n    label: Enrolled\n    rule: enrolled\n    source: P-61\n  SAFFL:\n"
    study = template(tmp_path, ("sap.yaml", "  SAFFL:\n", population))
    adsl = small.adsl.with_columns(
        ENRLFL=pl.when(pl.col("USUBJID") == "S2").then(pl.lit("N")).otherwise(pl.lit("Y"))
    )
    table = subjects(
        output("subjects", columns=("AGE",)), context(study, replace(small, adsl=adsl))
    )
    assert [row[0] for row in texts(table)] == ["S1", "S3"]


def test_what_nobody_collected_is_no_answer_of_any_subject(study, small):
    absent = replace(small, collected=small.collected - {"qs"})
    plan = output("response by subject", columns=("RESPONSE", "BESTRESP"))
    table = response_by_subject(plan, context(study, absent))
    assert [row[1] for row in texts(table)] == ["–", "–", "–"]
    assert any("not collected" in note for note in told(table).values())
