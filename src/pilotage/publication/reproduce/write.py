"""A paper held against data, as files: reproduction.csv and reproduction.html."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from pilotage.publication.reproduce.model import Candidate, Held, Reproduction
from pilotage.report.html import render_html
from pilotage.report.model import Document

COLUMNS = (
    "CLAIM", "SECTION", "PARAGRAPH", "SENTENCE", "DISPLAY", "KIND", "ABOUT", "PRINTED", "WORDS",
    "ROLE", "OURS", "VALUE", "N", "POPULATION", "LABEL", "METHOD", "RESULTID", "FIT", "VERDICT",
    "REASON", "SYNTHETIC",
)  # fmt: skip
"""A claim has one row of the ROLE `meant`, with the VERDICT, and one for each other candidate. FIT
says how a candidate becomes the printed number; it is empty where it does not."""


def write_reproduction(reproduction: Reproduction, document: Document, folder: Path) -> list[Path]:
    """Write both files. The same reproduction gives the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for held in reproduction.held:
        writer.writerows(_rows(held, synthetic=reproduction.synthetic))
    written = {
        folder / "reproduction.csv": text.getvalue().encode(),
        folder / "reproduction.html": render_html(document).encode(),
    }
    for path, data in written.items():
        path.write_bytes(data)
    return list(written)


def _rows(held: Held, *, synthetic: bool) -> Iterator[list[object]]:
    claim, place = held.claim, held.claim.place
    where = [claim.id, place.section, place.paragraph, place.sentence, place.display or ""]
    said = [claim.kind, claim.about, claim.printed, claim.sentence]
    flag = "Y" if synthetic else "N"
    yield [*where, *said, "meant", *_number(held.meant), held.verdict, held.reason, flag]
    for candidate in held.others:
        yield [*where, *said, "candidate", *_number(candidate), "", candidate.reason, flag]


def _number(candidate: Candidate | None) -> list[object]:
    if candidate is None:
        return [""] * 8
    value = "" if candidate.value is None else repr(candidate.value)
    n = "" if candidate.n is None else candidate.n
    return [
        candidate.text,
        value,
        n,
        candidate.population,
        candidate.label,
        candidate.method,
        " ".join(candidate.results),
        candidate.how,
    ]
