"""The decision tables of the study that `pilotage new` makes."""

from pathlib import Path

import pytest

from pilotage.conditions import Condition, holds
from pilotage.rules import UNKNOWN, State, decide, decide_any
from pilotage.study import Study, load_study, new_study

WELL: State = {"NEUT.GRADE": 0}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder: Path = tmp_path_factory.mktemp("studies") / "template"
    return load_study(new_study(folder))


def excluded(study: Study, state: State) -> bool | None:
    (criterion,) = [c for c in study.protocol.eligibility.exclusion if c.id == "EX01"]
    assert isinstance(criterion.when, Condition)
    return holds(criterion.when, state)


def test_a_man_who_is_not_asked_is_known_not_to_be_pregnant(study: Study) -> None:
    man: State = {**WELL, "demography.sex": "M"}
    assert excluded(study, man) is False
    assert decide_any(study.protocol.stopping, man) == []


def test_a_woman_who_was_not_asked_may_be_pregnant(study: Study) -> None:
    woman: State = {**WELL, "demography.sex": "F"}
    assert excluded(study, woman) is None
    assert [(d.action, d.missing) for d in decide_any(study.protocol.stopping, woman)] == [
        (UNKNOWN, ("history.pregnant",))
    ]


@pytest.mark.parametrize("answer, stops", [("yes", ["stop"]), ("no", [])])
def test_pregnancy_excludes_and_stops(study: Study, answer: str, stops: list[str]) -> None:
    woman: State = {**WELL, "demography.sex": "F", "history.pregnant": answer}
    assert excluded(study, woman) is (answer == "yes")
    assert [d.action for d in decide_any(study.protocol.stopping, woman)] == stops


def test_treatment_begins_with_the_lowest_dose(study: Study) -> None:
    decision = decide(study.protocol.dosing, {"PHASE": "before start"})
    assert (decision.action, decision.to) == ("start", "10 mg QD")
