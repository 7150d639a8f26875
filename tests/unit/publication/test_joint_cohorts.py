"""Bags of groups, the cohort put together along them, and the count by hand that checks it."""

from itertools import combinations
from random import Random
from typing import Any

import pytest
from publication.joint_examples import (
    BETWEEN,
    MADE,
    MOST,
    every_cohort,
    four_groups,
    paper,
    random_claims,
)

from pilotage.publication.audit.joint import joint_findings
from pilotage.publication.audit.joint.bags import bags_of
from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Facts
from pilotage.publication.audit.joint.holding import Held, is_cohort, shows_all, true_of


@pytest.mark.parametrize("number", range(50))
def test_every_pair_lies_in_a_bag_and_the_bags_of_a_group_hang_together(number: int) -> None:
    random = Random(f"bags {number}")
    groups = [chr(97 + at) for at in range(random.randint(1, 9))]
    pairs = [frozenset(pair) for pair in combinations(groups, 2) if random.random() < 0.35]
    bags = bags_of(groups, pairs)
    assert set(groups) == frozenset().union(*(bag.groups for bag in bags))
    for pair in pairs:
        assert any(pair <= bag.groups for bag in bags)
    for at, bag in enumerate(bags):
        assert bag.parent is None or bag.parent < at
        earlier = frozenset().union(*(each.groups for each in bags[:at]))
        above = frozenset() if bag.parent is None else bags[bag.parent].groups
        assert bag.groups & earlier == bag.shared == bag.groups & above


def test_a_chain_of_groups_has_bags_of_two() -> None:
    chain = [frozenset(pair) for pair in ("ab", "bc", "cd", "de")]
    assert sorted(len(bag.groups) for bag in bags_of("abcde", chain)) == [2, 2, 2, 2]


# -- a count by hand -------------------------------------------------------------------------------


def facts_of(claims: list[dict[str, Any]], **more: Any) -> Facts:
    return Facts(paper(four_groups(**more), claims))


SUBJECTS = [
    (frozenset({"enrolled", "a", "c"}), {("SCORE", None): 1}),
    (frozenset({"enrolled", "a", "b", "c"}), {("SCORE", None): 2}),
    (frozenset({"enrolled"}), {("SCORE", None): 6}),
]
ALL = {"group": "enrolled", "variable": "SCORE"}


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ({"kind": "count", "group": "a", "value": 2}, True),
        ({"kind": "count", "group": "b", "of": "a", "value": 2}, False),
        ({"kind": "percentage", "group": "a", "of": "enrolled", "value": 67}, True),
        ({"kind": "percentage", "group": "a", "of": "enrolled", "value": 66}, False),
        ({"kind": "all", "group": "a", "of": "b"}, True),
        ({"kind": "none", "group": "a", "of": "c"}, False),
        ({"kind": "mean", **ALL, "value": 3.0, "digits": 1}, True),
        ({"kind": "median", **ALL, "value": 3.0, "digits": 1}, False),
        ({"kind": "sd", **ALL, "value": 2.65, "digits": 2}, True),
        ({"kind": "sd", **ALL, "value": 2.64, "digits": 2}, False),
        ({"kind": "sem", **ALL, "value": 1.53, "digits": 2}, True),
        ({"kind": "maximum", **ALL, "value": 6}, True),
        ({"kind": "range", **ALL, "low": 1, "high": 5}, False),
        ({"kind": "value", **ALL, "value": 1, "comparator": ">="}, True),
        (
            {
                "kind": "threshold", "role": "definition", "group": "a", "variable": "SCORE",
                "value": 2, "comparator": "<=",
            },
            True,
        ),
        (
            {
                "kind": "threshold", "role": "definition", "group": "a", "variable": "SCORE",
                "value": 6, "comparator": "<=",
            },
            False,
        ),
        (
            {"kind": "comparison", "group": "a", "than": "enrolled", "share": "b",
             "comparator": ">"},
            True,
        ),
    ],
)  # fmt: skip
def test_a_claim_is_counted_by_hand(claim: dict[str, Any], true: bool) -> None:
    facts = facts_of([claim])
    (fact,) = facts.facts
    assert Held(SUBJECTS, facts.groups).holds(fact) is true


def test_subjects_whose_groups_lie_otherwise_than_the_words_say_are_no_cohort() -> None:
    lattice = facts_of([{"kind": "count", "group": "c", "value": 1}]).lattice
    groups = frozenset({"enrolled", "a", "b", "c"})
    assert is_cohort(SUBJECTS, lattice, groups)
    outside = [*SUBJECTS, (frozenset({"a", "c"}), {})]
    assert not is_cohort(outside, lattice, groups)
    no_union = [*SUBJECTS, (frozenset({"enrolled", "b"}), {})]
    assert not is_cohort(no_union, lattice, groups)


@pytest.mark.parametrize("number", range(60))
def test_the_cohort_that_is_shown_is_one_of_which_all_claims_are_true(number: int) -> None:
    random = Random(f"cohorts {number}")
    made, between = random.choice(MADE), random.choice(BETWEEN)
    claims = random_claims(every_cohort(made, between), random, more=True)
    facts = facts_of(claims, made=made, between=between)
    result = joint_findings(facts.published)
    if result.findings:
        return
    assert result.cohort is not None
    assert shows_all(result.cohort, facts)


def test_a_cohort_of_which_a_count_by_hand_says_no_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = facts_of([{"kind": "count", "group": "a", "value": 2}])
    assert Checker(facts, most=MOST).possible(facts.facts) is True
    assert true_of(facts, SUBJECTS, facts.facts)
    monkeypatch.setattr(Held, "holds", lambda *_: False)
    assert Checker(facts, most=MOST).possible(facts.facts) is None
