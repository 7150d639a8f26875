"""Building the report of a data cut: a piece of work of some seconds, done beside the pages."""

import logging
import shutil
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

from django.conf import settings

from pilotage.capture.cuts import SNAPSHOT
from pilotage.capture.models import DataCut
from pilotage.capture.planned import planned
from pilotage.findings import InputErrors
from pilotage.output import all_or_nothing
from pilotage.report.road import reported
from pilotage.snapshot import Snapshot, read_snapshot

REPORT = "report"
FAILED = "report-failed.txt"

Progress = Literal["none", "building", "built", "failed"]

_under_way: set[Path] = set()
_lock = Lock()


def progress(folder: Path) -> Progress:
    """How far the report of a cut is; `folder` is that of the cut."""
    with _lock:
        if folder in _under_way:
            return "building"
    if (folder / REPORT / "report.html").is_file():
        return "built"
    return "failed" if (folder / FAILED).is_file() else "none"


def build(folder: Path, snapshot: Path) -> None:
    """Begin to build the report of a cut from its snapshot, unless that is under way."""
    with _lock:
        if folder in _under_way:
            return
        _under_way.add(folder)
    Thread(target=_build, args=(folder, snapshot), daemon=True).start()


def snapshot_of_cut(cut: DataCut) -> Snapshot:
    """The snapshot of a cut, as it was written. Raises InputErrors where it was changed since."""
    return read_snapshot(settings.DATA / cut.folder / SNAPSHOT)


def _build(folder: Path, snapshot: Path) -> None:
    """Nothing half-built is ever left: the report is there as a whole, or a word why it is not."""
    failed = folder / FAILED
    failed.unlink(missing_ok=True)
    try:
        shutil.rmtree(folder / REPORT, ignore_errors=True)
        with all_or_nothing(folder / REPORT) as stage:
            reported(planned(), read_snapshot(snapshot), stage)
    except InputErrors as wrong:
        failed.write_text("\n".join(map(str, wrong.findings)), encoding="utf-8")
    except Exception:
        logging.getLogger(__name__).exception("the report of a cut was not built")
        failed.write_text("The report could not be built; the log says more.", encoding="utf-8")
    finally:
        with _lock:
            _under_way.discard(folder)
