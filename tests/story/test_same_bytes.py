"""The report of the built-in trial, made twice: the same bytes in another place, language, zone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HERE = {"TZ": "UTC", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "0"}
THERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "es_ES.UTF-8",
    "LANG": "es_ES.UTF-8",
    "LANGUAGE": "es",
    "PYTHONHASHSEED": "7",
    "COLUMNS": "40",
}
REPORT = "from pilotage.cli import main; main()"


def reported(snapshot: Path, out: Path, settings: dict[str, str]) -> dict[str, bytes]:
    out.parent.mkdir(parents=True, exist_ok=True)
    arguments = ("report", "lenalidomide_cle", str(snapshot), "--out", str(out))
    subprocess.run(
        [sys.executable, "-c", REPORT, *arguments],
        env={**os.environ, **settings},
        cwd=out.parent,
        check=True,
        capture_output=True,
    )
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_the_same_snapshot_gives_the_same_bytes_in_two_locales_and_time_zones(tmp_path):
    from pilotage.courses import write_cohort
    from pilotage.study import load_study

    write_cohort(load_study("lenalidomide_cle"), tmp_path / "snapshot", seed=15, subjects=15)
    here = reported(tmp_path / "snapshot", tmp_path / "one" / "report", HERE)
    there = reported(tmp_path / "snapshot", tmp_path / "a longer name" / "report", THERE)
    kinds = {Path(name).suffix for name in here}
    assert kinds == {".html", ".pdf", ".svg", ".png", ".csv", ".parquet", ".json"}
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []
