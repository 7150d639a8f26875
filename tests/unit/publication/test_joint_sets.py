"""The smallest sets of claims that cannot all be true, and the cohort where all can."""

import time
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

from pilotage.publication import read_published
from pilotage.publication.audit.joint import check, joint_findings
from pilotage.publication.audit.joint import result as joint_result
from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Facts
from pilotage.publication.audit.joint.smallest import Smallest
from pilotage.publication.claims import Published
from pilotage.study import study_folder


def count(value: int, group: str, of: str | None = None) -> dict[str, Any]:
    return {"kind": "count", "group": group, "value": value, **({"of": of} if of else {})}


def share(value: int, group: str, of: str) -> dict[str, Any]:
    return {"kind": "percentage", "group": group, "of": of, "value": value}


def score(kind: str, value: float, digits: int = 2, group: str = "enrolled") -> dict[str, Any]:
    return {"kind": kind, "group": group, "variable": "SCORE", "value": value, "digits": digits}


def ends(low: int, high: int) -> dict[str, Any]:
    return {"kind": "range", "group": "enrolled", "variable": "SCORE", "low": low, "high": high}


def sets(published: Published) -> set[frozenset[str]]:
    result = joint_findings(published)
    assert result.complete
    return {frozenset(finding.claims) for finding in result.findings}


# -- against all cohorts ---------------------------------------------------------------------------


def check_sets(number: int, *, more: bool = False) -> None:
    """Holds the smallest impossible sets of random claims against those that all cohorts give."""
    random = Random(f"sets {number}")
    made, between = random.choice(MADE), random.choice(BETWEEN)
    every = every_cohort(made, between)
    claims = random_claims(every, random, more=more)
    facts = Facts(paper(four_groups(made, between), claims))
    of = {f"R-{at:02}": every.true(claim) for at, claim in enumerate(claims, 1)}
    true = {fact: of[fact.id] for fact in facts.facts}
    wrong: list[frozenset[Any]] = []
    for size in range(1, len(true) + 1):
        for some in combinations(true, size):
            there = every.there.copy()
            for fact in some:
                there &= true[fact]
            if not there.any() and not any(less <= set(some) for less in wrong):
                wrong.append(frozenset(some))
    search = Smallest(Checker(facts, most=MOST), facts.facts)
    found = {frozenset(one) for one in search.all()}
    assert search.complete
    assert found == set(wrong)


@pytest.mark.parametrize("number", range(40))
def test_the_sets_are_those_that_every_cohort_gives(number: int) -> None:
    check_sets(number)


