"""Figures: drawn the same every time, told in words, with their numbers in a table."""

import re
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from figure_examples import sheets
from report_examples import context, output, result, texts, told

from pilotage.analysis import SCHEMA
from pilotage.conditions import parse
from pilotage.report.figures import course_over_time, time_to_event
from pilotage.report.figures.canvas import Canvas, Panel, Style
from pilotage.report.figures.curves import Curve, Step, at_risk, censored
from pilotage.report.figures.lettering import cut, ending, lines, width
from pilotage.report.figures.sheet import WIDTH
from pilotage.report.lookup import Lookup
from pilotage.report.typeset import PER_INCH, render_images
from pilotage.study.sap import CumulativeIncidenceAnalysis

VISITS = ((0, "Baseline", 6.5, 0.5, 15), (4, "Week 4", 2.0, 0.3, 14), (8, "Week 8", 0.5, None, 1))


def course(analysis="SCORE_VISIT", visits=VISITS, **more):
    rows = []
    for week, visit, mean, sem, n in visits:
        own = {"analysis": analysis, "avisitn": week, "avisit": visit, "paramcd": "SCORE", **more}
        rows += [result("n", n, n, **own), result("mean", mean, n, **own)]
        rows.append(result("sem", sem, n, reason=None if sem else "one value", **own))
    return rows


@pytest.mark.requirement("P-84")
def test_the_numbers_of_a_course_stand_in_a_table_and_in_words(study, small):
    figure = course_over_time(
        output("course over time", "SCORE_VISIT"), context(study, small, *course())
    )
    assert texts(figure.numbers) == [
        ["Symptom score, points"],
        ["  Baseline", "15", "6.5", "0.50"],
        ["  Week 4", "14", "2.0", "0.30"],
        ["  Week 8", "1", "0.5", "–"],
    ]
    assert told(figure.numbers) == {"a": "fewer than 5 values.", "b": "one value."}
    assert figure.words == (
        "Symptom score, mean: Baseline 6.5 (n = 15), Week 4 2.0 (n = 14), Week 8 0.5 (n = 1)"
    )


def panels_of(svg: str) -> int:
    return len(re.findall(r'<g id="axes_\d+">', svg))


def test_each_unit_has_a_panel_of_its_own(study, small):
    plan = output("course over time", "SCORE_VISIT", "SCORE_CHANGE")
    one = course_over_time(plan, context(study, small, *course(unit="points")))
    two = course_over_time(
        plan,
        context(study, small, *course(unit="points", level="A"), *course(unit="g/L", level="B")),
    )
    assert (panels_of(one.svg), panels_of(two.svg)) == (1, 2)


@pytest.mark.requirement("P-84")
def test_a_change_named_by_a_figure_is_told_below_with_its_p_value(study, small):
    own = {"analysis": "SCORE_CHANGE", "avisitn": 8}
    rows = [
        result("mean_change", -4.5, 3, **own),
        result("mean_change_low", -9.25, 3, **own),
        result("mean_change_high", 0.25, 3, **own),
        result("p_paired_t", 0.0423, 3, method="paired t; two-sided; n = 3; df = 2", **own),
    ]
    figure = course_over_time(
        output("course over time", "SCORE_CHANGE"), context(study, small, *rows)
    )
    note = figure.notes[0]
    assert note.text == (
        "Change of the symptom score at week 8: mean change (95 % interval) −4.5 (−9.3 to 0.3); "
        "P = 0.042 (paired t; two-sided; n = 3; df = 2)."
    )
    assert len(note.results) == 4


def test_a_figure_without_values_says_so(study, small):
    for draw, layout, name in (
        (course_over_time, "course over time", "SCORE_VISIT"),
        (time_to_event, "time to event", "TIME_TO_RELAPSE"),
    ):
        figure = draw(output(layout, name), context(study, small))
        assert figure.words == figure.numbers.empty == "No values to draw"
        assert panels_of(figure.svg) == 1


def test_more_series_than_styles_are_all_drawn(study, small):
    rows = [row for level in "ABCDEFGHIJ" for row in course(level=level)]
    figure = course_over_time(
        output("course over time", "SCORE_VISIT"), context(study, small, *rows)
    )
    assert len([row for row in figure.numbers.rows if row.heading]) == 10


# -- time to event ---------------------------------------------------------------------------------

STEPS = ((2.0, 5, 0.8), (4.0, 4, 0.8), (6.5, 2, 0.4), (9.0, 1, 0.4))
"""Weeks, at risk, survival: an event at 2; two censored at 4; an event at 6.5; censored at 9."""


