"""Before and after: two values of each subject, in groups."""

from dataclasses import replace

import pytest
from figure_examples import sheets
from report_examples import Subject, context, data, output, result, snapshot, texts

from pilotage.analysis import analyse
from pilotage.conditions import parse
from pilotage.report.context import Context
from pilotage.report.figures import before_and_after
from pilotage.report.figures.paired import _tell_changes
from pilotage.report.figures.paired_panels import Group, Pair, Panel, draw_panels, span
from pilotage.report.lookup import Lookup
from pilotage.report.notes import Notes
from pilotage.report.words import Words
from pilotage.study.sap import ChangeAnalysis

LONG = "Subjects with antibodies at baseline that had been known for many years"


def compared(study, *groups: str):
    """The study with a change at week 8 for each condition on the subject."""
    analyses = tuple(
        ChangeAnalysis(
            id=f"CHANGE_{place}", label=f"Change {place}", kind="change", dataset="ADQS",
            populations=("SAFFL",), among=parse(among), parameter="SCORE", week=8,
            tests=("paired_t",), source="P-62",
        )
        for place, among in enumerate(groups)
    )  # fmt: skip
    sap = study.sap.model_copy(update={"analyses": (*study.sap.analyses, *analyses)})
    return replace(study, sap=sap), tuple(analysis.id for analysis in analyses)


@pytest.fixture(scope="module")
def trial_of_four(study, tmp_path_factory):
    where = snapshot(
        tmp_path_factory.mktemp("pairs"),
        Subject("S1", age=30, scores={"2024-03-01": 6, "2024-04-26": 2}),
        Subject("S2", age=35, scores={"2024-03-01": 8, "2024-04-26": 3}),
        Subject("S3", age=60, scores={"2024-03-01": 5, "2024-04-26": 5}),
        Subject("S4", age=70, scores={"2024-03-01": 5}),
    )
    return data(study, where)[0]


@pytest.mark.requirement("P-85")
def test_each_subject_with_both_values_is_a_line_in_its_group(study, trial_of_four):
    grouped, names = compared(study, "AGE < 50", "AGE >= 50")
    results = analyse(grouped, trial_of_four)
    plan = output("before and after", *names, groups=("Younger", "Older"))
    with sheets() as drawn:
        figure = before_and_after(
            plan, Context(grouped, trial_of_four, Lookup(results), Words("en"))
        )
    (axes,) = drawn[0].sheet.drawing.axes
    lines = [
        line for line in axes.lines if line.get_linestyle() == "-" and len(line.get_xdata()) == 2
    ]
    assert [list(line.get_ydata()) for line in lines] == [[6, 2], [8, 3], [5, 5]]
    assert lines[0].get_xdata()[0] == lines[1].get_xdata()[0] < lines[2].get_xdata()[0]
    rows = texts(figure.numbers)
    assert [row[0] for row in rows] == [
        "Symptom score, points", "  Younger", "    S1", "    S2", "  Older", "    S3",
    ]  # fmt: skip
    assert rows[1][1:5] == ["2", "7.0 (1.00)", "2.5 (0.50)", "−4.5 (−10.9 to 1.9)"]
    assert rows[2][2:5] == ["6", "2", "−4"]
    assert "Younger (n = 2) 7.0 → 2.5, P = 0.070" in figure.words


@pytest.mark.requirement("P-85")
def test_the_changes_of_all_groups_are_one_footnote_and_the_test_another(study, trial_of_four):
    grouped, names = compared(study, "AGE < 50", "AGE >= 50")
    results = analyse(grouped, trial_of_four)
    plan = output("before and after", *names, groups=("Younger", "Older"))
    figure = before_and_after(plan, Context(grouped, trial_of_four, Lookup(results), Words("en")))
    notes = [note for note in figure.notes if "Mean change" in note.text or note.text[:2] == "P:"]
    assert [note.text for note in notes] == [
        "Mean change (95 % interval): symptom score: younger −4.5 (−10.9 to 1.9), "
        "older 0.0 (– to –).",
        "P: paired t; two-sided; n = 2; df = 1.",
    ]
    assert "CHANGE_1/SAFFL/-/8/mean_change" in notes[0].results
    assert notes[1].results == ("CHANGE_0/SAFFL/-/8/p_paired_t",)


