"""Variables are found that meet every claim that is followed, or the conflict is named."""

from collections import Counter
from statistics import mean, median, stdev
from typing import Any

import pytest
from reconstruct_examples import SUBJECTS, claim, paper, problem, reconstruction

from pilotage.publication.reconstruct.conflicts import Conflicts, smallest
from pilotage.publication.reconstruct.solve import Solution, solve
from pilotage.statistics import paired
from pilotage.statistics.rounding import text


def solved(*claims: dict[str, Any], seed: int = 1, **parts: Any) -> Solution:
    published, made = paper(*claims), reconstruction(**parts)
    found = problem(published, made, squares=False)
    left = {choice.claim for choice in made.choices if choice.leave}
    solution = solve(found, [name for name in found.force if name not in left], seed=seed)
    assert solution is not None
    return solution


def numbers(solution: Solution, name: str, **only: str) -> list[int]:
    chosen = [own for own in solution if all(own[key] == value for key, value in only.items())]
    return [int(own[name]) for own in chosen]


def test_counts_shares_and_subjects_by_number_are_met() -> None:
    solution = solved(
        claim("R-02", "count", "four", value=4, group="ill", of="all"),
        claim("R-03", "percentage", "60%", value=60, group="well", of="all"),
        claim("R-04", "all", "number 3", group="ill", of="third"),
    )
    assert Counter(own["ILL"] for own in solution) == {"Y": 4, "N": 6}
    assert solution[2]["ILL"] == "Y"
    assert [own["SUBJECT"] for own in solution] == list(SUBJECTS)


def test_range_and_median_are_met_in_the_unit_of_the_paper() -> None:
    solution = solved(
        claim("R-02", "range", "2 to 8", low=2, high=8, group="all", variable="SPAN"),
        claim("R-03", "median", "4.4", value=4.4, group="all", variable="SPAN"),
    )
    weeks = [days / 7 for days in numbers(solution, "DAY")]
    assert text(min(weeks), 0) == "2"
    assert text(max(weeks), 0) == "8"
    assert text(median(weeks), 1) == "4.4"


def test_mean_and_sd_of_a_group_of_open_size_are_met() -> None:
    solution = solved(
        claim("R-02", "mean", "5.5", value=5.5, group="ill", variable="SCORE", at="start"),
        claim("R-03", "sd", "2.38", value=2.38, group="ill", variable="SCORE", at="start"),
        blocks=[["SCORE"]],
    )
    scores = numbers(solution, "SCORE", ILL="Y")
    assert (text(mean(scores), 1), text(stdev(scores), 2)) == ("5.5", "2.38")


def test_the_p_value_of_a_paired_test_is_met() -> None:
    compared = {"since": "start", "at": "end", "variable": "SCORE", "group": "all"}
    solution = solved(
        claim("R-02", "p_value", "P = 0.013", value=0.013, test="not named", **compared),
        choices=[{"claim": "R-02", "test": "paired_t", "question": "Q-1"}],
        blocks=[["SCORE", "LATER"]],
    )
    before, after = numbers(solution, "SCORE"), numbers(solution, "LATER")
    found = paired.paired_t(after, before).p
    assert found is not None
    assert text(found, 3) == "0.013"


def test_rules_hold_for_every_subject() -> None:
    rules = [
        {"why": "sick and scored", "when": "ILL == 'Y'", "holds": "SCORE between 7 and 9"},
        {"why": "a fall", "sum": {"SCORE": 1, "LATER": -1}, "at_least": 2, "at_most": 4},
        {"why": "not both", "when": "SUBJECT in ('1', '2')", "holds": "not (ILL == 'Y')"},
    ]
    solution = solved(rules=rules, numbers=[{"why": "some", "of": "ILL == 'Y'", "at_least": 3}])
    assert all(7 <= score <= 9 for score in numbers(solution, "SCORE", ILL="Y"))
    falls = zip(numbers(solution, "SCORE"), numbers(solution, "LATER"), strict=True)
    assert all(2 <= one - two <= 4 for one, two in falls)
    assert [own["ILL"] for own in solution[:2]] == ["N", "N"]
    assert len(numbers(solution, "SCORE", ILL="Y")) >= 3


def test_the_same_seed_finds_the_same_and_another_seed_something_else() -> None:
    ill = claim("R-02", "count", "four", value=4, group="ill", of="all")
    first, again, other = (solved(ill, seed=seed, blocks=[["SCORE"]]) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_claim_about_something_that_is_no_variable_binds_nothing() -> None:
    found = problem(paper(claim("R-02", "count", "two", value=2, group="elsewhere")),
                    reconstruction())  # fmt: skip
    assert "R-02" not in found.force
    assert found.silent == {"R-02": "the group elsewhere"}


# -- conflicts -------------------------------------------------------------------------------------


def conflicts(*claims: dict[str, Any], **parts: Any) -> Conflicts:
    made = reconstruction(**parts)
    found = problem(paper(*claims), made)
    left = {choice.claim for choice in made.choices if choice.leave}
    return Conflicts(found, [name for name in found.force if name not in left])


def test_the_claims_that_exclude_one_are_named_and_no_others() -> None:
    held = conflicts(
        claim("R-02", "count", "four", value=4, group="ill", of="all"),
        claim("R-03", "count", "five", value=5, group="ill"),
        claim("R-04", "all", "number 3", group="ill", of="third"),
        choices=[{"claim": "R-03", "leave": True, "question": "Q-1"}],
    )
    (verdict,) = held.verdicts()
    assert verdict.excluded_by == ("R-02",)
    assert verdict.words == "cannot stand beside R-02 ('four'); left (Q-1)"


def test_a_claim_that_is_left_without_need_is_said_to_be_possible() -> None:
    held = conflicts(
        claim("R-02", "count", "four", value=4, group="ill"),
        choices=[{"claim": "R-02", "leave": True, "question": "Q-1"}],
    )
    assert held.verdicts()[0].words == "could be met as it is printed; left (Q-1)"


def test_a_number_that_no_subjects_can_have_is_excluded_by_nothing_but_itself() -> None:
    held = conflicts(
        claim("R-02", "mean", "4.55", value=4.55, group="all", variable="SCORE", at="start"),
        choices=[{"claim": "R-02", "leave": True, "question": "Q-1"}],
    )
    (verdict,) = held.verdicts()
    assert (verdict.alone, verdict.excluded_by) == (True, ())
    assert "a sum of 45 gives 4.5000 and a sum of 46 gives 4.6000" in verdict.words


def test_a_conflict_of_three_is_shrunk_to_the_three() -> None:
    found = problem(
        paper(
            claim("R-02", "count", "four", value=4, group="ill"),
            claim("R-03", "count", "five", value=5, group="well"),
            claim("R-04", "all", "number 3", group="ill", of="third"),
            claim("R-05", "median", "3", value=3, group="all", variable="SPAN"),
        ),
        reconstruction(),
    )
    core = smallest(found, [], list(found.force))
    assert core is not None
    assert set(core) == {"R-02", "R-03"} | ({"R-01"} & set(core))
    assert smallest(found, [], ["R-02", "R-04", "R-05"]) is None


@pytest.mark.parametrize("value", [11, 12])
def test_more_than_everybody_cannot_be(value: int) -> None:
    found = problem(paper(claim("R-02", "count", "many", value=value, group="ill")),
                    reconstruction())  # fmt: skip
    assert smallest(found, ["R-02"], ["R-01"]) == ()
