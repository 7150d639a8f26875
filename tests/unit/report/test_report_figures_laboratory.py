"""Laboratory courses and their bands of toxicity grades."""

from dataclasses import replace
from datetime import date
from math import inf

import polars as pl
import pytest
from figure_examples import sheets
from report_examples import context, output, texts

from pilotage.instruments.ctcae import grade
from pilotage.report.figures import laboratory_courses
from pilotage.report.figures.grades import Band, bands
from pilotage.report.figures.labels import Box, Labels
from pilotage.report.figures.laboratory_panels import Course, Value, ticks

PLAN = output("laboratory courses", parameters=("NEUT",))


def neutrophils(*rows: tuple[str, int, float, int | None], upper: float = 7.0) -> pl.DataFrame:
    """ADLB of (subject, study day, value, grade); day 1 is the baseline."""
    return pl.DataFrame(
        [
            {
                "USUBJID": subject, "ASEQ": place, "PARAMCD": "NEUT", "ADT": date(2024, 3, 1),
                "ADY": day, "AVAL": value, "ATOXGR": found, "ABLFL": "Y" if day == 1 else None,
                "ANRLO": 2.0, "ANRHI": upper, "LBTESTCD": "NEUT",
            }
            for place, (subject, day, value, found) in enumerate(rows, 1)
        ],
        schema_overrides={"ATOXGR": pl.Int64, "ABLFL": pl.String},
    )  # fmt: skip


def drawn(study, small, *rows, plan=PLAN, **more):
    datasets = replace(small, adlb=neutrophils(*rows, **more), collected=small.collected | {"lb"})
    with sheets() as found:
        figure = laboratory_courses(plan, context(study, datasets))
    return figure, found[0]


ROWS = (("S1", 1, 3.0, 0), ("S1", 29, 1.2, 2), ("S1", 57, 0.9, 3), ("S2", 1, 4.0, 0),
        ("S2", 29, 1.8, 1))  # fmt: skip


# -- bands -----------------------------------------------------------------------------------------


@pytest.mark.requirement("P-54")
def test_bands_meet_at_the_bounds_of_the_criteria():
    assert bands("NEUT", version="5.0", lln=2.0, uln=7.0) == [
        Band(4, 0.0, 0.5), Band(3, 0.5, 1.0), Band(2, 1.0, 1.5), Band(1, 1.5, 2.0),
        Band(0, 2.0, inf),
    ]  # fmt: skip
    assert [band.high for band in bands("ALT", version="3.0", lln=None, uln=40)] == [
        40, 100, 200, 800, inf,
    ]  # fmt: skip


def test_a_bound_above_the_limit_of_normal_leaves_the_milder_grade_out():
    assert bands("NEUT", version="5.0", lln=1.3, uln=None)[-2:] == [
        Band(2, 1.0, 1.5), Band(0, 1.5, inf),
    ]  # fmt: skip


def test_what_needs_a_limit_that_is_not_given_has_no_band():
    assert bands("NEUT", version="5.0", lln=None, uln=None)[-1] == Band(2, 1.0, 1.5)
    assert bands("CREAT", version="5.0", lln=None, uln=100)[0].grade == 3


@pytest.mark.parametrize("term", ["NEUT", "WBC", "PLAT", "HGB", "ALT", "CREAT"])
def test_every_value_inside_a_band_has_its_grade(term):
    limits = {"lln": 10.0, "uln": 40.0}
    for band in bands(term, version="3.0", **limits):
        top = band.high if band.high < inf else band.low * 3
        for share in (0.01, 0.5, 0.99):
            value = band.low + (top - band.low) * share
            assert grade(term, value, version="3.0", **limits) == band.grade


# -- courses ---------------------------------------------------------------------------------------


