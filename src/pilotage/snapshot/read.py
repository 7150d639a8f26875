"""Read a snapshot: a folder of SDTM-shaped tables becomes frames, or the list of all its errors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from pilotage.findings import Finding, InputErrors, error, warning
from pilotage.snapshot import checks, keys
from pilotage.snapshot.columnar import read_parquet
from pilotage.snapshot.delimited import read_csv
from pilotage.snapshot.folder import Listing, list_folder
from pilotage.snapshot.manifest import (
    FileRecord,
    Manifest,
    ManifestError,
    differences,
    load,
    record,
)
from pilotage.snapshot.order import in_file_order
from pilotage.snapshot.tables import LINE, Problem, shown


@dataclass(frozen=True)
class Snapshot:
    """A data cut that was read and found to be in order.

    `tables` holds each table by its lower-case name, its rows in the order of their key. Every
    column of the file is there as text (missing: null, never ""), but AGE, EXDOSE, QSSTRESN,
    LBSTRESN and VISITNUM as Float64 and --SEQ as Int64; SRCLINE (Int64) is the line of the row in
    its file. `manifest` is None for a foreign snapshot: it is never synthetic, and its data cut is
    the latest date in it. `records` holds the hash of each file, `findings` are warnings.
    """

    folder: Path
    tables: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]
    records: Mapping[str, FileRecord]
    manifest: Manifest | None
    findings: tuple[Finding, ...]
    synthetic: bool
    data_cut: date

    def file(self, table: str) -> str:
        """The name of the file of a table; of an absent table, the name it would have."""
        return self.files.get(table, f"{table}.csv")


class SnapshotErrors(InputErrors):
    """A folder that cannot be used as a snapshot. `tables` holds what could be read of it: rows
    with too few or too many cells are left out, a cell that is no number is missing, and whatever
    else is wrong with columns, keys and subjects is still there. `files` names their files."""

    def __init__(
        self,
        findings: Iterable[Finding],
        tables: Mapping[str, pl.DataFrame],
        files: Mapping[str, str],
    ) -> None:
        super().__init__(findings)
        self.tables = tables
        self.files = files


@dataclass(slots=True)
class Reading:
    """The tables read so far, and what was found in them."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    records: dict[str, FileRecord] = field(default_factory=dict)
    latest: dict[str, date | None] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def note(self, file: str, problems: list[Problem], warnings: list[Problem]) -> None:
        self.errors += [error(where, what) for where, what in _placed(file, problems)]
        self.warnings += [warning(where, what) for where, what in _placed(file, warnings)]


def _placed(file: str, problems: list[Problem]) -> list[tuple[str, str]]:
    in_order = sorted(problems, key=lambda problem: problem[0])
    return [(f"{file}:{line}" if line else file, message) for line, message in in_order]


def read_snapshot(folder: Path | str) -> Snapshot:
    """Read a folder. Raises SnapshotErrors (InputErrors) with every error found, in the order of
    files and lines; warnings are in `findings`."""
    folder = Path(folder)
    listing = list_folder(folder)
    manifest, errors = _manifest(folder, listing)
    signed = manifest.files if manifest else {}
    reading = read_tables(listing.tables, lambda file: (folder / file).read_bytes(), signed=signed)
    errors = listing.errors + errors + _changes(manifest, listing, reading) + reading.errors
    cut = manifest.data_cut if manifest else _latest(reading)
    if cut is None and not errors:
        message = "no table has a date, so the day of the data cut is not known; add a manifest"
        errors = [error(str(folder), message)]
    if errors or cut is None:
        raise SnapshotErrors(in_file_order(errors), reading.tables, listing.tables)
    warnings = listing.warnings + reading.warnings + _study_warnings(listing.tables, reading)
    if manifest:
        warnings += _warnings_after(cut, listing.tables, reading)
    return Snapshot(
        folder=folder,
        tables=reading.tables,
        files=listing.tables,
        records=reading.records,
        manifest=manifest,
        findings=tuple(warnings),
        synthetic=manifest.synthetic if manifest else False,
        data_cut=cut,
    )


def _latest(reading: Reading) -> date | None:
    """The latest date in any table; a partial date counts with its first possible day."""
    return max((day for day in reading.latest.values() if day), default=None)


