"""What a filled form becomes in SDTM, cell by cell, with the answer that each came from."""

from datetime import date
from pathlib import Path

import pytest

from pilotage.forms import Tables, tables_of
from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.reasons import reason_of
from pilotage.snapshot import read_snapshot, write_snapshot
from pilotage.study import load_study

STUDY = load_study("lenalidomide_cle")
WEEK_2 = FilledContact("WEEK_2", 2, "Week 2", "2020-01-15")
TEST_DAY = FilledContact("haematology 8", None, "Blood count", "2020-01-08")


def form(name: str, answers: dict[str, Answer], at: FilledContact | None = WEEK_2) -> FilledForm:
    versions = {item: 100 + number for number, item in enumerate(answers)}
    return FilledForm("S-01", at, name, 1, answers, versions, entry=7)


def tables(*forms: FilledForm, contacts: tuple[FilledContact, ...] = (WEEK_2,)) -> Tables:
    return tables_of(STUDY, [FilledSubject("S-01", "01", contacts)], forms)


def cells(made: Tables, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    return made.frames[table].select(columns).rows()


def test_a_number_stands_as_it_was_typed_with_unit_and_limits() -> None:
    made = tables(form("haematology", {"neutrophils": Answer("2.10", "10*9/L", "1.8", "7.5")}))
    assert cells(made, "lb", "LBTESTCD", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI") == [
        ("NEUT", "2.10", "10*9/L", "1.8", "7.5")
    ]


def test_the_date_of_a_sheet_dates_all_of_its_rows_and_names_their_category() -> None:
    answers = {"sampled": Answer("2020-01-13"), "neutrophils": Answer("2", "10*9/L"),
               "platelets": Answer("200", "10*9/L")}  # fmt: skip
    made = tables(form("haematology", answers))
    assert cells(made, "lb", "LBCAT", "LBDTC") == [("HAEMATOLOGY", "2020-01-13")] * 2


def test_a_sheet_without_its_date_has_no_date_although_the_visit_has_one() -> None:
    made = tables(form("haematology", {"neutrophils": Answer("2", "10*9/L")}))
    assert cells(made, "lb", "VISIT", "LBDTC") == [("Week 2", None)]


def test_what_has_no_date_of_its_own_was_found_on_the_day_of_the_visit() -> None:
    made = tables(form("vital_signs", {"weight": Answer("70", "kg")}))
    assert cells(made, "vs", "VSDTC", "VISITNUM") == [("2020-01-15", "2")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(missing="not done", why="the tube broke"), "the tube broke"),
        (Answer(missing="not done"), None),
        (Answer(missing="unknown"), "UNKNOWN"),
        (Answer(missing="not applicable", why="no arm"), "NOT APPLICABLE: no arm"),
        (Answer(missing="not done", why="UNKNOWN: to us"), "NOT DONE: UNKNOWN: to us"),
    ],
)
def test_why_a_result_is_missing_stands_beside_it(answer: Answer, reason: str | None) -> None:
    made = tables(form("haematology", {"neutrophils": answer, "platelets": Answer("1", "10*9/L")}))
    frame = made.frames["lb"]
    said = frame["LBREASND"][0] if "LBREASND" in frame.columns else None
    assert (frame["LBSTAT"][0], frame["LBORRES"][0], said) == ("NOT DONE", None, reason)
    assert reason_of(said) == answer


def test_why_another_variable_is_missing_stands_in_a_supplement() -> None:
    answers = {"term": Answer("Cough"), "ended": Answer(missing="unknown", why="lost to follow-up")}
    made = tables(form("adverse_event", answers, None))
    assert cells(made, "suppae", "IDVAR", "IDVARVAL", "QNAM", "QVAL") == [
        ("AESEQ", "1", "NDENDTC", "UNKNOWN: lost to follow-up")
    ]


def test_rows_are_numbered_by_date_then_contact_then_plan_then_form() -> None:
    later = FilledContact("WEEK_4", 3, "Week 4", "2020-01-29")
    made = tables(
        form("systemic_review", {"exacerbation": Answer("no")}, later),
        form("safety_review", {"any_event": Answer("no")}, later),
        form("medication_review", {"changed": Answer("no")}, later),
        form("safety_review", {"any_event": Answer("yes")}),
    )
    assert cells(made, "fa", "FASEQ", "FATESTCD", "VISIT") == [
        ("1", "AEANY", "Week 2"),
        ("2", "BGCHANGE", "Week 4"),
        ("3", "AEANY", "Week 4"),
        ("4", "SYSEXAC", "Week 4"),
    ]


