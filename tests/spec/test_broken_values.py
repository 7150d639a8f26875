"""Values that a study refuses: told in one list with what is wrong in the files, by file and line.

The small snapshot of `snapshot_examples`, read for the built-in study."""

import tempfile
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_examples import CORE, FILES, MUTATIONS, Files, changed, damaged, write_files

from pilotage.datasets import Datasets, derive, read_for
from pilotage.findings import InputErrors
from pilotage.snapshot import read_snapshot, write_snapshot
from pilotage.study import Study, load_study


@cache
def study() -> Study:
    return load_study("lenalidomide_cle")


def derived(folder: Path, files: Files) -> Datasets:
    return derive(study(), read_for(study(), write_files(folder, files)))


def told(folder: Path, files: Files) -> list[str]:
    """What a person reads when datasets are to be derived from the files."""
    with pytest.raises(InputErrors) as caught:
        derived(folder, files)
    return str(caught.value).splitlines()


TOO_HIGH = "CLASIACT is 71; it must be a whole number from 0 to 70"
NO_FREQUENCY = (
    "EXDOSFRQ 'QX' is not a dosing frequency; known are "
    "QID, TID, BID, QD, QOD, TIW, BIW, QW, Q2W, Q3W, Q4W"
)
NO_DOSE_UNIT = "EXDOSU 'g' is not the dose unit of the study; doses are given in mg"
NO_ITEM = "CLASI ERYSCALP is 4; allowed are 0, 1, 2, 3"


def with_values_refused(files: dict[str, str]) -> dict[str, str]:
    """A dose unit, a frequency, a total, an item and a laboratory unit that the study refuses."""
    files = changed("ex.csv", ",5,mg,", ",5,g,", "QOD", "QX", files=files)
    files = changed("qs.csv", "CLASIACT,4,4", "CLASIACT,71,71", files=files)
    files["qs.csv"] += "T1,QS,S02,2,CLASI,ERYSCALP,4,4,4,Week 4,2009-02-16\n"
    return changed("lb.csv", "10*9/L", "10*9/XL", files=files)


REFUSED = [
    f"ex.csv:2: {NO_DOSE_UNIT}",
    f"ex.csv:3: {NO_FREQUENCY}",
    f"qs.csv:3: {TOO_HIGH}",
    f"qs.csv:5: {NO_ITEM}",
    "lb.csv:2: NEUT: unit '10*9/XL' is not known; did you mean '10*9/L'?",
]


def test_values_that_the_study_refuses_are_told_by_file_and_line(tmp_path):
    assert told(tmp_path / "s", with_values_refused({**FILES})) == REFUSED


def test_lines_are_told_in_the_order_of_their_numbers(tmp_path):
    rows = "".join(
        f"T1,QS,S02,{n},CLASI,CLASIACT,{99 if n in (20, 3) else 1},,4,V,2009-02-16\n"
        for n in range(2, 21)
    )
    lines = told(tmp_path / "s", {**CORE, "qs.csv": CORE["qs.csv"] + rows})
    assert [line.split(": ")[0] for line in lines] == ["qs.csv:6", "qs.csv:23"]


FAULTS = {
    "a date is impossible": (
        "qs.csv", ("2009-01-12T09:30", "2009-01-32"),
        "qs.csv:4: QSDTC is '2009-01-32', but January 2009 has 31 days",
    ),
    "a number is no number": (
        "ds.csv", ("S01,1,", "S01,one,"),
        "ds.csv:2: DSSEQ is 'one', which is not a whole number from 1 upwards",
    ),
    "a column is missing": (
        "ex.csv", ("EXENDTC", "XENDTC"),
        "ex.csv:1: the column EXENDTC is missing; did you mean 'XENDTC'?",
    ),
    "a key is there twice": (
        "qs.csv", ("S01,2,", "S01,1,"), "qs.csv:3: QSSEQ 1 of 'S01' is in line 2 already",
    ),
    "a key is missing": ("qs.csv", ("S01,2,", "S01,,"), "qs.csv:3: QSSEQ is missing"),
    "a subject is missing": ("qs.csv", ("QS,S01,2,", "QS,,2,"), "qs.csv:3: USUBJID is missing"),
    "a subject is not in dm": (
        "lb.csv", ("LB,S01,", "LB,S03,"),
        "lb.csv:2: subject 'S03' is not in dm.csv; did you mean 'S02'?",
    ),
    "a row of dm has too few cells": (
        "dm.csv", (",34,F,", ",34,"), "dm.csv:2: the row has 5 cells, the header 6",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_they_stand_in_one_list_with_what_is_wrong_in_the_files(fault, tmp_path):
    file, change, line = FAULTS[fault]
    lines = told(tmp_path / "s", changed(file, *change, files=with_values_refused({**FILES})))
    assert sorted(lines) == sorted([*REFUSED, line])
    order = ["dm.csv", "ex.csv", "qs.csv", "lb.csv", "ds.csv"]
    places = [(order.index(line.split(":")[0]), int(line.split(":")[1])) for line in lines]
    assert places == sorted(places)


def test_a_missing_table_comes_before_the_lines_and_hides_none(tmp_path):
    files = {n: t for n, t in with_values_refused({**FILES}).items() if n != "dm.csv"}
    missing, *lines = told(tmp_path / "s", files)
    assert missing.startswith("dm.csv: the table dm is missing")
    assert lines == REFUSED


def test_a_missing_column_of_values_is_told_once(tmp_path):
    files = changed("qs.csv", "QSSTRESN", "STRESN", files={**FILES})
    assert told(tmp_path / "s", files) == [
        "qs.csv:1: the column QSSTRESN is missing; did you mean 'STRESN'?"
    ]


@settings(max_examples=40, deadline=None)
@given(MUTATIONS, st.sets(st.sampled_from(sorted(FILES)), max_size=2))
def test_damage_of_any_kind_is_input_errors_or_nothing(mutations, lost):
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder) / "s", damaged(mutations, lost))
        with suppress(InputErrors):
            read_for(study(), Path(folder) / "s")


