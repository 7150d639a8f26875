"""Seriousness and severity of adverse events are read however they are spelt: a zero of a table of
safety never comes from capital letters."""

from __future__ import annotations

import time

import polars as pl
import pytest
from dataset_examples import derive_snapshot, oracle, read_tables, study

from pilotage.datasets.event_codes import with_codes


def tables(**columns: list[str]):
    """A treated subject with one adverse event for each text; the texts as they are written."""
    length = len(next(iter(columns.values())))
    made = read_tables(ae="\n".join(["AESTDTC", *["D5"] * length]))
    for name, texts in columns.items():
        for row, text in zip(made["ae"], texts, strict=True):
            row[name] = text
    return made


def both(**columns: list[str]) -> list[list[object]]:
    """The columns in ADAE, which package and reference agree on."""
    made = tables(**columns)
    adae = derive_snapshot(made).adae.sort("AESEQ")
    found = [adae[name].to_list() for name in columns]
    reference = sorted(oracle.derive(made)["adae"], key=lambda row: row["AESEQ"])
    assert [[row[name] for row in reference] for name in columns] == found
    return found


def said(**columns: list[str]) -> list[tuple[str, ...]]:
    found = derive_snapshot(tables(**columns)).findings
    about = found.filter(pl.col("WHERE").str.starts_with("ae.csv"))
    return about.select("SEVERITY", "WHERE", "MESSAGE").rows()


@pytest.mark.requirement("P-64")
def test_seriousness_is_yes_or_no_in_any_spelling():
    texts = ["Y", "N", "Yes", "y", "no", " N ", "YES", "NO", "1", "yes?", ""]
    (found,) = both(AESER=texts)
    assert found == ["Y", "N", "Y", "Y", "N", "N", "Y", "N", None, None, None]


@pytest.mark.requirement("P-63")
def test_severity_is_a_code_of_the_study_in_any_spelling():
    texts = ["SEVERE", "Severe", "severe ", "\tMild", "Moderate", "grave", "3", "", "  "]
    (found,) = both(AESEV=texts)
    assert found == ["SEVERE", "SEVERE", "SEVERE", "MILD", "MODERATE", None, None, None, None]


@pytest.mark.requirement("P-82")
def test_blanks_around_a_term_do_not_matter():
    (found,) = both(AETERM=["Thrombosis", " Thrombosis", "Thrombosis ", "Deep vein thrombosis"])
    assert found == ["Thrombosis"] * 3 + ["Deep vein thrombosis"]


def test_each_spelling_that_was_read_is_a_note_and_each_row_that_was_not_a_warning():
    texts = ["Severe", "Severe", "severe ", "SEVERE", "grave", "grave"]
    assert said(AESEV=texts, AESER=["Yes", "Y", "N", "N", "perhaps", ""]) == [
        ("note", "ae.csv", "AESER 'Yes' is read as Y"),
        ("note", "ae.csv", "AESEV 'Severe' is read as SEVERE"),
        ("note", "ae.csv", "AESEV 'severe ' is read as SEVERE"),
        (
            "warning",
            "ae.csv:6",
            "AESER 'perhaps' is not known, and missing in ADAE; known are Y, N",
        ),
        *(
            (
                "warning",
                f"ae.csv:{line}",
                "AESEV 'grave' is not known, and missing in ADAE; known are MILD, MODERATE, SEVERE",
            )
            for line in (6, 7)
        ),
    ]


def test_codes_as_the_study_writes_them_are_told_to_nobody():
    assert said(AESEV=["MILD", "MODERATE", "SEVERE", ""], AESER=["Y", "N", "Y", ""]) == []


def test_reading_the_codes_of_many_events_takes_no_time():
    many = 200_000
    ae = pl.DataFrame({
        "USUBJID": ["S1"] * many, "SRCLINE": range(2, many + 2), "AETERM": [" Rash"] * many,
        "AESEV": ["Mild", "SEVERE"] * (many // 2), "AESER": ["no"] * many,
    })  # fmt: skip
    begun = time.perf_counter()
    rows, _ = with_codes(ae, study().protocol, file="ae.csv")
    assert time.perf_counter() - begun < 2
    assert rows.select("AESEV", "AESER").unique().height == 2