def survival():
    rows = [
        result("events", 2, 5, analysis="TIME_TO_RELAPSE"),
        result("median", 6.5, 5, analysis="TIME_TO_RELAPSE"),
        result("median_low", 2.0, 5, analysis="TIME_TO_RELAPSE"),
        result("median_high", None, 5, analysis="TIME_TO_RELAPSE", reason="not reached"),
    ]
    for week, n, share in STEPS:
        for name, value in (("survival", share), ("low", share / 2), ("high", None)):
            reason = None if value else "not defined"
            row = result(name, value, n, analysis="TIME_TO_RELAPSE", at=week, reason=reason)
            rows.append({**row, "RESULTID": f"{name}@{week}"})
    return rows


def curve() -> Curve:
    rows = Lookup(pl.DataFrame(survival(), schema=SCHEMA)).rows("TIME_TO_RELAPSE", "SAFFL")
    steps = [
        Step(row.at or 0.0, row.n or 0, row, None, None)
        for row in rows
        if row.statistic == "survival"
    ]
    return Curve("", "", tuple(steps), Style("#000", "o", "-"))


def test_censored_subjects_are_found_from_the_numbers_at_risk():
    assert list(censored(curve())) == [(4.0, 0.8), (9.0, 0.4)]


def test_the_number_at_risk_is_that_just_before_the_time():
    found = {week: at_risk(curve(), week) for week in (0, 2, 2.1, 4, 5, 6.5, 8, 9, 9.1)}
    assert found == {0: 5, 2: 5, 2.1: 4, 4: 4, 5: 2, 6.5: 2, 8: 1, 9: 1, 9.1: 0}


def test_the_numbers_of_a_curve_stand_in_a_table_and_the_median_below(study, small):
    figure = time_to_event(
        output("time to event", "TIME_TO_RELAPSE"), context(study, small, *survival())
    )
    assert texts(figure.numbers) == [
        ["Time to relapse"],
        ["  2.0", "5", "80.0 %", "–"],
        ["  4.0", "4", "80.0 %", "–"],
        ["  6.5", "2", "40.0 %", "–"],
        ["  9.0", "1", "40.0 %", "–"],
    ]
    assert "Time to relapse: 2 of 5 with the event; median 6.5 weeks (95 % interval 2.0 to –)." in [
        note.text for note in figure.notes
    ]


def test_every_analysis_of_times_has_a_panel_since_its_weeks_begin_on_another_day(study, small):
    other = [{**row, "ANALYSIS": "OTHER"} for row in survival()]
    analyses = study.sap.analyses
    second = next(a for a in analyses if a.id == "TIME_TO_RELAPSE").model_copy(
        update={"id": "OTHER", "label": "Time to something else"}
    )
    sap = study.sap.model_copy(update={"analyses": (*analyses, second)})
    made = context(replace(study, sap=sap), small, *survival(), *other)
    figure = time_to_event(output("time to event", "TIME_TO_RELAPSE", "OTHER"), made)
    assert panels_of(figure.svg) == 2


# -- the canvas ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "step"), [(3, 1), (12, 1), (24, 2), (48, 4), (108, 12), (520, 48)]
)
def test_ticks_leave_room_for_their_labels(last, step):
    ticks = Canvas([Panel()], last).ticks()
    assert (ticks[0], ticks[1] - ticks[0]) == (0, step)
    assert len(ticks) <= 13


@pytest.mark.parametrize(
    ("visits", "step"),
    [((0, 12, 24, 36, 48, 60), 12), ((0, 2, 4, 8, 12, 60), 8), ((), 8), ((0,), 8)],
)
def test_ticks_stand_at_the_visits_where_every_visit_can_have_one(visits, step):
    ticks = Canvas([Panel()], 60, visits=visits).ticks()
    assert ticks[1] - ticks[0] == step


def test_counts_that_would_touch_give_way_but_never_the_first_and_the_last():
    canvas = Canvas([Panel(rows=1)], 108)
    shown = sorted(canvas._apart([0, 2, 4, 8, 12, 16, 20, 24, 36, 48, 60, 72, 84, 96, 106, 108]))
    assert {0, 12, 24, 36, 48, 60, 72, 84, 96, 108} <= set(shown)
    assert 2 not in shown
    assert 106 not in shown
    assert all(b - a >= 4 for a, b in pairwise(shown))


# -- words, signs, images --------------------------------------------------------------------------


