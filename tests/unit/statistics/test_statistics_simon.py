"""Designs of phase II: every smaller design fails, the chances are sums, and what is refused."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, simon

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=40)

shapes = st.integers(2, 14).flatmap(
    lambda n: st.integers(1, n - 1).flatmap(
        lambda n1: st.integers(0, n1 - 1).flatmap(
            lambda r1: st.integers(r1, n - 1).map(lambda r: (r1, n1, r, n))
        )
    )
)
chances = st.sampled_from([0, 0.05, 0.2, 0.5, 0.9, 1])
questions = st.sampled_from(
    [(0.1, 0.5, 0.1, 0.1), (0.2, 0.6, 0.1, 0.2), (0.05, 0.4, 0.05, 0.2), (0.3, 0.8, 0.1, 0.1)]
)


def binomial(x, n, p):
    return math.comb(n, x) * p**x * (1 - p) ** (n - x)


def accepted(r1, n1, r, n, p):
    """Every pair of responses of the two stages, one by one."""
    return math.fsum(
        binomial(x, n1, p) * binomial(y, n - n1, p)
        for x in range(r1 + 1, n1 + 1)
        for y in range(n - n1 + 1)
        if x + y > r
    )


@unhurried
@given(shapes, chances)
def test_characteristics_are_the_sums_over_both_stages(shape, p):
    r1, n1, r, n = shape
    found = simon.characteristics(r1, n1, r, n, p=p)
    early_stop = math.fsum(binomial(x, n1, p) for x in range(r1 + 1))
    assert found.accepted == pytest.approx(accepted(r1, n1, r, n, p), abs=1e-12)
    assert found.early_stop == pytest.approx(early_stop, abs=1e-12)
    assert found.expected_n == pytest.approx(n1 * early_stop + n * (1 - early_stop), abs=1e-9)


@settings(deadline=None, max_examples=4)
@given(questions)
def test_no_other_design_of_so_few_subjects_is_better(question):
    p0, p1, alpha, beta = question
    good = [
        (n, n1 + (n - n1) * (1 - sum(binomial(x, n1, p0) for x in range(r1 + 1))))
        for n in range(2, 17)
        for n1 in range(1, n)
        for r1 in range(n1)
        for r in range(r1, n)
        if accepted(r1, n1, r, n, p0) <= alpha and accepted(r1, n1, r, n, p1) >= 1 - beta
    ]
    kept = {"alpha": alpha, "beta": beta, "largest_n": 16}
    optimal = simon.two_stage(p0, p1, **kept)
    assert optimal.expected_n == pytest.approx(min(expected for _, expected in good))
    minimax = simon.two_stage(p0, p1, **kept, criterion="minimax")
    assert (minimax.n, minimax.expected_n) == pytest.approx(min(good))


@unhurried
@given(questions, st.sampled_from(["optimal", "minimax"]))
def test_design_holds_what_was_asked_and_tells_it(question, criterion):
    p0, p1, alpha, beta = question
    found = simon.two_stage(p0, p1, alpha=alpha, beta=beta, criterion=criterion)
    assert found.type_1_error <= alpha
    assert found.power >= 1 - beta
    at_p0 = simon.characteristics(found.r1, found.n1, found.r, found.n, p=p0)
    at_p1 = simon.characteristics(found.r1, found.n1, found.r, found.n, p=p1)
    assert (found.type_1_error, found.early_stop, found.expected_n) == pytest.approx(
        (at_p0.accepted, at_p0.early_stop, at_p0.expected_n)
    )
    assert found.power == pytest.approx(at_p1.accepted)
    assert found.method == f"Simon two-stage, {criterion}"
    single = simon.single_stage(p0, p1, alpha=alpha, beta=beta)
    assert found.expected_n <= single.n
    assert (found.p0, found.p1, found.alpha, found.beta) == question


@unhurried
@given(questions)
def test_single_stage_is_the_smallest_that_holds_both_errors(question):
    p0, p1, alpha, beta = question
    found = simon.single_stage(p0, p1, alpha=alpha, beta=beta)

    def holds(n, r):
        wrong = math.fsum(binomial(x, n, p0) for x in range(r + 1, n + 1))
        right = math.fsum(binomial(x, n, p1) for x in range(r + 1, n + 1))
        return wrong <= alpha and right >= 1 - beta

    assert holds(found.n, found.r)
    assert not any(holds(n, r) for n in range(1, found.n) for r in range(n))


@pytest.mark.parametrize("criterion", ["optimal", "minimax"])
def test_search_up_to_100_subjects_takes_a_moment(criterion):
    simon.two_stage(0.1, 0.5, alpha=0.1, beta=0.1)  # imports
    start = time.process_time()
    simon.two_stage(0.2, 0.35, alpha=0.05, beta=0.1, criterion=criterion)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            lambda: simon.two_stage(0.2, 0.3, alpha=0.05, beta=0.1, largest_n=40),
            "no two-stage design with at most 40 subjects",
        ),
        (
            lambda: simon.single_stage(0.2, 0.3, alpha=0.05, beta=0.1),
            "no single-stage design with at most 100 subjects",
        ),
    ],
)
def test_question_that_needs_more_subjects_says_so(call, reason):
    with pytest.raises(NotComputable) as caught:
        call()
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simon.two_stage(0.4, 0.2, alpha=0.05, beta=0.2), "0 < p0 < p1 < 1 is needed"),
        (lambda: simon.two_stage(0.2, 1, alpha=0.05, beta=0.2), "0 < p0 < p1 < 1 is needed"),
        (lambda: simon.two_stage(0.2, 0.4, alpha=5, beta=0.2), "both must lie between 0 and 1"),
        (lambda: simon.single_stage(0.2, 0.4, alpha=0.05, beta=0), "both must lie between 0 and 1"),
        (
            lambda: simon.two_stage(0.2, 0.4, alpha=0.05, beta=0.2, criterion="admissible"),
            "it must be 'optimal' or 'minimax'",
        ),
        (
            lambda: simon.two_stage(0.2, 0.4, alpha=0.05, beta=0.2, largest_n=2000),
            "the largest n is 2000; it must lie between 1 and 1000",
        ),
        (lambda: simon.characteristics(3, 3, 5, 10, p=0.2), "3/3, 5/10 is no two-stage design"),
        (lambda: simon.characteristics(3, 9, 2, 10, p=0.2), "is no two-stage design"),
        (lambda: simon.characteristics(0, 3, 5, 10, p=20), "the response rate is 20"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("p0", "p1", "design", "expected_n"),
    [
        (0.3, 0.45, (13, 40, 40, 110), 60.8),
        (0.4, 0.55, (19, 45, 49, 104), 64.0),
        (0.5, 0.65, (22, 42, 60, 105), 62.3),
    ],
)
def test_optimal_designs_of_more_than_100_subjects_are_those_of_the_published_table(
    p0, p1, design, expected_n
):
    """Simon 1989, table 1, p1 - p0 = 0.15, alpha 0.05, beta 0.10."""
    found = simon.two_stage(p0, p1, alpha=0.05, beta=0.1)
    assert (found.r1, found.n1, found.r, found.n) == design
    assert found.expected_n == pytest.approx(expected_n, abs=0.05)


@settings(deadline=None, max_examples=4)
@given(questions)
def test_above_the_bound_no_design_is_better(question):
    p0, p1, alpha, beta = question
    found = simon.two_stage(p0, p1, alpha=alpha, beta=beta)
    bound = found.no_better_above

    def expected(r1, n1, n):
        return n1 + (n - n1) * (1 - sum(binomial(x, n1, p0) for x in range(r1 + 1)))

    for n in range(bound + 1, bound + 30):
        for n1 in range(1, n):
            for r1 in range(n1):
                if sum(binomial(x, n1, p1) for x in range(r1 + 1)) <= beta:
                    assert expected(r1, n1, n) >= found.expected_n


@unhurried
@given(questions, st.integers(1, 60))
def test_no_design_has_fewer_subjects_than_the_best_of_all_tests_needs(question, n):
    """The search begins at that size; the single stage and the smallest two stages are not below
    it."""
    p0, p1, alpha, beta = question
    fewest = simon._Search(p0, p1, alpha, beta, "minimax").fewest(100)
    assert fewest <= simon.single_stage(p0, p1, alpha=alpha, beta=beta).n
    if n < fewest:
        with pytest.raises(NotComputable):
            simon.single_stage(p0, p1, alpha=alpha, beta=beta, largest_n=n)


def test_a_difference_that_asks_for_hundreds_of_subjects_is_searched_in_seconds():
    start = time.process_time()
    found = simon.two_stage(0.2, 0.26, alpha=0.05, beta=0.2)
    assert (found.r1, found.n1, found.r, found.n) == (28, 130, 85, 369)
    with pytest.raises(NotComputable, match="at most 300 subjects"):
        simon.two_stage(0.2, 0.25, alpha=0.05, beta=0.2, largest_n=300)
    with pytest.raises(NotComputable, match="at most 1000 subjects"):
        simon.two_stage(0.5, 0.52, alpha=0.05, beta=0.2)
    assert time.process_time() - start < 15
