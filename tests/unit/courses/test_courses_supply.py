"""Capsules: how many a dose asks for, what is handed out and what comes back."""

import numpy as np
import pytest

from pilotage.courses.doses import DoseRow, known_at, taken_on
from pilotage.courses.plan import Supply
from pilotage.courses.supply import Stock, supply_answers
from pilotage.study import load_study
from pilotage.study.protocol import Treatment


@pytest.fixture(scope="module")
def treatment() -> Treatment:
    return load_study("lenalidomide_cle").protocol.treatment


def step(treatment: Treatment, name: str) -> int:
    return [rung.step for rung in treatment.ladder].index(name)


def stock(treatment: Treatment, *, packed: int = 1, forgotten: float = 0) -> Stock:
    supply = Supply("dispensing", 5, packed, forgotten)
    return Stock(supply, treatment, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("5 mg QD", [5, 5, 5, 5, 5, 5, 5, 5]),
        ("5 mg QOD", [5, 0, 5, 0, 5, 0, 5, 0]),
        ("5 mg TIW", [5, 0, 5, 0, 5, 0, 0, 5]),
        ("10 mg QD", [10, 10, 10, 10, 10, 10, 10, 10]),
    ],
)
def test_the_days_of_a_dose(treatment: Treatment, name: str, taken: list[float]) -> None:
    dose = DoseRow(step(treatment, name), 30, "start")
    assert [taken_on([dose], treatment, day) for day in range(30, 38)] == taken
    assert taken_on([dose], treatment, 29) == 0


def test_a_dose_ends_on_its_last_day(treatment: Treatment) -> None:
    dose = DoseRow(step(treatment, "5 mg QD"), 1, "start", 28)
    assert [taken_on([dose], treatment, day) for day in (28, 29)] == [5, 0]


def test_what_is_handed_out_is_what_the_days_need_in_whole_packs(treatment: Treatment) -> None:
    daily = DoseRow(step(treatment, "5 mg QD"), 1, "start", 29)
    slower = DoseRow(step(treatment, "5 mg QOD"), 30, "lower")
    own = stock(treatment, packed=7)
    assert own.hand_out([daily], 1, 28) == (28, None, 28)
    # the capsule of day 29, and 14 of the 27 days after it, in strips of seven
    assert own.hand_out([daily, slower], 29, 56) == (21, 0, 28)
    assert own.hand_out([daily, slower], 57, 84) == (14, 6, 28)


def test_two_capsules_make_a_double_dose(treatment: Treatment) -> None:
    dose = DoseRow(step(treatment, "10 mg QD"), 1, "raise")
    assert stock(treatment).hand_out([dose], 1, 28) == (56, None, 28)


def test_a_dose_from_tomorrow_on_is_supplied_from_then(treatment: Treatment) -> None:
    dose = DoseRow(step(treatment, "5 mg QD"), 102, "reintroduce")
    assert stock(treatment).hand_out([dose], 101, 129) == (28, None, 28)


def test_forgotten_capsules_come_back_and_never_more_than_were_there(
    treatment: Treatment,
) -> None:
    dose = DoseRow(step(treatment, "5 mg QD"), 1, "start", 57)
    never = stock(treatment, forgotten=1)
    never.hand_out([dose], 1, 28)
    assert never.take_back([dose], 28) == 28
    always = stock(treatment)
    always.hand_out([dose], 29, 56)
    assert always.take_back([dose], 57) == 0
    assert always.take_back([dose], 85) is None


def test_a_stop_after_a_week_brings_the_rest_back(treatment: Treatment) -> None:
    dose = DoseRow(step(treatment, "5 mg QD"), 1, "start")
    own = stock(treatment)
    own.hand_out([dose], 1, 28)
    stopped = DoseRow(dose.step, 1, "start", 7)
    assert own.take_back([stopped], 8) == 21


def test_the_answers_are_known_by_their_places() -> None:
    form = load_study("lenalidomide_cle").protocol.forms["dispensing"]
    answers = dict(supply_answers("dispensing", form, strength=5, counted=(28, None, 28)))
    assert answers == {
        "dispensing.dispensed": 28,
        "dispensing.strength": 5,
        "dispensing.days_supplied": 28,
    }
    again = dict(supply_answers("dispensing", form, strength=5, counted=(0, 3, 0)))
    assert (again["dispensing.returned"], again["dispensing.days_supplied"]) == (3, 0)


def test_a_dose_after_the_data_cut_is_not_known_and_one_that_ends_on_it_goes_on() -> None:
    doses = [DoseRow(3, 1, "start", 225), DoseRow(2, 226, "lower")]
    assert known_at(doses, 225) == [DoseRow(3, 1, "start", None)]
    assert known_at(doses, 226) == doses
    assert known_at(doses, 300) == doses
