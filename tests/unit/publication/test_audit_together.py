"""What the search over all claims adds to the arithmetic, and what is said of how far it went."""

from typing import Any

import pytest
from audit_examples import claim, count, published, share, statistic

from pilotage.publication.audit import Audit, AuditFinding, audit, run
from pilotage.publication.audit.as_json import document
from pilotage.publication.audit.html.page import page
from pilotage.publication.audit.joint import Cohort, JointResult, joint_findings
from pilotage.publication.audit.joint.check import Checker, TimeIsUp
from pilotage.publication.audit.joint.facts import Facts
from pilotage.publication.audit.joint.repairs import Repairs
from pilotage.publication.audit.joint.result import SolverMissing
from pilotage.publication.audit.terminal import lines

PAPER = published(
    count("R-01", 15),
    count("A-01", 15, section="abstract", same_fact_as="R-01"),
    count("R-02", 9, "cr"),
    statistic("R-03", "mean", "3.26"),
)


def together(monkeypatch: pytest.MonkeyPatch, result: JointResult | Exception) -> Audit:
    """The audit of a paper of which the search says this."""

    def said(*arguments: object, **more: object) -> JointResult:
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(run, "joint_findings", said)
    return audit(PAPER)


def joint(*claims: str) -> AuditFinding:
    return AuditFinding("joint", claims, "inconsistent", "How can these be?", ("1 + 1 = 2",))


def test_a_contradiction_that_arithmetic_knows_is_not_told_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GRIM names R-03 and R-01; A-01 is the same fact as R-01."""
    said = JointResult((joint("R-03", "A-01"), joint("R-01", "R-02")), None, True, {})
    found = together(monkeypatch, said)
    assert [each.claims for each in found.findings if each.check == "joint"] == [("R-01", "R-02")]
    assert "contradictions: 2; found by arithmetic as well: 1." in found.together


def test_sets_that_are_not_told_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    said = JointResult((joint("R-01", "R-02"),), None, True, {}, further=(("R-01", "R-03"),))
    assert together(monkeypatch, said).together.endswith("Longer ones, not told: 1.")


def test_a_search_that_did_not_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = together(monkeypatch, JointResult((), None, False, {}))
    assert "not to the end within 60 seconds" in found.together
    assert "R-02" in found.not_checked


def test_a_set_is_told_without_repairs_when_the_time_is_up_while_they_are_sought(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(*_: object) -> bool:
        raise TimeIsUp

    checker = Checker(Facts(PAPER))
    monkeypatch.setattr(Checker, "possible", late)
    assert Repairs(checker).of(checker.facts.facts) == ()


def test_a_search_that_ended_has_checked_what_it_could_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cohort = Cohort((), (), ())
    found = together(monkeypatch, JointResult((), cohort, True, {}))
    assert (found.cohort, found.not_checked) == (cohort, {})
    left = together(monkeypatch, JointResult((), cohort, True, {"R-02": "why"}))
    assert list(left.not_checked) == ["R-02"]


def test_without_the_solver_the_arithmetic_stands_and_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = together(monkeypatch, SolverMissing("install it"))
    assert found.together == "install it"
    assert [each.check for each in found.findings if each.verdict == "impossible"] == ["grim"]


def test_what_is_taken_for_granted_of_a_variable_without_a_range_is_said() -> None:
    """Two ages with a mean of 3 and one of 7: possible only below 0. A declared range needs no
    word."""
    for variable, said in (
        ("AGE", ["AGE is taken as 0 or more: no range is declared for it"]),
        ("SCORE", []),
    ):
        paper = published(
            count("R-01", 2),
            statistic("R-02", "mean", "3.0", variable=variable),
            claim("R-03", "value", value=7, group="one", variable=variable),
            groups={"one": {"label": "A patient", "subset_of": "all", "subject": "1"}},
        )
        (found,) = joint_findings(paper).findings
        assert [line for line in found.arithmetic if "is taken as" in line] == said


# -- what would mend a set, and what rests on another question -------------------------------------


def mended(*claims: dict[str, Any], groups: dict[str, Any]) -> tuple[str, ...]:
    """The repairs of the only smallest set of a paper."""
    (found,) = joint_findings(published(*claims, groups=groups)).findings
    return found.repairs


def test_a_share_is_read_of_another_group_only_where_that_group_has_such_a_share() -> None:
    """14 % of 6 is no whole number, nor is it of the 9 responders; of all 14 it is 2."""
    repairs = mended(
        count("R-01", 14), count("R-02", 6, "some"), count("R-03", 9, "cr"),
        share("R-04", 14, "few", "some"),
        groups={"few": {"label": "A few", "subset_of": "all"}},
    )  # fmt: skip
    assert "R-04 read of 'All patients'" in repairs
    assert "R-04 read of 'Responders'" not in repairs
    assert "17 instead of 14 in R-04" in repairs


def test_a_number_is_read_of_another_group_too() -> None:
    repairs = mended(
        count("R-01", 10), count("R-02", 9, "cr"), count("R-03", 9, "sum"),
        count("R-04", 1, "some"),
        groups={"sum": {"label": "Both", "union_of": ["cr", "some"]},
                "some": {"label": "Others", "subset_of": "all", "apart_from": "cr"}},
    )  # fmt: skip
    assert "10 instead of 9 in R-03" in repairs
    assert "R-03 read of 'Responders'" in repairs


def test_a_mean_is_mended_by_one_that_so_many_whole_numbers_have() -> None:
    """5 subjects with a mean of 2 and 3 with one of 4 have a mean of 22 / 8."""
    repairs = mended(
        count("R-01", 8), count("R-02", 5, "cr"), count("R-03", 3, "some"),
        statistic("R-04", "mean", "2.00", group="cr"),
        statistic("R-05", "mean", "4.00", group="some"),
        statistic("R-06", "mean", "3.00"),
        groups={"some": {"label": "Others", "subset_of": "all", "apart_from": "cr"}},
    )  # fmt: skip
    assert "2.75 instead of 3.00 in R-06" in repairs


def test_a_set_that_holds_a_number_asked_about_stands_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GRIM asks about R-03: a set of it and R-02 asks nothing new, and marks no other number."""
    found = together(monkeypatch, JointResult((joint("R-02", "R-03"),), None, True, {}))
    assert [each.claims for each in found.resting] == [("R-02", "R-03")]
    assert all(each.check != "joint" for each in found.findings)
    assert found.together.endswith("1 rests on a number that is asked about by itself.")
    assert "R-02" not in found.not_checked
    told = "\n".join(lines(found, every=True))
    assert "RESTING ON A NUMBER ASKED ABOUT ABOVE" in told
    assert [each["claims"] for each in document(found)["resting"]] == [["R-02", "R-03"]]
    assert "Sets that rest on a number asked about above" in page(found)
