"""A person asks how it came about: the life of a subject, and a value traced to its lines."""

import functools
import json
import re
from pathlib import Path

import polars as pl
import pytest
from commands import process, run

from pilotage.datasets import Datasets, derive
from pilotage.snapshot import read_snapshot
from pilotage.study import load_study
from pilotage.study.new import TEMPLATE

STUDY = "lenalidomide_cle"
ROOT = Path(__file__).parents[2]
COHORT = ROOT / "src/pilotage/studies" / STUDY / "cohort"
OTHERS = Path(__file__).parents[1] / "other_studies"
STUDIES = {"plaque_psoriasis": OTHERS / "plaque_psoriasis",
           "childhood_nephrosis": OTHERS / "childhood_nephrosis", "template": TEMPLATE}  # fmt: skip


def told(*arguments: object) -> list[str]:
    ended = run("explain", STUDY, COHORT, *arguments)
    assert (ended.status, ended.err) == (0, [])
    return ended.out


def plain(lines: list[str]) -> str:
    """The text as if it had no lines."""
    return re.sub(r"\s+", " ", "\n".join(lines))


@functools.cache
def datasets() -> Datasets:
    return derive(load_study(STUDY), read_snapshot(COHORT))


@functools.cache
def relapses() -> pl.DataFrame:
    """The relapses of the subject who has most, in their order."""
    rows = datasets().adrs.filter(pl.col("PARAMCD") == "RELAPSE")
    most = rows.group_by("USUBJID").len().sort("len", "USUBJID")["USUBJID"][-1]
    return rows.filter(pl.col("USUBJID") == most).sort("ADT")


def relapsing() -> str:
    return str(relapses()["USUBJID"][0])


# -- the built-in cohort ---------------------------------------------------------------------------


def test_a_subject_who_relapsed_is_told_from_consent_to_the_last_visit() -> None:
    lines = told(relapsing())
    text = plain(lines)
    assert max(len(line) for line in lines) <= 80
    assert lines[1] == "Synthetic data: invented subjects, no patient data"
    consent = datasets().adsl.filter(pl.col("USUBJID") == relapsing())["RFICDTC"][0]
    assert f"{consent}, day −" in text
    for words in (
        "Consent informed consent [P-01, P-17]",
        "CANNOT ADVISE: eligibility waits for 1 of 22 criteria: EX01A",
        "first dose 5 mg QD: conforms. “Lenalidomide is started at 5 mg/day” [P-30]",
        *(f"relapse {n}. “CLASI activity is at least 4 points” [P-65]"
          for n in range(1, relapses().height + 1)),
        "P-35 Relapse: reintroduce, and maintain if need be",
    ):  # fmt: skip
        assert words in text, words


def test_a_subject_whose_treatment_ended_early_is_told_why() -> None:
    ended = datasets().adsl.filter(pl.col("DCSREAS") == "ADVERSE EVENT").row(0, named=True)
    events = datasets().adae.filter(pl.col("USUBJID") == ended["USUBJID"]).to_dicts()
    text = plain(told(ended["USUBJID"]))
    assert "→ no drug: conforms. “" in text
    assert "end of treatment: other adverse event (" in text
    for event in events:
        graded = f"{event['AETERM']}: {event['AESEV'].lower()}, grade {event['AETOXGR']}"
        assert graded in text


def test_what_was_known_on_a_day_holds_nothing_later() -> None:
    first = relapses()["ADT"][0]
    text = plain(told(relapsing(), "--at", first))
    assert "relapse 1" in text
    assert "relapse 2" not in text
    story = text.partition("How things stand")[0].partition("data up to")[2]
    dates = re.findall(r"(\d{4}-\d\d-\d\d), day", story)
    assert dates
    assert max(dates) <= str(first)


def test_one_json_document() -> None:
    document = json.loads("\n".join(told("SYN-03", "--json")))
    assert (document["subject"], document["synthetic"]) == ("SYN-03", True)
    kinds = {entry["kind"] for day in document["days"] for entry in day["entries"]}
    assert {"consent", "eligibility", "dose", "response", "stopping", "disposition"} <= kinds


def test_no_text_names_the_dose_that_the_protocol_would_give() -> None:
    """On the day of a relapse the protocol asks for another dose; the subject takes 10 mg never."""
    first = relapses()["ADT"][0]
    text = "\n".join(told(relapsing(), "--at", first, "--json"))
    assert "not judged yet" in text
    assert "10 mg QD" not in text


# -- traces ----------------------------------------------------------------------------------------


