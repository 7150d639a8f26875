"""The tutorial of the audit: what it shows is what the audit says, and what it claims is proved."""

import re
from itertools import combinations

import pytest

import audit_tutorial_page
from pilotage.publication import read_published
from pilotage.publication.audit import Audit, by_arithmetic
from pilotage.publication.audit.html import page as html_page
from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Facts

PAGE = audit_tutorial_page.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def paper() -> Audit:
    return by_arithmetic(read_published(audit_tutorial_page.PAPER))


def test_the_tutorial_is_current() -> None:
    assert audit_tutorial_page.page() == PAGE, "run `make docs`"


def test_the_tutorial_tells_everything_that_arithmetic_asks_of_the_paper(paper: Audit) -> None:
    asked = [each.question for each in paper.findings if each.verdict != "fine"]
    assert len(asked) == 24
    assert [question for question in asked if f"*{question}*" not in PAGE] == []


def test_the_claims_that_cannot_all_be_true_are_proved_to_be_a_smallest_set(paper: Audit) -> None:
    """The effort of each proof is limited by counted steps, the same on every machine. Among so
    many subjects are the thirty-five of the page."""
    checker = Checker(Facts(paper.published), limit=120, most=40)
    facts = audit_tutorial_page.the_set(checker.facts.facts)
    assert len(facts) == len(audit_tutorial_page.TOGETHER) == 3
    assert checker.possible(facts) is False
    assert [checker.possible(two) for two in combinations(facts, 2)] == [True, True, True]


def test_the_arithmetic_that_is_typed_in_the_tutorial_is_right() -> None:
    """40 % of fifteen are six, of whom none is 14 %; of thirty-five they are fourteen, and two of
    these print 14 %."""
    assert 40 * 15 / 100 == 6
    assert 14 not in [round(100 * count / 6) for count in range(7)]
    assert (40 * 35 / 100, round(100 * 2 / 14)) == (14, 14)


def test_the_addresses_that_the_tutorial_names_exist(paper: Audit) -> None:
    named = re.findall(r"`audit\.html#([^`]+)`", PAGE)
    assert len(named) == 2
    written = html_page(paper)
    assert [name for name in named if f'id="{name}"' not in written] == []


def test_the_picture_of_the_tutorial_is_small() -> None:
    (name,) = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", PAGE)
    assert (audit_tutorial_page.PAGE.parent / name).stat().st_size < 300_000