def read_tables(
    files: Mapping[str, str],
    fetch: Callable[[str], bytes],
    *,
    signed: Mapping[str, FileRecord],
) -> Reading:
    """Read and check the tables, dm first. `files` names the file of each table, `fetch` gives
    the bytes of a file, `signed` is what the manifest says of files."""
    reading = Reading()
    subjects: pl.DataFrame | None = None
    dm = files.get("dm", "dm.csv")
    for table, file in files.items():
        try:
            data = fetch(file)
        except OSError as wrong:
            reading.note(file, [(0, f"the file cannot be read: {wrong.strerror}")], [])
            continue
        found = record(data, rows=0)
        text, problems = _text(file, data, changed=signed.get(file, found).sha256 != found.sha256)
        reading.records[file] = replace(found, rows=0 if text is None else text.height)
        if problems or text is None:
            reading.damaged.add(file)
        if text is None:
            reading.note(file, problems, [])
            continue
        missing, unknown = checks.columns(table, text)
        cells = checks.cells(table, text)
        frame, conflicts = _key_checked(table, cells.frame, subjects, dm=dm)
        if table == "dm" and "USUBJID" in frame.columns and not (problems or frame.is_empty()):
            subjects = keys.subjects_of(frame)
        reading.tables[table] = frame
        reading.latest[table] = cells.latest
        problems += missing + cells.problems + conflicts
        reading.note(file, problems, unknown + cells.warnings)
    return reading


def _text(file: str, data: bytes, *, changed: bool) -> tuple[pl.DataFrame | None, list[Problem]]:
    if not file.lower().endswith(".parquet"):
        return read_csv(data)
    # A damaged Parquet file can end the whole process: the reader of Polars asks for the memory
    # that the file names. One that is known to be changed is an error anyway, and left alone.
    return (None, []) if changed else read_parquet(data)


def _key_checked(
    table: str, frame: pl.DataFrame, subjects: pl.DataFrame | None, *, dm: str
) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows in the order of their key, and what is wrong with their keys.

    `subjects` is None for dm itself, and where dm cannot be relied upon.
    """
    if "USUBJID" not in frame.columns:
        return frame, []
    if table == "dm" or subjects is None:
        subjects = keys.subjects_of(frame)
    frame, problems = keys.in_key_order(table, frame, subjects, dm=dm)
    if table == "dm":
        problems += keys.look_alikes(frame.sort(LINE))
        if frame.is_empty():
            problems.append((0, "the table has no rows; a snapshot has at least one subject"))
    return frame, problems


def _manifest(folder: Path, listing: Listing) -> tuple[Manifest | None, list[Finding]]:
    """The manifest, if there is one, or why it cannot be read."""
    name = listing.manifest
    if name is None:
        return None, []
    try:
        return load((folder / name).read_bytes()), []
    except OSError as wrong:
        return None, [error(name, f"the file cannot be read: {wrong.strerror}")]
    except ManifestError as wrong:
        return None, [error(*placed) for placed in _placed(name, wrong.problems)]


def _changes(manifest: Manifest | None, listing: Listing, reading: Reading) -> list[Finding]:
    """Where the files are not as the manifest says."""
    if manifest is None:
        return []
    unread = listing.clashing | (set(listing.tables.values()) - set(reading.records))
    records = {
        # The rows of a damaged file cannot be counted.
        file: replace(found, rows=manifest.files[file].rows)
        if file in reading.damaged and file in manifest.files
        else found
        for file, found in reading.records.items()
    }
    found = differences(manifest, records)
    return [error(file, what) for file, what in found if file not in unread]


def _warnings_after(cut: date, files: Mapping[str, str], reading: Reading) -> list[Finding]:
    """A warning for each column of dates that go on after the data cut."""
    return [
        warning(*placed)
        for table, latest in reading.latest.items()
        if latest is not None and latest > cut
        for placed in _placed(files[table], checks.after(reading.tables[table], cut))
    ]


def _study_warnings(files: Mapping[str, str], reading: Reading) -> list[Finding]:
    """A warning for each table with another STUDYID than the first row of dm."""
    dm = reading.tables["dm"]
    study = next(iter(dm["STUDYID"].drop_nulls()), "")
    dm_says = f"in dm {shown(study)}; all rows are read as one study"
    rule = checks.Rule(
        pl.col("STUDYID") != study,
        ("STUDYID",),
        lambda cell: f"STUDYID is {shown(cell)}, {dm_says}",
    )
    return [
        warning(*placed)
        for table, frame in reading.tables.items()
        if study and "STUDYID" in frame.columns
        for placed in _placed(files[table], checks.once(checks.breaches(frame, [rule])[0]))
    ]
