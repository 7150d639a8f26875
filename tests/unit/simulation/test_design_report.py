"""What the design report says of a simulation: every number beside its error, who chose what, and
what is not shown."""

import dataclasses
import itertools
import math
import re
from html.parser import HTMLParser

import pytest
from design_report_examples import (
    GRID,
    STUDY,
    TOXIC,
    characteristic,
    every_table,
    loaded,
    of_base,
    of_grid,
    part,
    points,
    report,
    rows,
    sentences,
)
from report.figure_examples import sheets
from simulated_studies import study

from pilotage.report.html import render_html
from pilotage.report.model import Figure, Prose
from pilotage.simulation.design_report import amounts, decision, prose, settings, tables
from pilotage.simulation.design_report.points import axis_of, of_each_plan
from pilotage.simulation.design_report.successes import expected, successes_figure
from pilotage.simulation.model import Bayes, Toxicity
from pilotage.statistics.distributions import at_least
from pilotage.statistics.interim import plan_characteristics

OTHER = study("plaque_psoriasis")
EFFECT = "responding.CLASIACT.true_decline_per_week.5 mg QD"


@pytest.mark.parametrize(
    ("number", "error", "share", "said"),
    [
        (0.72247, 0.00259, True, "72.25 ± 0.26 %"),
        (1514.44, 3.68, False, "1514.4 ± 3.7"),
        (22175.6, 72.2, False, "22176 ± 72"),
        (0.0, 0.0, True, "0.0 ± 0.0 %"),
        (15.0, 0.0, False, "15 ± 0"),
        (0.5, 1e-9, True, "50.000 ± <0.001 %"),
    ],
)
def test_a_number_has_the_decimals_that_its_error_leaves(
    number: float, error: float, share: bool, said: str
) -> None:
    assert amounts.alone(number, error, share=share) == said


def test_numbers_below_each_other_have_the_same_decimals_and_none_is_a_dash() -> None:
    assert amounts.column([(1.0, 0.2), None, (2.0, 0.001)]) == ["1.00 ± 0.20", "–", "2.00 ± <0.01"]


def test_every_simulated_number_stands_beside_its_error() -> None:
    made = of_base()
    assert rows(part(made, "characteristics"))["accepted"] == ("93.21", "0.35")
    assert rows(part(made, "load"))["dose_days, days"] == ("406.2", "1.3")
    for name in ("characteristics", "subjects", "load"):
        table = part(made, name)
        assert [column.label for column in table.columns] == ["", "Simulated", "±"]
        assert all(len(texts) == 2 and all(texts) for texts in rows(table).values())
    assert rows(part(made, "successes").numbers)["9"][0] == "60.0 ± 1.0 %"


def test_numbers_of_a_single_trial_have_no_error_and_say_so() -> None:
    assert amounts.alone(0.4, None) == "0.40"
    assert amounts.column([(0.4, None), (1.0, 0.02)], share=True) == ["40.0 %", "100.0 ± 2.0 %"]
    assert amounts.reach(None) == 0
    (point,) = (dataclasses.replace(each, trials=1) for each in points())
    numbers = {name: dataclasses.replace(each, error=None) for name, each in point.numbers.items()}
    made = report((dataclasses.replace(point, numbers=numbers),))
    table = part(made, "characteristics")
    assert {texts[1] for texts in rows(table).values()} == {"–"}
    assert any(note.text.startswith("One trial does not tell") for note in table.notes)


def test_a_difference_along_a_grid_is_said_to_have_the_error_of_both() -> None:
    """Scenarios with one seed do not meet the same subjects."""
    found = part(report(points("effect")), "sweep")
    said = " ".join(note.text for note in found.notes)
    assert "A difference of two values has the error of both" in said
    assert "seed" not in said


def test_what_is_exact_stands_in_a_column_of_its_own() -> None:
    (point,) = points("fixed_response", {"true_cr": 0.3})
    exact = characteristic("ACCEPTED", 0.13, 0.005, exact=0.1311)
    point.numbers["ACCEPTED"] = exact  # type: ignore[index]
    table = tables.compared((point,), ("decision", "estimate"), name="", number="", title="")
    assert rows(table)["accepted"] == ("13.00", "0.50", "13.11")
    assert rows(table)["true_rate"][2] == "–"


def test_a_share_of_which_no_trial_differs_says_what_may_hide() -> None:
    hidden = {"RELAPSED": (0.0, 0.0)}
    table = tables.compared(points(numbers=[hidden]), ("subjects",), name="", number="", title="")
    notes = " ".join(note.text for note in table.notes)
    assert "what happens in up to 0.15 % of trials may be seen in none of 2,000" in notes


