"""What a person asks about the paper's printed numbers, the audit asks too, as far as arithmetic
can; the questions are those of the study's open questions."""

import re

import pytest

from pilotage.publication import read_published
from pilotage.publication.audit import Audit, by_arithmetic
from pilotage.study import study_folder

STUDY = study_folder("lenalidomide_cle")
PART = "# Questions about printed numbers\n"

ASKED: dict[str, list[tuple[str, str, set[str]]]] = {
    "Q-60 six or seven with systemic disease": [
        ("inconsistent", "same_fact", {"R-15", "R-78"}),
        ("fine", "percentage", {"R-15", "R-16"}),
        ("fine", "percentage", {"R-78", "R-79"}),
    ],
    "Q-61 damage at baseline, 2.33 and 2.39": [
        ("inconsistent", "same_fact", {"R-22", "R-74"}),
        ("impossible", "grim", {"R-74"}),
        ("inconsistent", "grimmer", {"R-22", "R-23"}),
    ],
    "Q-62 mean or median; and who was followed": [
        ("unexplained", "same_fact", {"A-07", "R-52"}),
        ("unexplained", "denominator", {"R-53", "R-28"}),
    ],
    "Q-63 fifteen or fourteen": [
        ("unexplained", "denominator", {"R-32", "R-47", "R-67", "R-16", "R-92"}),
        ("inconsistent", "subset", {"R-66", "A-10", "D-05"}),
    ],
    "Q-64 time to response": [
        ("inconsistent", "summary", {"D-08", "R-44"}),
        ("inconsistent", "summary", {"R-44", "R-45"}),
    ],
    "Q-65 relapse and remission": [
        ("unexplained", "same_fact", {"A-16", "R-57"}),
        ("unexplained", "subset", {"R-54", "R-55", "R-68"}),
        ("inconsistent", "percentage", {"D-23", "R-55"}),
        ("inconsistent", "same_fact", {"D-23", "R-67"}),
        ("fine", "summary", {"R-58", "R-57", "R-55"}),
    ],
    "Q-66 the P values": [
        ("fine", "p_value", {"R-40", "R-36", "R-38"}),
        ("unexplained", "p_value", {"R-76", "R-72", "R-74"}),
        ("unexplained", "denominator", {"R-38", "R-28"}),
        ("unexplained", "denominator", {"R-72", "R-53"}),
        ("unexplained", "grim", {"R-72"}),
        ("unexplained", "grimmer", {"R-72", "R-73"}),
    ],
    "Q-67 duration of treatment": [("inconsistent", "summary", {"R-50", "R-28"})],
    "Q-68 shares of the subtypes": [("fine", "subset", {"R-02", "R-03", "R-04"})],
    "Q-69 the point in 1.190": [("unexplained", "notation", {"R-104"})],
    "Q-70 both reasons": [("fine", "subset", {"R-05", "R-07", "R-08"})],
    "Q-71 how bad the side effects were": [("inconsistent", "subset", {"A-23", "R-95"})],
}

NO_ARITHMETIC = {"Q-72": "whether something was asked of each subject, no number tells"}


@pytest.fixture(scope="module")
def paper() -> Audit:
    return by_arithmetic(read_published(STUDY / "published.yaml"))


def test_every_question_of_the_study_about_a_printed_number_is_here() -> None:
    text = (STUDY / "open_questions.md").read_text(encoding="utf-8")
    part = text.partition(PART)[2].partition("\n# ")[0]
    written = re.findall(r"^## (Q-\d+) ", part, re.MULTILINE)
    assert sorted([*(name[:4] for name in ASKED), *NO_ARITHMETIC]) == written


@pytest.mark.parametrize("name", ASKED)
def test_what_a_person_asks_the_audit_asks_too(paper: Audit, name: str) -> None:
    found = [(each.verdict, each.check, set(each.claims)) for each in paper.findings]
    missing = [
        (verdict, check, claims)
        for verdict, check, claims in ASKED[name]
        if not any((v, c) == (verdict, check) and claims <= own for v, c, own in found)
    ]
    assert missing == []
