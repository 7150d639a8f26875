"""Figures of single subjects: lanes, bars, small panels."""

from dataclasses import replace

import polars as pl
import pytest
from figure_examples import sheets
from matplotlib.colors import to_hex
from report_examples import Subject, context, data, output, snapshot, texts

from pilotage.report.figures import individual_courses, swimmer, waterfall
from pilotage.report.figures.bars import ALONE, Bar
from pilotage.report.figures.bars import _svg as draw_bars
from pilotage.report.figures.history import Dose, History, Mark, histories
from pilotage.report.figures.individual import Point
from pilotage.report.figures.individual import Subject as Shown
from pilotage.report.figures.individual import _svg as draw_courses
from pilotage.report.figures.swimmer import _svg as draw_lanes
from pilotage.report.figures.swimmer import week_of

RELAPSED = {"2024-03-01": 6, "2024-03-29": 3, "2024-04-26": 0, "2024-05-24": 5, "2024-06-21": 0}
SIZES = (
    (0, "S{}"),
    (1, "S{}"),
    (4, "CENTRE-OF-A-LONG-NAME-{}"),
    (15, "MMMMMMMMMMMMMMMMMM-{}"),
    pytest.param(40, "CENTRE-OF-A-LONG-NAME-{}", marks=pytest.mark.slow),
    pytest.param(100, "S{}", marks=pytest.mark.slow),
)
"""Subjects of a trial, and how they are called."""


@pytest.fixture(scope="module")
def course(study, tmp_path_factory):
    """One subject who responds, relapses and responds again, one who never does."""
    where = snapshot(
        tmp_path_factory.mktemp("course"),
        Subject("S1", scores=RELAPSED, events=(("HEADACHE", "MILD"),)),
        Subject("S2", scores={"2024-03-01": 6, "2024-03-29": 9}),
    )
    return data(study, where)[0]