def test_it_says_who_chose_each_number() -> None:
    own = {"trial.follow_up_days": 300, "subject.true_missed_visit": 0.5}
    written, _ = loaded(STUDY.folder.name)
    found = rows(settings.chosen_table(STUDY, written, points(settings=own)))
    assert found["subjects of a trial, at most"][:2] == ("15", "simulation.yaml")
    assert found["follow-up of a subject from the first dose, days"][:2] == ("300", "this run")
    assert found["chance to miss a visit"][:2] == ("0.5", "this run")


def test_a_number_that_nobody_wrote_is_called_a_default() -> None:
    written, _ = loaded(OTHER.folder.name)
    found = rows(settings.chosen_table(OTHER, written, points(of=OTHER)))
    assert found["subjects recruited in a month"][:2] == ("all on one day", "default of Pilotage")
    assert found["of Simon's designs, the one that is"][:2] == ("optimal", "default of Pilotage")


def test_true_values_of_the_subjects_are_told_with_those_that_a_grid_changes() -> None:
    found = rows(part(of_grid(), "truth"))
    assert found[EFFECT] == ("see the scenarios", "this run")
    assert found["stable.NEUT.true_drug_shift"][1] == "synthetic.yaml"


def test_what_a_rehearsal_alone_shows_is_not_said_to_be_simulated() -> None:
    names = {texts[2] for texts in rows(of_base().populations).values()}
    assert "subject.true_dropout_per_week" in names
    assert not any("entry" in name or "error" in name for name in names)


def test_defaults_are_fitted_to_published_numbers_and_confirm_nothing() -> None:
    said = sentences(part(of_base(), "what-this-is"))
    assert re.findall(r"confirm.*?\.", said) == ["confirms nothing of them."]
    assert "Nothing is shown of the drug" in said
    table = part(of_base(), "fitted")
    found = {texts: what for what, (texts,) in rows(table).items()}
    for fitted in loaded(STUDY.folder.name)[0].fitted_to:
        assert found[", ".join(fitted.claims)] == fitted.what


def test_a_study_fitted_to_nothing_says_that_its_values_are_assumptions() -> None:
    said = sentences(prose.warning(OTHER, points(of=OTHER), ""))
    assert "names no published number" in said


def test_the_decision_is_told_in_words_with_its_boundaries_and_its_errors() -> None:
    said = sentences(part(of_base(), "decision"))
    assert "best category up to study day 99 is CR (Complete response)" in said
    assert "After 15 subjects: accept with 7 successes or more, else give up." in said
    assert "recruitment waits" not in said
    wrong = at_least(7, 15, 0.2)
    assert f"the chance to accept is {100 * wrong:.2f} %: the type I error." in said


def test_a_design_with_an_alternative_tells_its_power() -> None:
    (point,) = points(of=OTHER)
    does = plan_characteristics(point.plan, p=0.5)
    said = sentences(prose.declared(OTHER, (point,), ""))
    assert "recruitment waits for it" in said
    assert f"Where it is 50 %, the chance is {100 * does.accepted:.2f} %: the power." in said


def test_a_decision_that_watches_toxicity_tells_all_boundaries_and_the_largest_error() -> None:
    some = points(decision=TOXIC, numbers=[{"TOX_IN_TIME": (0.3, 0.002)}])
    boundaries = rows(decision.boundary_table(some[0].plan, ""))
    assert boundaries["5"] == ("–", "0 or fewer", "1 or more")
    assert boundaries["15"][2] == "3 or more"
    wrong = plan_characteristics(some[0].plan, p=0.4).accepted
    said = sentences(prose.declared(STUDY, some, ""))
    assert f"{100 * wrong:.2f} %: the type I error, where no subject has a toxicity" in said


SAME = Bayes(kind="bayes", null=0.2, looks=(5, 10), toxicity=Toxicity(limit=0.3, stop=0.8))
"""A decision of which two boundaries are the same count at the last of 15 subjects."""


