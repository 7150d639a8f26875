"""Requirements whose function is still to come: each is named here, with the station it waits for.

The ids stand in the marks. A requirement that is done, or planned for another station, or newly
planned makes one of these tests fail until its id is moved.
"""

import pytest
from ruamel.yaml import YAML

from requirements_table import STUDY


@pytest.fixture
def named(request: pytest.FixtureRequest) -> set[str]:
    """The ids in the marks of the test."""
    return {id_ for mark in request.node.iter_markers("requirement") for id_ in mark.args}


def planned(station: str) -> set[str]:
    carried = YAML(typ="safe").load(STUDY / "requirements.yaml")
    return {id_ for id_, entry in carried.items() if entry.get("planned") == station}


@pytest.mark.requirement("P-10", "P-11", "P-12", "P-13", "P-14", "P-15", "P-16", "P-17")
@pytest.mark.requirement("P-20", "P-21", "P-22", "P-23", "P-24", "P-25", "P-26", "P-27")
def test_these_wait_for_the_rules(named: set[str]) -> None:
    assert planned("rules") == named


@pytest.mark.parametrize("station", ["report", "capture", "publication", "simulation"])
def test_nothing_waits_for_the_others(station: str) -> None:
    assert planned(station) == set()
