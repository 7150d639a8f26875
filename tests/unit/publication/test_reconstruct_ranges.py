"""Ranges over all cohorts: held against tiny studies of which every cohort is counted out."""

from collections.abc import Sequence
from random import Random

import pytest
from reconstruct_enumerated import (
    Row,
    Said,
    Tiny,
    count,
    drawn,
    mean,
    sd,
    span,
    third_is_ill,
)

from pilotage.publication.reconstruct.ranges import Range, Ranges, find_ranges
from pilotage.publication.reconstruct.ranges.quantities import Quantity
from pilotage.publication.reconstruct.ranges.table import Words
from pilotage.publication.reconstruct.solve import solve
from pilotage.publication.reconstruct.space import Space, Witness


def ranges(tiny: Tiny, **limits: int) -> Ranges:
    space = tiny.space(**limits)
    return find_ranges(space, first_of(space))


def first_of(space: Space) -> Witness:
    solution = solve(space.loose, space.followed, seed=1)
    assert solution is not None
    first = space.checked(solution)
    assert first is not None
    return first


def of_one(quantity: Quantity, cohort: Sequence[Row]) -> list[int]:
    """What the quantity is in a cohort; of any one of several, what it is of each."""
    own = [cohort[at] for at in quantity.members]
    if quantity.sort == "count":
        ill = sum(row[0] == "Y" for row in own)
        everybody = {"SEEN": len(own), "all": len(own), "ill": ill, "well": len(own) - ill}
        if quantity.name == "ILL":
            return [ill if quantity.choice == "Y" else len(own) - ill]
        return [everybody[quantity.name]]
    values = [row[1] for row in own]
    return {"lowest": [min(values)], "highest": [max(values)]}.get(quantity.sort, values)


def truth(tiny: Tiny, quantity: Quantity) -> tuple[int, int]:
    values = [value for cohort in tiny.cohorts() for value in of_one(quantity, cohort)]
    return min(values), max(values)


@pytest.mark.parametrize("seed", range(12))
def test_every_range_is_that_of_all_cohorts_counted_out(seed: int) -> None:
    tiny = drawn(Random(seed))
    found = ranges(tiny)
    assert found.in_time
    for each in found.found:
        low, high = truth(tiny, each.quantity)
        assert (each.low, each.high, each.least, each.most) == (low, high, low, high)
        assert each.status == ("forced" if low == high else "proved")


@pytest.mark.parametrize("searches", [0, 1, 2, 4, 8, 16])
def test_a_range_that_ended_at_the_limit_lies_within_and_its_bounds_around_the_true_one(
    searches: int,
) -> None:
    for seed in range(4):
        tiny = drawn(Random(seed))
        for each in ranges(tiny, searches=searches).found:
            low, high = truth(tiny, each.quantity)
            assert each.least <= low <= each.low <= each.high <= high <= each.most
            if each.status != "not proved":
                assert (each.low, each.high) == (low, high)


def test_the_same_limit_in_searches_gives_the_same_ranges() -> None:
    tiny = drawn(Random(3))
    assert ranges(tiny, searches=5) == ranges(tiny, searches=5)


def tiny_of(subjects: int, top: int, *said: Said) -> Tiny:
    claims, tests = zip(*said, strict=True)
    return Tiny(subjects, top, tuple(claims), tuple(tests))


def the(
    found: Ranges, name: str, sort: str = "value", *, of: int, choice: str | None = None
) -> Range:
    """The range of a quantity, of the kind of subjects that holds this one."""
    (each,) = [
        each
        for each in found.found
        if (each.quantity.name, each.quantity.sort, each.quantity.choice) == (name, sort, choice)
        and of - 1 in each.quantity.members
    ]
    return each


PLANTED = tiny_of(4, 6, count("R-02", 1, "ill"), third_is_ill("R-03"), mean("R-04", "5", "ill"))


def test_a_value_that_the_claims_force_is_forced_and_only_that() -> None:
    """One is ill, that is number 3, and the mean of those who are ill is 5."""
    found = ranges(PLANTED)
    score, ill = the(found, "SCORE", of=3), the(found, "ILL", "count", of=3, choice="Y")
    assert (score.low, score.high, score.status) == (5, 5, "forced")
    assert (ill.low, ill.high, ill.status) == (1, 1, "forced")
    others = the(found, "SCORE", of=1)
    assert (others.low, others.high, others.status) == (0, 6, "proved")


def test_of_subjects_that_nothing_tells_apart_none_is_spoken_of_alone() -> None:
    """Numbers 1, 2 and 4 can change places; the highest of the four scores is 4, and the lowest is
    1, one of which is that of number 3 or not."""
    found = ranges(tiny_of(4, 6, span("R-02", 1, 4, "all")))
    assert the(found, "SCORE", of=1).quantity.members == (0, 1, 3)
    assert the(found, "SCORE", of=3).quantity.members == (2,)
    lowest, highest = (the(found, "SCORE", sort, of=1) for sort in ("lowest", "highest"))
    assert (lowest.low, lowest.high) == (1, 4)
    assert (highest.low, highest.high) == (1, 4)