def test_every_mark_of_a_boundary_has_its_number_and_none_hides_another() -> None:
    (plan,) = {point.plan for point in points(decision=SAME)}
    assert (plan.looks[-1].accept_at, plan.looks[-1].toxic_at) == (6, 6)
    with sheets() as drawn:
        figure = decision.boundary_figure(plan, "Figure 1")
    (axes,) = drawn[0].sheet.drawing.axes
    marked = [line for line in axes.lines if line.get_marker() not in ("None", None)]
    places = [
        (at[0], at[1], count)
        for line in marked
        for at, count in zip(
            line.get_transform().transform(line.get_xydata()), line.get_ydata(), strict=True
        )
    ]
    point = axes.figure.dpi / 72
    for one, other in itertools.combinations(places, 2):
        assert math.hypot(one[0] - other[0], one[1] - other[1]) > 7 * point, (one, other)
    numbers = sorted(text.get_text() for text in axes.texts)
    assert numbers == sorted(f"{count:.0f}" for *_, count in places)
    assert drawn[0].overlaps() == []
    assert drawn[0].clipped() == []
    assert decision.CROSSES in figure.notes[0].text


def test_the_curve_of_power_is_exact() -> None:
    found = rows(part(of_base(), "power").numbers)
    for rate in (0.2, 0.5):
        chance = f"{100 * at_least(7, 15, rate):.1f} %"
        assert found[f"{100 * rate:.0f} %"] == (chance, "0.0 %", "15.0")


def test_the_distribution_has_the_binomial_beside_it_at_the_simulated_rate() -> None:
    (point,) = points()
    chances = expected(point)
    assert sum(chances.values()) == pytest.approx(1)
    assert chances[9] == pytest.approx(at_least(9, 15, 0.6) - at_least(10, 15, 0.6))


def test_nothing_exact_is_claimed_where_toxicity_may_go_with_success() -> None:
    toxic = {"TOX_IN_TIME": (0.1, 0.002)}
    some = points(decision=TOXIC, numbers=[toxic])
    assert not expected(some[0])
    heads = [column.label for column in successes_figure(some, "").numbers.columns]
    assert heads == ["Successes", "Trials"]


# -- several scenarios -----------------------------------------------------------------------------


def test_points_of_a_grid_stand_side_by_side_and_along_its_axis() -> None:
    assert axis_of(points("effect", numbers=GRID)) == EFFECT
    made = of_grid()
    table = part(made, "side-by-side")
    assert [column.label for column in table.columns[:3]] == ["5 mg QD", "Success rate", "Accepted"]
    assert rows(table)["0.2"][:2] == ("40.0 ± 0.2 %", "20.0 ± 0.5 %")
    assert (
        f"At 0.2: trials accepted {amounts.alone(0.2, 0.005, share=True)}"
        in part(made, "sweep").words
    )


def test_single_trials_along_a_grid_have_no_error_and_no_intervals() -> None:
    some = tuple(
        dataclasses.replace(
            point,
            trials=1,
            numbers={
                name: dataclasses.replace(each, error=None) for name, each in point.numbers.items()
            },
        )
        for point in points("effect", numbers=GRID)
    )
    made = report(some)
    drawn = part(made, "sweep")
    assert isinstance(drawn, Figure)
    assert "Duration, days" not in drawn.svg
    assert "Duration, days" in part(of_grid(), "sweep").svg
    assert not any("intervals" in note.text for note in drawn.notes)
    told = sentences(part(made, "what-this-is"))
    assert "1 trial of each of 5 scenarios was simulated" in told


def test_points_that_differ_in_two_values_have_no_axis() -> None:
    one, two = points(settings={EFFECT: 0.1}), points(settings={EFFECT: 0.2, "trial.subjects": 20})
    assert axis_of((*one, *two)) == ""
    table = tables.side_by_side((*one, *two), number="")
    assert table.columns[0].label == "Scenario"


def test_of_many_scenarios_only_what_is_side_by_side_is_shown() -> None:
    some = tuple(
        each for days in range(10) for each in points(settings={"trial.follow_up_days": 100 + days})
    )
    made = report(some)
    ids = [each.id for each in made.parts]
    assert "side-by-side" in ids
    assert not {"characteristics", "subjects", "load"} & set(ids)
    said = " ".join(note.text for note in part(made, "side-by-side").notes)
    assert "is in operating_characteristics.csv" in said


def test_plans_of_different_size_are_all_told() -> None:
    some = (*points(), *points(settings={"trial.subjects": 20}))
    assert [point.plan.n for point in of_each_plan(some)] == [15, 20]
    ids = [each.id for each in report(some).parts]
    assert ids.count("boundaries-15") == ids.count("boundaries-20") == 1
    passages = prose.declared(STUDY, some, "").passages
    said = {each.heading: each.sentences[0].text for each in passages}
    assert said["What follows from it, with 15 subjects"].startswith("After 15 subjects: accept")
    assert said["What follows from it, with 20 subjects"].startswith("After 20 subjects: accept")


