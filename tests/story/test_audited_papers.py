"""Three published trials, typed as claims and audited; the page that tells it is current."""

import pytest

import audited_papers_page
from pilotage.publication import read_published
from pilotage.publication.audit import by_arithmetic

PAPERS = audited_papers_page.PAPERS


def test_the_page_of_the_three_trials_is_current() -> None:
    written = audited_papers_page.PAGE.read_text(encoding="utf-8")
    assert written == audited_papers_page.page(), "run `make docs`"


def test_every_paper_that_is_typed_has_its_place_on_the_page() -> None:
    assert {path.name for path in PAPERS.glob("*.yaml")} == set(audited_papers_page.ABOUT)


def test_a_series_whose_numbers_all_agree_raises_no_question() -> None:
    found = by_arithmetic(read_published(PAPERS / "retrospective_series.yaml")).findings
    assert {each.verdict for each in found} == {"fine"}
    assert len(found) >= 9


@pytest.mark.parametrize(
    ("paper", "verdict", "check", "claims"),
    [
        # 50 of 59, but 11 of 60
        ("thalidomide_cohort", "unexplained", "denominator", {"A-08", "A-13"}),
        # 70 %: 35 of 50, 42 of 60
        ("thalidomide_cohort", "unexplained", "percentage", {"A-10"}),
        # √(5.82 × 154.63) = 30.00
        ("thalidomide_cohort", "fine", "effect", {"A-15", "A-16"}),
        # 49 / 107 is 45.8 %, 24 / 94 is 25.5 %
        ("two_trials_pooled", "inconsistent", "percentage", {"A-03", "A-01", "A-02"}),
        ("two_trials_pooled", "inconsistent", "percentage", {"A-06", "A-04", "A-05"}),
        # the difference goes with the percentages, not with the counts
        ("two_trials_pooled", "unexplained", "effect", {"A-07", "A-01", "A-04"}),
        ("two_trials_pooled", "fine", "effect", {"A-07", "A-03", "A-06"}),
        ("two_trials_pooled", "fine", "p_value", {"A-09", "A-07", "A-08"}),
        # 49 - 47 of 107 - 93
        ("two_trials_pooled", "fine", "subset", {"A-01", "A-10"}),
    ],
)
def test_what_was_found_by_hand_is_found(
    paper: str, verdict: str, check: str, claims: set[str]
) -> None:
    found = by_arithmetic(read_published(PAPERS / f"{paper}.yaml"))
    assert [
        each
        for each in found.findings
        if (each.verdict, each.check) == (verdict, check) and claims <= set(each.claims)
    ]
