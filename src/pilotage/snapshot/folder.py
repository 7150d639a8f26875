"""The files of a snapshot's folder by their names: which table each holds, which are not read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pilotage.findings import Finding, InputErrors, error, warning
from pilotage.snapshot.manifest import MANIFEST
from pilotage.snapshot.tables import REQUIRED_TABLES, in_order, shown, table_of

COMPANIONS = frozenset({"reconstruction.json"})
"""Files beside the tables that say what a snapshot was made for; not read, without a warning."""


@dataclass(slots=True)
class Listing:
    """The file of each table, in the order in which tables are read, and of the manifest.

    Files that clash, two for one table, are neither read nor held against the manifest.
    """

    tables: dict[str, str] = field(default_factory=dict)
    manifest: str | None = None
    clashing: set[str] = field(default_factory=set)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def list_folder(folder: Path) -> Listing:
    """Sort out the files of a folder. Raises InputErrors where there is no folder to read."""
    try:
        paths = list(folder.iterdir())
    except FileNotFoundError:
        raise InputErrors([error(str(folder), "there is no such folder")]) from None
    except NotADirectoryError:
        message = "is not a folder; a snapshot is a folder with dm.csv, ex.csv and qs.csv"
        raise InputErrors([error(str(folder), message)]) from None
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise InputErrors([error(str(folder), f"the folder cannot be read: {reason}")]) from None
    names = [path.name for path in paths]
    if not any(_is_of_a_table(name) for name in names):
        words = "holds no table; a snapshot is a folder with dm.csv, ex.csv and qs.csv"
        raise InputErrors([error(str(folder), words + _nearby(paths))])
    return list_files(names)


def _is_of_a_table(name: str) -> bool:
    """Whether a file is meant to hold a table, in a form that is read or not."""
    return table_of(name) is not None or name.lower().rpartition(".")[0] in REQUIRED_TABLES


def _nearby(paths: list[Path]) -> str:
    """A folder inside that looks like a snapshot."""
    for path in sorted(paths):
        if path.is_dir() and any((path / f"dm.{kind}").is_file() for kind in ("csv", "parquet")):
            return f"; did you mean {path}?"
    return ""


def list_files(names: Iterable[str]) -> Listing:
    """Sort out file names. Names count in upper and in lower case; hidden files are passed over."""
    names = sorted(names)
    listing = Listing()
    holders: dict[str, list[str]] = {}
    for name in names:
        table = MANIFEST if name.lower() == MANIFEST else table_of(name)
        if table:
            holders.setdefault(table, []).append(name)
        elif not name.startswith(".") and name not in COMPANIONS:
            message = "not read: its name is not that of a table with subjects (dm.csv, ex.csv …)"
            listing.warnings.append(warning(name if name.isprintable() else shown(name), message))
    for table, files in holders.items():
        if len(files) > 1:
            listing.clashing |= {*files}
            both = " and ".join(shown(name) for name in files)
            what = "are both the manifest" if table == MANIFEST else f"both hold the table {table}"
            listing.errors.append(error(files[0], f"{both} {what}; keep one of them"))
    for table in REQUIRED_TABLES:
        if table not in holders:
            listing.errors.append(error(f"{table}.csv", _missing(table, names)))
    single = {table: files[0] for table, files in holders.items() if len(files) == 1}
    listing.manifest = single.pop(MANIFEST, None)
    listing.tables = {table: single[table] for table in in_order(single)}
    return listing


def _missing(table: str, names: list[str]) -> str:
    message = f"the table {table} is missing; a snapshot has dm, ex and qs, each .csv or .parquet"
    others = [shown(name) for name in names if name.lower().rpartition(".")[0] == table]
    return f"{message} ({', '.join(others)} cannot be read)" if others else message
