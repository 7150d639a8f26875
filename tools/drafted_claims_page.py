"""Writes the tables of docs/reference/claims.md: how much of hand-made claims the patterns draft.

The papers themselves are not here; each sentence is put together from the words that the hand-made
claims quote of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path

from pilotage.publication import AnyClaim, Published, read_published
from pilotage.publication.drafting import Drafted, drafted
from pilotage.publication.drafting.document import Document, Sentence
from pilotage.publication.drafting.typography import clean

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/claims.md"
BUILT_IN = ROOT / "src/pilotage/studies/lenalidomide_cle/published.yaml"
PAPERS = ROOT / "tests/papers"
BEGIN, END = "<!-- tables: written by `make docs` -->", "<!-- end of the tables -->"

Key = tuple[str, tuple[str, ...]]


def page(text: str) -> str:
    """The page with its tables as they are now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def tables() -> str:
    """A row for each kind of claim of the built-in paper, and of three further papers."""
    further = {path: compared(read_published(path)) for path in sorted(PAPERS.glob("*.yaml"))}
    one_each = {
        f"[{path.stem}](../../tests/papers/{path.name})": scored(*each)["all kinds"]
        for path, each in further.items()
    }
    by_hand, made, both = zip(*further.values(), strict=True)
    tables = {
        "### The built-in paper": _table("Kind", scored(*compared(read_published(BUILT_IN)))),
        "### Three further papers": _table("Paper", one_each),
        "The same by kind:": _table(
            "Kind", scored([*chain(*by_hand)], [*chain(*made)], [*chain(*both)])
        ),
    }
    return "\n\n".join(f"{title}\n\n{table}" for title, table in tables.items())


def _table(first: str, scores: Mapping[str, "Score"]) -> str:
    head = f"| {first} | by hand | drafted | both | recall | precision |"
    return "\n".join(
        [
            head,
            "|---|---:|---:|---:|---:|---:|",
            *(score.row(name) for name, score in scores.items()),
        ]
    )


# -- the sentences ---------------------------------------------------------------------------------


def rebuilt(published: Published) -> Document:
    """A paper of the words that its claims quote, with the places that they name."""
    quoted: dict[tuple[str, int, int], list[str]] = {}
    for claim in published.claims:
        place = claim.place
        words = quoted.setdefault((place.section, place.paragraph, place.sentence), [])
        _add(words, clean(claim.sentence))
    sections = {str(claim.place): claim.place.section for claim in published.claims}
    sentences = tuple(
        Sentence(
            sections[f"{section} {paragraph}.{number}"],
            paragraph,
            number,
            " … ".join(_apart(words)),
        )
        for (section, paragraph, number), words in quoted.items()
    )
    return Document(str(published.paper.title), sentences)


def _add(words: list[str], more: str) -> None:
    """One more quotation of a sentence: within another, going on from another, or apart."""
    for at, known in enumerate(words):
        if more in known:
            return
        if known in more:
            words[at] = more
            return
        for length in range(min(len(known), len(more)), 3, -1):
            if known[-length:] == more[:length]:
                words[at] = known + more[length:]
                return
    words.append(more)


def _apart(words: list[str]) -> list[str]:
    """Those that stand in no other."""
    return [one for one in words if not any(one is not more and one in more for more in words)]


# -- the score -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """How many claims were typed by hand, drafted, and are in both."""

    by_hand: int
    drafted: int
    both: int

    def row(self, name: str) -> str:
        recall = f"{self.both / self.by_hand:.2f}" if self.by_hand else "–"
        precision = f"{self.both / self.drafted:.2f}" if self.drafted else "–"
        return (
            f"| {name} | {self.by_hand} | {self.drafted} | {self.both} | {recall} | {precision} |"
        )


def compared(
    published: Published, document: Document | None = None
) -> tuple[list[AnyClaim], list[Drafted], list[tuple[AnyClaim, Drafted]]]:
    """The claims by hand, those drafted of the sections that these cover, and the pairs of both:
    the same kind with the same numbers in the same sentence, each once; without a number, also by
    the same words."""
    covers = published.paper.covers
    found = [
        c for c in drafted(document or rebuilt(published), "").claims if c.sentence.part in covers
    ]
    free = list(found)
    pairs = []
    for claim in published.claims:
        like = [each for each in free if _same(claim, each)]
        meant = [each for each in like if _same_words(claim, each)]
        if chosen := meant or (like if key_by_hand(claim)[1] else []):
            pairs.append((claim, chosen[0]))
            free.remove(chosen[0])
    return list(published.claims), found, pairs


def _same(claim: AnyClaim, each: Drafted) -> bool:
    """The same kind, the same numbers, the same sentence."""
    sentence, place = each.sentence, claim.place
    here = sentence.part == place.section and clean(claim.sentence) in sentence.text
    return here and key(each) == key_by_hand(claim)


def _same_words(claim: AnyClaim, each: Drafted) -> bool:
    """Is it said by the same words, or by some of them? Asked of claims without a number."""
    words, text = clean(claim.sentence), each.sentence.text
    start = text.index(words) + words.index(clean(claim.printed))
    return each.found.start < start + len(clean(claim.printed)) and start < each.found.end


def key(claim: Drafted) -> Key:
    """The kind and the values of a drafted claim."""
    found = claim.found
    return found.kind, tuple(_written(value) for _, value in found.values)


def key_by_hand(claim: AnyClaim) -> Key:
    """The same of a claim by hand."""
    values = [getattr(claim, name, None) for name in ("value", "low", "high")]
    return claim.kind, tuple(_written(value) for value in values if value is not None)


def _written(value: object) -> str:
    if isinstance(value, (int, float, Decimal)):
        return str(Decimal(str(value)).normalize())
    return str(value)


def scored(
    by_hand: list[AnyClaim], found: list[Drafted], pairs: list[tuple[AnyClaim, Drafted]]
) -> dict[str, Score]:
    """The score of each kind, in the order of how often it is typed by hand; of all kinds last."""
    typed: Counter[str] = Counter(claim.kind for claim in by_hand)
    made = Counter(each.found.kind for each in found)
    both: Counter[str] = Counter(claim.kind for claim, _ in pairs)
    kinds = [kind for kind, _ in typed.most_common()] + sorted(made.keys() - typed.keys())
    scores = {kind: Score(typed[kind], made[kind], both[kind]) for kind in kinds}
    return {**scores, "all kinds": Score(len(by_hand), len(found), len(pairs))}


def missed(
    by_hand: Iterable[AnyClaim], found: Iterable[Drafted], pairs: list[tuple[AnyClaim, Drafted]]
) -> Iterator[str]:
    """What is in one only, for whoever works on the patterns."""
    kept = {claim.id for claim, _ in pairs}
    made = {each.id for _, each in pairs}
    for claim in by_hand:
        if claim.id not in kept:
            yield f"by hand only: {claim.id} {claim.place} {key_by_hand(claim)} «{claim.printed}»"
    for each in found:
        if each.id not in made:
            yield f"drafted only: {each.id} {key(each)} «{each.printed}» in {each.sentence.text}"


def main() -> None:
    """Write the page again."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