# -- spelling of doses -----------------------------------------------------------------------------


def test_a_frequency_and_a_dose_unit_may_be_in_small_or_capital_letters(tmp_path):
    plain = derived(tmp_path / "plain", CORE)
    spelt = derived(tmp_path / "spelt", changed("ex.csv", "5,mg,QD", "5,MG,Qd", "QOD", "qod"))
    for column in ("AVAL", "DOSESTEP", "CYCLE"):
        assert spelt.adex[column].to_list() == plain.adex[column].to_list()
    assert None not in spelt.adex["AVAL"]
    assert spelt.adex.select("EXDOSU", "EXDOSFRQ").rows() == [("MG", "Qd"), ("mg", "qod")]


def test_a_term_in_other_letters_is_told_once(tmp_path):
    files = changed("ex.csv", "2.5,mg,QOD", "2.5,mG,qod", "5,mg,QD", "5,mG,qod")
    found = derived(tmp_path / "s", files).findings
    assert found.filter(found["WHERE"] == "ex.csv").select("SEVERITY", "MESSAGE").rows() == [
        ("note", "EXDOSFRQ 'qod' is read as QOD"),
        ("note", "EXDOSU 'mG' is read as mg"),
    ]


@pytest.mark.parametrize("text", ["Q D", " QD", "daily", "ＱＤ"])
def test_a_frequency_that_is_none_of_the_terms_is_refused(text, tmp_path):
    (line,) = told(tmp_path / "s", changed("ex.csv", "mg,QD", f"mg,{text}"))
    assert line.startswith(f"ex.csv:2: EXDOSFRQ '{text}' is not a dosing frequency; known are ")


# -- a snapshot of another study -------------------------------------------------------------------


def signed(folder: Path, **said: object) -> Path:
    versions = study().protocol.versions
    facts = {"study": study().protocol.study.id, "protocol_versions": versions} | said
    tables = read_snapshot(write_files(folder / "files", CORE)).tables
    write_snapshot(tables, folder / "s", cut=date(2010, 1, 1), synthetic=False, **facts)
    return folder / "s"


def test_a_snapshot_of_the_study_has_no_warning(tmp_path):
    assert read_for(study(), signed(tmp_path)).findings == ()


def test_a_snapshot_of_another_study_is_a_warning_that_names_both(tmp_path):
    (found,) = read_for(study(), signed(tmp_path, study="OTHER-1")).findings
    assert (found.severity, str(found)) == (
        "warning",
        "manifest.json: the snapshot is one of the study 'OTHER-1', but is read as one of "
        f"'{study().protocol.study.id}'",
    )


def test_a_version_that_the_protocol_does_not_have_is_a_warning(tmp_path):
    version = study().protocol.versions[0].model_copy(update={"id": "9.9"})
    (found,) = read_for(study(), signed(tmp_path, protocol_versions=(version,))).findings
    assert (found.severity, str(found)) == (
        "warning",
        f"manifest.json: the snapshot names version '9.9' of {version.date} of the protocol, "
        f"which '{study().protocol.study.id}' does not have",
    )


def test_a_foreign_snapshot_names_no_study_and_has_no_warning(tmp_path):
    files = {name: text.replace("T1,", "ANOTHER,") for name, text in CORE.items()}
    assert read_for(study(), write_files(tmp_path / "s", files)).findings == ()
