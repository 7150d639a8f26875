"""What is planned while the drug is taken, what is planned anyway, and what asks for a form."""

from collections.abc import Mapping
from datetime import date

import pytest

from pilotage.courses.activities import asked_for
from pilotage.courses.agenda import Agenda
from pilotage.courses.calendar import targets_of_cycle
from pilotage.courses.load import load_nature
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.permission import blocked, departures
from pilotage.courses.records import Records
from pilotage.courses.rows import Rows
from pilotage.datasets.facts import read_target
from pilotage.rules import Standing
from pilotage.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


@pytest.fixture
def agenda(study: Study) -> Agenda:
    every: Mapping[str, Measures] = dict.fromkeys(study.protocol.forms, Measures())
    activities = study.protocol.schedule.activities
    return Agenda(Setting(study, load_nature(study), every, frozenset(), activities), -21, 253)


def days_with(agenda: Agenda, form: str) -> list[int]:
    return [
        day
        for day in sorted(agenda.by_day)
        if any(form in contact.forms for contact in agenda.on(day))
    ]


# -- the agenda ------------------------------------------------------------------------------------


@pytest.mark.requirement("P-44", "P-30")
def test_counts_are_planned_without_the_drug_and_supplies_with_it(agenda: Agenda) -> None:
    counts = days_with(agenda, "haematology")
    assert counts[-3:] == [197, 225, 253]
    assert days_with(agenda, "dispensing") == [1]
    agenda.begin_cycle(1)
    assert days_with(agenda, "dispensing") == [1, 29, 57, 85, 113, 141, 169, 197, 225, 253]
    assert days_with(agenda, "haematology") == counts
    agenda.end_cycle(113)
    assert days_with(agenda, "dispensing") == [1, 29, 57, 85, 113]
    assert days_with(agenda, "haematology") == counts
    assert agenda.next_with("dispensing", 113) is None


@pytest.mark.requirement("P-20")
def test_a_later_cycle_has_weekly_tests_for_four_weeks_and_keeps_the_monthly_days(
    agenda: Agenda, study: Study
) -> None:
    series = {each.form: each for each in study.protocol.schedule.series}
    first = 102
    assert list(targets_of_cycle(series["pregnancy_test"], first, 253)) == [
        109, 116, 123, 130, 141, 169, 197, 225, 253,
    ]  # fmt: skip
    assert list(targets_of_cycle(series["dispensing"], first, 253)) == [
        113, 141, 169, 197, 225, 253,
    ]  # fmt: skip
    agenda.begin_cycle(1)
    agenda.end_cycle(57)
    agenda.begin_cycle(first)
    assert days_with(agenda, "dispensing")[:4] == [1, 29, 57, 113]
    assert agenda.next_with("dispensing", 57) == 113


# -- what the tables say ---------------------------------------------------------------------------


def standing(study: Study) -> Standing:
    return Standing(study.protocol, {}, 40, "F")


def test_a_form_is_asked_for_until_it_is_filled_after_the_answer(study: Study) -> None:
    """Of two answers that would do, the one that was given counts."""
    own, table = standing(study), study.protocol.schedule.activities
    rows = tuple(row for row in table.rows if row.form == "sledai")
    table = table.model_copy(update={"rows": rows})
    own.answer({"systemic_review.exacerbation": "yes"}, 85)
    own.answer({"stopping_review.flare_other_treatment": "no"}, 90)
    assert asked_for(table, own, {}, 90, visit=False) == ["sledai"]
    assert asked_for(table, own, {"sledai": 84}, 90, visit=False) == ["sledai"]
    assert asked_for(table, own, {"sledai": 85}, 90, visit=False) == []


@pytest.mark.requirement("P-43")
def test_what_is_repeated_after_some_weeks_waits_for_a_visit(study: Study) -> None:
    own, table = standing(study), study.protocol.schedule.activities
    rows = tuple(row for row in table.rows if row.form == "nerve_conduction")
    table = table.model_copy(update={"rows": rows[:1]})
    own.answer(
        {
            "prior_treatment.thalidomide": "yes",
            "prior_treatment.thalidomide_severe": "yes",
            "prior_treatment.thalidomide_effect": "POLYNEUROPATHY",
            "nerve_conduction.examined": "2020-01-01",
        },
        1,
    )
    filled = {"nerve_conduction": 1}
    assert asked_for(table, own, filled, 168, visit=True) == []
    assert asked_for(table, own, filled, 169, visit=True) == ["nerve_conduction"]
    assert asked_for(table, own, filled, 169, visit=False) == []


@pytest.mark.requirement("P-20")
def test_drug_is_blocked_until_both_pregnancy_tests_are_there_in_time(study: Study) -> None:
    own = standing(study)
    own.answer(
        {
            "childbearing.potential": "yes",
            "childbearing.lactating": "no",
            "childbearing.contraception": "yes",
        },
        1,
    )
    assert blocked(own, 1) == "There is no negative pregnancy test"
    own.answer({"pregnancy_screening.tested": "d", "pregnancy_screening.result": "NEGATIVE"}, -9)
    own.answer({"pregnancy_test.tested": "d", "pregnancy_test.result": "NEGATIVE"}, 1)
    assert "10 to 14 days" in str(blocked(own, 1))
    own.answer({"pregnancy_screening.tested": "d", "pregnancy_screening.result": "NEGATIVE"}, -10)
    assert blocked(own, 1) is None


@pytest.mark.requirement("P-34")
def test_a_change_of_baseline_medication_is_a_departure(study: Study) -> None:
    own = standing(study)
    assert departures(own, 15) == []
    own.answer({"medication_review.changed": "yes"}, 15)
    assert departures(own, 15) == ["No change of concomitant baseline medication is allowed"]


# -- rows ------------------------------------------------------------------------------------------


def test_a_supplement_names_the_row_that_it_belongs_to() -> None:
    records = Records("S", "S-1", date(2020, 1, 1))
    for day, count in ((29, 27), (1, 28)):
        rows = Rows(records, records.date_of(day), None)
        rows.put(read_target("DA.DAORRES where DATESTCD = DISPAMT"), count)
        rows.put(read_target("SUPPDA.QVAL where QNAM = STRENGTH"), 5)
        rows.write()
    records.answer(read_target("SUPPDM.QVAL where QNAM = RFICWRIT"), "Y", date(2020, 1, 1))
    tables = records.tables()
    numbers = {row["DASEQ"]: row["DAORRES"] for row in tables["da"]}
    assert numbers == {1: 28, 2: 27}
    assert [(row["IDVAR"], row["IDVARVAL"]) for row in tables["suppda"]] == [
        ("DASEQ", 2), ("DASEQ", 1),
    ]  # fmt: skip
    assert "IDVAR" not in tables["suppdm"][0]