def test_the_squares_of_a_standard_deviation_exclude_what_the_mean_allows() -> None:
    """Three scores with the sum 6 could hold a 6; with SD 1.00 they are 1, 2 and 3."""
    said = (mean("R-02", "2.00", "all"), sd("R-03", "1.00", "all"))
    assert the(ranges(tiny_of(3, 6, said[0])), "SCORE", of=3).high == 6
    third = the(ranges(tiny_of(3, 6, *said)), "SCORE", of=3)
    assert (third.low, third.high, third.status) == (1, 3, "proved")


# -- in words --------------------------------------------------------------------------------------


def told(tiny: Tiny, **limits: int) -> list[str]:
    found = ranges(tiny, **limits)
    return list(Words(found, tiny.published(), tiny.made().variables).lines())


def test_what_is_forced_is_told_first_then_what_is_narrowed_then_how_much_that_is() -> None:
    lines = told(PLANTED)
    assert lines == [
        "forced: everybody is in: All",
        "forced: subject 3: Ill is Y",
        "forced: subject 3: Score is 5 points",
        "forced: subject 3: Ill: yes",
        "forced: subject 3: Well: no",
        "forced: how many of subjects 1, 2, 4: Ill Y: is 0",
        "forced: how many of subjects 1, 2, 4: Ill N: is 3",
        "forced: how many of subjects 1, 2, 4: Ill: is 0",
        "forced: how many of subjects 1, 2, 4: Well: is 3",
        *lines[-2:],
    ]
    assert lines[-2] == (
        "14 facts: 11 forced, 3 with a proved range, 0 not proved; "
        "11 of them narrower than the study's own file has them"
    )


def test_what_was_not_proved_says_so() -> None:
    said = (mean("R-02", "2.00", "all"), sd("R-03", "1.00", "all"))
    every = told(tiny_of(3, 6, *said))
    assert "subject 3: Score lies between 1 and 3 points (proved)" in every
    cut = told(tiny_of(3, 6, *said), searches=1)
    assert cut[-1].endswith("; the limit came first")
    assert not any("(proved)" in line and "Score" in line for line in cut)


def test_of_a_range_that_is_not_proved_both_sides_are_told() -> None:
    tiny = tiny_of(3, 6, mean("R-02", "2.00", "all"))
    quantity = Quantity("value", "SCORE", (2,), range(7))
    for in_time, why in ((True, "further"), (False, "further within the limit")):
        found = Ranges(("1", "2", "3"), (Range(quantity, 2, 4, 1, 5),), 1, 1, in_time)
        lines = Words(found, tiny.published(), tiny.made().variables).lines()
        assert next(lines) == (
            "subject 3: Score: 2 and 4 points were found; nothing outside 1 to 5 is possible; "
            f"not proved {why}"
        )


def test_one_value_that_was_found_and_not_proved_does_not_read_as_forced() -> None:
    tiny = tiny_of(3, 6, mean("R-02", "2.00", "all"))
    one = Range(Quantity("value", "SCORE", (2,), range(7)), 3, 3, 1, 5)
    how_many = Range(Quantity("count", "ILL", (0, 1, 2), range(4), "Y"), 2, 2, 1, 3)
    choices = (
        Range(Quantity("count", "ILL", (2,), range(2), "Y"), 1, 1, 0, 1),
        Range(Quantity("count", "ILL", (2,), range(2), "N"), 0, 0, 0, 1),
    )
    found = Ranges(("1", "2", "3"), (one, how_many, *choices), 1, 1, in_time=False)
    lines = list(Words(found, tiny.published(), tiny.made().variables).lines())
    end = "not proved further within the limit"
    assert lines[:3] == [
        f"subject 3: Score: 3 points was found; nothing outside 1 to 5 is possible; {end}",
        "how many of subjects 1, 2, 3: Ill Y: 2 was found; nothing outside 1 to 3 is possible; "
        f"{end}",
        f"subject 3: Ill: Y was found, no cohort with N was; {end}",
    ]


def test_the_table_has_what_some_cohort_has_and_what_none_has() -> None:
    tiny = PLANTED
    rows = Words(ranges(tiny), tiny.published(), tiny.made().variables).csv().splitlines()
    assert rows[0] == (
        "SUBJECTS,WHAT,NAME,LABEL,CHOICE,UNIT,LOW,HIGH,LEAST,MOST,FILE_LOW,FILE_HIGH,STATUS"
    )
    assert "3,value,SCORE,Score,,points,5,5,5,5,0,6,forced" in rows
    assert "1 2 4,count,ILL,Ill,Y,,0,0,0,0,0,3,forced" in rows
