"""Intervals of proportions against R: proportions.json, written by make_reference.R.

R lines: binom.test(x, n, conf.level = level)$conf.int
         prop.test(x, n, conf.level = level, correct = FALSE)$conf.int
Tolerance: absolute 1e-10.
"""

import json
from pathlib import Path

import pytest

from pilotage.statistics import Interval, proportions

CASES = json.loads((Path(__file__).parent / "proportions.json").read_text())["cases"]
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def agree(interval: Interval, expected: list[float]) -> None:
    assert [interval.low, interval.high] == pytest.approx(expected, abs=1e-10, rel=0)


@by_name
def test_clopper_pearson_is_that_of_binom_test(case):
    found = proportions.clopper_pearson(case["events"], case["n"], level=case["level"])
    agree(found, case["clopper_pearson"])


@by_name
def test_wilson_is_that_of_prop_test_without_correction(case):
    found = proportions.wilson(case["events"], case["n"], level=case["level"])
    agree(found, case["wilson"])


@pytest.mark.parametrize("method", ["clopper_pearson", "wilson"])
def test_comparison_of_proportions_bites(method):
    case = next(case for case in CASES if case["name"] == "12 of 14 at 0.95")
    found = getattr(proportions, method)(12, 14)
    agree(found, case[method])
    low, high = case[method]
    with pytest.raises(AssertionError):
        agree(found, [low, high + 1e-9])
