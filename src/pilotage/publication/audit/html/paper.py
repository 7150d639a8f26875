"""The paper as the page shows it: its sentences in their order, by section, table and figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pilotage.publication.audit.html.marks import Marked, marked
from pilotage.publication.claims import AnyClaim, Place, Published


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, as far as claims quote it, and where it stands."""

    place: Place
    marked: Marked

    @property
    def anchor(self) -> str:
        return anchor_of(self.place)

    @property
    def number(self) -> str:
        """Paragraph and sentence: '3.2'."""
        return f"{self.place.paragraph}.{self.place.sentence}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that stand together: the text of a section, or the legend of a display."""

    display: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    name: str
    passages: tuple[Passage, ...]

    @property
    def title(self) -> str:
        return self.name.capitalize()


def anchor_of(place: Place) -> str:
    """The name of a sentence within the page."""
    return f"{place.section}-{place.paragraph}.{place.sentence}"


def sections(published: Published) -> Iterator[PaperSection]:
    """The sections whose sentences are quoted. The claims stand in the order of the paper."""
    for name, claims in groupby(published.claims, key=lambda claim: claim.place.section):
        passages = (
            Passage(display, tuple(_sentences(list(some))))
            for display, some in groupby(claims, key=lambda claim: claim.place.display)
        )
        yield PaperSection(name, tuple(passages))


def _sentences(claims: list[AnyClaim]) -> Iterator[Sentence]:
    for _, own in groupby(claims, key=lambda claim: str(claim.place)):
        same = list(own)
        yield Sentence(same[0].place, marked(same))
