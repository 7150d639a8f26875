"""Forms that a cohort leaves out: filled whenever the plan asks, and known to the rules."""

import functools
import shutil
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML
from tests.unit.simulation.simulated_studies import study

from pilotage.simulation.model import Rehearsed
from pilotage.simulation.rehearsal import Rehearsal, rehearse, told
from pilotage.simulation.rehearsed import wrong_answers
from pilotage.study import load_study

CALM = {
    "subject.true_entry_error": 0,
    "subject.true_missed_visit": 0,
    "subject.true_late_days.sd": 0,
    "subject.true_dropout_per_week": 0,
}
"""Nothing goes wrong: what is asked for is there, in time and as it was."""


@functools.cache
def calm() -> Rehearsal:
    return rehearse(study("lenalidomide_cle"), seed=2, subjects=3, settings=CALM)


def entered(form: str) -> list[tuple[str, str, object]]:
    """Subject, item and value of every answer to a form."""
    return [
        (each.line.subject, str(each.line.said["item"]), each.line.said.get("value"))
        for each in calm().lines
        if each.line.act == "enter" and each.line.said["form"] == form
    ]


def test_an_answer_that_is_given_once_in_a_cohort_is_given_whenever_its_form_is_filled() -> None:
    every = [(who, value) for who, item, value in entered("childbearing") if item == "potential"]
    assert len(every) > 2 * len({who for who, _ in every}) > 0
    assert len(set(every)) == len({who for who, _ in every})


def test_nobody_calls_a_form_overdue_that_is_filled_whenever_the_plan_asks() -> None:
    """Of a second cycle the course keeps the days of the first, so it has its own tests."""
    contacts = calm().record.review.contacts.filter(pl.col("KIND") == "test")
    first = contacts.filter(pl.col("CYCLE").fill_null(1) == 1)
    for form in ("stopping_review", "pregnancy_test", "dispensing", "haematology"):
        own = first.filter(pl.col("ID") == form)
        assert own.height > 10
        assert own.filter(pl.col("STATUS").is_in(["missed", "overdue"])).is_empty()


def test_the_forms_that_nobody_fills_are_named() -> None:
    never = told(calm()).never_filled
    assert "acr" in never
    assert not {"stopping_review", "vital_signs", "pregnancy_test", "dispensing"} & {*never}


def test_drug_is_handed_out_by_the_pharmacist_for_the_dose_of_the_day() -> None:
    lines = [each.line for each in calm().lines if each.line.said.get("form") == "dispensing"]
    assert {line.who for line in lines} == {"pharmacist"}
    first: dict[str, object] = {}
    for line in lines:
        if line.said["item"] == "dispensed":
            first.setdefault(line.subject, line.said["value"])
    assert len(first) == 3
    assert set(first.values()) == {"28"}  # one capsule of 5 mg a day for 28 days


def test_without_a_strength_of_capsules_no_drug_is_handed_out() -> None:
    made = rehearse(study("template"), seed=1, subjects=1)
    assert "da" not in made.record.snapshot.tables or not made.record.snapshot.tables["da"].height


@pytest.mark.slow
def test_the_rules_know_what_a_further_form_says(tmp_path: Path) -> None:
    """Whoever is stopped by an answer of a form that only a rehearsal fills takes no drug later."""
    folder = tmp_path / "study"
    shutil.copytree(study("lenalidomide_cle").folder, folder)
    yaml = YAML()
    written = yaml.load((folder / "simulation.yaml").read_text("utf-8"))
    written["rehearsed"]["answers"]["stopping_review.physician_stops"] = {"Y": 0.4, "N": 0.6}
    yaml.dump(written, folder / "simulation.yaml")
    made = rehearse(load_study(str(folder)), seed=2, subjects=3, settings=CALM)
    stops = made.record.review.stops.filter(REASON="Physician's decision")
    assert stops["USUBJID"].n_unique() > 1
    assert set(stops["WENTON"]) == {"N"}


@pytest.mark.parametrize(
    ("part", "name", "given", "said"),
    [
        ("answers", "stopping_review.physician_stop", {"N": 1},
         "is no item of a form that is filled at a contact; did you mean "),
        ("answers", "stopping_review.physician_stops", {"no": 1}, "allowed are 'Y' or 'N'"),
        ("answers", "stopping_review.physician_stops", {"Y": 0.5, "N": 0.4}, "must add up to 1"),
        ("answers", "vital_signs.weight", {"66": 1}, "is a number; put it under 'numbers'"),
        ("answers", "urinalysis.sampled", {"2009": 1}, "is a date; it is not drawn, leave it out"),
        ("answers", "exposure.frequency", {"QD": 1}, "is no item of a form that is filled at"),
        ("numbers", "vital_signs.weight", {"mean": 66, "sd": 1, "range": [5, 80]},
         "the range 5 to 80 is not inside 25 to 250, which the form expects"),
        ("numbers", "neurology.gait", {"mean": 66, "sd": 1, "range": [5, 80]}, "is no number"),
    ],
)  # fmt: skip
def test_an_answer_that_no_form_takes_is_refused(
    part: str, name: str, given: dict[str, object], said: str
) -> None:
    rehearsed = Rehearsed.model_validate({part: {name: given}})
    found = list(wrong_answers(study("lenalidomide_cle").protocol, rehearsed))
    assert [path[:3] for path, _ in found] == [("rehearsed", part, name)]
    assert said in found[0][1]
