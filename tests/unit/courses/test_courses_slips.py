"""Late and missed visits and forms, each with its deviation."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from pilotage.conditions import parse
from pilotage.courses.calendar import Contact
from pilotage.courses.plan import Slip, Wording
from pilotage.courses.records import Records
from pilotage.courses.slips import Slips, write_departures
from pilotage.study import Study, load_study

VISIT = Contact(253, 10, "Week 36", ("visit", "clasi", "haematology", "dispensing"))
TEST = Contact(260, None, "Count", ("haematology",), visit=False)
LATE = Slip("late visit", 1, "LATE", "{visit}: {days} d", "SCHEDULE", days=(2, 2))
MISSED = Slip("missed visit", 1, "MISSED", "{visit} missed", "SCHEDULE")
NO_COUNT = Slip("missed form", 1, "TEST", "{form} missed", "LABORATORY", form="haematology")


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


def free(first: int, last: int) -> bool:
    return False


def nothing(contact: Contact) -> None:
    raise AssertionError(f"nothing is planned anew: {contact}")


def slips(study: Study, *some: Slip, is_bound: Callable[[int, int], bool] = free) -> Slips:
    records = Records("S", "S-1", date(2020, 1, 1))
    return Slips(study, some, np.random.default_rng(1), records, is_bound)


def recorded(made: Slips) -> list[tuple[object, ...]]:
    names = ("DVTERM", "DVDECOD", "DVCAT", "DVSTDTC")
    return [tuple(row[name] for name in names) for row in made.records.rows.get("dv", [])]


def test_a_late_visit_is_held_beyond_its_window_and_its_tests_on_their_day(study: Study) -> None:
    made, later = slips(study, LATE), list[Contact]()
    (kept,) = made.kept(253, [VISIT], {}, later.append)
    assert (kept.visit, kept.forms) == (False, ("haematology", "dispensing"))
    (moved,) = later
    assert (moved.day, moved.number, moved.forms) == (262, 10, ("visit", "clasi"))
    assert recorded(made) == [("Week 36: 2 d", "LATE", "SCHEDULE", "2020-09-18")]


def test_a_visit_is_late_once(study: Study) -> None:
    made, later = slips(study, LATE), list[Contact]()
    made.kept(253, [VISIT], {}, later.append)
    assert made.kept(262, later[:1], {}, later.append) == later[:1]
    assert len(recorded(made)) == 1


def test_a_missed_visit_leaves_its_tests(study: Study) -> None:
    made = slips(study, MISSED)
    (kept,) = made.kept(253, [VISIT], {}, nothing)
    assert kept.forms == ("haematology", "dispensing")
    assert recorded(made) == [("Week 36 missed", "MISSED", "SCHEDULE", "2020-09-09")]


def test_a_missed_form_leaves_the_others_and_a_test_alone_falls_away(study: Study) -> None:
    made = slips(study, NO_COUNT)
    (kept,) = made.kept(253, [VISIT], {}, nothing)
    assert kept.forms == ("visit", "clasi", "dispensing")
    assert made.kept(260, [TEST], {}, nothing) == []
    words = study.text(study.protocol.forms["haematology"].label)
    assert recorded(made)[0][:3] == (f"{words} missed", "TEST", "LABORATORY")


def test_nothing_goes_astray_where_something_is_planned(study: Study) -> None:
    """A late visit must be free up to the day on which it would be held."""
    asked: list[tuple[int, int]] = []

    def is_bound(first: int, last: int) -> bool:
        asked.append((first, last))
        return True

    made = slips(study, LATE, MISSED, NO_COUNT, is_bound=is_bound)
    assert made.kept(253, [VISIT], {}, nothing) == [VISIT]
    assert recorded(made) == []
    assert asked == [(253, 262), (253, 253), (253, 253)]


@pytest.mark.parametrize(
    ("when", "answers", "slipped"),
    [
        ("STUDY_DAY > 200", {"STUDY_DAY": 253}, 1),
        ("STUDY_DAY > 300", {"STUDY_DAY": 253}, 0),
        ("STUDY_DAY > 200", {}, 0),
    ],
)
def test_a_condition_limits_it_and_what_is_unknown_does_not_hold(
    study: Study, when: str, answers: dict[str, float], slipped: int
) -> None:
    limited = Slip("missed visit", 1, "MISSED", "m", "SCHEDULE", when=parse(when))
    made = slips(study, limited)
    made.kept(253, [VISIT], {"STUDY_DAY": None, **answers}, nothing)
    assert len(recorded(made)) == slipped


def test_an_unplanned_visit_cannot_be_late(study: Study) -> None:
    own = Contact(253, None, "Unscheduled", ("visit", "clasi"))
    assert slips(study, LATE, MISSED).kept(253, [own], {}, nothing) == [own]


def test_without_chance_nothing_happens(study: Study) -> None:
    never = Slip("missed visit", 0, "MISSED", "m", "SCHEDULE")
    assert slips(study, never).kept(253, [VISIT], {}, nothing) == [VISIT]


def test_what_the_table_of_deviations_sees_is_recorded_with_its_words() -> None:
    records = Records("S", "S-1", date(2020, 1, 1))
    write_departures(records, 15, Wording({}, "", ("MEDICATION", "CHANGED")), ["No change"])
    (row,) = records.rows["dv"]
    assert (row["DVTERM"], row["DVDECOD"], row["DVCAT"]) == ("No change", "CHANGED", "MEDICATION")
    assert row["DVSTDTC"] == "2020-01-15"
