"""The joint audit against every cohort of up to four subjects: it is never wrong."""

from fractions import Fraction
from itertools import combinations_with_replacement, product
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

from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Facts


def check_claim_sets(
    numbers: range, *, singly: bool = False, more: bool = False
) -> tuple[int, int]:
    """Holds the audit's answer about random claim sets against all cohorts. How many were possible,
    and how many not?"""
    counted = [0, 0]
    for number in numbers:
        random = Random(f"claims {number}")
        made, between = random.choice(MADE), random.choice(BETWEEN)
        every = every_cohort(made, between)
        claims = random_claims(every, random, more=more)
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


def test_the_same_in_200_with_quartiles_shares_with_decimals_and_means_with_their_spread() -> None:
    possible, impossible = check_claim_sets(range(5000, 5200), more=True)
    assert min(possible, impossible) > 40


@pytest.mark.slow
@pytest.mark.parametrize("first", range(5200, 10200, 500))
def test_no_wrong_impossible_and_no_wrong_possible_in_5000_claim_sets(first: int) -> None:
    """A fifth of them with subjects looked for one by one; half with more kinds of claims."""
    check_claim_sets(range(first, first + 200), more=True)
    check_claim_sets(range(first + 200, first + 400))
    check_claim_sets(range(first + 400, first + 450), singly=True, more=True)
    check_claim_sets(range(first + 450, first + 500), singly=True)


# -- changes ---------------------------------------------------------------------------------------

WEEKS = ("week_0", "week_4")
PAIRS = tuple(product(range(3), repeat=2))
PEOPLE = tuple(product((False, True), PAIRS))
"""Who may be there: in `a` or not, with a score of 0 to 2 at both times."""


def statistics(values: list[int]) -> tuple[Fraction, Fraction]:
    ordered, n = sorted(values), len(values)
    return Fraction(sum(values), n), Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2)


def is_true(claim: dict[str, Any], cohort: tuple[Any, ...]) -> bool:
    mine = [scores for inside, scores in cohort if inside or claim["group"] == "enrolled"]
    if claim["kind"] == "count":
        return len(mine) == int(claim["value"])
    if not mine:
        return False
    if claim["kind"] == "change":
        before, after = (statistics([each[at] for each in mine]) for at in (0, 1))
        moved = {
            "increase": lambda old, new: new > old, "decrease": lambda old, new: new < old,
            "no increase": lambda old, new: new <= old, "no decrease": lambda old, new: new >= old,
        }[claim["direction"]]  # fmt: skip
        return any(moved(old, new) for old, new in zip(before, after, strict=True))
    mean, median = statistics([each[WEEKS.index(claim["at"])] for each in mine])
    found = mean if claim["kind"] == "mean" else median
    return (2 * 10 * found + 1) // 2 == round(claim["value"] * 10)


@pytest.mark.parametrize("number", range(60))
def test_changes_are_as_every_cohort_of_up_to_three_gives_them(number: int) -> None:
    random = Random(f"changes {number}")
    people = [(True, random.choice(PAIRS)), *random.choices(PEOPLE, k=random.randint(0, 2))]
    inside = sum(own for own, _ in people)
    claims: list[dict[str, Any]] = [{"kind": "count", "group": "a", "value": inside}]
    for group in ("enrolled", "a"):
        measured = {"group": group, "variable": "SCORE"}
        for at, week in enumerate(WEEKS):
            values = [each[at] for own, each in people if own or group == "enrolled"]
            kind, found = random.choice([*zip(("mean", "median"), statistics(values), strict=True)])
            shown = int(10 * found + Fraction(1, 2)) + random.choice([0, 0, 0, 1])
            told = {"kind": kind, **measured, "at": week}
            claims.append({**told, "value": shown / 10, "digits": 1})
        way = random.choice(["increase", "decrease", "no increase", "no decrease"])
        ends = {"since": "week_0", "at": "week_4", "direction": way}
        claims.append({"kind": "change", **measured, **ends})
    claims = [claims[0], *random.sample(claims[1:], random.randint(3, 6))]
    groups = {"enrolled": {"label": "All"}, "a": {"label": "A", "subset_of": "enrolled"}}
    score = {"label": "Score", "unit": "points", "range": [0, 2], "whole_numbers": True}
    times = {at: {"label": at, "week": int(at[-1])} for at in WEEKS}
    facts = Facts(paper(groups, claims, variables={"SCORE": score}, times=times))
    shown = [c for at, c in enumerate(claims, 1) if f"R-{at:02}" not in facts.not_modelled]
    there = any(
        all(is_true(claim, cohort) for claim in shown)
        for n in range(1, 4)
        for cohort in combinations_with_replacement(PEOPLE, n)
    )
    assert Checker(facts, most=3).possible(facts.facts) is there
