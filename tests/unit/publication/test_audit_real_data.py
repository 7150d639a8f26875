"""Numbers computed from real data are never called impossible or inconsistent."""

from fractions import Fraction
from statistics import median, stdev
from typing import Any

from audit_examples import audited, claim, count, share, statistic
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.publication.audit import AuditFinding
from pilotage.statistics import NotComputable, groups, paired
from pilotage.statistics.rounding import text

SUBJECTS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans()), min_size=2, max_size=14
)
DIGITS = st.integers(0, 2)


def summary(first: int, values: list[int], digits: int, at: str) -> list[dict[str, Any]]:
    """Mean, SD, median and range of the values, as a paper would print them."""
    said = {"at": at, "sentence": first}
    centre = Fraction(sum(values), len(values))
    ends = {"group": "all", "variable": "SCORE", "low": min(values), "high": max(values)}
    found = [
        statistic(f"R-{first}1", "mean", text(centre, digits), **said),
        statistic(f"R-{first}2", "sd", text(stdev(values), digits), **said),
        statistic(f"R-{first}3", "median", text(median(values), 1), **said),
        claim(f"R-{first}4", "range", **ends, **said),
    ]
    return found


def wrong(*claims: dict[str, Any]) -> list[AuditFinding]:
    bad = ("impossible", "inconsistent")
    return [each for each in audited(*claims).findings if each.verdict in bad]


@settings(deadline=None)
@given(SUBJECTS, DIGITS)
def test_of_scores_at_two_times(subjects: list[tuple[int, int, bool]], digits: int) -> None:
    before, after = [each[0] for each in subjects], [each[1] for each in subjects]
    claims = [
        count("R-01", len(subjects)),
        *summary(2, before, digits, "baseline"),
        *summary(3, after, digits, "week_8"),
    ]
    for name, test in (("paired t test", paired.paired_t), ("Welch t test", groups.welch_t)):
        try:
            p = test(after, before).p
        except NotComputable:
            continue
        shown = text(p, 3)
        compares = ["R-21", "R-22", "R-31", "R-32"]
        said = {"printed": shown, "test": name, "compares": compares}
        claims.append(claim(f"R-4{len(claims)}", "p_value", value=float(shown), **said))
    assert wrong(*claims) == []


@settings(deadline=None)
@given(SUBJECTS, DIGITS)
def test_of_counts_and_their_shares(subjects: list[tuple[int, int, bool]], digits: int) -> None:
    """Those with a high score, of all and of those with an answer."""
    n = len(subjects)
    some = [each for each in subjects if each[2]]
    high = [each for each in subjects if each[0] > 9]
    both = [each for each in some if each[0] > 9]
    claims = [
        count("R-01", n),
        count("R-02", len(some), "some", of="all", sentence=2),
        count("R-03", len(high), "cr", of="all", sentence=3),
        count("R-04", len(both), "cr", of="some", sentence=4),
    ]
    for name, part, whole, group, of in (
        ("R-05", some, n, "some", "all"),
        ("R-06", high, n, "cr", "all"),
        ("R-07", both, len(some), "cr", "some"),
    ):
        if whole:
            shown = text(Fraction(100 * len(part), whole), digits)
            sentence = int(name[-1]) - 3
            claims.append(share(name, float(shown), group, of, printed=shown, sentence=sentence))
    assert wrong(*claims) == []


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=30), DIGITS)
def test_of_zeros_and_ones(answers: list[bool], digits: int) -> None:
    values = [int(answer) for answer in answers]
    centre = text(Fraction(sum(values), len(values)), digits)
    said = {"variable": "YES"}
    assert (
        wrong(
            count("R-01", len(values)),
            statistic("R-02", "mean", centre, **said),
            statistic("R-03", "sd", text(stdev(values), digits), **said),
        )
        == []
    )


def test_the_same_numbers_with_one_digit_wrong_are_found() -> None:
    """That nothing is said of real data does not come from saying nothing."""
    scores = [3, 5, 8, 8, 11, 14]
    claims = [count("R-01", 6), *summary(2, scores, 2, "baseline")]
    assert wrong(*claims) == []
    claims[1] = statistic("R-21", "mean", "8.12", at="baseline", sentence=2)
    assert {each.claims[0] for each in wrong(*claims)} == {"R-21"}
