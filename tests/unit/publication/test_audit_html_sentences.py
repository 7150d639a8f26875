"""A sentence put together from what its claims quote, and where their words stand in it."""

import pytest
from audit_examples import claim, published

from pilotage.publication.audit.html.marks import joined, marked
from pilotage.publication.audit.html.paper import sections


@pytest.mark.parametrize(
    ("excerpts", "sentence"),
    [
        (["two of ten", "two of ten"], "two of ten"),
        (["two of ten had it", "of ten"], "two of ten had it"),
        (["of ten", "two of ten had it"], "two of ten had it"),
        (["a mean of 15", "of 15 (range 7 to 30)"], "a mean of 15 (range 7 to 30)"),
        (["of 15 (range 7 to 30)", "a mean of 15"], "a mean of 15 (range 7 to 30)"),
        (["one two three", "five six", "two three four five six"], "one two three four five six"),
        (["two patients", "patients with it"], "two patients … patients with it"),
        (["10 of 15", "0 of 1"], "10 of 15 … 0 of 1"),
        (["  two\n of  ten "], "two of ten"),
    ],
)
def test_parts_of_a_sentence_are_joined_where_they_share_words(
    excerpts: list[str], sentence: str
) -> None:
    assert joined(excerpts) == sentence


def cut(*said: tuple[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """The marked pieces of a sentence; each claim as (its part of the sentence, printed)."""
    claims = []
    for at, (sentence, printed) in enumerate(said):
        made = claim(f"R-{at:02}", "identifier", value="x", what="x", printed=printed)
        claims.append({**made, "sentence": sentence})
    found = marked(published(*claims).claims)
    assert "".join(piece.text for piece in found.pieces) == joined(part for part, _ in said)
    assert found.elsewhere == ()
    return [(piece.text, piece.claims) for piece in found.pieces if piece.claims]


def test_a_number_is_marked_where_it_stands_as_a_whole() -> None:
    assert cut(("of 110 were 11", "11")) == [("11", ("R-00",))]
    found = marked(published({**claim("R-01", "count", value=11, group="all"),
                              "sentence": "of 110 were 11", "printed": "11"}).claims)  # fmt: skip
    assert [piece.text for piece in found.pieces] == ["of 110 were ", "11"]


def test_the_same_number_twice_is_marked_twice() -> None:
    both = "one (13%) and another (13%)"
    found = cut((both, "13%"), (both, "13%"))
    assert found == [("13%", ("R-00",)), ("13%", ("R-01",))]


def test_a_number_is_marked_in_the_part_that_its_claim_quotes() -> None:
    found = marked(published(
        {**claim("R-01", "identifier", value="x", what="x"), "sentence": "first 5 mg",
         "printed": "5 mg"},
        {**claim("R-02", "identifier", value="x", what="x"), "sentence": "then 5 mg again",
         "printed": "5 mg"},
    ).claims)  # fmt: skip
    pieces = [(piece.text, piece.claims) for piece in found.pieces]
    assert pieces == [
        ("first ", ()), ("5 mg", ("R-01",)), (" … then ", ()), ("5 mg", ("R-02",)), (" again", ()),
    ]  # fmt: skip


def test_words_that_overlap_are_one_mark_of_both_claims() -> None:
    text = "insomnia and grade 2 neutropenia"
    found = cut((text, "neutropenia"), (text, "grade 2 neutropenia"), (text, "insomnia"))
    assert found == [("insomnia", ("R-02",)), ("grade 2 neutropenia", ("R-01", "R-00"))]


def test_words_that_stand_nowhere_are_left_for_after_the_sentence() -> None:
    lost = claim("R-01", "identifier", value="x", what="x", printed="four")
    found = marked(published({**lost, "sentence": "five of ten"}).claims)
    assert ([piece.text for piece in found.pieces], found.elsewhere) == (["five of ten"], ("R-01",))


def test_sentences_stand_by_section_and_legends_by_what_they_are_of() -> None:
    def told(
        name: str, section: str, sentence: int, display: str | None = None
    ) -> dict[str, object]:
        made = claim(name, "identifier", sentence, value="x", what="x", section=section)
        return {**made, "place": {**made["place"], "display": display}}

    paper = published(
        told("A-01", "abstract", 1), told("A-02", "abstract", 1), told("A-03", "abstract", 2),
        told("L-01", "legends", 1, "Table 1"), told("L-02", "legends", 2, "Figure 1"),
    )  # fmt: skip
    found = [
        (section.title, [(p.display, [s.number for s in p.sentences]) for p in section.passages])
        for section in sections(paper)
    ]
    assert found == [
        ("Abstract", [(None, ["1.1", "1.2"])]),
        ("Legends", [("Table 1", ["1.1"]), ("Figure 1", ["1.2"])]),
    ]
