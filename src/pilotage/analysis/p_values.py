"""P values: the tests that a plan may name, and everything that a printed P value has to say."""

from collections.abc import Callable
from functools import partial

from pilotage.analysis.results import Result, Scope
from pilotage.statistics import NotComputable, Test
from pilotage.statistics.groups import mann_whitney, pooled_t, welch_t
from pilotage.statistics.paired import paired_t, signed_rank

TESTS: dict[str, Callable[..., Test]] = {
    "paired_t": paired_t,
    "signed_rank_exact": partial(signed_rank, method="exact"),
    "signed_rank_asymptotic": partial(signed_rank, method="asymptotic"),
    "pooled_t": pooled_t,
    "welch_t": welch_t,
    "mann_whitney_exact": partial(mann_whitney, method="exact"),
    "mann_whitney_asymptotic": partial(mann_whitney, method="asymptotic"),
}


def p_row(scope: Scope, name: str, first: list[float], second: list[float]) -> Result:
    """The P value of a test, with its full description; or the reason why there is none."""
    try:
        found = TESTS[name](first, second)
    except NotComputable as reason:
        return scope.absent(f"p_{name}", str(reason), name)
    return scope.number(f"p_{name}", found.p, in_full(found))


def in_full(test: Test) -> str:
    """Everything that a printed P value has to name: test, pairing, continuity correction, n,
    degrees of freedom, ties, zero rule."""
    sizes = test.group_sizes
    pairing = "paired" if sizes is None else "unpaired"
    details = ["two-sided"] if test.method.startswith(pairing) else [pairing, "two-sided"]
    if test.method.endswith("asymptotic"):
        details.append(f"{'with' if test.continuity else 'no'} continuity correction")
    details.append(f"n = {test.n}" if sizes is None else f"n = {sizes[0]} and {sizes[1]}")
    if test.df is not None:
        details.append(f"df = {test.df:.6g}")
    if test.ties is not None:
        details.append(f"{test.ties} tied values")
    if test.zeros is not None:
        details.append(f"{test.zero_differences} zero differences, {test.zeros} rule")
    return f"{test.method}; {'; '.join(details)}"
