"""Write the report beside its data."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pilotage.datasets import Datasets
from pilotage.report.context import Context
from pilotage.report.document import document
from pilotage.report.headlines import as_lines
from pilotage.report.html import render_html
from pilotage.report.lookup import Lookup
from pilotage.report.model import Figure
from pilotage.report.typeset import render_images, render_pdf
from pilotage.report.words import Words
from pilotage.study import Study


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What was written; `headlines` are the first answers, a line each."""

    html: Path
    pdf: Path
    headlines: tuple[str, ...]


def write_report(
    study: Study, datasets: Datasets, results: pl.DataFrame, folder: Path
) -> WrittenReport:
    """Write report.html, report.pdf and figures/*.svg and *.png, in the study's first language.
    Everything is made before anything is written."""
    words = Words(study.protocol.languages[0])
    made = document(Context(study, datasets, Lookup(results), words))
    html, pdf = render_html(made), render_pdf(made)
    drawn = [part for part in made.parts if isinstance(part, Figure)]
    images = render_images([part.svg for part in drawn])
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    for part, image in zip(drawn, images, strict=True):
        (figures / f"{part.id}.svg").write_text(part.svg, "utf-8")
        (figures / f"{part.id}.png").write_bytes(image)
    (folder / "report.html").write_text(html, "utf-8")
    (folder / "report.pdf").write_bytes(pdf)
    return WrittenReport(folder / "report.html", folder / "report.pdf", as_lines(made.headlines))
