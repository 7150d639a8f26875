"""What holds for every function of the package: missing is refused, and what cannot be says why."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from functools import partial

import pytest

from pilotage.statistics import (
    NotComputable,
    correlation,
    groups,
    locations,
    paired,
    proportions,
    rates,
    simon,
    survival,
    survival_groups,
    two_by_two,
)

OF_ONE_SAMPLE = [
    locations.summarise,
    locations.mean_interval,
    locations.median_interval,
    locations.hodges_lehmann,
    partial(locations.quantile, probability=0.5),
]
OF_TWO_SAMPLES = [
    correlation.pearson,
    correlation.spearman,
    correlation.kendall,
    locations.hodges_lehmann_shift,
    paired.paired_t,
    paired.sign_test,
    paired.signed_rank,
    groups.pooled_t,
    groups.welch_t,
    groups.mann_whitney,
]
MISSING = {
    "None": None,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "text": "7",
    "beyond all floats": 10**400,
    "beyond all measurements": 1e101,
}
missing = pytest.mark.parametrize("bad", MISSING.values(), ids=MISSING.keys())


@missing
@pytest.mark.parametrize("function", OF_ONE_SAMPLE)
def test_missing_or_unusable_value_is_refused_with_its_place(function, bad):
    with pytest.raises(ValueError, match="values: number 2 is") as caught:
        function([1, bad, 3])
    assert not isinstance(caught.value, NotComputable)


@missing
@pytest.mark.parametrize("function", OF_TWO_SAMPLES)
def test_missing_or_unusable_value_of_either_sample_is_refused(function, bad):
    for samples in ([1, 2, bad], [4, 5, 7]), ([4, 5, 7], [1, 2, bad]):
        with pytest.raises(ValueError, match="number 3 is") as caught:
            function(*samples)
        assert not isinstance(caught.value, NotComputable)


@pytest.mark.parametrize("level", [0, 1, 95, -0.95, float("nan")])
@pytest.mark.parametrize(
    "call",
    [
        lambda level: proportions.clopper_pearson(3, 15, level=level),
        lambda level: proportions.wilson(3, 15, level=level),
        lambda level: locations.mean_interval([1, 2, 4], level=level),
        lambda level: paired.paired_t([1, 2, 4], [3, 3, 3], level=level),
        lambda level: groups.pooled_t([1, 2, 4], [3, 3, 3], level=level),
        lambda level: groups.welch_t([1, 2, 4], [3, 3, 3], level=level),
        lambda level: survival.kaplan_meier([1, 2], [1, 0], level=level),
        lambda level: survival.cumulative_incidence([1, 2], ["a", None], cause="a", level=level),
        lambda level: survival.restricted_mean([1, 2, 3], [1, 0, 1], horizon=3, level=level),
        lambda level: proportions.upper_bound(3, 15, level=level),
        lambda level: proportions.lower_bound(3, 15, level=level),
        lambda level: proportions.jeffreys(3, 15, level=level),
        lambda level: proportions.agresti_coull(3, 15, level=level),
        lambda level: proportions.mid_p(3, 15, level=level),
        lambda level: proportions.blaker(3, 15, level=level),
        lambda level: rates.poisson_rate(3, 15, level=level),
        lambda level: two_by_two.fisher_exact(3, 15, 4, 9, level=level),
        lambda level: two_by_two.difference(3, 15, 4, 9, level=level),
        lambda level: locations.median_interval(range(9), level=level),
        lambda level: locations.hodges_lehmann(range(9), level=level),
        lambda level: locations.hodges_lehmann_shift(range(9), [3], level=level),
        lambda level: correlation.pearson([1, 2, 4, 3], [3, 3, 3, 5], level=level),
    ],
)
def test_level_outside_0_to_1_is_refused(call, level):
    with pytest.raises(ValueError, match="it must lie between 0 and 1"):
        call(level)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: proportions.clopper_pearson(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.wilson(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.upper_bound(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.lower_bound(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.rule_of_three(0), "nobody to count (n is 0)"),
        (lambda: proportions.jeffreys(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.agresti_coull(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.mid_p(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.blaker(0, 0), "nobody to count (n is 0)"),
        (lambda: proportions.binomial_test(0, 0, 0.5), "nobody to count (n is 0)"),
        (lambda: locations.mean_interval([]), "fewer than two values"),
        (lambda: locations.mean_interval([5]), "fewer than two values"),
        (lambda: locations.mean_interval([0.1, 0.1, 0.1]), "all values are equal"),
        (lambda: locations.mean_interval([0, 0]), "all values are equal"),
        (lambda: locations.mean_interval([0.1 + 0.2, 0.3, 0.3]), "all values are equal"),
        (lambda: paired.paired_t([], []), "fewer than two pairs"),
        (lambda: paired.paired_t([1], [2]), "fewer than two pairs"),
        (lambda: paired.paired_t([1, 2, 3], [3, 4, 5]), "all differences are equal"),
        (lambda: paired.paired_t([1.1, 0.7], [0.9, 0.5]), "all differences are equal"),
        (lambda: paired.paired_t([1, 2], [1, 2]), "all differences are equal"),
        (lambda: paired.sign_test([], []), "no pairs"),
        (lambda: paired.sign_test([1, 2], [1, 2]), "all differences are zero"),
        (lambda: paired.signed_rank([], []), "no pairs"),
        (lambda: paired.signed_rank([1, 2], [1, 2]), "all differences are zero"),
        (
            lambda: paired.signed_rank([1, 2], [1, 2], method="asymptotic"),
            "all differences are zero",
        ),
        (lambda: groups.pooled_t([], [1, 2]), "a group is empty"),
        (lambda: groups.pooled_t([1], [2]), "fewer than three values in the two groups together"),
        (lambda: groups.pooled_t([1, 1], [2]), "all values within each group are equal"),
        (lambda: groups.welch_t([1, 2], []), "a group is empty"),
        (lambda: groups.welch_t([1, 2], [3]), "fewer than two values in a group"),
        (lambda: groups.welch_t([1, 1], [2, 2]), "all values within each group are equal"),
        (lambda: groups.mann_whitney([], [1]), "a group is empty"),
        (lambda: groups.mann_whitney([2, 2], [2]), "all values are equal"),
        (
            lambda: groups.mann_whitney([2, 2], [2], method="asymptotic"),
            "all values are equal",
        ),
        (lambda: survival.kaplan_meier([], []), "no subjects"),
    ],
)
def test_what_cannot_be_computed_says_why(call, reason):
    with pytest.raises(NotComputable) as caught:
        call()
    assert caught.value.reason == str(caught.value) == reason
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("call", "attribute"),
    [
        (lambda: proportions.wilson(3, 15), "low"),
        (lambda: locations.summarise([1, 2]), "mean"),
        (lambda: paired.paired_t([1, 2, 4], [3, 3, 3]), "p"),
        (lambda: survival.kaplan_meier([1, 2], [1, 0]), "median"),
        (lambda: survival.cumulative_incidence([1, 2], ["a", None], cause="a"), "incidence"),
        (lambda: survival.restricted_mean([1, 2, 3], [1, 0, 1], horizon=3), "estimate"),
        (lambda: survival_groups.log_rank([1, 2], [1, 1], ["A", "B"]), "p"),
        (lambda: locations.hodges_lehmann([1, 2]), "estimate"),
        (lambda: simon.two_stage(0.1, 0.5, alpha=0.1, beta=0.1), "n"),
        (lambda: simon.single_stage(0.1, 0.5, alpha=0.1, beta=0.1), "n"),
        (lambda: simon.characteristics(0, 3, 1, 9, p=0.1), "accepted"),
    ],
)
def test_answers_cannot_be_changed(call, attribute):
    with pytest.raises(FrozenInstanceError):
        setattr(call(), attribute, 0)


def test_importing_the_package_imports_neither_numpy_nor_scipy():
    program = (
        "import sys, pilotage.statistics;"
        "print(sorted({'numpy', 'scipy', 'polars'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
