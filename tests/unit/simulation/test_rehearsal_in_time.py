"""When things are done in a rehearsal: late, on working days, and all of it by the last day."""

from pathlib import Path
from shutil import copytree
from statistics import median

import pytest
from tests.unit.simulation.simulated_studies import study

from pilotage.findings import InputErrors
from pilotage.simulation.rehearsal import Rehearsal, clock, rehearse
from pilotage.simulation.rehearsal.clock import working_day_before
from pilotage.simulation.rehearsal.write import head
from pilotage.study import Study, load_study, new_study, study_folder

NEVER_MISTYPED = {"subject.true_entry_error": 0}
WEEKEND = {5, 6}


def changed(path: Path, before: str, after: str) -> Study:
    """A study with other words in one of its files."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    return load_study(path.parent)


def slow_to_enter(folder: Path) -> Study:
    """A study of which the site enters nothing before it must."""
    delay = "entry_delay_days: {mean: 4000,"
    return changed(folder / "simulation.yaml", "entry_delay_days: {mean: 2,", delay)


def weekdays(made: Rehearsal, act: str) -> set[int]:
    """Of the lines of an act, but for those of the last day."""
    lines = (each.line for each in made.lines if each.line.act == act)
    return {line.at.weekday() for line in lines if line.at.date() < made.until}


def test_the_tests_that_came_late_are_those_that_the_calendar_calls_so() -> None:
    made = rehearse(study("lenalidomide_cle"), seed=2, subjects=3, settings=NEVER_MISTYPED)
    told = {
        (each.subject, each.day, each.form, each.days)
        for each in made.astray
        if each.what == "late test"
    }
    late = made.record.review.contacts.filter(KIND="test", STATUS="done late").to_dicts()
    cycles = {
        (row["USUBJID"], row["DONE"], row["ID"], row["DAYSOFF"]): row["CYCLE"] for row in late
    }
    later = {place for place, cycle in cycles.items() if cycle and cycle > 1}  # counted anew there
    assert len(told) > 5
    assert told <= cycles.keys()
    assert cycles.keys() - told <= later


def test_the_monitor_comes_on_working_days_whatever_the_day_of_the_first_contact() -> None:
    made = rehearse(study("template"), seed=1, subjects=8, settings=NEVER_MISTYPED)
    assert weekdays(made, "screen") & WEEKEND
    assert weekdays(made, "answer queries")
    assert not weekdays(made, "answer queries") & WEEKEND
    assert not weekdays(made, "close queries") & WEEKEND


def test_a_site_that_leaves_all_lying_is_done_on_the_last_day_and_in_office_hours(
    tmp_path: Path,
) -> None:
    copytree(study_folder("lenalidomide_cle"), tmp_path / "study")
    made = rehearse(slow_to_enter(tmp_path / "study"), seed=1, subjects=2)
    moments = [each.line.at for each in made.lines]
    assert max(made.delays) > 365
    assert max(moments).date() == made.until
    assert max(moment.hour for moment in moments) < 20


def test_what_was_left_lying_is_made_up_for_a_contact_each_working_day(tmp_path: Path) -> None:
    own = slow_to_enter(new_study(tmp_path / "study"))
    made = rehearse(own, seed=1, subjects=1, settings=NEVER_MISTYPED)
    first = next(each.line.at.date() for each in made.lines if each.line.act == "enrol")
    opened = [each.line.at.date() for each in made.lines if each.line.act == "open contact"]
    days = [day for day in opened if day > first]
    assert len(days) > 5
    assert days[-1] == made.until
    assert days == [*(working_day_before(day) for day in days[1:]), made.until]


def test_a_setting_says_how_long_entries_wait() -> None:
    settings = {"subject.entry_delay_days.mean": 9, "subject.entry_delay_days.sd": 0}
    made = rehearse(study("template"), seed=1, subjects=2, settings=settings)
    assert made.case.settings == settings
    assert 9 <= median(made.delays) <= 11  # the Monday after a weekend


def test_entries_that_wait_beyond_the_calendar_are_made_on_the_last_days() -> None:
    settings = {"subject.entry_delay_days.mean": 1e300, **NEVER_MISTYPED}
    made = rehearse(study("template"), seed=1, subjects=1, settings=settings)
    assert made.lines[-1].line.at.date() == made.until


@pytest.mark.parametrize(("days", "rounds"), [(60, True), (10**9, False)])
def test_a_setting_says_how_often_the_monitor_comes(days: int, rounds: bool) -> None:
    settings = {"subject.monitored_every_days": days}
    made = rehearse(study("template"), seed=1, subjects=1, settings=settings)
    first = made.lines[0].line.at.date()
    came = [e.line.at.date() for e in made.lines if e.line.act == "close queries"]
    late = [(day - first).days - days * number for number, day in enumerate(came[:-1], 1)]
    assert bool(late) == rounds
    assert set(late) <= {0, 1, 2}


def test_more_than_a_day_of_work_on_the_last_day_is_refused_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "MINUTES", (300, 301))
    with pytest.raises(InputErrors) as refused:
        rehearse(study("template"), seed=1, subjects=1)
    said = str(refused.value)
    assert said.startswith("simulation.yaml: more is left for 2024-12-31, the last day, than ")
    assert "\n" not in said


def test_screen_failures_are_among_the_subjects_of_the_head(tmp_path: Path) -> None:
    file = new_study(tmp_path / "study") / "synthetic.yaml"
    own = changed(file, "screen_failures: 0", "screen_failures: 2")
    made = rehearse(own, seed=1, subjects=1)
    assert head(made)["subjects"] == len({each.line.subject for each in made.lines}) == 3
