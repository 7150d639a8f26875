"""Same study, same snapshot: the same bytes, on whatever machine."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from report_examples import built, data

from pilotage.report import WrittenReport, write_report
from pilotage.report.typeset import render_pdf

pytestmark = pytest.mark.slow

WRITE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from report_examples import data
from pilotage.report import write_report
from pilotage.study import load_study
study = load_study(Path(sys.argv[1]))
datasets, results = data(study, Path(sys.argv[2]))
write_report(study, datasets, results, Path(sys.argv[3]))
"""


def written(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Lima", "LANG": "C", "LC_NUMERIC": "de_DE.UTF-8", "PYTHONHASHSEED": "99"},
    ],
)
def test_same_inputs_give_the_same_bytes_everywhere(trial, tmp_path, elsewhere):
    study, where = trial
    datasets, results = data(study, where)
    here: WrittenReport = write_report(study, datasets, results, tmp_path / "here")
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\naxes.grid: True\n")
    place = Path(__file__).parent
    subprocess.run(
        [
            sys.executable,
            "-c",
            WRITE,
            str(study.folder),
            str(where),
            str(tmp_path / "there"),
            str(place),
        ],
        env={**os.environ, **elsewhere, "MATPLOTLIBRC": str(settings / "matplotlibrc")},
        cwd=tmp_path,
        check=True,
    )
    assert here.html.is_file()
    assert here.pdf.read_bytes().startswith(b"%PDF-")
    one, other = written(tmp_path / "here"), written(tmp_path / "there")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_the_date_of_the_pdf_is_the_data_cut(trial):
    made, datasets = built(*trial)
    about = PdfReader(io.BytesIO(render_pdf(made))).metadata
    assert about is not None
    assert about.creation_date is not None
    assert about.creation_date.date() == datasets.data_cut
    assert about.title == made.title
