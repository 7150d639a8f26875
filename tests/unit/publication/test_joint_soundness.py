"""The joint audit against every cohort of up to four subjects: it is never wrong."""

from random import Random

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

from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Facts


def check_claim_sets(numbers: range, *, singly: bool = False) -> tuple[int, int]:
    """Holds the audit's answer about random claim sets against all cohorts. How many were possible,
    and how many not?"""
    counted = [0, 0]
    for number in numbers:
        random = Random(f"claims {number}")
        made, between = random.choice(MADE), random.choice(BETWEEN)
        every = every_cohort(made, between)
        claims = random_claims(every, random)
        there = every.there.copy()
        for claim in claims:
            there &= every.true(claim)
        facts = Facts(paper(four_groups(made, between), claims))
        assert not facts.not_modelled
        answer = Checker(facts, most=MOST, singly=singly).possible(facts.facts)
        assert answer is bool(there.any()), (number, made, between, claims)
        counted[answer] += 1
    return counted[1], counted[0]


def test_no_wrong_impossible_and_no_wrong_possible_in_400_claim_sets() -> None:
    possible, impossible = check_claim_sets(range(400))
    assert min(possible, impossible) > 100


def test_the_same_in_100_with_subjects_looked_for_one_by_one() -> None:
    possible, impossible = check_claim_sets(range(400, 500), singly=True)
    assert min(possible, impossible) > 20


@pytest.mark.slow
def test_no_wrong_impossible_and_no_wrong_possible_in_5000_claim_sets() -> None:
    check_claim_sets(range(500, 4500))
    check_claim_sets(range(4500, 5000), singly=True)