def test_a_line_is_drawn_through_every_value_and_bad_ones_are_named(study, small):
    figure, made = drawn(study, small, *ROWS)
    (axes,) = made.sheet.drawing.axes
    lines = [line for line in axes.lines if line.get_marker() in ("None", None)]
    assert [list(line.get_xdata()) for line in lines] == [[0.0, 4.0, 8.0], [0.0, 4.0]]
    assert [list(line.get_ydata()) for line in lines] == [[3.0, 1.2, 0.9], [4.0, 1.8]]
    assert "S1" in made.words
    assert "S2" not in made.words
    assert texts(figure.numbers) == [
        ["Neutrophils, 10*9/L"],
        ["  Grade 1", "1", "", ""],
        ["    S2", "", "1.8", "29"],
        ["  Grade 3", "1", "", ""],
        ["    S1", "", "0.9", "57"],
    ]
    assert figure.words == (
        "Neutrophils, worst grade after baseline: grade 1: 1, grade 3: 1 (S1 0.9 (day 57))"
    )


def test_the_worst_grade_is_one_after_baseline_and_of_equal_grades_the_worse_value():
    def value(week: float, number: float, found: int | None) -> Value:
        return Value("S1", 1 + int(7 * week), week, number, found, "")

    values = (value(0, 0.4, 4), value(1, 1.4, 2), value(2, 1.1, 2), value(3, 0.2, None))
    assert Course("", "", 1, "low", values, ()).worst["S1"].value == 1.1
    assert Course("", "", 1, "high", values, ()).worst["S1"].value == 1.4


def test_values_after_the_last_week_are_not_drawn(study, small):
    figure, _ = drawn(study, small, *ROWS, plan=PLAN.model_copy(update={"until_week": 4}))
    assert "grade 3" not in figure.words


def test_limits_that_differ_are_told(study, small):
    own = neutrophils(*ROWS).with_columns(
        ANRHI=pl.when(pl.col("USUBJID") == "S1").then(6.5).otherwise(7.0)
    )
    datasets = replace(small, adlb=own, collected=small.collected | {"lb"})
    figure = laboratory_courses(PLAN, context(study, datasets))
    assert any("Limits of normal differ" in note.text for note in figure.notes)
    same, _ = drawn(study, small, *ROWS)
    assert not any("Limits of normal differ" in note.text for note in same.notes)


def test_a_value_of_0_lies_on_the_lower_edge(study, small):
    _, made = drawn(study, small, ("S1", 1, 3.0, 0), ("S1", 29, 0.0, 4))
    (axes,) = made.sheet.drawing.axes
    low, _ = axes.get_ylim()
    assert low > 0
    assert min(axes.lines[0].get_ydata()) == low


def test_without_laboratory_data_the_figure_says_so(study, small):
    figure = laboratory_courses(PLAN, context(study, small))
    assert figure.words == "No values to draw"
    assert "Not collected." in [note.text for note in figure.notes]


@pytest.mark.parametrize("subjects", [1, 4, 15, pytest.param(40, marks=pytest.mark.slow)])
def test_no_text_touches_another_or_the_edge(study, small, subjects):
    rows = [
        (f"S{place % 3}", 1 + 7 * week, 0.6 + 0.02 * place + 0.3 * week, 2)
        for place in range(subjects)
        for week in range(4)
    ]
    _, made = drawn(study, small, *rows)
    assert made.overlaps() == []
    assert made.clipped() == []


@pytest.mark.parametrize(
    ("low", "high"), [(0.4, 9), (60, 170), (1.9, 12), (4, 300), (0.001, 0.002), (20, 2000)]
)
def test_a_logarithmic_axis_has_three_to_nine_ticks_within_it(low, high):
    found = ticks(low, high)
    assert 3 <= len(found) <= 9
    assert all(low <= tick <= high for tick in found)


# -- names -----------------------------------------------------------------------------------------


def test_names_give_way_to_those_placed_before_and_to_the_edge():
    labels = Labels(Box(0, 0, 2, 1))
    places = [labels.place(1.0, 0.5, "SUBJECT", 6.5) for _ in range(40)]
    assert places[0] is not None
    assert None in places
    for place, box in enumerate(labels.taken):
        assert box.inside(labels.bounds)
        assert not any(box.touches(other) for other in labels.taken[:place])
