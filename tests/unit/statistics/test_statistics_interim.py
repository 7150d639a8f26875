"""Plans with interim looks: exact characteristics against every course of a small trial."""

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics.distributions import at_least, beta_above
from pilotage.statistics.interim import Look, Plan, bayes_plan, plan_characteristics
from pilotage.statistics.proportions import clopper_pearson
from pilotage.statistics.simon import characteristics, two_stage


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of at most 5 subjects with up to three looks."""
    sizes = sorted(draw(st.sets(st.integers(1, 5), min_size=1, max_size=3)))
    looks = []
    for n in sizes[:-1]:
        few = draw(st.none() | st.integers(0, n))
        enough = draw(st.none() | st.integers(0 if few is None else few + 1, n + 1))
        looks.append(Look(n, enough, few, draw(st.none() | st.integers(1, n))))
    last, accept = sizes[-1], draw(st.integers(0, sizes[-1] + 1))
    return Plan((*looks, Look(last, accept, accept - 1, draw(st.none() | st.integers(1, last)))))


@settings(deadline=None, max_examples=60)
@given(plans(), st.floats(0.05, 0.95), st.floats(0, 0.9))
def test_the_recursion_agrees_with_every_course_of_a_trial(
    plan: Plan, p: float, toxicity: float
) -> None:
    found = plan_characteristics(plan, p=p, toxicity=toxicity)
    chances = {"accepted": 0.0, "given up": 0.0, "too toxic": 0.0}
    size = bias = coverage = early = 0.0
    for course in product((True, False), repeat=2 * plan.n):
        successes, toxicities = course[: plan.n], course[plan.n :]
        chance = prod(p if each else 1 - p for each in successes)
        chance *= prod(toxicity if each else 1 - toxicity for each in toxicities)
        if not chance:
            continue
        ending, n = plan.ending(successes, toxicities)
        events = sum(successes[:n])
        chances[ending] += chance
        size += chance * n
        early += chance * (n < plan.n)
        bias += chance * (events / n - p)
        interval = clopper_pearson(events, n)
        coverage += chance * (interval.low <= p <= interval.high)
    assert found.accepted == pytest.approx(chances["accepted"], abs=1e-12)
    assert found.given_up == pytest.approx(chances["given up"], abs=1e-12)
    assert found.too_toxic == pytest.approx(chances["too toxic"], abs=1e-12)
    assert found.expected_n == pytest.approx(size, abs=1e-11)
    assert found.early == pytest.approx(early, abs=1e-12)
    assert found.bias == pytest.approx(bias, abs=1e-12)
    assert found.coverage() == pytest.approx(coverage, abs=1e-12)
    assert sum(found.sizes().values()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("p0", "p1"), [(0.05, 0.25), (0.2, 0.4), (0.7, 0.9)])
def test_two_stages_are_a_plan_of_two_looks(p0: float, p1: float) -> None:
    design = two_stage(p0, p1, alpha=0.1, beta=0.1)
    plan = Plan((Look(design.n1, give_up_at=design.r1), Look(design.n, design.r + 1, design.r)))
    for p in (p0, p1, 0.5):
        found = plan_characteristics(plan, p=p)
        simon = characteristics(design.r1, design.n1, design.r, design.n, p=p)
        assert found.accepted == pytest.approx(simon.accepted, abs=1e-12)
        assert found.early == pytest.approx(simon.early_stop, abs=1e-12)
        assert found.expected_n == pytest.approx(simon.expected_n, abs=1e-11)


def test_one_look_is_the_binomial() -> None:
    plan = Plan((Look(15, 7, 6),))
    assert plan_characteristics(plan, p=0.2).accepted == pytest.approx(
        at_least(7, 15, 0.2), abs=1e-14
    )


@pytest.mark.parametrize(
    ("n", "accept"),
    # P(p > 0.2 | x of n) with a flat prior is 1 - pbeta(0.2, 1 + x, 1 + n - x) in R
    [(5, 3), (10, 5), (15, 6)],
)
def test_a_bayesian_look_accepts_at_the_first_count_that_is_certain_enough(
    n: int, accept: int
) -> None:
    look = bayes_plan([n], null=0.2, success=0.95).looks[0]
    assert look.accept_at == accept
    assert beta_above(1 + accept, 1 + n - accept, 0.2) >= 0.95
    assert beta_above(accept, 2 + n - accept, 0.2) < 0.95


def test_beta_above_is_the_binomial_tail_for_a_flat_prior() -> None:
    """P(beta(1 + x, 1 + n - x) > p) = P(binomial(n + 1, p) <= x)."""
    for n in range(1, 12):
        for x in range(n + 1):
            expected = 1 - at_least(x + 1, n + 1, 0.3)
            assert beta_above(1 + x, 1 + n - x, 0.3) == pytest.approx(expected, abs=1e-13)


@settings(deadline=None, max_examples=60)
@given(st.integers(3, 30), st.floats(0.05, 0.6), st.floats(0.8, 0.99), st.floats(0, 0.3))
def test_more_successes_never_turn_acceptance_into_giving_up(
    n: int, null: float, success: float, futility: float
) -> None:
    plan = bayes_plan([n, 2 * n], null=null, success=success, futility=futility)
    ranks = {"given up": 0, None: 1, "accepted": 2}
    for look in plan.looks:
        order = [ranks[look.ending(count)] for count in range(look.n + 1)]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ((), "at least one look"),
        ((Look(5, 3, 2), Look(5, 3, 2)), "must rise"),
        ((Look(5, 3),), "must accept or give up"),
        ((Look(5, 3, 1),), "must accept or give up"),
        ((Look(1001, 3, 2),), "must rise from 1 to at most 1000"),
    ],
)
def test_a_plan_that_is_none_is_refused(looks: tuple[Look, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Plan(looks)


def test_bounds_that_cross_are_refused() -> None:
    with pytest.raises(ValueError, match="both 3 and 3 successes would end the trial"):
        Look(5, accept_at=3, give_up_at=3)


def test_a_chance_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match=r"p is 1\.2; it must lie between 0 and 1"):
        plan_characteristics(Plan((Look(3, 2, 1),)), p=1.2)
    with pytest.raises(ValueError, match="futility is -1; it must lie between 0 and 1"):
        bayes_plan([3], null=0.2, success=0.9, futility=-1)
    with pytest.raises(ValueError, match="both numbers must be above 0"):
        bayes_plan([3], null=0.2, success=0.9, prior=(0, 1))
