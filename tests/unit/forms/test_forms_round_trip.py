"""Filled forms become SDTM tables and come back the same; so do the tables of the cohort."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import records

from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.forms import Filled, filled_of, snapshot_of, tables_of
from pilotage.forms.filled import FilledForm, FilledSubject
from pilotage.snapshot import Snapshot, read_snapshot, write_snapshot
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE

TESTS = Path(__file__).parents[2]
STUDIES: dict[str, str | Path] = {
    "built in": "lenalidomide_cle",
    "small": TESTS / "small_study",
    "psoriasis": TESTS / "other_studies" / "plaque_psoriasis",
    "nephrosis": TESTS / "other_studies" / "childhood_nephrosis",
}
LOADED = {name: load_study(where) for name, where in STUDIES.items()}
NOT_IN_FORMS = {"DV", "CE.CEDTC", "PR.PRDTC"}
"""What the cohort holds and no form asks for: deviations, and the day on which a page of a log was
written."""


@pytest.fixture(scope="module")
def built_in() -> tuple[Study, Snapshot, Filled]:
    study = LOADED["built in"]
    cohort = read_snapshot(study.folder / "cohort")
    return study, cohort, filled_of(study, cohort)


def test_the_cohort_through_forms_and_files_gives_identical_datasets(
    built_in: tuple[Study, Snapshot, Filled], tmp_path: Path
) -> None:
    study, cohort, filled = built_in
    tables = tables_of(study, filled.subjects, filled.forms)
    write_snapshot(
        tables.frames,
        tmp_path / "cut",
        study="LEN-CLE",
        cut=cohort.data_cut,
        synthetic=True,
        protocol_versions=study.protocol.versions,
    )
    made = derive(study, read_snapshot(tmp_path / "cut")).named()
    for name, expected in derive(study, cohort).named().items():
        assert made[name].columns == expected.columns, name
        assert made[name].equals(expected, null_equal=True), name


def test_what_the_cohort_holds_and_no_form_asks_for_is_said(
    built_in: tuple[Study, Snapshot, Filled],
) -> None:
    _, _, filled = built_in
    assert {said.partition(":")[0] for said in filled.unplaced} == NOT_IN_FORMS
    assert "DV: no form asks for this: 11 rows" in filled.unplaced


def test_every_form_of_the_cohort_comes_back_as_it_was(
    built_in: tuple[Study, Snapshot, Filled],
) -> None:
    study, cohort, filled = built_in
    tables = tables_of(study, filled.subjects, filled.forms)
    again = filled_of(study, snapshot_of(tables, cut=cohort.data_cut))
    assert again == replace(filled, unplaced=())


@pytest.mark.parametrize("name", ["template", "psoriasis", "nephrosis"])
def test_cohorts_of_other_studies_come_back_but_for_what_is_said(name: str, tmp_path: Path) -> None:
    study = load_study(TEMPLATE) if name == "template" else LOADED[name]
    cohort = write_cohort(study, tmp_path / "cohort", seed=3, subjects=6)
    filled = filled_of(study, cohort)
    lost = {said.partition(":")[0].partition(".")[2] for said in filled.unplaced}
    assert lost <= {"AEACN", "AEDECOD", "AEOUT", "AEREL", "DSTERM"}
    tables = tables_of(study, filled.subjects, filled.forms)
    made = derive(study, snapshot_of(tables, cut=cohort.data_cut)).named()
    of_lost = {"DSTERM": "DCSREASP"}
    for dataset, expected in derive(study, cohort).named().items():
        kept = [c for c in expected.columns if c not in lost | {of_lost.get(n) for n in lost}]
        assert made[dataset].select(kept).equals(expected.select(kept), null_equal=True), dataset


@pytest.mark.parametrize("name", STUDIES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_random_forms_become_tables_and_come_back(name: str, data: st.DataObject) -> None:
    study = LOADED[name]
    subject, forms = data.draw(records(study))
    tables = tables_of(study, [subject], forms)
    again = filled_of(study, snapshot_of(tables, cut=date(2021, 1, 1)))
    assert (tables.unplaced, again.unplaced) == ((), ())
    assert _by_place(again.forms) == _by_place(forms)
    assert [_plain(subject)] == [_plain(found) for found in again.subjects]


@pytest.mark.parametrize("name", STUDIES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_tables_do_not_depend_on_the_order_in_which_forms_come(
    name: str, data: st.DataObject
) -> None:
    study = LOADED[name]
    subject, forms = data.draw(records(study))
    other = data.draw(st.permutations(forms))
    one, two = tables_of(study, [subject], forms), tables_of(study, [subject], other)
    assert _written(one.frames) == _written(two.frames)
    assert one.sources.equals(two.sources, null_equal=True)


def _written(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    return {name: frame.write_csv() for name, frame in frames.items()}


def _by_place(forms: list[FilledForm] | tuple[FilledForm, ...]) -> dict[object, object]:
    """Answers by form and page; a contact by its label and day."""
    return {
        (f.form, f.repeat, f.contact and (f.contact.label, f.contact.held_on)): dict(f.answers)
        for f in forms
    }


def _plain(subject: FilledSubject) -> list[tuple[str, str, str]]:
    """Visits: a test alone of which nothing was answered leaves no trace in a table."""
    return [
        (contact.planned, contact.label, contact.held_on)
        for contact in subject.contacts
        if " " not in contact.planned
    ]
