"""The text of a draft: it loads, and says openly what a person must decide."""

from pathlib import Path

import pytest

from pilotage.publication import Published, read_published
from pilotage.publication.claims import PValueClaim, ThresholdClaim
from pilotage.publication.drafting import Draft, drafted, yaml_text
from pilotage.publication.drafting.document import Document, Sentence
from pilotage.publication.drafting.write import excerpt, to_complete


def draft_of(*texts: str) -> Draft:
    sentences = (Sentence("results", 1, at, text) for at, text in enumerate(texts, start=1))
    return drafted(Document("A trial", tuple(sentences)), "paper.txt")


def loaded(draft: Draft, folder: Path) -> Published:
    path = folder / "published.yaml"
    path.write_text(yaml_text(draft), encoding="utf-8")
    return read_published(path)


def lines_of(draft: Draft, claim: str) -> list[str]:
    """The lines of one claim, without indentation."""
    _, _, rest = yaml_text(draft).partition(f"  - id: {claim}\n")
    own = rest.partition("\n  - id: ")[0].partition("\n\n")[0]
    return [line.strip() for line in own.splitlines()]


def test_a_claim_is_written_with_its_place_its_words_and_open_names() -> None:
    assert lines_of(draft_of("It healed in 12 of 14 patients."), "R-01") == [
        "place: {section: results, paragraph: 1, sentence: 1}",
        "sentence: It healed in 12 of 14 patients.",
        'printed: "12"',
        "kind: count",
        "group: open_r01  # TO COMPLETE",
        "of: open_r01_of  # TO COMPLETE",
        "value: 12",
    ]


@pytest.mark.parametrize(
    ("text", "reading", "digits"),
    [
        ("It fell (P = .03).", None, 2),
        ("It fell (P = ·011).", "Read as 0.011, by the signs of the print", 3),
        ("It fell (P = 2.3 × 10−4).", "Read as 0.00023, by the signs of the print", 5),
    ],
)
def test_print_that_the_loader_reads_otherwise_has_a_reading_and_its_digits(
    text: str, reading: str | None, digits: int, tmp_path: Path
) -> None:
    (claim,) = loaded(draft_of(text), tmp_path).claims
    assert isinstance(claim, PValueClaim)
    assert (claim.reading, claim.printed_digits) == (reading, digits)


def test_what_the_words_do_not_settle_is_marked_in_its_line() -> None:
    lines = lines_of(draft_of("It was changed at more than 30 IU/ml."), "R-01")
    assert "role: definition  # TO COMPLETE: the words do not settle it" in lines


def test_a_p_value_names_the_claims_of_its_sentence_in_a_comment() -> None:
    lines = lines_of(draft_of("It was 8.2 ± 2.1 and 3.4 ± 1.9 (P = 0.01)."), "R-05")
    assert any("of this sentence: [R-01, R-03]" in line and line[0] == "#" for line in lines)


def test_a_subject_with_a_number_is_a_group_that_is_known(tmp_path: Path) -> None:
    published = loaded(draft_of("Subject 3 developed fever."), tmp_path)
    assert published.groups["subject_3"].subject == "3"
    assert [getattr(claim, "of", None) for claim in published.claims] == ["subject_3"] * 2


def test_a_level_of_significance_is_a_limit_of_the_p_value(tmp_path: Path) -> None:
    draft = draft_of("The level of significance was set at P < 0.05.")
    (claim,) = loaded(draft, tmp_path).claims
    assert isinstance(claim, ThresholdClaim)
    assert (claim.role, claim.variable, claim.comparator) == ("significance", "P", "<")


def test_a_long_sentence_is_quoted_between_its_semicolons() -> None:
    long = "; ".join(["words " * 50, "12 patients stopped", "more " * 40])
    (claim,) = draft_of(long).claims
    assert excerpt(claim) == "12 patients stopped"


@pytest.mark.parametrize(
    "words", ['"quoted": {a}', "- item # no", "it's 5 % & *x", "ends \\ here:"]
)
def test_words_with_signs_of_yaml_stay_as_they_are(words: str, tmp_path: Path) -> None:
    text = f"{words} Three patients stopped."
    claims = loaded(draft_of(text, f"{text} {'and on ' * 30}."), tmp_path).claims
    assert claims[0].sentence == text
    assert claims[-1].sentence.startswith(text)


def test_open_places_are_counted_until_they_are_complete() -> None:
    text = yaml_text(draft_of("It healed in 12 of 14 patients for 4 weeks."))
    assert to_complete(text) == (2, 0, 2)  # two groups; the citation, and what lasted 4 weeks
    done = text.replace("citation: TO COMPLETE", "citation: J Hands 2001")
    assert to_complete(done) == (2, 0, 1)
