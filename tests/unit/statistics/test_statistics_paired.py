"""Paired tests: exact P by brute force, ties and zeros, symmetry, and what they refuse."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pilotage.statistics import NotComputable, paired

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

# few distinct numbers, so that ties and zeros are the rule
pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=8)
changing = pairs.filter(lambda drawn: any(after != before for after, before in drawn))
zero_rules = pytest.mark.parametrize("zeros", ["pratt", "wilcox"])


def split(drawn):
    return [after for after, _ in drawn], [before for _, before in drawn]


def signed_ranks(differences, zeros):
    """Midranks of the sizes with their signs, straight from the definition."""
    ranked = [d for d in differences if d != 0 or zeros == "pratt"]
    ranks = {
        size: sum(abs(d) < size for d in ranked) + (sum(abs(d) == size for d in ranked) + 1) / 2
        for size in {abs(d) for d in ranked}
    }
    return [math.copysign(ranks[abs(d)], d) for d in ranked if d != 0]


def enumerated_p(ranks):
    """The share of all signs whose sum lies at least as far from 0."""
    observed = abs(sum(ranks))
    sums = [
        abs(sum(sign * abs(rank) for sign, rank in zip(signs, ranks, strict=True)))
        for signs in product((-1, 1), repeat=len(ranks))
    ]
    return sum(total >= observed for total in sums) / len(sums)


@pytest.mark.requirement("P-71")
@zero_rules
@unhurried
@given(drawn=changing)
def test_exact_signed_rank_is_the_enumeration_of_all_signs(drawn, zeros):
    after, before = split(drawn)
    ranks = signed_ranks([a - b for a, b in drawn], zeros)
    found = paired.signed_rank(after, before, zeros=zeros)
    assert found.p == enumerated_p(ranks)
    assert found.statistic == sum(rank for rank in ranks if rank > 0)


@zero_rules
@pytest.mark.parametrize("method", ["exact", "asymptotic"])
@unhurried
@given(drawn=changing)
def test_swapping_after_and_before_changes_no_p(drawn, zeros, method):
    after, before = split(drawn)
    there = paired.signed_rank(after, before, zeros=zeros, method=method)
    back = paired.signed_rank(before, after, zeros=zeros, method=method)
    assert there.p == back.p
    ranks = signed_ranks([a - b for a, b in drawn], zeros)
    assert there.statistic + back.statistic == sum(abs(rank) for rank in ranks)


@zero_rules
@unhurried
@given(drawn=changing, random=st.randoms(use_true_random=False))
def test_order_of_the_pairs_changes_no_bit(drawn, random, zeros):
    shuffled = drawn.copy()
    random.shuffle(shuffled)
    for method in "exact", "asymptotic":
        one = paired.signed_rank(*split(drawn), zeros=zeros, method=method)
        assert one == paired.signed_rank(*split(shuffled), zeros=zeros, method=method)


@unhurried
@given(changing)
def test_continuity_correction_never_lowers_p(drawn):
    after, before = split(drawn)
    plain = paired.signed_rank(after, before, method="asymptotic")
    corrected = paired.signed_rank(after, before, method="asymptotic", continuity=True)
    assert plain.p <= corrected.p <= 1
    assert (plain.continuity, corrected.continuity) == (False, True)


def test_one_direction_in_15_pairs_is_2_of_2_to_the_15():
    found = paired.signed_rank(range(15), range(1, 16))
    assert found.p == 2 / 2**15
    assert (found.statistic, found.n, found.ties) == (0, 15, 15)


@zero_rules
def test_one_pair_cannot_say_anything(zeros):
    assert paired.signed_rank([1], [5], zeros=zeros).p == 1


def test_zero_rule_zeros_and_ties_are_told():
    after, before = [1, 2, 3, 4, 9], [1, 2, 2, 3, 4]
    found = paired.signed_rank(after, before)
    assert (found.n, found.zeros, found.zero_differences, found.ties) == (5, "pratt", 2, 2)
    assert found.method == "Wilcoxon signed-rank, exact"
    assert found.statistic == 3.5 + 3.5 + 5
    other = paired.signed_rank(after, before, zeros="wilcox", method="asymptotic")
    assert (other.n, other.zeros, other.zero_differences, other.ties) == (5, "wilcox", 2, 2)
    assert other.method == "Wilcoxon signed-rank, asymptotic"
    assert other.statistic == 1.5 + 1.5 + 3


def test_differences_that_are_equal_on_paper_are_ties():
    after, before = [1.1, 0.7, 2.3], [0.9, 0.5, 1.3]
    assert after[0] - before[0] != after[1] - before[1]
    assert paired.signed_rank(after, before).ties == 2


def test_differences_that_vanish_on_paper_are_zeros():
    after, before = [0.1 + 0.2, 5], [0.30000000000000004, 4]
    assert paired.signed_rank(after, before).zero_differences == 1


def test_exact_p_beyond_its_limit_is_not_computed():
    n = paired.EXACT_LIMIT + 1
    with pytest.raises(NotComputable, match="more than 500 values for an exact test"):
        paired.signed_rank(range(n), [-1] * n)
    assert paired.signed_rank(range(n), [-1] * n, method="asymptotic").p < 1e-10


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"zeros": "drop"}, "the zero rule is 'drop'"),
        ({"method": "auto"}, "the method is 'auto'"),
        ({"continuity": True}, "an exact test takes no continuity correction"),
    ],
)
def test_unknown_choices_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        paired.signed_rank([1, 2], [3, 5], **options)


@pytest.mark.parametrize("test", [paired.paired_t, paired.signed_rank])
def test_sides_of_different_length_are_not_pairs(test):
    with pytest.raises(ValueError, match="3 values after and 2 before are not pairs"):
        test([1, 2, 3], [1, 2])


@unhurried
@given(changing)
def test_sign_test_counts_rises_among_changes(drawn):
    after, before = split(drawn)
    rises, falls = sum(a > b for a, b in drawn), sum(a < b for a, b in drawn)
    found = paired.sign_test(after, before)
    fewer = min(rises, falls)
    tail = sum(math.comb(rises + falls, k) for k in range(fewer + 1)) / 2 ** (rises + falls)
    assert found.p == pytest.approx(min(1, 2 * tail), abs=1e-12)
    assert (found.statistic, found.n) == (rises, len(drawn))
    assert found.zero_differences == len(drawn) - rises - falls


def test_changes_are_those_of_the_decimals_as_written():
    assert paired.changes([1.1, 0.7, 5], [0.9, 0.5, 8]) == [0.2, 0.2, -3]


varying = pairs.filter(lambda drawn: len({after - before for after, before in drawn}) > 1)


@pytest.mark.requirement("P-71")
@unhurried
@given(varying, st.sampled_from([0.9, 0.95]))
def test_paired_t_is_that_of_scipy(drawn, level):
    after, before = split(drawn)
    expected = stats.ttest_rel(after, before)
    bounds = expected.confidence_interval(level)
    found = paired.paired_t(after, before, level=level)
    assert (found.statistic, found.p, found.df, found.low, found.high) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df, bounds.low, bounds.high), abs=1e-9
    )


@unhurried
@given(varying)
def test_paired_t_rejects_at_5_per_cent_just_where_the_interval_leaves_out_0(drawn):
    found = paired.paired_t(*split(drawn))
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_paired_t_tells_its_direction_its_level_and_n():
    found = paired.paired_t([5, 7, 9], [1, 2, 3])
    assert (found.method, found.n, found.df, found.level) == ("paired t", 3, 2, 0.95)
    assert found.estimate == 5
    assert (found.ties, found.zeros, found.zero_differences) == (None, None, 0)
