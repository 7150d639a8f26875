"""A paper held against data, as a page: the report's tables, grouped by place in the paper."""

from collections.abc import Iterator

from pilotage import __version__
from pilotage.datasets import Datasets
from pilotage.publication.claims import Published
from pilotage.publication.reproduce.model import (
    MEANINGS,
    VERDICTS,
    Candidate,
    Held,
    Reproduction,
    in_words,
)
from pilotage.report import formats
from pilotage.report.model import Cell, Column, Document, Note, Row, Table
from pilotage.study import Study

_COLUMNS = ("Claim", "The paper prints", "Ours", "Verdict", "Whose number it is, and why")


def page(
    reproduction: Reproduction, published: Published, study: Study, datasets: Datasets
) -> Document:
    """The whole page. Every claim of the paper is a row."""
    return Document(
        title="The paper beside the data",
        subtitle=published.paper.citation,
        synthetic=reproduction.synthetic,
        language="en",
        date=formats.day(datasets.data_cut),
        headlines=(),
        populations=_totals(reproduction),
        facts=(
            ("Paper", study.text(published.paper.title)),
            ("Study", f"{study.protocol.study.id}, SHA-256 {study.digest}"),
            ("Data cut", formats.day(datasets.data_cut)),
            ("Rounding", "half away from zero, to the decimals that the paper prints"),
            ("Software", f"Pilotage {__version__}"),
        ),
        parts=tuple(_section(reproduction, name) for name in reproduction.sections),
    )


def _totals(reproduction: Reproduction) -> Table:
    rows = []
    for section in (*reproduction.sections, None):
        counts = [reproduction.count(verdict, section) for verdict in VERDICTS]
        cells = [Cell("All" if section is None else section.capitalize())]
        cells += [Cell(formats.count(n)) for n in (*counts, sum(counts))]
        rows.append(Row(tuple(cells)))
    columns = [Column("Claims"), *(Column(v.capitalize(), "number") for v in VERDICTS)]
    notes = tuple(Note(f"{name.capitalize()}: {words}") for name, words in MEANINGS.items())
    return Table("totals", "", "Verdicts", (*columns, Column("All", "number")), tuple(rows), notes)


def _section(reproduction: Reproduction, section: str) -> Table:
    rows = [
        row
        for held in reproduction.held
        if held.claim.place.section == section
        for row in _rows(held)
    ]
    return Table(
        section, "", section.capitalize(), tuple(Column(name) for name in _COLUMNS), tuple(rows)
    )


def _rows(held: Held) -> Iterator[Row]:
    claim, shown = held.claim, held.shown
    place = f"{claim.place.paragraph}.{claim.place.sentence}"
    said = in_words(shown) if shown is not None else ""
    told = [part for part in (held.why, said) if part]
    more = [*told[1:], *(f"Remark: {remark}" for remark in held.remarks)]
    plan = f"by the plan {held.plan.text}" if held.plan is not None else ""
    yield Row(
        (
            Cell(claim.id, detail=claim.place.display or place),
            Cell(claim.printed, detail=claim.sentence if claim.sentence != claim.printed else ""),
            Cell(
                held.ours_in_full or formats.NONE,
                results=shown.results if shown is not None else (),
                detail=plan,
            ),
            Cell(held.verdict),
            Cell(told[0] if told else "", detail=". ".join(more)),
        )
    )
    if held.plan is not None:
        yield _candidate(held.plan, "by the plan")
    for cause in held.causes:
        words = cause.words[:1].upper() + cause.words[1:]
        told_so = Cell(words, detail=". ".join(cause.evidence))
        yield Row((Cell(""), Cell(""), Cell(""), Cell("cause"), told_so), level=1)
    if held.no_cause:
        yield Row((Cell(""), Cell(""), Cell(""), Cell("cause"), Cell(held.no_cause)), level=1)
    if held.verdict == "differs":
        for candidate in sorted(held.others, key=lambda each: not each.fits):
            yield _candidate(candidate)


def _candidate(candidate: Candidate, word: str = "") -> Row:
    cells = (
        Cell(""),
        Cell(""),
        Cell(candidate.text or formats.NONE, results=candidate.results),
        Cell(word or ("fits" if candidate.fits else "does not fit")),
        Cell(in_words(candidate), detail=candidate.reason),
    )
    return Row(cells, level=1)
