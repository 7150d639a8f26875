"""What holds for every function of the package: missing is refused, and what cannot be says why."""

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from pilotage.statistics import (
    NotComputable,
    groups,
    locations,
    paired,
    proportions,
    survival,
)

OF_ONE_SAMPLE = [locations.summarise, locations.mean_interval]
OF_TWO_SAMPLES = [
    paired.paired_t,
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
