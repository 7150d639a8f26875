"""The flow of subjects: everybody counted once, and why those who left did."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from figure_examples import sheets
from report_examples import Subject, context, data, output, snapshot, texts

from pilotage.report.figures import flow


@pytest.fixture(scope="module")
def course(study, tmp_path_factory):
    """Two subjects, whose rows each test replaces."""
    where = snapshot(tmp_path_factory.mktemp("course"), Subject("S1"), Subject("S2"))
    return data(study, where)[0]


def flowing(study, course, *rows: dict, planned: bool = True) -> list[list[str]]:
    """The numbers of the flow of subjects of whom only what differs is said; `planned` if the plan
    has a population of those enrolled."""
    usual = {
        "USUBJID": "S", "SAFFL": "Y", "EVALFL": "Y", "ENRLFL": "Y", "TRTSDT": date(2024, 3, 1),
        "DCSREAS": None, "DCSREASP": None, "TRTONGFL": "N",
    }  # fmt: skip
    schema = {"TRTSDT": pl.Date} | {key: pl.String for key in usual if key != "TRTSDT"}
    adsl = pl.DataFrame([{**usual, **row} for row in rows], schema=schema).with_columns(
        ASEQ=pl.int_range(1, pl.len() + 1)
    )
    enrolled = study.sap.populations["SAFFL"].model_copy(
        update={"rule": "enrolled", "headline": False, "label": "Enrolled"}
    )
    populations = {**study.sap.populations, "ENRLFL": enrolled}
    sap = study.sap.model_copy(
        update={"populations": populations if planned else study.sap.populations}
    )
    made = context(replace(study, sap=sap), replace(course, adsl=adsl))
    return texts(flow(output("flow"), made).numbers)


FAILED = {"ENRLFL": "N", "SAFFL": "N", "EVALFL": "N", "TRTSDT": None, "DCSREAS": "SCREEN FAILURE"}


@pytest.mark.requirement("P-01", "P-36")
def test_every_subject_of_the_flow_is_counted_once_where_it_left(study, course):
    rows = flowing(
        study, course, FAILED, {"SAFFL": "N", "EVALFL": "N", "TRTSDT": None, "DCSREAS": "LOST"},
        {"DCSREAS": "ADVERSE EVENT", "EVALFL": "N"}, {"DCSREAS": "COMPLETED"},
        {"TRTONGFL": "Y"}, {},
    )  # fmt: skip
    assert rows == [
        ["Screened", "6"],
        ["  Not enrolled: screening failed", "1"],
        ["Enrolled", "5"],
        ["  Never treated", "1"],
        ["    LOST", "1"],
        ["Treated", "4"],
        ["  Left before the planned end", "1"],
        ["    ADVERSE EVENT", "1"],
        ["Completed or still in the trial", "3"],
        ["  Completed", "1"],
        ["  On treatment at the data cut", "1"],
        ["  In follow-up at the data cut, no end recorded", "1"],
        ["Analysed", ""],
        ["  Treated", "4"],
        ["  First cycle of at least 28 days", "3"],
    ]


@pytest.mark.requirement("P-01")
def test_a_flow_tells_why_screening_failed_where_that_was_written_down(study, course):
    reasons = ("IN03 not met", "IN03 not met", "EX01 met", None, "Screen failure")
    failed = [{**FAILED, "DCSREASP": why} for why in reasons]
    assert flowing(study, course, *failed, {})[1:6] == [
        ["  Not enrolled: screening failed", "5"],
        ["    IN03 not met", "2"],
        ["    No reason recorded", "2"],
        ["    EX01 met", "1"],
        ["Enrolled", "1"],
    ]
    for said in (None, "SCREEN FAILURE"):
        silent = flowing(study, course, {**FAILED, "DCSREASP": said}, {})
        assert silent[1:3] == [["  Not enrolled: screening failed", "1"], ["Enrolled", "1"]]


def test_without_a_population_of_those_enrolled_who_failed_screening_is_still_not_enrolled(
    study, course
):
    never = {**FAILED, "TRTONGFL": None}
    dosed = {"DCSREAS": "SCREEN FAILURE", "TRTONGFL": "Y"}
    rows = flowing(study, course, never, never, dosed, {}, {}, planned=False)
    assert rows[:5] == [
        ["Screened", "5"],
        ["  Not enrolled: screening failed", "2"],
        ["Enrolled", "3"],
        ["  Never treated", "0"],
        ["Treated", "3"],
    ]
    assert flowing(study, course, {}, {}, planned=False)[0] == ["Enrolled", "2"]


def test_a_flow_without_any_subject_shows_zeros(study, course):
    assert {row[1] for row in flowing(study, course)} == {"0", ""}


def test_boxes_of_the_flow_hold_their_texts_and_do_not_touch(study, course):
    reasons = [{"DCSREAS": f"A REASON WITH VERY MANY WORDS IN IT, NUMBER {n}"} for n in range(9)]
    with sheets() as drawn:
        flowing(study, course, *reasons, FAILED)
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []
    boxes = [patch for patch in drawn[0].sheet.drawing.patches[1:] if hasattr(patch, "get_xy")]
    edges = sorted((b.get_y(), b.get_y() + b.get_height()) for b in boxes if b.get_x() < 1)
    assert all(above[1] < below[0] for above, below in pairwise(edges))
