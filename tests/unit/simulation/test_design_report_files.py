"""`pilotage simulate --out` leaves a design report, the same bytes on whatever machine."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from design_report_examples import points, report
from pypdf import PdfReader
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.report.html import render_html
from pilotage.report.typeset import render_pdf
from pilotage.simulation.design_report import HTML, PDF

WRITE = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], str(Path(sys.argv[2]).parent)]
from design_report_examples import points, report
from pilotage.report.html import render_html
from pilotage.report.typeset import render_pdf
made = report(points("effect"))
Path(sys.argv[1]).with_suffix(".html").write_bytes(render_html(made).encode())
Path(sys.argv[1]).with_suffix(".pdf").write_bytes(render_pdf(made))
"""


def test_a_simulation_leaves_a_page_and_a_pdf_beside_its_tables(tmp_path: Path) -> None:
    words = ["lenalidomide_cle", "--trials", "300", "--scenario", "fixed_response"]
    folders = [tmp_path / "one", tmp_path / "another place"]
    for folder in folders:
        made = CliRunner().invoke(app, ["simulate", *words, "--out", str(folder)])
        assert made.exit_code == 0, made.output
    assert {path.name for path in folders[0].iterdir()} == {
        HTML, PDF, "summary.csv", "operating_characteristics.csv", "simulation.json", "trials",
    }  # fmt: skip
    for name in (HTML, PDF):
        one, other = ((folder / name).read_bytes() for folder in folders)
        assert one == other
        assert str(tmp_path).encode() not in one
    text = " ".join(page.extract_text() for page in PdfReader(folders[0] / PDF).pages)
    for words_ in ("Synthetic data", "Nothing is shown of the drug", "--seed 1", "Exact"):
        assert words_ in " ".join(text.split())


@pytest.mark.slow
def test_the_same_trials_give_the_same_bytes_everywhere(tmp_path: Path) -> None:
    settings = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    place = str(Path(__file__).parent)
    subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path / "there"), place],
        env={**os.environ, **settings},
        check=True,
    )
    made = report(points("effect"))
    assert (tmp_path / "there.html").read_bytes() == render_html(made).encode()
    pdf = render_pdf(made)
    assert (tmp_path / "there.pdf").read_bytes() == pdf
    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 5
