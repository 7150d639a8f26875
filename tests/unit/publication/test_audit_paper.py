"""The audit of the built-in paper: what a person found by hand, the tool finds; and no study file
stores a verdict."""

import re
from importlib.resources import files
from pathlib import Path
from time import monotonic

import pytest

from pilotage.publication import read_published
from pilotage.publication.audit import Audit, by_arithmetic
from pilotage.publication.audit.finding import VERDICTS
from pilotage.study import study_folder

STUDY = study_folder("lenalidomide_cle")


@pytest.fixture(scope="module")
def paper() -> Audit:
    return by_arithmetic(read_published(STUDY / "published.yaml"))


@pytest.mark.parametrize(
    ("verdict", "check", "claims"),
    [
        # SLEDAI 3.26: 49 / 15 is 3.2667
        ("impossible", "grim", {"R-24"}),
        # CLASI damage 2.39 at baseline: no group of up to 15 has it
        ("impossible", "grim", {"R-74"}),
        # CLASI damage 2.33 ± 2.96: a sum of 35 has squares with an odd sum
        ("inconsistent", "grimmer", {"R-23", "R-22"}),
        # CLASI damage at baseline is 2.33 here and 2.39 there
        ("inconsistent", "same_fact", {"R-74", "R-22"}),
        # SLE in six patients, and in seven
        ("inconsistent", "same_fact", {"R-78", "R-15"}),
        # 21 % of the fourteen treated, and of the relapsing
        ("inconsistent", "same_fact", {"D-23", "R-67"}),
        ("inconsistent", "percentage", {"D-23", "R-55"}),
        # two patients, 4 to 32 weeks, median 13
        ("inconsistent", "summary", {"R-45", "R-44", "R-03"}),
        # complete response within 12 weeks, and after 32
        ("inconsistent", "summary", {"D-08", "R-44"}),
        # treated from 3 months on, and for one week
        ("inconsistent", "summary", {"R-50", "R-28"}),
        # fourteen treated: fourteen who remained, and the one who stopped
        ("inconsistent", "subset", {"R-66", "A-10", "D-05", "A-11"}),
        # side effects were minor; severe vomiting
        ("inconsistent", "subset", {"A-23", "R-93", "R-95"}),
        # a mean here, a median there
        ("unexplained", "same_fact", {"A-07", "R-52"}),
        # relapse after withdrawal; while reducing or after withdrawal
        ("unexplained", "same_fact", {"A-16", "R-57"}),
        # 3.08 ± 3.15 is of 12 or of 13
        ("unexplained", "grim", {"R-72"}),
        ("unexplained", "grimmer", {"R-73", "R-72"}),
        # 2.22 stands beside 3.26 only if that was cut off
        ("unexplained", "grimmer", {"R-25", "R-24"}),
        # P = 0.398: only with pairs that correlate
        ("unexplained", "p_value", {"R-76"}),
        # responses of 14, side effects of 15
        ("unexplained", "denominator", {"R-32", "R-92"}),
        # one year, though somebody was followed for seven months
        ("unexplained", "denominator", {"R-72", "R-53"}),
        # week 2: possible of 15 only, though one had stopped after a week
        ("unexplained", "denominator", {"R-38", "R-28"}),
        # stopped after a week, and everybody was followed for seven months
        ("unexplained", "denominator", {"R-53", "R-28"}),
        # 1.190 neutrophils per mm3
        ("unexplained", "notation", {"R-104"}),
        # nine relapsed, two in remission, of twelve
        ("unexplained", "subset", {"R-55", "R-68", "R-54"}),
        # what holds
        ("fine", "subset", {"R-05", "R-07", "R-08"}),
        ("fine", "percentage", {"R-16", "R-15"}),
        ("fine", "percentage", {"R-32", "R-31"}),
        ("fine", "percentage", {"R-56", "R-55", "R-54"}),
        ("fine", "percentage", {"R-92", "R-91"}),
        ("fine", "grimmer", {"R-39", "R-38"}),
        ("fine", "p_value", {"R-40"}),
        ("fine", "date", {"R-53", "A-04", "A-05"}),
        ("fine", "summary", {"R-14", "R-13"}),
    ],
)
def test_what_was_found_by_hand_is_found(
    paper: Audit, verdict: str, check: str, claims: set[str]
) -> None:
    assert [
        each
        for each in paper.findings
        if (each.verdict, each.check) == (verdict, check) and claims <= set(each.claims)
    ]


def test_nothing_else_is_called_impossible_or_inconsistent(paper: Audit) -> None:
    counts = [paper.count(verdict) for verdict in VERDICTS]
    assert counts[:3] == [2, 10, 12]


def test_every_finding_asks_in_one_sentence_and_every_wrong_one_shows_its_arithmetic(
    paper: Audit,
) -> None:
    for each in paper.findings:
        assert each.question.endswith("." if each.verdict == "fine" else "?"), each
        assert each.arithmetic or each.repairs or each.verdict == "fine", each
        assert not {"error", "wrong", "false", "fraud"} & set(each.question.lower().split())


def test_every_claim_is_in_a_finding_or_it_is_said_why_not(paper: Audit) -> None:
    named = {name for each in paper.findings for name in each.claims}
    assert named.isdisjoint(paper.not_checked)
    assert named | set(paper.not_checked) == {claim.id for claim in paper.published.claims}


def test_the_findings_stand_with_the_worst_first(paper: Audit) -> None:
    places = [VERDICTS.index(each.verdict) for each in paper.findings]
    assert places == sorted(places)


TEXTS = sorted(
    path.relative_to(STUDY).as_posix()
    for path in STUDY.rglob("*")
    if path.suffix in (".yaml", ".md", ".csv", ".json")
)


@pytest.mark.parametrize("name", TEXTS)
def test_no_file_of_the_study_stores_a_verdict(paper: Audit, name: str) -> None:
    """No key and no cell holds one; and what the audit says stands nowhere in the folder."""
    text = (STUDY / name).read_text(encoding="utf-8")
    assert not re.search(r"\bverdicts?\b[\"']?\s*[:=]", text, re.IGNORECASE)
    verdicts = "|".join(VERDICTS[:3])
    assert not re.search(
        rf"(?:[:,]|^)\s*[\"']?(?:{verdicts})[\"']?\s*(?:[,}}\]]|$)", text, re.MULTILINE
    )
    said = {line for each in paper.findings for line in (each.question, *each.repairs)}
    assert not [line for line in said if len(line) > 20 and line in text]


def test_the_folder_of_the_study_was_looked_at_as_a_whole() -> None:
    """Every file that is a text; what is left are pictures of the data in another form."""
    others = {path.suffix for path in STUDY.rglob("*") if path.is_file()} - {
        *(".yaml", ".md", ".csv", ".json"),
    }
    assert {"published.yaml", "open_questions.md", "cohort/manifest.json"} <= set(TEXTS)
    assert others <= {".parquet"}


def test_no_claim_can_hold_a_verdict() -> None:
    schema = files("pilotage.publication") / "schemas"
    texts = [Path(str(each)).read_text(encoding="utf-8") for each in schema.iterdir()]
    assert texts
    assert not [text for text in texts if '"verdict"' in text]


def test_the_arithmetic_of_the_built_in_paper_takes_seconds() -> None:
    begun = monotonic()
    by_arithmetic(read_published(STUDY / "published.yaml"))
    assert monotonic() - begun < 60