def test_groups_that_all_panels_share_are_named_once(study, small):
    found = dict.fromkeys(("mean_change", "mean_change_low", "mean_change_high"))
    groups = tuple(Group(name, (), found, None, "") for name in ("With", "Without"))
    panels = [Panel("", name, "g/L", 1, groups, ()) for name in ("Complement C3", "Complement C4")]
    notes = Notes()
    _tell_changes(context(study, small), notes, panels, "Mean change")
    assert [note.text for note in notes.all()] == [
        "Mean change, with / without: complement C3 – (no result) / – (no result); complement C4 "
        "– (no result) / – (no result)."
    ]


def test_the_means_of_the_figure_come_from_the_results(study, trial_of_four):
    grouped, names = compared(study, "AGE < 50")
    rows = [
        result(name, value, 2, analysis=names[0], avisitn=8)
        for name, value in (("n", 2), ("mean_baseline", 99.0), ("sem_baseline", 1.0))
    ]
    with sheets() as drawn:
        figure = before_and_after(
            output("before and after", *names), context(grouped, trial_of_four, *rows)
        )
    (axes,) = drawn[0].sheet.drawing.axes
    assert [list(line.get_ydata()) for line in axes.lines if line.get_marker() == "D"] == [[99.0]]
    cell = figure.numbers.rows[1].cells[2]
    assert (cell.text, cell.results) == (
        "99.0 (1.00)",
        ("CHANGE_0/SAFFL/-/8/mean_baseline", "CHANGE_0/SAFFL/-/8/sem_baseline"),
    )


def test_panels_of_one_unit_share_the_letter_of_the_first(study, small):
    with sheets() as drawn:
        draw_panels([panel("A", 2), panel("B", 2), panel("", 2)], context(study, small), "F3")
    words = drawn[0].words
    assert (words.count("A"), words.count("B")) == (1, 1)


def test_without_pairs_the_figure_says_so(study, small):
    grouped, names = compared(study, "AGE > 200")
    figure = before_and_after(output("before and after", *names), context(grouped, small))
    assert figure.words == figure.numbers.empty == "No values to draw"


def panel(letter: str, groups: int, name: str = "A group", subjects: int = 8) -> Panel:
    pairs = tuple(Pair(f"S{n}", 1.0 + n, 2.0 + n, "") for n in range(subjects))
    none = dict.fromkeys(("mean_baseline", "sem_baseline", "mean_visit", "sem_visit"))
    made = tuple(Group(f"{name} {n}", pairs, none, None, "P = 0.0496") for n in range(groups))
    return Panel(letter, "A parameter with a long name", "10*9/L", 1, made, (1.5, 8.0))


@pytest.mark.parametrize("name", ["A group", LONG])
@pytest.mark.parametrize(("panels", "groups"), [(1, 1), (1, 4), (3, 2), (5, 3)])
def test_no_text_touches_another_or_the_edge(study, small, panels, groups, name):
    made = [panel("A" if place == 0 else "", groups, name) for place in range(panels)]
    with sheets() as drawn:
        draw_panels(made, context(study, small), "F3")
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []


def test_the_axis_holds_every_value_and_leaves_room_for_the_p_values(study):
    low, high = span(panel("", 1))
    assert low == 0.0
    assert high * 0.86 > 9.0
    narrow = Panel("", "", "", 1, (Group("", (Pair("S", 100.0, 101.0, ""),), {}, None, ""),), ())
    assert 99 < span(narrow)[0] < 100