def lane(place: int, name: str = "S{}") -> History:
    """Longer with each place: three steps, a relapse, an event."""
    days = 30 + 20 * place
    doses = (Dose(1, 14, "10 mg QD", 1, ""), Dose(15, days // 2, "20 mg QD", 2, ""))
    marks = (
        Mark(8, "event", "Headache", ""), Mark(20, "best", "Complete response", ""),
        Mark(28, "relapse", "Relapse", ""),
    )  # fmt: skip
    end = "Decision of the physician, in the best interest of the subject" if place % 4 == 0 else ""
    return History(name.format(place), "", days, days // 2, days, place % 3 == 1, end, doses, marks)


# -- what happened to a subject --------------------------------------------------------------------


@pytest.mark.requirement("P-81")
def test_each_beginning_of_the_best_category_and_each_relapse_is_a_mark(study, course):
    first, second = histories(context(study, course))
    assert [(mark.day, mark.kind) for mark in first.marks] == [
        (5, "event"), (29, "second"), (57, "best"), (85, "relapse"), (113, "best"),
    ]  # fmt: skip
    assert second.marks == ()
    assert [(dose.first, dose.last, dose.step) for dose in first.doses] == [(1, 92, "10 mg QD")]


def test_days_without_drug_are_no_dose_and_a_dose_off_the_ladder_has_no_rank(study, course):
    changed = course.adex.with_columns(
        EXDOSE=pl.when(pl.col("USUBJID") == "S1").then(0.0).otherwise(7.0),
        DOSESTEP=pl.lit(None, pl.String),
    )
    first, second = histories(context(study, replace(course, adex=changed)))
    assert first.doses == ()
    assert [dose.rank for dose in second.doses] == [0]


# -- the swimmer -----------------------------------------------------------------------------------


def test_a_lane_has_its_doses_and_marks_where_the_data_say(study, course):
    with sheets() as drawn:
        swimmer(output("swimmer"), context(study, course))
    (axes,) = drawn[0].sheet.drawing.axes
    bars = [path.get_extents() for one in axes.collections for path in one.get_paths()]
    assert sorted((bar.x0, bar.x1) for bar in bars) == [(0.0, pytest.approx(92 / 7))] * 2
    marks = {line.get_marker(): list(line.get_xdata()) for line in axes.lines}
    assert marks["v"] == [week_of(85)] == [12.0]
    assert marks["D"] == [week_of(5)]
    circles = [tuple(line.get_xdata()) for line in axes.lines if line.get_marker() == "o"]
    assert sorted(circles) == [(4.0,), (8.0,), (16.0,)]


def test_the_longest_lane_comes_first_and_every_lane_stands_in_the_numbers(study, course):
    figure = swimmer(output("swimmer"), context(study, course))
    rows = texts(figure.numbers)
    assert [row[0] for row in rows] == ["S1", "S2"]
    assert rows[0][1:] == [
        "92", "113", "10 mg QD 1–92",
        "HEADACHE 5; Partial response 29; Complete response 57; Relapse 85; Complete response 113",
    ]  # fmt: skip
    assert "Complete response: 1/2 (50 %)" in figure.words
    assert "Relapse: 1/2 (50 %)" in figure.words


def test_adverse_events_that_nobody_collected_are_not_drawn_as_none(study, course):
    bare = replace(course, collected=course.collected - {"ae"}, adae=course.adae.clear())
    figure = swimmer(output("swimmer"), context(study, bare))
    assert "Adverse event: not collected." in [note.text for note in figure.notes]


@pytest.mark.parametrize(("subjects", "name"), SIZES)
def test_no_text_of_a_swimmer_touches_another_or_the_edge(study, small, subjects, name):
    lanes = [lane(place, name) for place in range(subjects)]
    with sheets() as drawn:
        draw_lanes(output("swimmer"), context(study, small), lanes)
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []
    assert drawn[0].sheet.height < 8.7


# -- the waterfall ---------------------------------------------------------------------------------


@pytest.mark.requirement("P-61")
def test_bars_run_from_the_worst_to_the_best_change_and_are_as_long_as_it(study, course):
    with sheets() as drawn:
        figure = waterfall(output("waterfall", parameters=("SCORE",)), context(study, course))
    (axes,) = drawn[0].sheet.drawing.axes
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == [50.0, -100.0]
    assert texts(figure.numbers) == [
        ["S2", "50.0", "No response"], ["S1", "−100.0", "Complete response"],
    ]  # fmt: skip
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert {tuple(line.get_ydata()) for line in dashed} == {(-50, -50)}


def test_where_more_is_better_the_highest_change_is_the_best(study, course):
    plan = output("waterfall", parameters=("SCORE",), best="highest")
    figure = waterfall(plan, context(study, course))
    assert [row[:2] for row in texts(figure.numbers)] == [["S1", "−16.7"], ["S2", "50.0"]]


def without_best_response(study):
    """The study with responses up to a day alone."""
    classes = study.protocol.classifications
    dated = {
        name: each.model_copy(
            update={"summaries": {k: s for k, s in each.summaries.items() if s.until_day}}
        )
        for name, each in classes.items()
    }
    assert dated != classes
    return replace(study, protocol=study.protocol.model_copy(update={"classifications": dated}))


def test_without_a_best_response_all_bars_look_alike_and_a_note_says_why(study, course):
    plan, bare = output("waterfall", parameters=("SCORE",)), without_best_response(study)
    with sheets() as drawn:
        figure = waterfall(plan, context(bare, course))
    (axes,) = drawn[0].sheet.drawing.axes
    assert [bar.get_height() for bar in axes.patches] == [50.0, -100.0]
    assert {to_hex(bar.get_facecolor()) for bar in axes.patches} == {ALONE["facecolor"]}
    assert "Not known" not in drawn[0].words
    assert texts(figure.numbers) == [["S2", "50.0"], ["S1", "−100.0"]]
    assert len(figure.numbers.columns) == 2
    (told,) = [note.text for note in figure.notes if "response of each subject" in note.text]
    assert told.endswith("the study defines no best response over all assessments.")
    usual = waterfall(plan, context(study, course))
    assert told not in [note.text for note in usual.notes]


def test_a_subject_without_a_change_is_named_and_has_no_bar(study, course):
    without = course.adqs.filter((pl.col("USUBJID") == "S1") | (pl.col("ADY") <= 1))
    changed = context(study, replace(course, adqs=without))
    figure = waterfall(output("waterfall", parameters=("SCORE",)), changed)
    assert [row[0] for row in texts(figure.numbers)] == ["S1"]
    assert "Without a change that could be drawn: S2." in [note.text for note in figure.notes]


@pytest.mark.parametrize(("subjects", "name"), SIZES)
def test_no_text_of_a_waterfall_touches_another_or_the_edge(study, small, subjects, name):
    bars = [
        Bar(name.format(place), 120 - 220 * place / max(subjects - 1, 1), "CR", "", "")
        for place in range(subjects)
    ]
    plan, head = (
        output("waterfall"),
        "A score with a name: best change from baseline" + " of all" * 5,
    )
    with sheets() as drawn:
        draw_bars(plan, context(study, small), bars, head, [-50.0])
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []


@pytest.mark.parametrize(("name", "rotation"), [("SYN-{}", 0.0), ("CENTRE-OF-THE-CITY-{}", 90.0)])
def test_names_below_bars_stand_upright_where_a_smaller_type_makes_them_fit(
    study, small, name, rotation
):
    bars = [Bar(name.format(f"{place:02}"), -50.0, "CR", "", "") for place in range(15)]
    with sheets() as drawn:
        draw_bars(output("waterfall"), context(study, small), bars, "A change", [])
    figure = drawn[0].sheet.drawing
    names = [text for text in figure.texts if text.get_text().endswith("-07")]
    assert [text.get_rotation() for text in names] == [rotation]
    assert drawn[0].overlaps() == []


# -- individual courses ----------------------------------------------------------------------------


def test_a_course_is_drawn_through_every_value(study, course):
    plan = output("individual courses", parameters=("SCORE",))
    with sheets() as drawn:
        figure = individual_courses(plan, context(study, course))
    first = drawn[0].sheet.drawing.axes[0]
    line = max(first.lines, key=lambda line: len(line.get_xdata()))
    assert list(line.get_xdata()) == [0.0, 4.0, 8.0, 12.0, 16.0]
    assert list(line.get_ydata()) == [6, 3, 0, 5, 0]
    assert texts(figure.numbers)[0] == [
        "S1", "6", "0", "0", "1: 6; 29: 3; 57: 0; 85: 5; 113: 0",
    ]  # fmt: skip
    assert "S1 from 6 to 0 at week 8.0, last 0 at week 16.0" in figure.words


def test_nothing_after_the_last_week_is_drawn(study, course):
    plan = output("individual courses", parameters=("SCORE",), until_week=8)
    figure = individual_courses(plan, context(study, course))
    assert texts(figure.numbers)[0][-1] == "1: 6; 29: 3; 57: 0"


@pytest.mark.parametrize(("subjects", "name"), SIZES)
def test_no_text_of_individual_courses_touches_another_or_the_edge(study, small, subjects, name):
    points = (Point(1, 0, 10, ""), Point(29, 4, 3, ""), Point(57, 8, 0, ""))
    shown = [Shown(lane(place % 30, name), points) for place in range(subjects)]
    with sheets() as drawn:
        draw_courses(output("individual courses"), context(study, small), shown, "Score, points")
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []
    assert drawn[0].sheet.height < 8.8
