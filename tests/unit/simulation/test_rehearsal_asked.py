"""What a form asks about by itself, and where the end of a subject is written down."""

from datetime import date

import pytest
from tests.unit.simulation.simulated_studies import study

from pilotage.forms.answer import Answer
from pilotage.simulation.rehearsal.asked import is_asked_about
from pilotage.simulation.rehearsal.clock import working_day
from pilotage.simulation.rehearsal.endings import end_of_participation, on_its_form

TODAY = date(2010, 6, 1)
BLOOD = {"neutrophils": Answer("4.1", "10*9/L"), "leukocytes": Answer("6.2", "10*9/L")}


def asks(form: str, item: str, typed: Answer, meant: dict[str, Answer]) -> bool:
    protocol = study("lenalidomide_cle").protocol
    return is_asked_about(protocol, form, {**meant, item: typed}, meant, item, TODAY)


@pytest.mark.parametrize(
    ("item", "typed", "asked"),
    [
        ("neutrophils", Answer("410", "10*9/L"), True),  # outside its range, 0 to 100
        ("neutrophils", Answer("41", "10*9/L"), True),  # more than all leukocytes
        ("neutrophils", Answer("1.4", "10*9/L"), False),
        ("leukocytes", Answer("2.6", "10*9/L"), True),  # fewer than the neutrophils
        ("neutrophils", Answer("410", "/uL"), False),  # of another unit nothing is known here
    ],
)
def test_a_form_asks_about_its_ranges_and_its_checks(item: str, typed: Answer, asked: bool) -> None:
    assert asks("haematology", item, typed, BLOOD) is asked


def test_a_check_that_fails_anyway_asks_about_no_slip() -> None:
    wrong = {**BLOOD, "neutrophils": Answer("7.1", "10*9/L")}
    assert not asks("haematology", "neutrophils", Answer("7.7", "10*9/L"), wrong)


def test_a_form_asks_about_an_end_before_its_beginning_and_a_day_to_come() -> None:
    protocol = study("lenalidomide_cle").protocol
    dates = [code for code, item in protocol.forms["exposure"].items.items() if item.type == "date"]
    first, last = dates[:2]
    meant = {first: Answer("2010-05-01"), last: Answer("2010-05-28")}
    assert asks("exposure", last, Answer("2010-04-28"), meant)
    assert asks("exposure", first, Answer("2010-06-01"), meant)
    assert asks("exposure", last, Answer("2011-05-28"), meant)
    assert not asks("exposure", first, Answer("2010-04-01"), meant)


def test_a_weekend_is_followed_by_a_monday() -> None:
    friday = date(2010, 6, 4)
    assert working_day(friday) == friday
    assert [working_day(date(2010, 6, day)) for day in (5, 6, 7)] == [date(2010, 6, 7)] * 3


@pytest.mark.parametrize(
    ("reason", "category"),
    [
        ("SCREEN FAILURE", {"DSCAT": "ENROLMENT"}),
        ("LACK OF EFFICACY", {"DSSCAT": "TREATMENT"}),
        ("COMPLETED", {"DSSCAT": "STUDY"}),
        ("NOBODY SAYS THIS", {}),
    ],
)
def test_an_end_is_written_on_the_form_whose_list_has_its_reason(
    reason: str, category: dict[str, object]
) -> None:
    row: dict[str, object] = {"DSDECOD": reason, "DSTERM": "in words"}
    protocol = study("lenalidomide_cle").protocol
    assert on_its_form(protocol, row) == {**row, **category}
    assert on_its_form(protocol, {**row, "DSSCAT": "STUDY"}) == {**row, "DSSCAT": "STUDY"}


def test_a_form_without_categories_takes_every_end() -> None:
    row: dict[str, object] = {"DSDECOD": "COMPLETED"}
    assert on_its_form(study("template").protocol, row) == row


def test_who_leaves_early_leaves_for_the_reason_of_the_form_or_as_somebody_who_is_done() -> None:
    protocol = study("lenalidomide_cle").protocol
    for reason, code in (("ADVERSE EVENT", "ADVERSE EVENT"), ("LACK OF EFFICACY", "COMPLETED"),
                         ("LOST TO FOLLOW-UP", "LOST TO FOLLOW-UP")):  # fmt: skip
        end = end_of_participation(protocol, reason)
        assert end == {"DSTERM": code, "DSDECOD": code, "DSSCAT": "STUDY"}
