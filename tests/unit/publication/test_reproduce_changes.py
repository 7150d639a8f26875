"""Claims that a variable changed or did not: direction, significance, one time or all visits."""

import pytest
from reproduce_examples import held

from pilotage.publication.reproduce.model import Held

# -- at one time -----------------------------------------------------------------------------------

YEAR = "CLASI_D_YEAR/EVALFL/-/48"
CHANGE = "kind: change, group: enrolled, variable: CLASIDAM, direction: {}, significance: {}, " \
         "result: CLASI_D_YEAR/EVALFL/-/48/p_*"  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "significance", "mean", "p", "verdict"),
    [
        ("none", "not stated", 0.5, 0.05, "same"),
        ("none", "not stated", 0.5, 0.0499, "differs"),
        ("increase", "not significant", 0.1, 0.4, "same"),
        ("increase", "not significant", 0.0, 0.4, "differs"),
        ("increase", "not significant", 0.1, 0.04, "differs"),
        ("decrease", "significant", -2.0, 0.01, "same"),
        ("decrease", "significant", -2.0, 0.05, "differs"),
        ("no increase", "not stated", 0.5, 0.2, "same"),
        ("no increase", "not stated", -0.5, 0.001, "same"),
        ("no increase", "not stated", 0.5, 0.001, "differs"),
        ("no decrease", "not stated", -0.5, 0.001, "differs"),
    ],
)
def test_a_change_is_as_said_by_direction_and_significance(
    direction: str, significance: str, mean: float, p: float, verdict: str
) -> None:
    numbers = {f"{YEAR}/p_paired_t": (p, 14), f"{YEAR}/mean_change": (mean, 14)}
    assert held(CHANGE.format(direction, significance), numbers).verdict == verdict


def test_every_test_of_a_change_is_a_candidate() -> None:
    numbers = {f"{YEAR}/p_paired_t": (0.06, 14), f"{YEAR}/p_welch_t": (0.01, 14)}
    numbers |= {f"{YEAR}/mean_change": (1.0, 14)}
    found = held(CHANGE.format("none", "not stated"), numbers)
    assert (found.verdict, found.ours) == ("same", "mean change +1.00 points, p_paired_t P = 0.060")
    assert [each.fits for each in found.others if each.value is not None] == [False]


def test_a_change_stands_with_its_interval_and_its_n() -> None:
    numbers = {f"{YEAR}/p_paired_t": (0.06, 14), f"{YEAR}/mean_change": (-0.5, 14)}
    numbers |= {f"{YEAR}/mean_change_low": (-1.25, 14), f"{YEAR}/mean_change_high": (0.25, 14)}
    found = held(CHANGE.format("none", "not stated"), numbers)
    assert found.ours_in_full == (
        "mean change −0.50 points (95 % interval −1.25 to 0.25), p_paired_t P = 0.060, n = 14"
    )


def test_a_small_change_is_not_shown_as_zero() -> None:
    name = "C4_COURSE/EVALFL/-/-"
    numbers = {f"{name}/p_paired_t": (0.8, 14), f"{name}/mean_change": (0.0014, 14)}
    numbers |= {f"{name}/mean_change_low": (-0.011, 14), f"{name}/mean_change_high": (0.014, 14)}
    claim = f"kind: change, group: enrolled, variable: C4, direction: none, result: {name}/p_*"
    text = "mean change +0.001 g/L (95 % interval −0.011 to 0.014), p_paired_t P = 0.810"
    assert held(claim, numbers).ours == text.replace("0.810", "0.800")


def test_where_nobody_changed_nothing_changed_though_no_test_is_possible() -> None:
    numbers = {f"{YEAR}/p_paired_t": (None, 14), f"{YEAR}/mean_change": (0.0, 14)}
    found = held(CHANGE.format("none", "not significant"), numbers)
    assert (found.verdict, found.ours) == ("same", "no difference in anybody")
    found = held(CHANGE.format("decrease", "significant"), numbers)
    assert found.verdict == "cannot be computed"
    numbers[f"{YEAR}/mean_change"] = (-2.0, 14)  # all by the same
    assert held(CHANGE.format("none", "not stated"), numbers).verdict == "cannot be computed"


