"""Two proportions: Fisher by enumeration, symmetry, and what the tests refuse."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, proportions, two_by_two

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

counts = st.integers(1, 16).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
every_table = st.tuples(counts, counts).map(lambda pair: (*pair[0], *pair[1]))
tables = every_table.filter(lambda t: 0 < t[0] + t[2] < t[1] + t[3])


@unhurried
@given(tables)
def test_fisher_p_is_the_enumeration_of_all_tables(table):
    events, n, other_events, other_n = table
    having = events + other_events
    chances = {
        x: Fraction(
            math.comb(n, x) * math.comb(other_n, having - x), math.comb(n + other_n, having)
        )
        for x in range(max(0, having - other_n), min(n, having) + 1)
    }
    found = two_by_two.fisher_exact(*table)
    expected = sum(chance for chance in chances.values() if chance <= chances[events])
    assert found.p == pytest.approx(float(expected), abs=1e-12)
    assert (found.statistic, found.group_sizes) == (events, (n, other_n))


@unhurried
@given(tables)
def test_swapping_the_groups_turns_the_odds_round_and_keeps_p(table):
    events, n, other_events, other_n = table
    there = two_by_two.fisher_exact(*table)
    back = two_by_two.fisher_exact(other_events, other_n, events, n)
    assert there.p == pytest.approx(back.p, abs=1e-14)
    for one, other in (there.low, back.high), (there.estimate, back.estimate):
        if one == 0 or other == 0:
            assert {one, other} == {0, math.inf}
        else:
            assert one * other == pytest.approx(1, rel=1e-9)


@unhurried
@given(tables, st.sampled_from([0.8, 0.95]))
def test_odds_interval_holds_the_estimate_and_1_where_both_tails_allow_it(table, level):
    found = two_by_two.fisher_exact(*table, level=level)
    assert 0 <= found.low <= found.estimate <= found.high
    if found.p < (1 - level) / 2:  # one tail alone is no more than P
        assert found.low > 1 or found.high < 1


@unhurried
@given(tables)
def test_yates_correction_never_lowers_p(table):
    plain = two_by_two.chi_squared(*table)
    corrected = two_by_two.chi_squared(*table, continuity=True)
    assert plain.p <= corrected.p <= 1
    assert (plain.method, corrected.method) == ("chi-squared", "chi-squared with Yates' correction")


@unhurried
@given(tables)
def test_chi_squared_is_the_square_of_the_pooled_z(table):
    events, n, other_events, other_n = table
    pooled = (events + other_events) / (n + other_n)
    z = (events / n - other_events / other_n) / math.sqrt(
        pooled * (1 - pooled) * (1 / n + 1 / other_n)
    )
    found = two_by_two.chi_squared(*table)
    assert (found.statistic, found.p) == pytest.approx(
        (z * z, math.erfc(abs(z) / math.sqrt(2))), abs=1e-9
    )


@pytest.mark.parametrize("continuity", [False, True])
@unhurried
@given(table=every_table)
def test_difference_lies_in_its_interval_and_turns_round_with_the_groups(table, continuity):
    events, n, other_events, other_n = table
    there = two_by_two.difference(*table, continuity=continuity)
    back = two_by_two.difference(other_events, other_n, events, n, continuity=continuity)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-12)
    assert -1 - 1e-12 <= there.low <= there.estimate <= there.high <= 1 + 1e-12


@unhurried
@given(st.integers(0, 20), st.integers(1, 20))
def test_mcnemar_is_the_binomial_test_of_those_who_changed(gained, lost):
    found = two_by_two.mcnemar(gained, lost)
    assert found.p == proportions.binomial_test(gained, gained + lost, 0.5).p
    assert found.p == pytest.approx(two_by_two.mcnemar(lost, gained).p, abs=1e-14)
    plain = two_by_two.mcnemar(gained, lost, method="asymptotic")
    corrected = two_by_two.mcnemar(gained, lost, method="asymptotic", continuity=True)
    assert plain.statistic == pytest.approx((gained - lost) ** 2 / (gained + lost))
    assert plain.p <= corrected.p <= 1


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: two_by_two.fisher_exact(0, 0, 1, 5), "a group is empty"),
        (lambda: two_by_two.fisher_exact(0, 4, 0, 5), "nobody has the event"),
        (lambda: two_by_two.fisher_exact(4, 4, 5, 5), "everybody has the event"),
        (lambda: two_by_two.chi_squared(1, 5, 0, 0), "a group is empty"),
        (lambda: two_by_two.chi_squared(0, 4, 0, 5), "nobody has the event"),
        (lambda: two_by_two.difference(1, 5, 0, 0), "nobody to count (n is 0)"),
        (lambda: two_by_two.mcnemar(0, 0), "nobody changed"),
    ],
)
def test_what_cannot_be_compared_says_why(call, reason):
    with pytest.raises(NotComputable) as caught:
        call()
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "call",
    [
        lambda: two_by_two.fisher_exact(5, 4, 1, 5),
        lambda: two_by_two.fisher_exact(1, 4, 0.5, 5),
        lambda: two_by_two.chi_squared(1, 4, -1, 5),
        lambda: two_by_two.mcnemar(-1, 4),
        lambda: two_by_two.mcnemar(4, -1),
        lambda: two_by_two.mcnemar(1, 4, continuity=True),
        lambda: two_by_two.fisher_exact(1, 4, 1, 5, level=95),
    ],
)
def test_impossible_tables_are_refused(call):
    with pytest.raises(ValueError) as caught:
        call()
    assert not isinstance(caught.value, NotComputable)
