"""Descriptive statistics against R: locations.json, written by make_reference.R.

R lines: mean(v), sd(v), sd(v) / sqrt(length(v)), median(v), min(v), max(v)
         quantile(v, c(0.25, 0.75), type = 2)
         t.test(v, conf.level = level)$conf.int
Tolerance: absolute 1e-10, and 1e-14 of the number itself, since the file has 15 digits.
"""

import json
from pathlib import Path

import pytest

from pilotage.statistics import NotComputable, locations

CASES = json.loads((Path(__file__).parent / "locations.json").read_text())["cases"]
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
STATISTICS = ["n", "mean", "sd", "sem", "median", "q1", "q3", "minimum", "maximum"]


def agree(found: list[float | None], expected: list[float | None]) -> None:
    """Numbers to the tolerance; None only where None is expected."""
    assert [number is None for number in found] == [number is None for number in expected]
    numbers = [number for number in expected if number is not None]
    assert [n for n in found if n is not None] == pytest.approx(numbers, abs=1e-10, rel=1e-14)


@pytest.mark.requirement("P-70")
@by_name
def test_summary_is_that_of_r(case):
    found = locations.summarise(case["values"])
    agree([getattr(found, name) for name in STATISTICS], [case[name] for name in STATISTICS])


@pytest.mark.requirement("P-70")
@pytest.mark.parametrize(("level", "key"), [(0.95, "interval_95"), (0.99, "interval_99")])
@by_name
def test_interval_of_the_mean_is_that_of_t_test(case, level, key):
    if not case[key]:  # R refuses: one value, or all equal
        with pytest.raises(NotComputable):
            locations.mean_interval(case["values"], level=level)
        return
    found = locations.mean_interval(case["values"], level=level)
    agree([found.low, found.high], case[key])


def test_comparison_of_locations_bites():
    case = next(case for case in CASES if case["name"] == "ten values")
    found = locations.summarise(case["values"])
    for name in STATISTICS:
        agree([getattr(found, name)], [case[name]])
        with pytest.raises(AssertionError):
            agree([getattr(found, name)], [case[name] + 1e-9])
