"""No requirement of the built-in study waits for a function that is still to come."""

import pytest
from ruamel.yaml import YAML

from requirements_table import STUDY


@pytest.mark.parametrize("station", ["rules", "report", "capture", "publication", "simulation"])
def test_nothing_waits_for_a_station(station: str) -> None:
    carried = YAML(typ="safe").load(STUDY / "requirements.yaml")
    assert [id_ for id_, entry in carried.items() if entry.get("planned") == station] == []