@pytest.mark.requirement("P-84")
def test_the_sign_of_a_p_value_stands_above_its_point_and_before_its_footnote(study, small):
    own = {"analysis": "SCORE_CHANGE", "avisitn": 8}
    enough = (*VISITS[:2], (8, "Week 8", 0.5, None, 5))
    rows = [
        *course(visits=enough),
        result("mean_change", -4.5, 3, **own),
        result("p_paired_t", 0.0423, 3, method="paired t", **own),
    ]
    plan = output("course over time", "SCORE_VISIT", "SCORE_CHANGE")
    with sheets() as drawn:
        figure = course_over_time(plan, context(study, small, *rows))
    (axes,) = drawn[0].sheet.drawing.axes
    (sign,) = [text for text in axes.texts if text.get_text()]
    assert (sign.get_text(), sign.xy) == ("*", (8.0, 0.5))
    assert "Against baseline: * P = 0.042" in drawn[0].words
    assert figure.words.endswith("* P = 0.042, Change of the symptom score at week 8")
    assert any(note.text.startswith("* Change of the symptom score") for note in figure.notes)


def test_no_point_after_the_last_week_is_drawn(study, small):
    plan = output("course over time", "SCORE_VISIT", until_week=4)
    figure = course_over_time(plan, context(study, small, *course()))
    assert [row[0] for row in texts(figure.numbers)[1:]] == ["  Baseline", "  Week 4"]


def incidence():
    own = {"analysis": "INCIDENCE"}
    rows = [
        result("events", 2, 5, **own),
        result("competing", 1, 5, **own),
        result("last_incidence", 0.6, 5, **own),
        result("last_low", 0.1, 5, **own),
        result("last_high", 0.9, 5, **own),
    ]
    for week, share in ((2.0, 0.2), (4.0, 0.2), (6.5, 0.6)):
        point = result("incidence", share, 5, at=week, **own)
        rows.append({**point, "RESULTID": f"incidence@{week}"})
    return rows


def test_a_cumulative_incidence_rises_from_0_beside_the_survival(study, small):
    analyses = study.sap.analyses
    time = next(a for a in analyses if a.id == "TIME_TO_RELAPSE")
    second = CumulativeIncidenceAnalysis(
        id="INCIDENCE", label="Incidence", kind="cumulative incidence", dataset="ADTTE",
        populations=time.populations, parameter="TTREL", competing=parse("AGE > 200"),
        source="P-53",
    )  # fmt: skip
    sap = study.sap.model_copy(update={"analyses": (*analyses, second)})
    made = context(replace(study, sap=sap), small, *survival(), *incidence())
    with sheets() as drawn:
        figure = time_to_event(output("time to event", "TIME_TO_RELAPSE", "INCIDENCE"), made)
    falling, rising = drawn[0].sheet.drawing.axes
    assert list(falling.lines[0].get_ydata()) == [1.0, 0.8, 0.8, 0.4, 0.4]
    assert list(rising.lines[0].get_ydata()) == [0.0, 0.2, 0.2, 0.6]
    assert rising.get_ylabel() == "Cumulative incidence"
    assert ["Incidence (cumulative incidence)"] in texts(figure.numbers)
    assert (
        "Incidence: 2 of 5 with the event first, 1 with the competing event first; incidence up to "
        "the last time 60.0 % (95 % interval 10.0 to 90.0 %)."
    ) in [note.text for note in figure.notes]
    assert drawn[0].overlaps() == []


def test_an_image_is_a_png_of_the_width_of_the_page_and_always_the_same(study, small):
    figure = course_over_time(
        output("course over time", "SCORE_VISIT"), context(study, small, *course())
    )
    one, two = render_images([figure.svg, figure.svg])
    assert one == two
    assert one.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(one[16:20]) == pytest.approx(WIDTH * PER_INCH, abs=2)
    assert render_images([]) == []
    assert render_images([figure.svg]) == [one]


# -- lettering -------------------------------------------------------------------------------------

TEXTS = ("", "word", "several words of a text", "M" * 60, "a " * 40, "漢字 and more", "$x^2$ <b>")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("room", [0.7, 1.0, 2.5])
def test_a_text_is_broken_and_cut_to_the_room_it_has(text, room):
    broken = lines(text, room)
    assert all(width(line) <= room for line in broken)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert width(cut(text, room)) <= room
    assert width(ending(text, room)) <= room


def test_of_the_name_of_a_subject_the_end_is_kept_for_there_it_differs():
    assert ending("A-VERY-LONG-CENTRE-012", 0.6).endswith("-012")
    assert ending("S-012", 2.0) == "S-012"
