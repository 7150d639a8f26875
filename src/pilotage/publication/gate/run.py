"""The gate: every number of a finished text against the result behind it, then against the others.

The report that was written is read again as its readers see it. With a draft, the draft's numbers
are held to the results behind the report's sentences that they come from.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import polars as pl

from pilotage.publication.audit.finding import AuditFinding
from pilotage.publication.audit.run import Audit, by_arithmetic
from pilotage.publication.gate.claims import Text, as_published
from pilotage.publication.gate.draft import Beside, beside, read_draft
from pilotage.publication.gate.finished import Told, read_report
from pilotage.publication.gate.link import Linked, linked, rows_of
from pilotage.publication.gate.numbers import Seen, numbers_in
from pilotage.publication.gate.shares import wrong_shares
from pilotage.publication.gate.units import OtherUnit, other_unit
from pilotage.publication.gate.words import numbers_of_words
from pilotage.study import Study

ASKED = ("impossible", "inconsistent")
REPORT, RESULTS = "report.html", "results.parquet"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number that is not the result in whose place it stands. `instead` says what it would be,
    `how` with which cutting of decimals it would be that after all, `what` which number of the
    result it is where it is not the value: '12 of 14', 'its n'."""

    place: str
    text: str
    printed: str
    instead: str
    result: str = ""
    how: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """A number of a draft behind which no result was found."""

    text: str
    printed: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What was read and what was found. `numbers` are all numbers of the text, `checked` those that
    were held to a result; the others belong to words, or stand in `alone`. `draft` is the name of
    the draft, empty for the report itself. `units` of a draft are open questions: they are not
    among what makes it unsound."""

    numbers: int
    checked: int
    wrong: tuple[Wrong, ...]
    alone: tuple[Alone, ...]
    audits: tuple[Audit, ...]
    draft: str = ""
    units: tuple[OtherUnit, ...] = ()

    @property
    def findings(self) -> tuple[tuple[Audit, AuditFinding], ...]:
        """What cannot be, or cannot stand beside other numbers of the same text."""
        return tuple(
            (audit, finding)
            for audit in self.audits
            for finding in audit.findings
            if finding.verdict in ASKED
        )

    @property
    def sound(self) -> bool:
        return not self.wrong and not self.findings


def gate(study: Study, report: Path, *, draft: Path | None = None) -> Gate:
    """The finished text of a report folder, or of a draft, held against its results and against
    itself. Raises InputErrors for a draft that cannot be read."""
    told = read_report((report / REPORT).read_text("utf-8"))
    named = {name for each in told for name in each.results}
    rows = rows_of(pl.read_parquet(report / RESULTS), study, named)
    texts = [(each, linked(numbers_in(each.text), each.results, rows)) for each in told]
    if draft is None:
        return _of_report(texts, numbers_of_words(study))
    sentences = [(each, own) for each, own in texts if each.kind == "sentence"]
    return _of_draft(beside(read_draft(draft), sentences), draft.name)


# -- the report itself -----------------------------------------------------------------------------


def _of_report(texts: Sequence[tuple[Told, list[Linked]]], words: frozenset[Fraction]) -> Gate:
    wrong = tuple(found for told, own in texts for found in _unlinked(told, own, words))
    checked = sum(each.reading is not None for _, own in texts for each in own)
    prose = [(told, own) for told, own in texts if told.kind == "sentence"]
    tables = dict.fromkeys(told.part for told, _ in texts if told.kind == "cell")
    papers = [_audited(_sentences(prose), "Sentences")]
    for part in tables:
        own_cells = [(t, own) for t, own in texts if t.kind == "cell" and t.part == part]
        papers.append(_audited(_cells(own_cells), part))
    audits = tuple(each for each in papers if each is not None)
    return Gate(sum(len(own) for _, own in texts), checked, wrong, (), audits)


def _unlinked(told: Told, own: Sequence[Linked], words: frozenset[Fraction]) -> Iterator[Wrong]:
    """Numbers that no result of the text gives; in sentences those of its words are left out."""
    for each in own:
        if each.reading is not None or (told.kind != "cell" and each.seen.value in words):
            continue
        names = ", ".join(told.results[:2])
        yield Wrong(told.place, told.text, each.seen.shown, f"no number of {names}", names)


def _sentences(texts: Iterable[tuple[Told, list[Linked]]]) -> Iterator[Text]:
    parts: dict[tuple[str, str], int] = {}
    for told, own in texts:
        paragraph = parts.setdefault((told.part, told.passage), len(parts) + 1)
        yield Text(told.place, told.text, own, "results", paragraph, max(told.at, 1))


def _cells(texts: Iterable[tuple[Told, list[Linked]]]) -> Iterator[Text]:
    for at, (told, own) in enumerate(texts, start=1):
        yield Text(told.place, told.text, own, "tables", 1, at, display=told.part)


def _audited(texts: Iterable[Text], title: str) -> Audit | None:
    """By arithmetic alone: it takes a moment, where a search would take minutes."""
    published = as_published(texts, title=title)
    return None if published is None else by_arithmetic(published)


# -- a draft ---------------------------------------------------------------------------------------


def _of_draft(sentences: Sequence[Beside], name: str) -> Gate:
    wrong, alone, units, texts, checked = [], [], [], [], 0
    for at, each in enumerate(sentences, start=1):
        own: list[Linked] = []
        for seen, place in zip(each.numbers, each.places, strict=True):
            if place is None or each.told is None:
                alone.append(Alone(each.text, seen.shown))
                continue
            checked += place.reading is not None
            own.append(Linked(seen, place.reading))
            wrong += list(_changed(each.told, each.text, seen, place))
            units += list(other_unit(each.told, each.text, seen, place))
        if len(own) < len(each.numbers):
            place_of = f"sentence {at}"
            wrong += [Wrong(place_of, each.text, *found) for found in wrong_shares(each.text)]
        texts.append(Text(f"sentence {at}", each.text, own, "results", 1, at))
    audit = _audited(texts, name)
    numbers = sum(len(each.numbers) for each in sentences)
    audits = () if audit is None else (audit,)
    found = (tuple(wrong), tuple(alone), audits)
    return Gate(numbers, checked, *found, draft=name, units=tuple(units))


def _changed(told: Told, text: str, seen: Seen, place: Linked) -> Iterator[Wrong]:
    """The number where it is not the result, or not the number of the words, in whose place it
    stands."""
    reading = place.reading
    if reading is None:
        if seen.value != place.seen.value:
            yield Wrong(told.place, text, seen.shown, f"{place.seen.shown} in the report")
        return
    how = reading.prints(seen)
    if how != "rounded":
        instead, what = place.seen.shown, reading.in_words
        yield Wrong(told.place, text, seen.shown, instead, reading.row.id, how, what)
