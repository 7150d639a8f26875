"""What the design report says of alerts and queries, counted in rehearsals or not."""

import re

from design_report_examples import (
    GRID,
    STUDY,
    every_table,
    of_base,
    part,
    points,
    rehearsed,
    report,
    rows,
    sentences,
)

from pilotage.report.html import render_html
from pilotage.simulation.design_report import prose
from pilotage.simulation.rehearsal.burden import MATTERS


def test_alerts_and_queries_stand_beside_their_error_for_subject_trial_and_week() -> None:
    """Four rehearsals with 10, 20, 30 and 40 alerts: 25 with an error of the root of 500 / 12."""
    table = part(report(rehearsed(points())), "rehearsed")
    found = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert ("Alerts, queries among them", "25.0", "6.5") in found
    assert ("Alerts, queries among them", "5.0", "1.3") in found
    assert ("Alerts, queries among them", "2.50", "0.65") in found
    heads = [row.cells[0].text for row in table.rows if row.heading]
    assert heads == [
        "For each subject", "For each trial", "For each week of the trial, of all subjects",
    ]  # fmt: skip
    notes = " ".join(note.text for note in table.notes)
    assert (
        "Queries are those of them that ask the site (edit check, laboratory value without an "
        "event, query about an event and other query of the review)"
    ) in notes
    assert "the web application asks more" in notes
    assert "over 4 rehearsals" in notes


def test_alerts_and_queries_of_a_trial_are_among_the_first_answers() -> None:
    first = {each.label: each.answers[0].text for each in report(rehearsed(points())).headlines}
    assert first["Alerts of a trial, on average"] == "25.0 ± 6.5"
    assert "Queries of a trial, on average" in first


def test_every_matter_is_drawn_and_one_that_never_came_says_what_may_hide() -> None:
    figure = part(report(rehearsed(points())), "alerts")
    found = rows(figure.numbers)
    assert list(found) == list(MATTERS)
    assert found["reason to stop"] == ("35.0 ± 6.5", "7.0 ± 1.3")
    assert found["serious event"] == ("0.0 ± 0.0", "0.0 ± 0.0")
    notes = " ".join(note.text for note in figure.notes)
    assert "what comes 0.75 times in a trial may be seen in none of 4" in notes
    assert "by the t distribution for 4 rehearsals" in notes
    assert all(matter in figure.words for matter in MATTERS)


def test_one_rehearsal_has_no_error_and_says_so() -> None:
    made = report(rehearsed(points(), 1))
    table = part(made, "rehearsed")
    assert {texts[1] for texts in rows(table).values()} == {"–"}
    assert any(note.text.startswith("One rehearsal does not tell") for note in table.notes)
    numbers = rows(part(made, "alerts").numbers)
    assert "±" not in " ".join(text for texts in numbers.values() for text in texts)
    assert "in one whole rehearsal." in sentences(part(made, "not-simulated"))


def test_scenarios_have_their_alerts_beside_each_other() -> None:
    made = report(rehearsed(points("effect", numbers=GRID)))
    columns = part(made, "rehearsed").columns
    assert len({column.group for column in columns if column.group}) == len(GRID)
    table = part(made, "alerts").numbers
    assert sum(row.heading for row in table.rows) == len(GRID)
    assert "4 whole rehearsals of each of 5 scenarios" in sentences(part(made, "not-simulated"))


def test_without_rehearsals_it_says_that_nothing_was_counted_and_how_it_is() -> None:
    made = of_base()
    assert not {"rehearsed", "alerts"} & {each.id for each in made.parts}
    said = sentences(part(made, "not-simulated"))
    assert "Alerts and queries were not counted for this report" in said
    assert "--rehearsals 20" in said
    assert "rehearsals.csv" not in sentences(part(made, "again"))


def test_what_shows_in_rehearsals_is_told_with_who_chose_it() -> None:
    names = {texts[2] for texts in rows(report(rehearsed(points())).populations).values()}
    assert {"subject.true_entry_error", "subject.monitored_every_days"} <= names


def test_the_command_makes_the_same_rehearsals_again() -> None:
    said = prose.command(STUDY, rehearsed(points()))
    assert re.search(r" --seed 7 --rehearsals 4 --out DIR$", said)
    made = report(rehearsed(points()))
    assert "rehearsals.csv has a row for each" in sentences(part(made, "again"))
    assert ("Rehearsals of each", "4") in made.facts


def test_the_page_shows_table_and_figure_with_names_of_their_own() -> None:
    made = report(rehearsed(points()))
    numbers = [each.number for each in made.parts]
    assert len(numbers) == len(set(numbers))
    assert all(table.columns for table in every_table(made))
    page = render_html(made)
    assert all(f'id="{name}"' in page for name in ("rehearsed", "alerts"))
    assert page == render_html(report(rehearsed(points())))
