"""Every number of a paper as a claim, or among those that need a person."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pilotage.findings import InputErrors, error
from pilotage.publication.claims import Section
from pilotage.publication.drafting.amounts import amounts
from pilotage.publication.drafting.cells import cells
from pilotage.publication.drafting.counts import counts, single_counts
from pilotage.publication.drafting.document import Document, Sentence, section_of
from pilotage.publication.drafting.effects import effects
from pilotage.publication.drafting.named import names_and_dates
from pilotage.publication.drafting.ranges import ranges
from pilotage.publication.drafting.reading import read_paper
from pilotage.publication.drafting.scan import Found, Scan, names_with_digits, scan
from pilotage.publication.drafting.statements import statements
from pilotage.publication.drafting.summaries import summaries

PATTERNS: tuple[Callable[[Scan], None], ...] = (
    names_and_dates, cells, effects, summaries, statements, counts, ranges, amounts, single_counts,
)  # fmt: skip
"""In this order: what an earlier one takes, a later one does not see."""

WITHOUT_NUMBERS = (names_and_dates, statements, amounts, single_counts)
"""Those that find something also where no number stands: NCT01234567, 'all', 'monthly', 'most'."""
LABELS: tuple[Callable[[Scan], None], ...] = (counts, single_counts)
"""Of the words of a table's rows and columns only counts are claims: 'Placebo (n = 20)'."""

PREFIXES: dict[Section, str] = {
    "title": "TI", "abstract": "A", "introduction": "I", "methods": "M", "results": "R",
    "tables": "T", "legends": "L", "discussion": "D", "conclusion": "C", "supplement": "S",
}  # fmt: skip
NOT_DRAFTED = ("introduction", "references", "back matter")
"""Parts of which nothing becomes a claim; the numbers of an introduction are listed all the
same."""
OF_LABELS = "words of rows and columns of tables"
MOST_CLAIMS = 9_999


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim of the draft: its id, its sentence, what the pattern found, and for each key of its
    sentence the claim that used it first, with the part it had there."""

    id: str
    sentence: Sentence
    found: Found
    named: tuple[tuple[str, str, str], ...] = ()
    """For each name the key of the claim, the id of the claim that first needs it, and as what."""
    around: str = ""

    @property
    def printed(self) -> str:
        return self.sentence.text[self.found.start : self.found.end]


@dataclass(frozen=True, slots=True)
class Unread:
    """A number that no pattern knows."""

    sentence: Sentence
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What the patterns found in a paper."""

    file: str
    document: Document
    claims: tuple[Drafted, ...]
    unread: tuple[Unread, ...]
    """Numbers of the drafted sections that are in no claim."""
    introduction: tuple[Unread, ...]
    left_out: tuple[tuple[str, str], ...]
    """Texts with digits that are no numbers of the trial: what they are, and the text."""

    @property
    def kinds(self) -> Counter[str]:
        return Counter(claim.found.kind for claim in self.claims)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections with claims, in the order of the schema."""
        have = {claim.sentence.part for claim in self.claims}
        return tuple(section for section in PREFIXES if section in have)


def draft_claims(path: Path, section: Section | None = None) -> Draft:
    """The claims that a paper makes, by pattern. Raises InputErrors for a file that cannot be read
    as a paper, and for one without a single claim."""
    found = drafted(read_paper(path, section), path.name)
    if not found.claims:
        words = "no number and no statement was found that could be a claim; is it a paper?"
        raise InputErrors([error(path.name, words)])
    return found


def drafted(document: Document, file: str) -> Draft:
    """The claims of a paper that was read."""
    claims: list[Drafted] = []
    unread: list[Unread] = []
    introduction: list[Unread] = []
    left_out = [each for each in document.dropped if any(map(str.isdecimal, each[1]))]
    number: Counter[Section] = Counter()
    for sentence in document.sentences:
        section = section_of(sentence.part)
        seen = examined(sentence) if sentence.part not in NOT_DRAFTED else scan(sentence)
        left_out += _left_out(seen)
        free = [Unread(sentence, _text(seen, each.start, each.end)) for each in _unread(seen)]
        if section is None:
            left_out += [(str(sentence.part), each.text) for each in free]
        elif sentence.part in NOT_DRAFTED:
            introduction += free
        elif sentence.part == "tables" and sentence.cell is None:
            left_out += [(OF_LABELS, each.text) for each in free]
            claims += _claims(seen, section, number)
        else:
            unread += free
            claims += _claims(seen, section, number)
    if len(claims) > MOST_CLAIMS:
        words = f"holds more than {MOST_CLAIMS:,} claims; draft it in parts"
        raise InputErrors([error(file, words)])
    return Draft(file, document, tuple(claims), tuple(unread), tuple(introduction), tuple(left_out))


def examined(sentence: Sentence) -> Scan:
    """A sentence after every pattern."""
    seen = scan(sentence)
    labels = sentence.part == "tables" and sentence.cell is None
    for pattern in LABELS if labels else PATTERNS:
        if seen.numbers or pattern in WITHOUT_NUMBERS:
            pattern(seen)
    return seen


def _unread(seen: Scan) -> Iterable[Found]:
    """The numbers that are free, and that are no part of the words around a table's cell."""
    for number in sorted((*seen.free(), *seen.unclear), key=lambda each: each.start):
        if seen.sentence.cell and number.start < seen.sentence.cell.start:
            continue
        yield Found("", number.start, number.end)


def _left_out(seen: Scan) -> Iterator[tuple[str, str]]:
    start = seen.sentence.cell.start if seen.sentence.cell else 0
    for each in (*seen.left_out, *names_with_digits(seen)):
        if each.start >= start:
            yield each.what, _text(seen, each.start, each.end)


def _text(seen: Scan, start: int, end: int) -> str:
    return seen.text[start:end]


def _claims(seen: Scan, section: Section, number: Counter[Section]) -> Iterator[Drafted]:
    """The claims of a sentence in the order of its words, with their ids."""
    order = sorted(range(len(seen.found)), key=lambda at: (seen.found[at].start, at))
    ids: dict[int, str] = {}
    for at in order:
        number[section] += 1
        ids[at] = f"{PREFIXES[section]}-{number[section]:02d}"
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for at in order:
        found = seen.found[at]
        named = []
        for name, key in found.names:
            space = "variable" if name == "variable" else "group"
            part = "P" if key == "P" else name
            named.append((name, *first.setdefault((space, key), (ids[at], part))))
        says = dict(found.says)
        around = ids[int(says.pop("around"))] if found.kind == "interval" else ""
        kept = replace(found, says=tuple(says.items()))
        yield Drafted(ids[at], seen.sentence, kept, tuple(named), around)
