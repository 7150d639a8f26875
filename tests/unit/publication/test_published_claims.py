"""published.yaml of the built-in study: every number of the paper is a claim, and nothing else."""

import re
from collections import Counter, defaultdict
from fnmatch import filter as filter_names
from pathlib import Path

import polars as pl
import pytest

from pilotage.analysis.run import analyse
from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.publication import AnyClaim, Published, load_published, published_findings
from pilotage.publication.claims import Ends, Section
from pilotage.publication.groups import as_tuple
from pilotage.study import Study, load_study, new_study

NUMBERS = Path(__file__).with_name("numbers_of_the_paper.txt")
WORD = re.compile(
    r"(?<![A-Za-z\d.-])\d+(?:[.,]\d+)*|NCT\d+|\bII\b|(?<![\w-])(?:one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|single|both|majority|most|all|none"
    r"|neither|nor|no|monthly|weekly)(?!\w)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lenalidomide_cle")


@pytest.fixture(scope="module")
def paper(study: Study) -> Published:
    return load_published(study)


@pytest.fixture(scope="module")
def by_place(paper: Published) -> dict[str, list[AnyClaim]]:
    found = defaultdict(list)
    for claim in paper.claims:
        found[str(claim.place)].append(claim)
    return found


def numbers() -> list[tuple[str, str]]:
    """Place and text of every number of the paper."""
    lines = NUMBERS.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if not line.startswith("#")]
    return [(place, number) for place, number, _ in rows]


# -- nothing left out, nothing invented ------------------------------------------------------------


@pytest.mark.requirement("P-86")
def test_every_number_of_the_paper_is_a_claim(by_place: dict[str, list[AnyClaim]]) -> None:
    unclaimed = []
    for (place, number), times in Counter(numbers()).items():
        printed = [WORD.findall(claim.printed) for claim in by_place[place]]
        if sum(number in words for words in printed) < times:
            unclaimed.append((place, number))
    assert unclaimed == []


def test_every_number_of_a_claim_stands_in_the_paper(by_place: dict[str, list[AnyClaim]]) -> None:
    known = set(numbers())
    other_words = {("methods 2.3", "no"), ("results 3.3", "weekly")}  # in a bound, in a frequency
    claimed = {
        (place, number)
        for place, claims in by_place.items()
        for claim in claims
        for number in WORD.findall(claim.printed)
    }
    assert claimed - known - other_words == set()


def test_the_paper_covers_what_was_asked(paper: Published) -> None:
    sections: set[Section] = {"abstract", "methods", "results", "legends", "discussion"}
    assert set(paper.paper.covers) == {claim.place.section for claim in paper.claims} == sections


def test_there_are_well_over_a_hundred_claims_about_the_trial(paper: Published) -> None:
    assert sum(claim.about == "trial" for claim in paper.claims) > 200


# -- form ------------------------------------------------------------------------------------------


def test_every_claim_begins_with_a_line_of_its_own(study: Study, paper: Published) -> None:
    text = (study.folder / "published.yaml").read_text(encoding="utf-8")
    ids = re.findall(r"^  - id: (\S+)$", text, re.MULTILINE)
    assert ids == [claim.id for claim in paper.claims]


def test_the_id_of_a_claim_begins_with_the_letter_of_its_section(paper: Published) -> None:
    for claim in paper.claims:
        assert claim.id[0] == claim.place.section[0].upper(), claim.id


def test_claims_stand_in_the_order_of_the_paper(paper: Published) -> None:
    covers = paper.paper.covers
    places = [
        (covers.index(c.place.section), c.place.paragraph, c.place.sentence) for c in paper.claims
    ]
    assert places == sorted(places)


def test_sentences_are_short(paper: Published) -> None:
    assert [claim.id for claim in paper.claims if len(claim.sentence) > 130] == []


def test_every_group_variable_and_time_is_used(paper: Published) -> None:
    keys = ("group", "of", "than", "share", "variable", "at", "since")
    used = {getattr(claim, key, None) for claim in paper.claims for key in keys}
    for group in paper.groups.values():
        for relation in ("subset_of", "union_of", "intersection_of", "without"):
            used |= set(as_tuple(getattr(group, relation)))
    declared = {*paper.groups, *paper.variables, *paper.times}
    assert declared - used == set()


def test_no_verdict_is_stored(study: Study) -> None:
    text = (study.folder / "published.yaml").read_text(encoding="utf-8").lower()
    verdicts = (
        r"impossib|inconsisten|contradict|misprint|incorrect|wrong|implausib|unexplained|verdict"
    )
    assert re.findall(verdicts, text) == []


