"""Data cuts: the record as it stood after an event, written as a snapshot folder.

The same record as of the same event and day gives the same bytes. Everything after reads the
folder alone: a kept cut gives the same report again without any database.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from pilotage.capture.planned import planned
from pilotage.capture.present import known_of
from pilotage.capture.recorded import recorded
from pilotage.findings import Finding, InputErrors
from pilotage.forms import Tables, snapshot_of, tables_of
from pilotage.rules.departures import review
from pilotage.snapshot import write_snapshot
from pilotage.snapshot.manifest import MANIFEST

CUTS: Final = "cuts"
"""The folder of all cuts below the data directory."""

SNAPSHOT: Final = "snapshot"
"""The folder of the tables inside that of a cut."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The record after an event: its tables, and the values among them that the datasets refuse,
    so that nothing can be analysed before they are corrected."""

    tables: Tables
    refused: tuple[Finding, ...]


def tables_as_of(head: int, day: date) -> AsOf:
    """The tables of the record after event `head`, with the deviations that they show on the day of
    the cut. Raises InputErrors where the record cannot be reviewed."""
    study = planned()
    found = recorded(until=head)
    tables = tables_of(study, found.subjects, found.forms)
    present = known_of(study, snapshot_of(tables, cut=day))
    known = present.record
    dv = review(study, known.snapshot, known.datasets, day).dv
    whole = Tables({**tables.frames, "dv": dv}, tables.sources, tables.unplaced)
    refused = (_named(finding, tables.frames) for finding in present.left_out)
    return AsOf(whole, tuple(finding for finding in refused if finding.severity == "error"))


def write_cut(
    folder: Path, *, head: int, day: date, synthetic: bool
) -> tuple[str, tuple[Finding, ...]]:
    """Write a new snapshot folder; the SHA-256 of its manifest, and the values that the datasets
    refuse.

    Raises InputErrors, having written nothing, for a record that is no snapshot: each line names
    the subject.
    """
    study = planned()
    found = tables_as_of(head, day)
    frames = found.tables.frames
    try:
        write_snapshot(
            frames,
            folder,
            study=study.protocol.study.id,
            cut=day,
            synthetic=synthetic,
            protocol_versions=study.protocol.versions,
        )
    except InputErrors as wrong:
        raise InputErrors([_named(each, frames) for each in wrong.findings]) from None
    return digest_of(folder), found.refused


def digest_of(folder: Path) -> str:
    """The SHA-256 of the manifest of a snapshot, which names the hash of every file."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def _named(finding: Finding, frames: Mapping[str, pl.DataFrame]) -> Finding:
    """A finding about a line with the subject whose line it is."""
    file, _, line = finding.where.rpartition(":")
    frame = frames.get(file.removesuffix(".csv"))
    if frame is None or not line.isdecimal() or not 2 <= int(line) < frame.height + 2:
        return finding
    subject = frame["USUBJID"][int(line) - 2]
    return Finding(finding.severity, finding.where, f"{subject}: {finding.message}")
