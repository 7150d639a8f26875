"""Listings and narratives: rows of the datasets in words, and what they say when there is none."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from report_examples import Subject, context, data, output, snapshot, template, texts, told

from pilotage.datasets import Datasets
from pilotage.report.layouts import listings
from pilotage.report.layouts.exposure import compliance, exposure, taken
from pilotage.report.layouts.narratives import narratives
from pilotage.report.model import Prose
from pilotage.study import Study

EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"


def with_tables(study: Study, folder: Path, **tables: str) -> Datasets:
    """Two subjects, with these tables instead of, or beside, their own."""
    where = snapshot(folder, Subject("S1"), Subject("S2", events=(("RASH", "MILD"),)))
    for name, text in tables.items():
        (where / f"{name}.csv").write_text(text, "utf-8")
    return data(study, where)[0]


# -- deviations ------------------------------------------------------------------------------------
@pytest.mark.requirement("P-34")
def test_deviations_are_listed_as_they_were_recorded(study, tmp_path):
    dv = (
        "STUDYID,DOMAIN,USUBJID,DVSEQ,DVTERM,DVCAT,DVSTDTC\n"
        "P,DV,S2,1,Visit missed,SCHEDULE,2024-03\nP,DV,S1,2,Later,,2024-03-02\n"
        "P,DV,S1,1,Before the first dose,,2024-02-29\n"
    )
    made = listings.deviations(
        output("deviations"), context(study, with_tables(study, tmp_path, dv=dv))
    )
    assert texts(made) == [
        ["S1", "2024-02-29", "−1", "Before the first dose", "–"],
        ["S1", "2024-03-02", "2", "Later", "–"],
        ["S2", "2024-03", "–", "Visit missed", "SCHEDULE"],
    ]
    assert made.rows[1].cells[3].source == "DV S1.2"


def test_without_a_table_of_deviations_nobody_knows_of_any(study, small):
    made = listings.deviations(output("deviations"), context(study, small))
    assert texts(made) == [["Not collected: the snapshot has no table dv"]]


def test_a_table_of_deviations_without_rows_is_an_answer(study, tmp_path):
    dv = "STUDYID,DOMAIN,USUBJID,DVSEQ,DVTERM,DVSTDTC\n"
    made = listings.deviations(
        output("deviations"), context(study, with_tables(study, tmp_path, dv=dv))
    )
    assert (made.rows, made.empty) == ((), "No deviation recorded")


# -- adverse events --------------------------------------------------------------------------------
AE = (
    "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESEV,AESER,AESTDTC,AEENDTC,AEACN\n"
    "P,AE,S1,1,BEFORE,MILD,N,2024-02-01,,\nP,AE,S1,2,COLLAPSE,SEVERE,Y,2024-03-05,2024-03-09,STOP\n"
    "P,AE,S2,1,RASH,MILD,N,2024-03,,\n"
)


@pytest.mark.requirement("P-82")
def test_every_adverse_event_is_listed_with_its_days_and_the_dose_on_its_first(study, tmp_path):
    made = listings.adverse_events(
        output("adverse event listing"), context(study, with_tables(study, tmp_path, ae=AE))
    )
    heads = [column.label for column in made.columns]
    assert heads == [
        "Subject", "Event", "Start", "Study day", "End", "Severity", "Serious", "Action taken",
        "On treatment", "Dose at onset",
    ]  # fmt: skip
    assert texts(made) == [
        ["S1", "BEFORE", "2024-02-01", "−29", "–", "mild", "no", "–", "no", "–"],
        ["S1", "COLLAPSE", "2024-03-05", "5", "2024-03-09", "severe", "yes", "STOP", "yes",
         "10 mg QD"],
        ["S2", "RASH", "2024-03", "–", "–", "mild", "no", "–", "yes", "–"],
    ]  # fmt: skip
    notes = " ".join(told(made).values())
    assert "AETOXGR: not collected" in notes
    assert "AEREL: not collected" in notes


def test_without_a_table_of_events_the_listing_says_not_collected(study, tmp_path):
    where = snapshot(tmp_path, Subject("S1"), tables="dm ex qs")
    made = listings.adverse_events(
        output("adverse event listing"), context(study, data(study, where)[0])
    )
    assert texts(made) == [["Not collected: the snapshot has no table ae"]]


# -- laboratory ------------------------------------------------------------------------------------
@pytest.mark.requirement("P-54")
def test_laboratory_values_are_listed_from_the_grade_that_the_study_asks_about(study, tmp_path):
    values = {"2024-02-28": "2.5", "2024-03-08": "1.5", "2024-03-15": "1.49", "2024-03-22": "0.9"}
    head = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,"
    lb = f"{head}VISITNUM,VISIT,LBDTC\n"
    for place, (day, value) in enumerate(values.items(), 1):
        lb += f"P,LB,S1,{place},NEUT,{value},10*9/L,1.8,7.5,{place},V,{day}\n"
    datasets = with_tables(study, tmp_path, lb=lb)

    def listed(grade: int) -> list[list[str]]:
        asked = "query_laboratory_grade_from"
        edit = ("protocol.yaml", f"{asked}: 3", f"{asked}: {grade}")
        (tmp_path / f"from {grade}").mkdir()
        own = template(tmp_path / f"from {grade}", edit)
        made = listings.laboratory(output("laboratory listing"), context(own, datasets))
        return [[row[2], row[3], row[4], row[6], row[7]] for row in texts(made)]

    below, at = ["2024-03-22", "22", "0.90", "3", "2.50"], ["2024-03-15", "15", "1.49", "2", "2.50"]
    assert listed(3) == [below]
    assert listed(2) == [at, below]  # 1.50 is grade 1: the boundary belongs to the milder grade


# -- exposure --------------------------------------------------------------------------------------
@pytest.mark.requirement("P-30")
def test_every_dose_is_listed_with_its_days(study, small):
    made = exposure(output("exposure"), context(study, small))
    assert texts(made)[0] == [
        "S1", "1", "10 mg QD", "2024-03-01", "2024-05-31", "1", "92", "92", "10",
    ]  # fmt: skip
    assert made.rows[0].cells[7].source == "ADEX S1.1"


def test_compliance_counts_the_days_with_drug_among_those_in_cycles(study, tmp_path):
    ex = EX + (
        "P,EX,S1,1,DRUG,10,mg,QD,2024-03-01,2024-03-10\nP,EX,S1,2,DRUG,5,mg,QD,2024-03-16,2024-03-20\n"
        "P,EX,S2,1,DRUG,10,mg,,2024-03-01,2024-03-10\n"
    )
    datasets = with_tables(study, tmp_path, ex=ex)
    made = compliance(output("compliance"), context(study, datasets))
    assert texts(made) == [
        ["S1", "1", "20", "15", "75 %", "125.0", "6.25"],
        ["S2", "1", "10", "–", "–", "–", "–"],
    ]
    assert made.rows[0].cells[3].source == "ADSL S1.1\nADEX S1.1\nADEX S1.2"
    assert "Drug accountability: not collected" in " ".join(told(made).values())


def test_a_subject_without_dose_is_not_treated_and_has_no_compliance(study, tmp_path):
    where = snapshot(tmp_path, Subject("S1", dose=0), Subject("S2"))
    datasets, _ = data(study, where)
    assert taken(datasets.adsl, datasets.adex)["USUBJID"].to_list() == ["S2"]


# -- narratives ------------------------------------------------------------------------------------
DS = "STUDYID,DOMAIN,USUBJID,DSSEQ,DSDECOD,DSSTDTC\n"


def narrated(study: Study, datasets: Datasets) -> Prose:
    return narratives(output("narratives", columns=("AGE", "SEX")), context(study, datasets))


@pytest.mark.requirement("P-64")
def test_a_serious_event_is_told_with_dates_dose_action_and_outcome(study, tmp_path):
    datasets = with_tables(study, tmp_path, ae=AE, ds=DS)
    (passage,) = narrated(study, datasets).passages
    assert passage.heading == "S1: serious adverse event"
    said = [cell.text for cell in passage.sentences]
    assert said[0] == "Age: 40; Sex: female."
    assert said[1].endswith("from 2024-03-01 to 2024-05-31: 92 days in 1 cycle.")
    assert said[2].startswith("BEFORE (mild, not serious) began on 2024-02-01 (study day −29).")
    assert said[3] == (
        "COLLAPSE (severe, serious) began on 2024-03-05 (study day 5), dose on that day: 10 mg QD. "
        "It ended on 2024-03-09 (study day 9). Relation to the drug: not collected. "
        "Action taken: STOP. Outcome: not collected."
    )
    assert passage.sentences[3].source == "ADAE S1.2"


@pytest.mark.parametrize("grades", [{"3": "Grade 3"}, {"3": "3"}, {}])
def test_a_grade_is_told_once_however_the_study_calls_its_grades(tmp_path, grades):
    listed = "".join(f'\n  grades: {{"{code}": "{label}"}}' for code, label in grades.items())
    item = "      grade: {label: Grade, type: choice, codelist: grades, target: AE.AETOXGR}\n"
    sexes, term = "{F: female, M: male}", "      term: {label: Event,"
    edits = [("protocol.yaml", sexes, sexes + listed), ("protocol.yaml", term, item + term)]
    study = template(tmp_path, *(edits if grades else []))
    ae = AE.replace("AEACN\n", "AEACN,AETOXGR\n").replace(",STOP\n", ",STOP,3\n")
    ae = ae.replace("2024-02-01,,\n", "2024-02-01,,,\n").replace("2024-03,,\n", "2024-03,,,\n")
    (passage,) = narrated(study, with_tables(study, tmp_path, ae=ae, ds=DS)).passages
    assert "COLLAPSE (severe, grade 3, serious)" in passage.sentences[3].text


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    ("reason", "is_told"),
    [("COMPLETED", False), ("SCREEN FAILURE", False), ("ADVERSE EVENT", True)],
)
def test_an_early_end_is_told_and_a_planned_one_is_not(study, tmp_path, reason, is_told):
    datasets = with_tables(study, tmp_path, ds=f"{DS}P,DS,S2,1,{reason},2024-04-02\n")
    passages = narrated(study, datasets).passages
    assert [passage.heading for passage in passages] == (["S2: ended early"] if is_told else [])
    if is_told:
        said = [cell.text for cell in passages[0].sentences]
        assert any(text.startswith("Ended on 2024-04-02:") for text in said)


def test_nothing_to_tell_is_said_and_what_was_not_collected_too(study, tmp_path, small):
    nobody = narrated(study, with_tables(study, tmp_path, ds=DS))
    assert (nobody.passages, nobody.empty) == (
        (), "No serious adverse event and no early end.",
    )  # fmt: skip
    unknown = narrated(study, replace(small, adae=small.adae.clear()))
    assert unknown.empty == "not collected"
    assert [n.text for n in unknown.notes] == [
        "Early ends: not collected; the snapshot has no table ds."
    ]


def test_a_serious_event_meets_the_criteria_that_are_recorded(study, tmp_path):
    named = study.protocol.adverse_events.serious_criteria
    column, label = next(iter(named.items()))
    ae = AE.replace("AEACN\n", f"AEACN,{column}\n").replace(",STOP\n", ",STOP,Y\n")
    ae = ae.replace("2024-02-01,,\n", "2024-02-01,,,\n").replace("2024-03,,\n", "2024-03,,,\n")
    (passage,) = narrated(study, with_tables(study, tmp_path, ae=ae, ds=DS)).passages
    assert study.text(label) in passage.sentences[3].text


def test_rows_of_other_subjects_stay_out_of_a_narrative(study, tmp_path):
    datasets = with_tables(study, tmp_path, ae=AE, ds=DS)
    (passage,) = narrated(study, datasets).passages
    assert not any("RASH" in cell.text for cell in passage.sentences)
    assert pl.Series([c.source for c in passage.sentences]).str.contains(" S1.").all()
