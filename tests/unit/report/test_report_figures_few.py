"""Means of few values: in the numbers of a figure, not in its drawing."""

import pytest
from figure_examples import sheets
from report_examples import context, output, result, texts

from pilotage.report.figures import course_over_time

VISITS = ((0, "Baseline", 6.5, 0.5, 15), (4, "Week 4", 2.0, 0.3, 14), (8, "Week 8", 0.5, None, 1))


def course(analysis="SCORE_VISIT", visits=VISITS, **more):
    rows = []
    for week, visit, mean, sem, n in visits:
        own = {"analysis": analysis, "avisitn": week, "avisit": visit, "paramcd": "SCORE", **more}
        rows += [result("n", n, n, **own), result("mean", mean, n, **own)]
        rows.append(result("sem", sem, n, reason=None if sem else "one value", **own))
    return rows


@pytest.mark.parametrize(("n", "drawn"), [(4, [0, 4]), (5, [0, 4, 8])])
def test_a_mean_of_fewer_than_five_values_is_in_the_numbers_and_not_in_the_drawing(
    study, small, n, drawn
):
    visits = (*VISITS[:2], (8, "Week 8", 0.5, 0.2, n))
    plan = output("course over time", "SCORE_VISIT")
    with sheets() as made:
        figure = course_over_time(plan, context(study, small, *course(visits=visits)))
    (axes,) = made[0].sheet.drawing.axes
    assert list(axes.lines[0].get_xdata()) == drawn
    assert "Week 8" in figure.words
    assert [row[0] for row in texts(figure.numbers)][-1] == "  Week 8"
    left_out = (
        "Visits with fewer than 5 values are not drawn; they stand in the numbers of the figure."
    )
    assert (left_out in [note.text for note in figure.notes]) == (n < 5)
    marks = [row.cells[1].marks for row in figure.numbers.rows if not row.heading]
    assert marks == [(), (), ("a",) if n < 5 else ()]


def test_where_every_mean_is_of_few_values_they_are_drawn_hollow(study, small):
    visits = [(week, visit, mean, sem, 3) for week, visit, mean, sem, _ in VISITS]
    plan = output("course over time", "SCORE_VISIT")
    with sheets() as made:
        figure = course_over_time(plan, context(study, small, *course(visits=visits)))
    (axes,) = made[0].sheet.drawing.axes
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() for line in points] == ["white"] * 3
    assert "Hollow marker: fewer than 5 values." in [note.text for note in figure.notes]
