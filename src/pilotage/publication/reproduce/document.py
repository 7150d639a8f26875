"""A paper held against data, as a page: the report's tables, grouped by place in the paper."""

from collections.abc import Iterator

from pilotage import __version__
from pilotage.datasets import Datasets
from pilotage.publication.claims import Published
from pilotage.publication.reproduce.model import (
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

_VERDICTS = {
    "same": "Rounded as printed, ours is the printed number; of words, ours say the same. Of "
    "invented subjects that shows nothing of any trial.",
    "met by construction": "The invented subjects were made to meet the claim; it shows nothing.",
    "differs": "Ours is another number. Below it stands what it could be, fitting ones first.",
    "cannot be computed": "No data set of the study, or not this one, can answer; it says why.",
}


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
    notes = tuple(Note(f"{name.capitalize()}: {words}") for name, words in _VERDICTS.items())
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
    claim, meant = held.claim, held.meant
    place = f"{claim.place.paragraph}.{claim.place.sentence}"
    said = in_words(meant) if meant is not None else ""
    yield Row(
        (
            Cell(claim.id, detail=claim.place.display or place),
            Cell(claim.printed, detail=claim.sentence if claim.sentence != claim.printed else ""),
            Cell(held.ours or formats.NONE, results=meant.results if meant is not None else ()),
            Cell(held.verdict),
            Cell(held.why or said, detail=said if held.reason else ""),
        )
    )
    if held.verdict == "differs":
        for candidate in sorted(held.others, key=lambda each: not each.fits):
            yield _candidate(candidate)


def _candidate(candidate: Candidate) -> Row:
    cells = (
        Cell(""),
        Cell(""),
        Cell(candidate.text or formats.NONE, results=candidate.results),
        Cell("fits" if candidate.fits else "does not fit"),
        Cell(in_words(candidate), detail=candidate.reason),
    )
    return Row(cells, level=1)