@pytest.mark.parametrize("number", range(40, 80))
def test_so_they_are_where_a_proof_names_the_claims_that_it_used(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for many claims at once, here for two and more."""
    monkeypatch.setattr(check, "MANY", 2)
    check_sets(number, more=number % 2 == 0)


# -- planted contradictions ------------------------------------------------------------------------

PLANTED = {
    "two sizes": ([count(6, "a"), count(7, "a")], {}),
    "a part larger than its whole": ([count(9, "enrolled"), count(10, "a")], {}),
    "parts that share nobody": (
        [count(9, "enrolled"), count(5, "a"), count(5, "b")],
        {"between": "apart_from"},
    ),
    "a union that is too small": ([count(5, "a"), count(7, "b"), count(13, "c")], {}),
    "a share that no count gives": ([count(7, "a"), share(40, "b", "a")], {}),
    "all and fewer": (
        [count(9, "a"), count(8, "b"), {"kind": "all", "group": "b", "of": "a"}],
        {},
    ),
    "a mean that no sum gives": ([count(15, "enrolled"), score("mean", 3.26)], {}),
    "a mean outside of the range": (
        [score("mean", 5.2), ends(1, 5)],
        {},
    ),
    "a median below all": ([score("median", 2, 0), score("minimum", 3, 0)], {}),
    "a mean of a part": (
        [count(10, "enrolled"), count(5, "a"), score("mean", 1.0, 1), score("mean", 4.0, 1, "a")],
        {},
    ),
    "an SD with its mean": (
        [count(15, "enrolled"), score("mean", 2.33), score("sd", 2.39)],
        {},
    ),
    "a limit that defines the group": (
        [
            {**score("threshold", 0, 0, "a"), "role": "definition"},
            count(3, "a"),
            score("minimum", 1, 0),
        ],
        {},
    ),
}
NOISE = [share(50, "b", "a"), score("maximum", 6, 0), count(2, "b", "a")]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_contradiction_is_one_of_the_smallest_sets(name: str) -> None:
    claims, more = PLANTED[name]
    published = paper(four_groups(**more), claims)
    planted = frozenset(claim.id for claim in published.claims)
    assert planted in sets(published)


def test_a_planted_contradiction_is_found_among_other_claims() -> None:
    planted = [count(15, "enrolled"), score("mean", 3.26)]
    published = paper(four_groups(), [*NOISE, *planted])
    assert frozenset({"R-04", "R-05"}) in sets(published)


@pytest.mark.parametrize("name", PLANTED)
def test_no_claim_of_a_set_can_be_spared(name: str) -> None:
    claims, more = PLANTED[name]
    facts = Facts(paper(four_groups(**more), [*claims, *NOISE]))
    checker = Checker(facts)
    for one in Smallest(checker, facts.facts).all():
        assert checker.possible(one) is False
        for left in one:
            assert checker.possible([fact for fact in one if fact is not left]) is True


def test_shuffled_claims_give_the_same_result() -> None:
    published = paper(four_groups(), [*PLANTED["a mean of a part"][0], *NOISE, count(7, "a")])
    mixed = list(published.claims)
    Random(1).shuffle(mixed)
    shuffled = published.model_copy(update={"claims": tuple(mixed)})
    assert joint_findings(shuffled).findings == joint_findings(published).findings


# -- what is said ----------------------------------------------------------------------------------


def test_one_claim_against_the_words_alone_is_impossible() -> None:
    claims = [{"kind": "comparison", "group": "a", "than": "a", "share": "b", "comparator": "<"}]
    (finding,) = joint_findings(paper(four_groups(), claims)).findings
    assert finding.verdict == "impossible"


def test_what_more_subjects_could_mend_is_not_called_impossible() -> None:
    """0.5 % is one of 200, far more than the subjects looked at for five."""
    rare = {**share(1, "a", "enrolled"), "value": 0.5, "digits": 1}
    result = joint_findings(paper(four_groups(), [rare, count(2, "b")]))
    assert result.findings == ()
    (finding,) = joint_findings(paper(four_groups(), [rare, count(5, "enrolled")])).findings
    assert set(finding.claims) == {"R-01", "R-02"}


def test_what_only_many_subjects_could_mean_contradicts_a_few() -> None:
    """A mean of 1.49 needs 35 subjects or more; the paper has no size of the cohort."""
    claims = [count(2, "a"), score("mean", 1.49, group="a")]
    (finding,) = joint_findings(paper(four_groups(), claims)).findings
    assert set(finding.claims) == {"R-01", "R-02"}


def test_what_the_others_leave_is_said() -> None:
    claims = [count(9, "enrolled"), count(5, "a"), count(5, "b")]
    (finding,) = joint_findings(paper(four_groups(between="apart_from"), claims)).findings
    assert finding.verdict == "inconsistent"
    assert "by the words, 'B' and 'A' share nobody" in finding.arithmetic
    assert "R-02 and R-01 leave 0 to 4 for 'B'; R-03 says 5" in finding.arithmetic


def test_a_repair_is_one_that_mends() -> None:
    claims = [count(9, "enrolled"), count(5, "a"), count(5, "b")]
    (finding,) = joint_findings(paper(four_groups(between="apart_from"), claims)).findings
    assert "4 instead of 5 in R-03" in finding.repairs
    assert "10 instead of 9 in R-01" in finding.repairs
    assert "6 instead of 5 in R-03" not in finding.repairs


def test_another_rounding_that_mends_is_named() -> None:
    claims = [count(15, "enrolled"), score("mean", 3.26)]
    (finding,) = joint_findings(paper(four_groups(), claims)).findings
    assert "R-02 printed with its further decimals cut off" in finding.repairs


def test_claims_that_say_the_same_are_one() -> None:
    claims = [count(6, "a"), count(7, "a"), {**count(6, "a"), "same_fact_as": "R-01"}]
    (finding,) = joint_findings(paper(four_groups(), claims)).findings
    assert set(finding.claims) == {"R-01", "R-02"}
    assert any("and R-03" in line for line in finding.arithmetic)


# -- the cohort ------------------------------------------------------------------------------------


def test_where_all_can_be_true_a_cohort_is_shown() -> None:
    claims = [count(5, "enrolled"), count(2, "a"), count(1, "b", "a"), score("mean", 2.4, 1)]
    result = joint_findings(paper(four_groups(), claims))
    assert result.complete
    assert result.cohort is not None
    subjects = result.cohort.subjects
    assert len(subjects) == 5
    assert sum("a" in subject.groups for subject in subjects) == 2
    assert sum({"a", "b"} <= subject.groups for subject in subjects) == 1
    assert sum(subject.value("SCORE") or 0 for subject in subjects) == 12
    head, *rows = result.cohort.rows()
    assert head == ("subject", "a", "b", "enrolled", "SCORE")
    assert len(rows) == 5


def test_a_numbered_subject_is_the_same_in_every_part_of_the_cohort() -> None:
    groups = {
        **four_groups(),
        "one": {"label": "Subject 1", "subject": "1", "subset_of": "enrolled"},
        "two": {"label": "Subject 2", "subject": "2", "subset_of": "enrolled"},
    }
    claims = [
        count(2, "enrolled"),
        {"kind": "all", "group": "a", "of": "one"},
        {"kind": "all", "group": "b", "of": "two"},
    ]
    cohort = joint_findings(paper(groups, claims)).cohort
    assert cohort is not None
    assert [subject.number for subject in cohort.subjects] == ["1", "2"]


# -- what is left out, and time --------------------------------------------------------------------


def test_what_says_nothing_of_a_cohort_is_named_with_why() -> None:
    claims = [
        count(3, "enrolled"),
        {**count(9, "a"), "about": "literature"},
        {"kind": "identifier", "value": "II", "what": "Phase"},
        {**score("mean", 99.0), "variable": "LEVEL"},
    ]
    level = {"label": "Level", "unit": "mg"}
    variables = {"LEVEL": level}
    result = joint_findings(paper(four_groups(), claims, variables=variables))
    assert result.not_modelled == {
        "R-02": "about other studies",
        "R-03": "claims of the kind 'identifier' are checked on their own",
        "R-04": "LEVEL is no whole number of each subject",
    }


def test_it_is_said_how_far_each_part_was_searched() -> None:
    claims = [
        count(5, "enrolled"), count(3, "a"), count(4, "a"),
        {**score("mean", 2.4, 1), "variable": "OTHER"},
    ]  # fmt: skip
    other = {"label": "Other", "unit": "points", "range": [0, 6], "whole_numbers": True}
    groups = {"enrolled": {"label": "All"}, "a": {"label": "A", "subset_of": "enrolled"}}
    published = paper(groups, claims, variables={"OTHER": other})
    result = joint_findings(published)
    assert [(part.claims, part.possible, part.sets, part.done) for part in result.parts] == [
        (("R-01", "R-04"), True, 0, True),
        (("R-01", "R-02", "R-03"), False, 1, True),
    ]


def test_sets_that_are_too_many_to_be_told_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_result, "TOLD", 1)
    claims = [count(3, "a"), count(4, "a"), count(5, "a")]
    result = joint_findings(paper(four_groups(), claims))
    assert result.complete
    assert [set(finding.claims) for finding in result.findings] == [{"R-01", "R-02"}]
    assert result.further == (("R-01", "R-03"), ("R-02", "R-03"))


def timed(kind: str, value: float, at: str | None, sentence: int) -> dict[str, Any]:
    place = {"section": "results", "paragraph": 1, "sentence": sentence}
    return {**score(kind, value), "place": place, **({"at": at} if at else {})}


def test_a_mean_of_which_no_time_is_said_is_of_a_moment_of_its_own() -> None:
    claims = [
        count(15, "enrolled"),
        timed("mean", 2.40, "week_0", 2),
        timed("mean", 3.40, None, 3),  # of another moment
        timed("mean", 3.26, None, 4),  # of 15 there is no such mean, whenever
        {**score("value", 1.0), "comparator": ">="},
    ]
    times = {"week_0": {"label": "Baseline", "week": 0}}
    result = joint_findings(paper(four_groups(), claims, times=times))
    assert [set(finding.claims) for finding in result.findings] == [{"R-01", "R-04"}]
    assert result.not_modelled == {"R-05": "it does not say at which time SCORE is meant"}


def test_a_mean_and_a_spread_of_one_sentence_are_of_one_moment() -> None:
    claims = [
        count(15, "enrolled"),
        timed("mean", 2.40, "week_0", 2),
        timed("mean", 2.33, None, 3),
        timed("sd", 2.39, None, 3),
    ]
    times = {"week_0": {"label": "Baseline", "week": 0}}
    result = joint_findings(paper(four_groups(), claims, times=times))
    assert [set(finding.claims) for finding in result.findings] == [{"R-01", "R-03", "R-04"}]


def test_without_time_nothing_is_called_impossible() -> None:
    result = joint_findings(paper(four_groups(), [count(6, "a"), count(7, "a")]), limit=0.0)
    assert result.findings == ()
    assert result.cohort is None
    assert not result.complete


# -- the paper of the built-in study ---------------------------------------------------------------


@pytest.mark.slow
def test_all_that_contradicts_itself_in_the_paper_is_found_in_time() -> None:
    begun = time.process_time()
    published = read_published(study_folder("lenalidomide_cle") / "published.yaml")
    result = joint_findings(published, limit=90)
    assert time.process_time() - begun < 60
    assert result.complete
    assert all(part.done for part in result.parts)
    told = {frozenset(finding.claims) for finding in result.findings}
    assert {
        frozenset({"R-01", "R-24"}),
        frozenset({"R-15", "R-78"}),
        frozenset({"R-01", "R-22", "R-23"}),
        frozenset({"A-11", "R-01", "R-66"}),
    } <= told
    assert not told & {frozenset(ids) for ids in result.further}
    assert all(finding.verdict == "inconsistent" for finding in result.findings)