def test_a_response_leads_to_the_lines_of_its_items() -> None:
    first = relapses()["ADT"][0]
    lines = told(relapsing(), "--why", "RESPONSE", "--at", first)
    assert lines[1].endswith(f", of {first}")
    shown = [line for line in lines if line.startswith("  from  qs.csv:")]
    source = (COHORT / "qs.csv").read_text("utf-8").splitlines()
    found = [re.match(r"  from  qs\.csv:(\d+)  QSTESTCD (\w+), QSORRES (\d+)", s) for s in shown]
    checked = [each for each in found if each]
    assert len(checked) >= 29
    for each in checked:
        cells = source[int(each[1]) - 1].split(",")
        assert {each[2], each[3], relapsing()} <= set(cells)


@pytest.mark.parametrize(
    "name", ["dosing", "stopping", "eligibility", "IN03", "NEUT.GRADE", "ADSL.TRTSDT", "BESTRESP"]
)
def test_values_decisions_and_variables_can_be_asked_for(name: str) -> None:
    lines = told("SYN-03", "--why", name)
    assert name.removeprefix("ADRS.").lower() in lines[0].lower()
    assert any(line.startswith("  from  ") or "row 1 " in line for line in lines)


def test_a_trace_as_json() -> None:
    found = json.loads("\n".join(told("SYN-03", "--why", "ADSL.TRTSDT", "--json")))
    start = datasets().adsl.filter(pl.col("USUBJID") == "SYN-03")["TRTSDT"][0]
    assert (found["answer"], found["synthetic"]) == (str(start), True)
    assert found["snapshot"][0]["where"].startswith("ex.csv:")


# -- page ------------------------------------------------------------------------------------------


def test_a_page_is_one_file_without_a_script(tmp_path: Path) -> None:
    file = tmp_path / "pages/SYN-01.html"
    assert told("SYN-01", "--html", file) == [str(file)]
    page = file.read_text("utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#|data:)", page)
    assert "Synthetic data: invented subjects, no patient data" in page
    assert list(file.parent.iterdir()) == [file]


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["SYN-3"], "dm.csv: there is no subject 'SYN-3'; did you mean 'SYN-13'?"),
        (["nobody"], "dm.csv: there is no subject 'nobody'"),
        (["SYN-03", "--why", "RESPONCE"], "--why: the study has no value and no decision 'RESPONCE'"
         "; did you mean 'RESPONSE'?"),
    ],
)  # fmt: skip
def test_unknown_subjects_and_names_are_one_line(arguments: list[str], message: str) -> None:
    ended = process("explain", STUDY, COHORT, *arguments)
    assert ended.status == 1
    assert ended.out == []
    assert len(ended.err) == 1
    assert ended.err[0].startswith(message[:50])


def test_a_page_is_never_written_among_what_was_read() -> None:
    ended = run("explain", STUDY, COHORT, "SYN-03", "--html", COHORT / "page.html")
    assert ended.status == 1
    assert "is inside the folder of the study" in ended.err[0]
    assert not (COHORT / "page.html").exists()


def test_a_page_and_a_trace_are_not_one(tmp_path: Path) -> None:
    ended = run(
        "explain", STUDY, COHORT, "SYN-03", "--why", "dosing", "--html", tmp_path / "p.html"
    )
    assert ended.status == 1
    assert len(ended.err) == 1


# -- other studies ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, study in STUDIES.items():
        found[name] = tmp_path_factory.mktemp(name) / "snapshot"
        made = run("cohort", study, "--subjects", 4, "--seed", 3, "--out", found[name])
        assert made.status == 0, made.err
    return found


@pytest.mark.parametrize("name", STUDIES)
def test_subjects_of_other_studies_are_told(
    cohorts: dict[str, Path], tmp_path: Path, name: str
) -> None:
    study, snapshot = STUDIES[name], cohorts[name]
    dm = (snapshot / "dm.csv").read_text("utf-8").splitlines()
    place = dm[0].split(",").index("USUBJID")
    for subject in (row.split(",")[place] for row in dm[1:]):
        ended = run("explain", study, snapshot, subject)
        assert (ended.status, ended.err) == (0, [])
        text = "\n".join(ended.out)
        assert max(len(line) for line in ended.out) <= 80
        assert "informed consent" in text
        assert "first dose" in text
    page = run("explain", study, snapshot, subject, "--html", tmp_path / "page.html")
    assert page.status == 0
    for asked in ("dosing", "stopping", "RESPONSE", "ADSL.TRTSDT"):
        assert run("explain", study, snapshot, subject, "--why", asked).status == 0


@pytest.mark.parametrize("name", ["plaque_psoriasis"])
def test_three_tables_are_enough(cohorts: dict[str, Path], tmp_path: Path, name: str) -> None:
    for table in ("dm", "ex", "qs"):
        content = (cohorts[name] / f"{table}.csv").read_bytes()
        (tmp_path / f"{table}.csv").write_bytes(content)
    ended = run("explain", STUDIES[name], tmp_path, "PSO-001")
    assert (ended.status, ended.err) == (0, [])
    assert any(line.startswith("Not collected: adverse events") for line in ended.out)