def test_what_is_true_of_one_scenario_alone_is_not_said_of_all() -> None:
    one, two = points(), points(settings={EFFECT: 0.0})
    for (point,), label in ((one, "Accepts: power"), (two, "Accepts: type I error")):
        point.numbers["ACCEPTED"] = characteristic(  # type: ignore[index]
            "ACCEPTED", 0.5, 0.01, label=label
        )
    both, alone = (
        tables.compared(some, ("decision",), name="", number="", title="")
        for some in ((*one, *two), one)
    )
    assert "Accepts" in rows(both)
    assert "Accepts: power" in rows(alone)


# -- what is left out, and how it is made again ----------------------------------------------------


def test_rows_that_never_act_are_listed() -> None:
    found = rows(part(of_base(), "silent"))
    assert found == {"Row 5 of stopping": ("review.consent is not described",)}
    headings = [each.heading for each in prose.left_out(points(silent=()), "").passages]
    assert "Rows of the decision tables" not in headings


def test_where_nothing_else_happens_nothing_else_is_shown() -> None:
    (point,) = points("fixed_response", {"true_cr": 0.3})
    ids = [each.id for each in report((point,)).parts]
    assert not {"subjects", "load", "truth", "silent"} & set(ids)


@pytest.mark.parametrize(
    ("scenario", "own", "typed"),
    [
        ("base", {}, ""),
        ("no_effect", {}, " --scenario no_effect"),
        ("effect", {}, " --scenario effect"),
        ("effect", {"subject.true_missed_visit": 0.1},
         " --scenario effect --set subject.true_missed_visit=0.1"),
        ("base", {EFFECT: 0.1}, f" --set '{EFFECT}=0.1'"),
        ("fixed_response", {"true_cr": 0.3}, " --scenario fixed_response --set true_cr=0.3"),
        ("toxic", {"stable.NEUT.true_drug_shift": -1.0},
         " --scenario toxic --set stable.NEUT.true_drug_shift=-1"),
    ],
)  # fmt: skip
def test_the_command_makes_the_same_trials_again(
    scenario: str, own: dict[str, float], typed: str
) -> None:
    said = prose.command(STUDY, points(scenario, own))
    assert said == f"pilotage simulate lenalidomide_cle --trials 2000 --seed 7{typed} --out DIR"


def test_subjects_have_an_option_of_their_own() -> None:
    said = prose.command(STUDY, points(settings={"trial.subjects": 20}))
    assert said.endswith("--trials 2000 --subjects 20 --seed 7 --out DIR")


def test_nothing_tells_where_the_study_lies() -> None:
    said = sentences(prose.again(OTHER, points(of=OTHER), ""))
    assert said.startswith("pilotage simulate STUDY --trials")
    assert str(OTHER.folder.parent) not in said


# -- the page --------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What is asked of the page: tables with captions, heads with a scope, pictures with words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(of_grid()))


def test_the_page_needs_no_script_and_asks_for_nothing(page: Page) -> None:
    assert not page.of("script")
    assert not page.of("link")
    sources = [attrs["src"] or "" for attrs in page.of("img")]
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert all((attrs["href"] or "").startswith("#") for attrs in page.of("a"))


def test_every_table_has_a_caption_and_every_head_a_scope(page: Page) -> None:
    assert len(page.of("table")) == len(page.of("caption")) > 8
    assert all(attrs.get("scope") for attrs in page.of("th"))


def test_every_figure_has_words_and_numbers_and_axes_with_units() -> None:
    made = of_grid()
    figures = [each for each in made.parts if isinstance(each, Figure)]
    assert [figure.id for figure in figures] == ["boundaries-15", "power", "successes", "sweep"]
    for figure in figures:
        assert len(figure.words) > 80
        assert figure.numbers.rows
        assert 'xmlns="http://www.w3.org/2000/svg"' in figure.svg


def test_it_is_marked_as_synthetic_in_every_part() -> None:
    made = of_base()
    assert made.synthetic
    assert "these numbers say nothing about any drug" in made.headlines[0].answers[0].text


def test_outputs_have_names_of_their_own() -> None:
    made = of_grid()
    ids = [each.id for each in made.parts]
    assert len(ids) == len(set(ids))
    numbers = [each.number for each in made.parts]
    assert all(numbers)
    assert len(numbers) == len(set(numbers))
    assert all(table.columns for table in every_table(made))
    assert all(each.passages for each in made.parts if isinstance(each, Prose))
