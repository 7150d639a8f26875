"""A snapshot of one subject, S01, from the few cells that a test speaks of."""

import csv
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pilotage.snapshot import Snapshot, read_snapshot

Cells = Mapping[str, object]


def written(tables: Mapping[str, Iterable[Cells]], usual: Mapping[str, Cells]) -> Snapshot:
    """The snapshot, without a manifest. `usual` are the cells of every row of a table that says
    nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for name, given in tables.items():
            rows = [_row(name, number, cells, usual) for number, cells in enumerate(given, 1)]
            columns = dict.fromkeys(c for row in [_row(name, 1, {}, usual), *rows] for c in row)
            with (Path(folder) / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(columns), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return read_snapshot(Path(folder))


def _row(name: str, number: int, cells: Cells, usual: Mapping[str, Cells]) -> dict[str, object]:
    keys: dict[str, object] = {"STUDYID": "S", "DOMAIN": name.upper(), "USUBJID": "S01"}
    if name.startswith("supp"):
        del keys["DOMAIN"]
    elif name != "dm":
        keys[f"{name.upper()}SEQ"] = number
    return {**keys, **usual.get(name, {}), **cells}