# -- at all visits ---------------------------------------------------------------------------------

VISITS = "SLEDAI_CHANGES/SAFFL/-"
SLEDAI = (
    "kind: change, group: enrolled, variable: SLEDAI, since: baseline, at: {}, direction: {}, "
    "result: [SLEDAI_CHANGES/SAFFL/-/*/p_*, SLEDAI_YEAR/SAFFL/-/48/p_*]"
)


def over(
    *visits: tuple[int, float | None, float], at: str = "follow_up", said: str = "none"
) -> Held:
    """The claim beside (week, P of the paired t test, mean change) of each visit; the signed-rank
    test has a P value of 0.5, and one year has one of 0.19."""
    numbers: dict[str, tuple[float | None, int]] = {"SLEDAI_YEAR/SAFFL/-/48/p_paired_t": (0.19, 13)}
    for week, p, mean in visits:
        numbers[f"{VISITS}/{week}/p_paired_t"] = (p, 15)
        numbers[f"{VISITS}/{week}/p_signed_rank_exact"] = (0.5, 15)
        numbers[f"{VISITS}/{week}/mean_change"] = (mean, 15)
    return held(SLEDAI.format(at, said), numbers)


def test_one_visit_with_a_change_breaks_that_there_was_none_in_follow_up() -> None:
    found = over((12, 0.0406, -0.53), (24, 0.0035, -0.93), (48, 0.19, -0.46))
    assert found.verdict == "differs"
    assert found.ours == (
        "p_paired_t: P < 0.05 at 2 of 3 visits (weeks 12, 24); least P = 0.004, week 24, "
        "mean change −0.93 points"
    )


def test_without_such_a_visit_it_is_as_said() -> None:
    found = over((12, 0.05, -0.53), (24, 0.3, -0.1), (48, 0.19, -0.46))
    assert (found.verdict, found.ours) == (
        "same",
        "p_paired_t: no P < 0.05 at any of 3 visits; least P = 0.050, week 12, "
        "mean change −0.53 points",
    )


def test_every_test_at_every_visit_is_a_candidate_beside_it() -> None:
    found = over((12, 0.04, -0.53), (48, 0.19, -0.46))
    assert [(each.results, each.fits) for each in found.others if each.value is not None] == [
        ((f"{VISITS}/12/p_paired_t",), False),
        (("SLEDAI_YEAR/SAFFL/-/48/p_paired_t",), True),
        ((f"{VISITS}/12/p_signed_rank_exact",), True),
        ((f"{VISITS}/48/p_paired_t",), True),
        ((f"{VISITS}/48/p_signed_rank_exact",), True),
    ]
    other = found.others[0]
    assert other.fits
    assert other.text.startswith("p_signed_rank_exact: no P < 0.05 at any of 2 visits")


@pytest.mark.parametrize(
    ("at", "verdict"), [("follow_up", "differs"), ("one_year", "same"), ("week_2", "same")]
)
def test_a_sentence_about_one_year_is_not_judged_by_later_visits(at: str, verdict: str) -> None:
    assert over((2, 0.5, 0.1), (48, 0.19, -0.46), (60, 0.03, -1.0), at=at).verdict == verdict


def test_a_visit_that_could_not_be_tested_is_counted_apart() -> None:
    found = over((12, 0.3, -0.5), (84, None, -2.0))
    assert (found.verdict, found.ours.rpartition("; ")[2]) == ("same", "no test at 1")
    found = over((12, None, 0.0), (24, 0.3, -0.5))  # at week 12 nobody changed
    assert found.ours.startswith("p_paired_t: no P < 0.05 at any of 2 visits; least P = 0.300")
    assert over((84, None, -2.0)).verdict == "cannot be computed"


def test_another_direction_has_to_be_that_of_every_visit() -> None:
    found = over((12, 0.3, -0.5), (24, 0.01, 0.2), said="no increase")
    assert (found.verdict, found.ours) == (
        "differs",
        "p_paired_t: not as said at 1 of 2 visits (week 24)",
    )
    found = over((12, 0.3, -0.5), (24, 0.01, -0.2), said="no increase")
    assert (found.verdict, found.ours) == ("same", "p_paired_t: as said at each of 2 visits")
