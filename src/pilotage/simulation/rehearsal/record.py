"""The record that the lines of a rehearsal leave, as a data cut would freeze it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.datasets import Datasets, derive
from pilotage.findings import InputErrors
from pilotage.forms import Tables, snapshot_of, tables_of
from pilotage.forms.filled import FilledContact, FilledForm
from pilotage.rules.departures import Review, review
from pilotage.simulation.rehearsal.lines import Line
from pilotage.simulation.rehearsal.replay import Replay
from pilotage.snapshot import Snapshot, check_tables
from pilotage.study import Study

Place = tuple[str, FilledContact | None, str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """The tables at the end, with the deviations that they show; what was held against the
    protocol, and the datasets."""

    frames: Mapping[str, pl.DataFrame]
    snapshot: Snapshot
    datasets: Datasets
    review: Review


class Refused(Exception):
    """The datasets refuse values: of which subjects, and on which forms."""

    def __init__(self, errors: InputErrors, subjects: set[str], pages: set[Place]) -> None:
        super().__init__(str(errors))
        self.errors, self.subjects, self.pages = errors, subjects, pages


def record_of(study: Study, lines: Iterable[Line], until: date) -> Record:
    """Play the lines and freeze what they leave. Raises Refused."""
    replay = Replay()
    replay.play(lines)
    forms = replay.forms()
    tables = tables_of(study, replay.subjects(), forms)
    snapshot = snapshot_of(tables, cut=until, synthetic=True)
    try:
        check_tables(tables.frames)  # no data cut may have an end before its beginning
        datasets = derive(study, snapshot)
    except InputErrors as wrong:
        raise _refused(wrong, tables, forms) from None
    found = review(study, snapshot, datasets, until)
    return Record({**tables.frames, "dv": found.dv}, snapshot, datasets, found)


def _refused(wrong: InputErrors, tables: Tables, forms: list[FilledForm]) -> Refused:
    subjects, pages = set[str](), set[Place]()
    for finding in wrong.findings:
        file, _, line = finding.where.rpartition(":")
        frame = tables.frames.get(file.removesuffix(".csv"))
        if frame is None or not line.isdecimal() or not 2 <= int(line) < frame.height + 2:
            continue
        row = frame.row(int(line) - 2, named=True)
        subjects.add(row["USUBJID"])
        domain = file.removesuffix(".csv").upper()
        number = row.get(f"{domain}SEQ")
        cells = tables.sources.filter(
            (pl.col("DOMAIN") == domain) & (pl.col("USUBJID") == row["USUBJID"])
        )
        if number is not None:
            cells = cells.filter(pl.col("SEQ") == int(number))
        for entry in cells["ENTRY"].drop_nulls().unique():
            form = forms[entry - 1]
            pages.add((form.subject, form.contact, form.form, form.repeat))
    return Refused(wrong, subjects, pages)
