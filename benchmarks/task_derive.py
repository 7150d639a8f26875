"""Deriving all datasets of made-up snapshots of 20 visits: ours beside the same columns in plain
Polars with names as keys, and beside the plain Python that referees the tests."""

import csv
import math
import sys
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl
from made_up import CUT, made_up, snapshot
from measuring import Task
from peers.derive_by_hand import derive_by_hand
from polars.testing import assert_frame_equal

from pilotage.datasets import derive
from pilotage.snapshot import Snapshot, read_snapshot
from pilotage.study import Study, load_study

STUDY = "lenalidomide_cle"
ORACLE = Path(__file__).parents[1] / "tests" / "reference" / "rederivation"
BY_PLAIN_PYTHON = 500
TOLERANCE = 1e-9


@cache
def study() -> Study:
    return load_study(STUDY)


def tasks(*, quick: bool) -> Iterator[Task]:
    yield cohort()
    yield beside_plain_python()
    for subjects in (1000,) if quick else (10_000, 100_000):
        yield beside_polars(subjects)


def cohort() -> Task:
    with as_file(files("pilotage.studies") / STUDY / "cohort") as folder:
        known = read_snapshot(folder)
    rows = sum(known.tables[table].height for table in ("qs", "lb"))
    what = f"the built-in cohort of 15 subjects with all items ({rows} rows)"
    return Task("derive 15", what, partial(derive, study(), known))


def beside_polars(subjects: int) -> Task:
    known = snapshot(subjects)
    ours, peer = partial(derive, study(), known), partial(derive_by_hand, known.tables, CUT)
    return Task(
        name=f"derive {subjects:,}",
        what=f"{subjects:,} subjects x 20 visits, {size(known)}",
        ours=ours,
        peer_is="the same columns in plain Polars, names as keys",
        peer=peer,
        check=lambda: disagreements(ours().named(), peer()),
    )


def size(known: Snapshot) -> str:
    return f"{sum(known.tables[name].height for name in ('qs', 'lb')):,} values"


def disagreements(ours: dict[str, pl.DataFrame], peer: dict[str, pl.DataFrame]) -> list[str]:
    """Every cell of every dataset that the peer makes, rows in the same order."""
    found = []
    for name, frame in peer.items():
        try:
            assert_frame_equal(frame, ours[name], rel_tol=1e-12, abs_tol=0)
        except AssertionError as difference:
            found.append(f"{name}: {' '.join(str(difference).split())[:300]}")
    return found


def beside_plain_python() -> Task:
    """The oracle reads texts, so the tables are written first and read from their files."""
    sys.path.insert(0, str(ORACLE))
    import oracle

    rows = as_texts(BY_PLAIN_PYTHON)
    with tempfile.TemporaryDirectory() as folder:
        for name, texts in rows.items():
            write(Path(folder) / f"{name}.csv", texts)
        known = read_snapshot(folder)
    ours, peer = partial(derive, study(), known), partial(oracle.derive, rows | NOTHING)
    return Task(
        name=f"derive {BY_PLAIN_PYTHON}",
        what=f"{BY_PLAIN_PYTHON} subjects x 20 visits, {size(known)}",
        ours=ours,
        peer_is="plain Python, subject by subject (the referee of the tests)",
        peer=peer,
        check=lambda: scores_differ(ours().adqs, peer()),
    )


NOTHING: dict[str, list[dict[str, str]]] = {"ae": [], "ds": []}


def as_texts(subjects: int) -> dict[str, list[dict[str, str]]]:
    texts = {}
    for name, frame in made_up(subjects).items():
        cells = frame.drop("SRCLINE").cast(pl.String).fill_null("")
        texts[name] = cells.to_dicts()
    return texts


def write(file: Path, texts: list[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(texts[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(texts)


def scores_differ(adqs: pl.DataFrame, plain: object) -> list[str]:
    """The scores with their change, day and visit. (The tests hold all datasets equal.)"""
    assert isinstance(plain, dict)
    columns = ("AVAL", "BASE", "CHG", "PCHG", "ADY", "AVISITN")
    known = {(row["USUBJID"], row["QSSEQ"]): row for row in plain["adqs"]}
    if len(known) != adqs.height:
        return [f"adqs: {adqs.height} rows, in plain Python {len(known)}"]
    for row in adqs.to_dicts():
        other = known[row["USUBJID"], row["QSSEQ"]]
        for name in columns:
            if not alike(row[name], other[name]):
                return [f"adqs, {row['USUBJID']}: {name} {row[name]}, in Python {other[name]}"]
    return []


def alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
