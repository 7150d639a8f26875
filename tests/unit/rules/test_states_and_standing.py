"""Two roads to the same state: followed step by step while an invented subject lives, and read
afterwards from the snapshot and its datasets."""

import functools
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pilotage.courses import load_nature, write_cohort
from pilotage.courses.course import Course
from pilotage.datasets import derive
from pilotage.rules import Record, record, states
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE

SUBJECTS = {"lenalidomide_cle": 40, str(TEMPLATE): 20}
Said = dict[tuple[str, date], dict[str, Any]]


@functools.cache
def study(name: str) -> Study:
    return load_study(name)


def unfortunate(of: Study) -> Any:
    """Subjects who respond late, relapse often and miss visits."""
    nature = load_nature(of)
    (code, score), *_ = nature.responding.items()
    low, high = (step.step for step in of.protocol.treatment.ladder[-2:])
    steps = [step.step for step in of.protocol.treatment.ladder[:-2]]
    changed = {
        "true_decline_per_week": {low: 0.15, high: 0.4},
        "true_relapse_per_week": dict.fromkeys(steps, 0.1),
        "subject_sd": 1,
    }
    responding = {**nature.responding, code: score.model_copy(update=changed)}
    return nature.model_copy(update={"responding": responding, "true_missed_visit": 0.1})


def names(of: Study) -> list[str]:
    """Every name but dates, and how long ago they lie: nobody answers them here."""
    since = [n for n, state in of.protocol.state.items() if state.derivation == "days since"]
    return [n for n, v in of.namespace.items() if v.type != "date" and n not in since]


@functools.cache
def lived(name: str) -> tuple[Record, Said]:
    """The record of a cohort, and what its subjects' standing said at each contact."""
    said: Said = {}
    of, asked = study(name), names(study(name))
    decide = Course._decide

    def noted(self: Course, contact: Any) -> None:
        state: Mapping[str, Any] = self.standing.state(contact.day)
        key = (self.subject, self.records.date_of(contact.day))
        said[key] = {n: state.get(n) for n in asked}
        decide(self, contact)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Course, "_decide", noted)
        patch.setattr("pilotage.courses.cohort.load_nature", unfortunate)
        snapshot = write_cohort(of, Path(folder) / "snapshot", seed=4, subjects=SUBJECTS[name])
    return record(of, snapshot, derive(of, snapshot)), said


def differences(name: str, asked: list[str]) -> list[str]:
    kept, said = lived(name)
    moments = pl.DataFrame(list(said), schema=["USUBJID", "DATE"], orient="row")
    found = states(kept, moments, asked)
    wrong = []
    for row in found.iter_rows(named=True):
        expected = said[row["USUBJID"], row["DATE"]]
        for each in asked:
            have, want = row[each], expected[each]
            same = have == want
            if isinstance(have, int | float) and isinstance(want, int | float):
                same = abs(have - want) < 1e-9
            if not same:
                wrong.append(f"{row['USUBJID']} {row['DATE']} {each}: {have}, lived {want}")
    return wrong


@pytest.mark.parametrize("name", SUBJECTS, ids=lambda name: Path(name).name)
@pytest.mark.requirement("P-30", "P-33", "P-35", "P-60", "P-65", "P-84")
def test_the_state_read_from_the_data_is_the_one_that_was_lived(name: str) -> None:
    wrong = differences(name, names(study(name)))
    assert wrong == [], "\n".join(wrong[:40])


def test_the_subjects_meet_every_phase_and_relapse_more_than_once() -> None:
    """Otherwise the test above would show little."""
    _, said = lived("lenalidomide_cle")
    states_met = list(said.values())
    assert {s["PHASE"] for s in states_met} == {
        "before start", "treatment", "taper", "off treatment", "maintenance"
    }  # fmt: skip
    assert max(s["TAPER_RELAPSES"] for s in states_met) >= 2
    assert max(s["CYCLE"] for s in states_met) >= 2
    assert {s["RESPONSE"] for s in states_met} >= {"CR", "PR", "MR", "NR", None}
