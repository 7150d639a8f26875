"""The tables of a snapshot made ready for derivation: subjects as numbers, columns that SDTM does
not know set aside; and their names again."""

from collections.abc import Iterable, Mapping

import polars as pl

from pilotage.datasets.adsl import ASIDE
from pilotage.snapshot import Snapshot
from pilotage.snapshot.empty import empty_table
from pilotage.snapshot.tables import LINE, known_columns


def with_subject_keys(snapshot: Snapshot, sources: Iterable[str]) -> dict[str, pl.DataFrame]:
    """The tables that become datasets with USUBJID as an enumeration (joins and groups then work on
    integers), and with the columns that SDTM does not know set aside under another name."""
    tables = {name: snapshot.tables[name] for name in sources if name in snapshot.tables}
    kind = pl.Enum(tables["dm"]["USUBJID"].sort())
    keyed = {name: t.with_columns(t["USUBJID"].cast(kind)) for name, t in tables.items()}
    asides = {name: _aside(name, table) for name, table in keyed.items()}
    return {n: table.rename(asides[n]) if asides[n] else table for n, table in keyed.items()}


def or_empty(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """The table, or one without rows where the snapshot has none."""
    if name in tables:
        return tables[name]
    return empty_table(name).cast({"USUBJID": tables["dm"].schema["USUBJID"]})


def _aside(name: str, table: pl.DataFrame) -> dict[str, str]:
    known = known_columns(name)
    if known is None:
        return {}
    return {c: ASIDE + c for c in table.columns if c not in known and c != LINE}


def names_of_source(columns: list[str]) -> dict[str, str]:
    """The names of the source again; with SRC_ before where a dataset has such a column."""
    taken = {column for column in columns if not column.startswith(ASIDE)}
    own = {column: column.removeprefix(ASIDE) for column in columns if column.startswith(ASIDE)}
    return {column: f"SRC_{name}" if name in taken else name for column, name in own.items()}
