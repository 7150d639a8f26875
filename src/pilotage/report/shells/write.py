"""Write the plan with its shells."""

from pathlib import Path

from pilotage.report.html import render_html
from pilotage.report.shells.document import shell_document
from pilotage.report.typeset import render_pdf
from pilotage.study import Study


def write_shells(study: Study, folder: Path) -> Path:
    """Write plan.html and plan.pdf; returns the first. Everything is made before anything is
    written."""
    made = shell_document(study)
    html, pdf = render_html(made), render_pdf(made)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.html").write_text(html, "utf-8")
    (folder / "plan.pdf").write_bytes(pdf)
    return folder / "plan.html"
