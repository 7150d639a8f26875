"""Two studies compared: what differs, and what of the past would come out differently."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pilotage.amendments.compare import changes
from pilotage.amendments.consequences import consequences
from pilotage.amendments.model import Change
from pilotage.amendments.past import Difference
from pilotage.findings import InputErrors, error
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study
from pilotage.study.files import SAP, VERSIONS
from pilotage.study.names import did_you_mean


@dataclass(frozen=True)
class Data:
    """The data on which the past rests: how many subjects, and the day of the data cut."""

    subjects: int
    data_cut: date
    synthetic: bool


@dataclass(frozen=True)
class Comparison:
    """`past` is None where no snapshot was given."""

    old: Study = field(repr=False)
    new: Study = field(repr=False)
    changes: tuple[Change, ...]
    data: Data | None = None
    past: tuple[Difference, ...] | None = None


def compared(
    old: Study,
    new: Study,
    snapshot: Snapshot | None = None,
    *,
    step: Callable[[], None] = lambda: None,
) -> Comparison:
    """The differences of two studies, and with a snapshot those of the past. Raises InputErrors
    with the values of the snapshot that one of the studies refuses."""
    found = changes(old, new)
    if snapshot is None:
        return Comparison(old, new, found)
    data = Data(snapshot.tables["dm"].height, snapshot.data_cut, snapshot.synthetic)
    differs = consequences(old, new, snapshot, step=step) if found else ()
    return Comparison(old, new, found, data, differs)


def study_at(where: str) -> Study:
    """A study by its folder or name, or an older version of its protocol by STUDY/versions/ID: with
    the present analysis plan, since the folder keeps no older one. Raises InputErrors."""
    path = Path(where)
    if path.parent.name != VERSIONS or (path / SAP).exists():
        return load_study(where)
    study = load_study(str(path.parent.parent))
    found = study.under(path.name)
    if found is None:
        known = [version.id for version in study.protocol.versions]
        words = f"the study keeps no version '{path.name}'{did_you_mean(path.name, known)}"
        raise InputErrors([error(where, words)])
    return found
