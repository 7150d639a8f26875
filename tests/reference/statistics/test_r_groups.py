"""Tests of two groups against R: groups.json, written by make_reference.R.

R lines: t.test(x, y, var.equal = TRUE, conf.level = level)
         t.test(x, y, conf.level = level)
         exactRankTests::wilcox.exact(x, y, exact = TRUE)
         coin::wilcox_test(value ~ arm, distribution = "exact")
         wilcox.test(x, y, exact = FALSE, correct = FALSE or TRUE)
Tolerance: absolute 1e-10.
"""

import json
from pathlib import Path

import pytest

from pilotage.statistics import NotComputable, Test, groups

CASES = json.loads((Path(__file__).parent / "groups.json").read_text())["cases"]
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def agree(found: Test, expected: dict[str, float]) -> None:
    values = {name: getattr(found, name) for name in expected}
    assert values == pytest.approx(expected, abs=1e-10, rel=0)


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("level", "suffix"), [(0.95, ""), (0.90, "_90")])
@pytest.mark.parametrize("name", ["pooled_t", "welch_t"])
@by_name
def test_t_test_of_groups_is_that_of_r(case, name, level, suffix):
    t_test = getattr(groups, name)
    expected = case[name + suffix]
    if not expected:  # R refuses: too few values
        with pytest.raises(NotComputable):
            t_test(case["x"], case["y"], level=level)
        return
    agree(t_test(case["x"], case["y"], level=level), expected)


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("exact", {"method": "exact"}),
        ("asymptotic", {"method": "asymptotic"}),
        ("continuity", {"method": "asymptotic", "continuity": True}),
    ],
)
@by_name
def test_mann_whitney_is_that_of_r(case, key, options):
    agree(groups.mann_whitney(case["x"], case["y"], **options), case[key])


@pytest.mark.requirement("P-71")
@by_name
def test_exact_mann_whitney_is_that_of_coin(case):
    agree(groups.mann_whitney(case["x"], case["y"]), {"p": case["coin_exact"]})


def test_comparison_of_group_tests_bites():
    case = next(case for case in CASES if case["name"] == "trial-like, 9 and 6, ties")
    for name in ("pooled_t", "welch_t"):
        found = getattr(groups, name)(case["x"], case["y"])
        for field, value in case[name].items():
            with pytest.raises(AssertionError):
                agree(found, {field: value + 1e-9})
    with pytest.raises(AssertionError):  # the correction for continuity is another number
        agree(groups.mann_whitney(case["x"], case["y"], method="asymptotic"), case["continuity"])