def test_an_event_without_its_first_day_is_numbered_last_and_gets_no_day() -> None:
    pages = [
        FilledForm("S-01", None, "adverse_event", 1, {"term": Answer("Cough")}),
        FilledForm("S-01", None, "adverse_event", 2,
                   {"term": Answer("Rash"), "began": Answer("2020-02")}),
    ]  # fmt: skip
    made = tables(*pages)
    assert cells(made, "ae", "AESEQ", "AETERM", "AESTDTC") == [
        ("1", "Rash", "2020-02"),
        ("2", "Cough", None),
    ]


def test_a_visit_has_a_row_and_a_test_alone_has_none() -> None:
    made = tables(contacts=(WEEK_2, TEST_DAY))
    assert cells(made, "sv", "VISIT", "SVSTDTC") == [("Week 2", "2020-01-15")]


def test_a_dose_has_the_drug_of_the_study_and_its_route() -> None:
    answers = {"began": Answer("2020-01-01"), "dose": Answer("5", "mg"), "frequency": Answer("QD"),
               "reason": Answer("START")}  # fmt: skip
    made = tables(form("exposure", answers, None))
    wanted = ("EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRQ", "EXROUTE", "EXENDTC")
    assert cells(made, "ex", *wanted) == [
        (STUDY.protocol.treatment.term, "5", "mg", "QD", "ORAL", None)
    ]


def test_every_cell_of_an_answer_names_its_item_version_and_entry() -> None:
    answers = {"sampled": Answer("2020-01-13"),
               "neutrophils": Answer("2", "10*9/L", high="7.5")}  # fmt: skip
    made = tables(form("haematology", answers))
    found = made.sources.select("DOMAIN", "SEQ", "VARIABLE", "ITEM", "VERSION", "ENTRY").rows()
    assert set(found) == {
        ("LB", 1, "LBDTC", "sampled", 100, 7),
        ("LB", 1, "LBORRES", "neutrophils", 101, 7),
        ("LB", 1, "LBORRESU", "neutrophils", 101, 7),
        ("LB", 1, "LBORNRHI", "neutrophils", 101, 7),
    }


def test_an_answer_that_sdtm_has_no_place_for_is_said() -> None:
    made = tables(
        form("vital_signs", {"length": Answer("3")}),
        form("photograph", {"pair": Answer("1", low="0")}, None),
        form("nowhere", {"item": Answer("x")}),
    )
    assert made.unplaced == (
        "S-01, nowhere: the study has no such form, so its answers have no place",
        "S-01, vital_signs 1, length: the form has no such item",
        "S-01, photograph 1, pair: SDTM has no place for limits of normal beside PAIR",
    )


def test_sites_stand_in_dm_where_there_are_several() -> None:
    subjects = [FilledSubject("01-001", "01"), FilledSubject("02-001", "02")]
    made = tables_of(STUDY, subjects, [])
    assert cells(made, "dm", "USUBJID", "SITEID", "SUBJID") == [
        ("01-001", "01", "1"),
        ("02-001", "02", "1"),
    ]
    alone = tables_of(STUDY, subjects[:1], []).frames["dm"]
    assert "SITEID" not in alone.columns


def test_the_tables_of_a_started_record_are_read_strictly(tmp_path: Path) -> None:
    made = tables(
        form("haematology", {"sampled": Answer("2020-01")}),
        form("dispensing", {"strength": Answer("5", "mg")}),
        form("clasi", {"eryscalp": Answer("1")}),
        form("adverse_event", {"outcome": Answer(missing="unknown")}, None),
    )
    write_snapshot(
        made.frames, tmp_path / "cut", study="LEN-CLE", cut=date(2020, 2, 1), synthetic=True,
        protocol_versions=STUDY.protocol.versions,
    )  # fmt: skip
    assert read_snapshot(tmp_path / "cut").findings == ()
