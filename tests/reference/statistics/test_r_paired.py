"""Paired tests against R: paired.json, written by make_reference.R.

R lines, with d <- round(after - before, 10) and zero <- rep(0, length(d)):
         t.test(d, conf.level = level)
         exactRankTests::wilcox.exact(d, exact = TRUE)
         wilcox.test(d, exact = FALSE, correct = FALSE or TRUE)
         coin::wilcoxsign_test(d ~ zero, zero.method = "Pratt" or "Wilcoxon",
                               distribution = "exact" or asymptotic)
Tolerance: absolute 1e-10.
"""

import json
from pathlib import Path

import pytest

from pilotage.statistics import NotComputable, Test, paired

CASES = json.loads((Path(__file__).parent / "paired.json").read_text())["cases"]
by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def agree(found: Test, expected: dict[str, float]) -> None:
    values = {name: getattr(found, name) for name in expected}
    assert values == pytest.approx(expected, abs=1e-10, rel=0)


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("level", "key"), [(0.95, "paired_t_95"), (0.90, "paired_t_90")])
@by_name
def test_paired_t_is_that_of_r(case, level, key):
    if not case[key]:  # R refuses: one pair
        with pytest.raises(NotComputable):
            paired.paired_t(case["after"], case["before"], level=level)
        return
    agree(paired.paired_t(case["after"], case["before"], level=level), case[key])


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("wilcox_exact", {"method": "exact"}),
        ("wilcox_asymptotic", {"method": "asymptotic"}),
        ("wilcox_continuity", {"method": "asymptotic", "continuity": True}),
    ],
)
@by_name
def test_signed_rank_without_zeros_is_that_of_r(case, key, options):
    found = paired.signed_rank(case["after"], case["before"], zeros="wilcox", **options)
    agree(found, case[key])


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("pratt_exact", {"zeros": "pratt", "method": "exact"}),
        ("pratt_asymptotic", {"zeros": "pratt", "method": "asymptotic"}),
        ("coin_wilcox_exact", {"zeros": "wilcox", "method": "exact"}),
    ],
)
@by_name
def test_signed_rank_is_that_of_coin(case, key, options):
    found = paired.signed_rank(case["after"], case["before"], **options)
    agree(found, {"p": case[key]})


def test_comparison_of_paired_tests_bites():
    case = next(case for case in CASES if case["name"] == "14 pairs, zeros and ties")
    t = paired.paired_t(case["after"], case["before"])
    for name, value in case["paired_t_95"].items():
        with pytest.raises(AssertionError):
            agree(t, {name: value + 1e-9})
    rank = paired.signed_rank(case["after"], case["before"])
    agree(rank, {"p": case["pratt_exact"]})
    with pytest.raises(AssertionError):  # the other zero rule is another number
        agree(rank, {"p": case["wilcox_exact"]["p"]})
