"""A question that does not apply to a subject is neither unknown nor a dash."""

from dataclasses import replace

import polars as pl
import pytest
from report_examples import Subject, context, data, output, result, snapshot, template, texts, told

from pilotage.report.codes import codes_of
from pilotage.report.layouts.counts import response
from pilotage.report.layouts.subjects import response_by_subject, subjects
from pilotage.report.words import Words
from pilotage.study import load_study

RULE = "n/a: the question does not apply to the subject."


@pytest.mark.requirement("P-80")
def test_an_item_that_was_not_asked_is_not_applicable_and_one_without_answer_a_dash():
    study = load_study("lenalidomide_cle")
    adsl = pl.DataFrame(
        {
            "USUBJID": ["S1", "S2", "S3", "S4"], "ASEQ": [1, 1, 1, 1], "ENRLFL": ["Y"] * 4,
            "PRTHAL": ["Y", "N", None, "Y"], "THALNOEF": ["N", None, None, None],
        }
    )  # fmt: skip
    plan = output("subjects", columns=("PRTHAL", "THALNOEF"))
    table = subjects(plan, context(study, bare(adsl)))
    assert [row[1:] for row in texts(table)] == [
        ["yes", "no"], ["no", "n/a"], ["–", "–"], ["yes", "–"],
    ]  # fmt: skip
    assert {RULE, "–: no value."} <= set(told(table))


def bare(adsl: pl.DataFrame):
    """Datasets with subjects alone."""
    from datetime import date

    from pilotage.datasets import NAMES, Datasets

    return Datasets(
        **(dict.fromkeys(NAMES, pl.DataFrame()) | {"adsl": adsl}),
        findings=pl.DataFrame(),
        collected=frozenset(("dm", "cm", "fa", "qs", "lb", "mh", "ds")),
        data_cut=date(2024, 1, 1),
        synthetic=False,
    )


@pytest.mark.requirement("P-81")
def test_what_cannot_be_asked_of_a_course_is_not_applicable(study, tmp_path):
    """S1 responds and relapses, S2 responds, S3 never does, S4 is never assessed again."""
    course = {"2024-03-01": 6, "2024-03-29": 0}
    where = snapshot(
        tmp_path,
        Subject("S1", scores={**course, "2024-04-26": 6}),
        Subject("S2", scores=course),
        Subject("S3", scores={"2024-03-01": 6, "2024-03-29": 5}),
        Subject("S4", scores={"2024-03-01": 6}),
    )
    plan = output(
        "response by subject",
        columns=("BESTRESP", "DOSERESP", "NRELAPSE", "DOSEREL", "RESPCYC2", "DOSECUT", "TTREL"),
    )
    table = response_by_subject(plan, context(study, data(study, where)[0]))
    assert texts(table) == [
        ["S1", "CR", "10 mg QD", "1", "10 mg QD", "n/a", "n/a", "4.0"],
        ["S2", "CR", "10 mg QD", "0", "n/a", "n/a", "n/a", "0.0+"],
        ["S3", "NR", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"],
        ["S4", "–", "–", "–", "–", "n/a", "n/a", "–"],
    ]
    assert RULE in told(table)


def test_the_answer_to_an_analysis_is_not_applicable_to_who_is_not_at_risk(tmp_path, small):
    event = "    event: AVALC == 'CR'\n"
    study = template(tmp_path, ("sap.yaml", event, f"{event}    without_row: not at risk\n"))
    adrs = small.adrs.filter(pl.col("USUBJID") != "S2")
    plan = output("response by subject", columns=("RESPONSE",))
    table = response_by_subject(plan, context(study, replace(small, adrs=adrs)))
    assert [row[1] for row in texts(table)] == ["yes", "n/a", "no"]


def test_the_group_that_was_not_asked_stands_last_and_is_named(tmp_path, small):
    study = template(
        tmp_path, ("sap.yaml", "    event: AVALC == 'CR'\n",
                   "    event: AVALC == 'CR'\n    by: SEX\n"),
    )  # fmt: skip
    rows = [
        result("count", 1, 1, analysis="RESPONSE", level=level)
        for level in ("not applicable", "not known", "M", "F")
    ]
    table = response(output("response", "RESPONSE"), context(study, small, *rows))
    assert [row[0] for row in texts(table)] == [
        "Complete response by week 8", "  Female", "  Male", "  Not known", "  Not applicable",
    ]  # fmt: skip
    assert codes_of(study, Words("es"), "SEX").label("not applicable") == "No procede"
