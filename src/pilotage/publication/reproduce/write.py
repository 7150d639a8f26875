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
    "ROLE", "OURS", "VALUE", "UNIT", "N", "POPULATION", "LABEL", "METHOD", "RESULTID", "FIT",
    "VERDICT", "REASON", "REMARK", "CAUSE", "EVIDENCE", "SYNTHETIC",
)  # fmt: skip
"""A claim has one row of the ROLE `ours`, with the VERDICT, one of the ROLE `plan` where the plan's
number is another, one for each other candidate, and one of the ROLE `cause` for each cause, with
its name in CAUSE, its words in REASON and its EVIDENCE. FIT says how a candidate becomes the
printed number; it is empty where it does not."""


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
    told = [held.verdict, held.reason, "; ".join(held.remarks), "", "", flag]
    yield [*where, *said, "ours", *_number(held.shown, held.unit), *told]
    if held.plan is not None:
        yield [
            *where,
            *said,
            "plan",
            *_number(held.plan, held.unit),
            "",
            held.plan.reason,
            "",
            "",
            "",
            flag,
        ]
    for candidate in held.others:
        if not _is_shown(candidate, held):
            told = ["", candidate.reason, "", "", "", flag]
            yield [*where, *said, "candidate", *_number(candidate, held.unit), *told]
    for cause in held.causes:
        told = ["", cause.words, "", cause.kind, "; ".join(cause.evidence), flag]
        yield [*where, *said, "cause", *_number(None, ""), *told]
    if held.no_cause:
        told = ["", held.no_cause, "", "none found", "", flag]
        yield [*where, *said, "cause", *_number(None, ""), *told]


def _is_shown(candidate: Candidate, held: Held) -> bool:
    shown = held.shown
    return shown is not None and (candidate.label, candidate.method, candidate.results) == (
        shown.label, shown.method, shown.results,
    )  # fmt: skip


def _number(candidate: Candidate | None, unit: str) -> list[object]:
    if candidate is None:
        return [""] * 9
    value = "" if candidate.value is None else repr(candidate.value)
    n = "" if candidate.n is None else candidate.n
    return [
        candidate.text,
        value,
        unit if value else "",
        n,
        candidate.population,
        candidate.label,
        candidate.method,
        " ".join(candidate.results),
        candidate.how,
    ]
