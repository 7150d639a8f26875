"""Write a snapshot: the tables as CSV, the manifest beside them; all of it or nothing."""

import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from pilotage import __version__
from pilotage.findings import Finding, InputErrors, error
from pilotage.snapshot.columnar import as_text
from pilotage.snapshot.delimited import without_blanks
from pilotage.snapshot.folder import list_files
from pilotage.snapshot.manifest import (
    MANIFEST,
    Manifest,
    ManifestError,
    ProtocolVersion,
    Version,
    dump,
    load,
    record,
)
from pilotage.snapshot.read import read_tables
from pilotage.snapshot.tables import LINE, in_order, shown


def write_snapshot(
    tables: Mapping[str, pl.DataFrame],
    folder: Path | str,
    *,
    study: str,
    cut: date,
    synthetic: bool,
    protocol_versions: Iterable[Version],
    seed: int | None = None,
    replace: bool = False,
    companions: Mapping[str, bytes] | None = None,
) -> Manifest:
    """Write tables (by lower-case name) as CSV files with a manifest into a new folder, and with
    them the `companions`, files of names that a snapshot knows.

    The same tables give the same bytes: rows and columns stay in their order, SRCLINE is left out,
    a text of nothing but blanks becomes an empty cell. With `replace` an earlier snapshot in the
    folder gives way, as a whole; without it a folder that is not empty is refused, and a folder
    that holds anything else always is.

    Raises InputErrors, having written nothing, for a folder that is refused and for tables that
    `read_snapshot` would not read.
    """
    folder = Path(folder)
    files = _files_of(tables)
    manifest = Manifest(
        pilotage=__version__,
        study=study,
        data_cut=cut,
        synthetic=synthetic,
        seed=seed,
        protocol_versions=tuple(ProtocolVersion(v.id, v.date) for v in protocol_versions),
        files={
            name: record(data, tables[name.removesuffix(".csv")].height)
            for name, data in files.items()
        },
    )
    files[MANIFEST] = dump(manifest)
    _refuse([*_unreadable(files), *_wrong_in(files[MANIFEST])])
    files.update(companions or {})
    _put(files, folder, replace=replace)
    return manifest


def check_tables(tables: Mapping[str, pl.DataFrame]) -> None:
    """Raise the InputErrors for tables with which `write_snapshot` refuses them, file and line as
    they would be written; nothing is."""
    _refuse(_unreadable(_files_of(tables)))


def copy_snapshot(source: Path, folder: Path, *, replace: bool = False) -> None:
    """Copy the files of a snapshot into a new folder, or with `replace` in place of an earlier one.
    Raises InputErrors, having written nothing, for a folder that is refused."""
    files = {path.name: path.read_bytes() for path in sorted(source.iterdir()) if path.is_file()}
    _put(files, folder, replace=replace)


def _put(files: Mapping[str, bytes], folder: Path, *, replace: bool) -> None:
    try:
        _check_folder(folder, replace=replace)
        _swap_in(folder, files)
    except OSError as wrong:
        raise InputErrors([error(str(folder), f"cannot be written: {wrong.strerror}")]) from None


def _files_of(tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    return {f"{table}.csv": _csv(table, tables[table]) for table in in_order(tables)}


def _csv(table: str, frame: pl.DataFrame) -> bytes:
    columns = [(column.name, as_text(column)) for column in frame if column.name != LINE]
    wrong = [
        error(f"{table}.csv", f"the column {name} holds {frame[name].dtype}, which is no text")
        for name, text in columns
        if text is None
    ]
    _refuse(wrong)
    text = without_blanks(pl.DataFrame([text for _, text in columns if text is not None]))
    return text.write_csv().encode()


def _unreadable(files: Mapping[str, bytes]) -> list[Finding]:
    """Why the tables would not be read as a snapshot."""
    listing = list_files(files)
    errors = listing.errors + [error(w.where, w.message) for w in listing.warnings]
    return errors + read_tables(listing.tables, files.__getitem__, signed={}).errors


def _wrong_in(manifest: bytes) -> list[Finding]:
    try:
        load(manifest)
    except ManifestError as wrong:
        return [error(MANIFEST, message) for _, message in wrong.problems]
    return []


def _refuse(errors: list[Finding]) -> None:
    if errors:
        raise InputErrors(errors)


def _check_folder(folder: Path, *, replace: bool) -> None:
    """Raise InputErrors unless the folder is new, empty, or a snapshot that may be replaced."""
    where = str(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputErrors([error(where, "is not a folder; name a new one")])
    present = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if not present:
        return
    if MANIFEST not in present:
        message = "the folder holds files and is no snapshot; name a new or an empty folder"
        raise InputErrors([error(where, message)])
    if not replace:
        message = "the folder holds a snapshot already; name a new folder, or ask to replace it"
        raise InputErrors([error(where, message)])
    foreign = [shown(finding.where) for finding in list_files(present).warnings]
    foreign += [shown(name) for name in present if name.startswith(".")]
    if foreign:
        message = f"the snapshot there is not replaced: its folder also holds {', '.join(foreign)}"
        raise InputErrors([error(where, message)])


def _swap_in(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into a folder beside the target, then give it the target's name."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex[:8]
    new = folder.with_name(f".{folder.name}.new-{mark}")
    old = folder.with_name(f".{folder.name}.old-{mark}")
    new.mkdir()
    try:
        for name, data in files.items():
            with (new / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        if folder.exists():
            folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                old.rename(folder)
                raise
            shutil.rmtree(old)
        else:
            new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
