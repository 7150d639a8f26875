"""A large snapshot cut into blocks of subjects.

Other subjects never change what a subject's rows say, so a block can be derived by itself; what is
small enough stays in the caches of the processor, and the memory of one block serves the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import polars as pl

from pilotage.snapshot import Snapshot
from pilotage.study.protocol import Protocol

ROWS = 500_000
"""About so many rows of all tables make a block."""


def blocks(snapshot: Snapshot, protocol: Protocol) -> list[Snapshot]:
    """The snapshot in blocks of subjects, in the order of their names; one block where it is not
    larger, or where its rows do not stand in that order."""
    tables, subjects = snapshot.tables, snapshot.tables["dm"].height
    number = min(sum(table.height for table in tables.values()) // ROWS, subjects)
    in_order = all(_in_order(table) for table in tables.values())
    if number < 2 or not in_order or not _measured(protocol):
        return [snapshot]
    names = tables["dm"]["USUBJID"]
    starts = names.gather([subjects * block // number for block in range(1, number)])
    cut = {name: _cut(table, starts) for name, table in tables.items()}
    return [
        replace(snapshot, tables={name: parts[block] for name, parts in cut.items()})
        for block in range(number)
    ]


def _in_order(table: pl.DataFrame) -> bool:
    if "USUBJID" not in table.columns:
        return False
    return table["USUBJID"].null_count() == 0 and table["USUBJID"].is_sorted()


def _measured(protocol: Protocol) -> bool:
    """Has every laboratory parameter a unit? Else equal results of many subjects share a finding,
    which no block can count; of a test that is no parameter another finding tells (see `alone`)."""
    return all(each.unit for each in protocol.parameters.values() if each.domain == "LB")


def _cut(table: pl.DataFrame, starts: pl.Series) -> list[pl.DataFrame]:
    places = table["USUBJID"].search_sorted(starts, side="left").to_list()
    return [table[begin:end] for begin, end in pairwise([0, *places, table.height])]


def alone(findings: pl.DataFrame) -> bool:
    """Does every finding speak of one subject? One that does not, such as that about a test, may
    say something else of all subjects than of a block."""
    return findings["USUBJID"].null_count() == 0


def joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames, rechunk=False)


def joined_by_name(parts: Sequence[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    return {name: joined(part[name] for part in parts) for name in parts[0]}