# -- what some of them say -------------------------------------------------------------------------


def test_a_count_names_its_group_its_whole_and_its_result(paper: Published) -> None:
    claim = paper.claim("R-31")
    assert (claim.kind, claim.value, claim.group, claim.of) == ("count", 12, "cr", "evaluable")
    assert claim.result == ("CR/EVALFL/-/-/count", "CR/SAFFL/-/-/count")
    assert str(claim.place) == "results 2.3"


@pytest.mark.parametrize(
    ("name", "digits"), [("R-20", 0), ("R-21", 1), ("R-40", 4), ("R-104", 0), ("R-38", 2)]
)
def test_a_claim_knows_its_printed_rounding(paper: Published, name: str, digits: int) -> None:
    assert paper.claim(name).printed_digits == digits


@pytest.mark.requirement("P-71")
def test_a_p_value_names_what_it_compares(paper: Published) -> None:
    claim = next(claim for claim in paper.claims if claim.kind == "p_value")
    compared = [paper.claim(name) for name in claim.compares]
    assert (claim.value, claim.test) == (0.0009, "not named")
    assert [(c.kind, c.value) for c in compared] == [
        ("mean", 11), ("sd", 5.9), ("mean", 4.13), ("sd", 3.66),
    ]  # fmt: skip


@pytest.mark.requirement("P-88")
@pytest.mark.parametrize(
    ("subject", "groups"),
    [
        ("1", {"arthritis", "sle"}),
        (
            "3",
            {"discontinued", "side_effects", "side_effects_resolved", "severe_vomiting"}
            | {"diarrhoea", "weight_loss"},
        ),
        ("6", {"scle", "cr"}),
        ("9", {"dle", "erythema_improved"}),
        ("12", {"dle", "erythema_resolved"}),
        ("15", {"insomnia", "neutropenia"}),
    ],
)
def test_the_single_subjects_of_the_paper_are_claims(
    paper: Published, subject: str, groups: set[str]
) -> None:
    own = next(name for name, group in paper.groups.items() if group.subject == subject)
    said = {claim.group for claim in paper.claims if claim.kind == "all" and claim.of == own}
    assert said == groups


@pytest.mark.requirement("P-87")
@pytest.mark.parametrize(
    "group",
    [
        "thrombosis", "paraesthesia", "somnolence", "polyneuropathy", "ovarian_toxicity",
        "proteinuria_new", "neuropathy_worse", "systemic_symptoms",
    ],
)  # fmt: skip
def test_events_that_nobody_had_are_claims(paper: Published, group: str) -> None:
    assert any(claim.kind == "none" and claim.group == group for claim in paper.claims)


# -- beside the study ------------------------------------------------------------------------------


def test_the_claims_are_no_part_of_the_study_that_data_are_analysed_with(tmp_path: Path) -> None:
    folder = new_study(tmp_path / "study")
    before = load_study(folder).digest
    (folder / "published.yaml").write_text("anything")
    assert load_study(folder).digest == before


def test_a_study_without_a_paper_has_nothing_to_say(tmp_path: Path) -> None:
    assert published_findings(load_study(new_study(tmp_path / "study"))) == ()


def test_the_built_in_study_has_no_finding(study: Study) -> None:
    assert published_findings(study) == ()


@pytest.mark.slow
def test_every_result_that_a_claim_names_is_computed(
    study: Study, paper: Published, tmp_path: Path
) -> None:
    """Over a synthetic cohort; a category or a subtype that nobody in it has is let pass, and so is
    what the cohort does not collect."""
    snapshot = write_cohort(study, tmp_path / "snapshot", seed=1, subjects=15)
    results = analyse(study, derive(study, snapshot))
    computed = results["RESULTID"].to_list()
    absent = set(results.filter(pl.col("STATUS") == "not collected")["ANALYSIS"])
    for claim in paper.claims:
        for pattern in patterns(getattr(claim, "result", ())):
            loose = re.sub(r"=[^/]*|(?<=count )\w.*|(?<=proportion )\w.*", "*", pattern)
            found = filter_names(computed, loose) or pattern.partition("/")[0] in absent
            assert found, f"{claim.id} names {pattern}"


def patterns(named: str | Ends | tuple[str | Ends, ...]) -> list[str]:
    if isinstance(named, tuple):
        return [pattern for one in named for pattern in patterns(one)]
    return [named.low, named.high] if isinstance(named, Ends) else [named]
