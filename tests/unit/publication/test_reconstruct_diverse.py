"""Several cohorts: held against tiny studies of which every cohort is counted out."""

from itertools import combinations, permutations
from random import Random

import pytest
from reconstruct_enumerated import Row, Tiny, count, drawn, mean, third_is_ill

from pilotage.publication.reconstruct.diverse import Diverse, find_diverse
from pilotage.publication.reconstruct.solve import Solution, solve
from pilotage.publication.reconstruct.symmetry import distance, interchangeable


def diverse(tiny: Tiny, number: int, **limits: int) -> Diverse:
    space = tiny.space(**limits)
    first = solve(space.loose, space.followed, seed=1)
    assert first is not None
    return find_diverse(space, first, number, seed=1)


def rows(solution: Solution) -> tuple[Row, ...]:
    return tuple((str(own["ILL"]), int(own["SCORE"])) for own in solution)


FEW = [seed for seed in range(40) if 1 < len(drawn(Random(seed)).different()) <= 9][:8]


@pytest.mark.parametrize("seed", FEW)
def test_as_many_differ_as_there_are_and_that_there_are_no_more_is_proved(seed: int) -> None:
    tiny = drawn(Random(seed))
    every = tiny.different()
    found = diverse(tiny, len(every) + 1)
    assert found.ended == "no other exists"
    assert {tiny.shape(rows(solution)) for solution in found.found} == every
    assert len(found.found) == len(every)


def test_a_cohort_with_its_subjects_in_another_order_is_no_other_cohort() -> None:
    """Of four, two are ill, and number 3 is one of them: one cohort, where scores are 0."""
    said = (count("R-02", 2, "ill"), third_is_ill("R-03"), mean("R-04", "0.00", "all"))
    claims, tests = zip(*said, strict=True)
    tiny = Tiny(4, 2, tuple(claims), tuple(tests))
    assert len(list(tiny.cohorts())) == 3
    found = diverse(tiny, 3)
    assert (len(found.found), found.ended) == (1, "no other exists")
    assert list(found.lines("60 s"))[-1] == "1 of 3 cohorts: proved, no other one exists"


def test_where_the_limit_comes_first_nothing_is_said_of_what_exists() -> None:
    found = diverse(drawn(Random(FEW[0])), 99, searches=0)
    assert (len(found.found), found.ended) == (1, "not found within the limit")
    assert list(found.lines("60 s"))[-1] == (
        "1 of 99 cohorts: another one was not found within 60 s; whether one exists is not known"
    )


def test_what_cannot_be_used_is_passed_over_and_counted() -> None:
    tiny = drawn(Random(FEW[0]))
    space = tiny.space()
    first = solve(space.loose, space.followed, seed=1)
    assert first is not None
    number = len(tiny.different())
    found = find_diverse(space, first, 99, seed=1, usable=lambda solution: False)
    assert (len(found.found), found.unused) == (1, number - 1)


def test_the_second_is_as_far_as_any_can_be_where_nothing_is_claimed() -> None:
    """Three subjects, nothing claimed: each can differ in both of its values that can vary."""
    found = diverse(Tiny(3, 4, (), ()), 2)
    assert found.distances == ((6,),)
    assert found.values == 9


@pytest.mark.parametrize("seed", range(5))
def test_the_distance_is_the_smallest_over_all_orders_of_those_that_can_be_exchanged(
    seed: int,
) -> None:
    random = Random(seed)
    one, other = (
        tuple({"A": random.randint(0, 2), "B": random.choice("XY")} for _ in range(5))
        for _ in range(2)
    )
    kinds = ((0, 1, 3, 4), (2,))
    free = kinds[0]
    expected = min(
        sum(
            one[at][name] != other[to][name]
            for at, to in [(2, 2), *zip(free, order, strict=True)]
            for name in "AB"
        )
        for order in permutations(free)
    )
    assert distance(one, other, kinds, "AB") == expected


def test_whom_the_paper_or_a_rule_names_is_by_itself() -> None:
    rule = {
        "why": "one",
        "when": "not (ILL == 'Y' and SUBJECT in ('2', '4'))",
        "holds": "SCORE > 0",
    }
    tiny = Tiny(6, 2, (), (), rules=(rule,))
    subjects = [str(number) for number in range(1, 7)]
    kinds = interchangeable(tiny.made(), tiny.published(), subjects)
    assert kinds == ((1,), (2,), (3,), (0, 4, 5))
    assert not any(set(a) & set(b) for a, b in combinations(kinds, 2))
