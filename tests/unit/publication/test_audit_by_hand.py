"""Means and SDs that do not exist: what is shown of why, and what is offered instead."""

from fractions import Fraction
from itertools import combinations_with_replacement
from statistics import stdev

import pytest
from audit_examples import claim, count, found, only, statistic

from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit import AuditFinding
from pilotage.publication.audit.by_hand import next_to
from pilotage.publication.audit.finding import MEANINGS
from pilotage.publication.audit.scores import Scale


def debit(n: int, mean: str, sd: str) -> AuditFinding:
    yes = {"variable": "YES"}
    given = [statistic("R-02", "mean", mean, **yes), statistic("R-03", "sd", sd, **yes)]
    return only("debit", count("R-01", n), *given)


def test_of_zeros_and_ones_the_squares_are_the_sum_so_one_sd_is_offered() -> None:
    finding = debit(20, "0.30", "0.55")
    assert "no 20 zeros and ones with a mean of 0.30" in finding.question
    assert finding.arithmetic == (
        "sum 6: the squares of zeros and ones add up to 6 too, so the sample SD is "
        "√((6 − 6² / 20) / 19) = 0.4702",
    )
    assert [each[:20] for each in finding.repairs] == ["0.47 instead of 0.55"]
    assert debit(8, "0.38", "0.48").repairs[0].startswith("0.52 instead of 0.48: a sum of 3 and")


@pytest.mark.parametrize(
    ("sd", "offered"),
    [("0.20", ["0.55", "0.84"]), ("0.60", ["0.55", "0.84"]), ("9.00", ["1.22", "0.84"])],
)
def test_sds_that_the_scale_allows_are_offered_and_no_others(sd: str, offered: list[str]) -> None:
    """Six scores from 0 to 20 with a sum of 117 are three short of 120: one of 17, 18 and 19, or
    three of 19. The SDs are √(7.5 / 5), √(3.5 / 5) and √(1.5 / 5)."""
    given = [statistic("R-02", "mean", "19.50"), statistic("R-03", "sd", sd)]
    repairs = only("grimmer", count("R-01", 6), *given).repairs
    near = [each.partition(" ")[0] for each in repairs if f" instead of {sd}" in each]
    assert near == offered


def test_sds_that_are_offered_are_those_of_scores() -> None:
    """Every set of six scores from 0 to 3 with the mean, against all printed SDs."""
    sets = combinations_with_replacement(range(4), 6)
    real = {f"{stdev(each):.2f}" for each in sets if sum(each) == 15}
    mean, scale = Printed(Fraction("2.50"), 2), Scale(0, 3)
    for sd in (f"{each / 100:.2f}" for each in range(0, 400, 7)):
        offered = next_to(6, mean, Printed(Fraction(sd), 2), scale, "sample SD")
        nearest = sorted(real, key=lambda value: abs(float(value) - float(sd)))
        assert offered[0].partition(" ")[0] == nearest[0], sd
        assert {each.partition(" ")[0] for each in offered} <= real


def test_squares_that_the_scale_forbids_are_said_to_be_so() -> None:
    """Ten scores from 0 to 20 with a sum of 20: squares of at most 20² = 400."""
    given = [statistic("R-02", "mean", "2.00"), statistic("R-03", "sd", "8.00")]
    lines = only("grimmer", count("R-01", 10), *given).arithmetic
    assert lines[-1] == "with values from 0 to 20 the squares are at most 400"


def test_squares_of_which_no_such_scores_exist_are_said_to_be_so() -> None:
    """Of six scores from 0 to 20 with a sum of 117 the squares are 2280 and 3, 5 or 9."""
    given = [statistic("R-02", "mean", "19.50"), statistic("R-03", "sd", "1.05")]
    lines = only("grimmer", count("R-01", 6), *given).arithmetic
    assert lines[-1] == "no 6 whole numbers from 0 to 20 have a sum of 117 and squares of 2287"


def test_no_mean_outside_of_the_scale_is_offered() -> None:
    """7 × 20.05 lies between 140 and 141; seven scores up to 20 have a sum of at most 140."""
    repairs = found("grim", count("R-01", 7), statistic("R-02", "mean", "20.05"))[0].repairs
    assert [each for each in repairs if "instead" in each] == [
        "20.00 instead of 20.05 (a sum of 140, one digit apart)"
    ]


def test_impossible_is_meant_of_the_usual_way_to_round() -> None:
    """49 / 15 = 3.2667 is 3.26 when cut off; no sum of fifteen gives 2.39 in any way. With a sum of
    35, squares of 205 give an SD of 2.968, which is 2.96 when cut off; the next, of 207, 2.992."""
    for mean, ending in (("3.26", "this mean, rounded half up?"), ("2.39", "this mean?")):
        finding = only("grim", count("R-01", 15), statistic("R-02", "mean", mean))
        assert finding.verdict == "impossible"
        assert finding.question.endswith(ending)
    for sd, ending in (("2.96", "have it, rounded half up?"), ("2.98", "have it?")):
        given = [statistic("R-02", "mean", "2.33"), statistic("R-03", "sd", sd)]
        assert only("grimmer", count("R-01", 15), *given).question.endswith(ending)
    assert MEANINGS["impossible"] == "no data could give this number, rounded half up"


# -- who can be among them -------------------------------------------------------------------------


def stopped(*more: dict[str, object]) -> AuditFinding:
    """Number 3 stopped after a week; the mean is of week 8."""
    groups = {"subject_3": {"label": "Number 3", "subset_of": "all", "subject": "3"}}
    week = {"group": "subject_3", "variable": "TRT", "unit": "weeks", "sentence": 3}
    given = [count("R-01", 15), *more, claim("R-09", "value", value=1, **week)]
    return only("denominator", *given, groups=groups)


def test_where_only_mean_and_sd_together_need_all_subjects_the_sd_is_named_and_shown() -> None:
    """33 / 8 = 4.125 prints 4.13; but not with this SD."""
    later = {"at": "week_8", "sentence": 2}
    mean, sd = statistic("R-02", "mean", "4.13", **later), statistic("R-03", "sd", "3.66", **later)
    finding = stopped(mean, sd)
    assert finding.claims == ("R-02", "R-03", "R-09", "R-01")
    assert finding.question.endswith("among the 15 of R-02 ('4.13') and R-03 ('3.66')?")
    assert finding.arithmetic == (
        "R-02 ('4.13') and R-03 ('3.66') are together possible of 15 subjects and of no fewer",
        "57 / 14 = 4.0714",
        "58 / 14 = 4.1429",
        "33 / 8 = 4.1250 prints 4.13",
        "sum 33: squares from 7 × 3.655² + 33² / 8 = 229.64 to 7 × 3.665² + 33² / 8 = 230.15",
        "the sum 33 is odd, so the sum of squares must be odd too",
    )


def test_a_mean_that_needs_all_subjects_by_itself_stands_alone() -> None:
    later = {"at": "week_8", "sentence": 2}
    mean, sd = statistic("R-02", "mean", "4.47", **later), statistic("R-03", "sd", "3.66", **later)
    for given in ((mean,), (mean, sd)):
        finding = stopped(*given)
        assert finding.claims == ("R-02", "R-09", "R-01")
        assert finding.arithmetic[0] == "R-02 ('4.47') is possible of 15 subjects and of no fewer"
