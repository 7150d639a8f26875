"""What a subject of a cohort answers, it answers whenever its form is filled."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from cohort_examples import nature, study

from pilotage.courses import cohort_tables, load_nature
from pilotage.courses.calendar import Contact
from pilotage.courses.chance import chance
from pilotage.courses.closing import End
from pilotage.courses.course import Course
from pilotage.courses.measures import setting
from pilotage.study import Study, load_study

OTHERS = Path(__file__).parents[2] / "other_studies"


@cache
def other(name: str) -> Study:
    return load_study(OTHERS / name)


@cache
def cohort(name: str) -> dict[str, pl.DataFrame]:
    return cohort_tables(other(name), load_nature(other(name)), seed=3, subjects=6)


def days(table: pl.DataFrame, column: str) -> set[tuple[str, str]]:
    return set(table.select("USUBJID", column).rows())


@pytest.mark.parametrize("code", ["SUICID", "WTLOSS"])
def test_a_form_of_every_visit_is_answered_at_every_visit(code: str) -> None:
    found, protocol = cohort("plaque_psoriasis"), other("plaque_psoriasis").protocol
    asking = [text.label for text in protocol.schedule.visits if "safety" in text.forms]
    held = found["sv"].filter(pl.col("VISIT").is_in(asking))
    told = found["fa"].filter(pl.col("FATESTCD") == code)
    assert held.height > 6 * 3
    assert days(told, "FADTC") >= days(held, "SVSTDTC")


def test_a_subject_gives_the_same_answer_each_time() -> None:
    told = cohort("plaque_psoriasis")["fa"].group_by("USUBJID", "FATESTCD")
    counted = told.agg(pl.len(), SAID=pl.col("FAORRES").n_unique())
    assert counted["SAID"].to_list() == [1] * counted.height
    assert max(counted["len"].to_list()) > 3


def test_a_series_is_answered_on_its_days_as_long_as_drug_is_taken() -> None:
    found = cohort("chronic_urticaria")
    per_subject = found["eg"].group_by("USUBJID").len()
    assert max(per_subject["len"].to_list()) >= 2
    last = (
        found["ex"]
        .group_by("USUBJID")
        .agg(LAST=pl.col("EXENDTC").fill_null("9999-12-30").max().str.to_date())
    )
    tests = found["eg"].join(last, on="USUBJID").with_columns(pl.col("EGDTC").str.to_date())
    beyond = tests.filter(pl.col("EGDTC") > pl.col("LAST") + pl.duration(days=1))
    assert beyond.is_empty()  # on the day after the last dose the decision to stop comes


def test_what_stands_with_the_subject_is_said_once() -> None:
    tables = cohort_tables(study(), nature(), seed=4, subjects=4)
    assert tables["suppdm"].group_by("USUBJID", "QNAM").len()["len"].to_list() == [1] * 4
    assert tables["dm"].height == 4


def test_answers_that_are_given_again_change_no_other_draw() -> None:
    """Nothing in this study is decided by them, so all that is measured stays as it was."""
    shared = setting(study(), nature())
    for number in range(1, 4):
        lives = [Course(shared, "S", chance(5, number), again=again) for again in (True, False)]
        screened = [life.screen() for life in lives]
        assert screened[0] == screened[1]
        if screened[0]:
            continue
        often, once = (life.treat().tables() for life in lives)
        assert len(often["rp"]) > len(once["rp"])
        assert [often[name] for name in ("dm", "qs", "ex", "sv", "fa")] == [
            once[name] for name in ("dm", "qs", "ex", "sv", "fa")
        ]


def test_a_stop_between_measurements_lets_the_disease_move_under_the_old_dose() -> None:
    planned = other("chronic_urticaria")
    calm = load_nature(planned).model_copy(update={"true_missed_visit": 0.0, "events": ()})
    life = Course(setting(planned, calm), "S", chance(6, 1), again=True)
    assert life.screen() == ()
    before = life.levels.day
    alone = Contact(9, None, "Electrocardiogram", ("ecg",), visit=False)
    life._attend(alone)
    assert (life.ended, life.levels.day) == (None, before)
    life.told = tuple(replace(each, value=510, recorded=510) for each in life.told)
    life._attend(replace(alone, day=12))
    assert life.ended == End(12, "ADVERSE EVENT", "corrected QT above 500 ms")
    assert life.levels.day == 12
