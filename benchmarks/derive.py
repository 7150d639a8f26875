"""How long deriving takes, beside a second derivation of the same datasets in plain Python.

Run with `make bench`. Both are timed in one run on the same snapshot, and the ratio is what counts:
the times themselves move with the machine. The plain derivation is the referee of the tests
(tests/reference/rederivation), written for clarity.
"""

import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference" / "rederivation"))

import oracle

from pilotage.datasets import derive
from pilotage.snapshot import read_snapshot
from pilotage.study import Study, load_study

STUDY = "lenalidomide_cle"
START = date(2020, 1, 1)
SCORES = ("CLASIACT", "CLASIDAM", "SLEDAI")
CELLS = {"NEUT": "2.1", "PLAT": "210"}
VISITS = 20


def tables(subjects: int) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A snapshot with the required tables and laboratory data: 20 visits, four weeks apart."""
    names = [f"S{number:05}" for number in range(subjects)]
    yield "dm", [{"USUBJID": name, "AGE": 44, "SEX": "F", "RFICDTC": START} for name in names]
    ends = START + timedelta(weeks=30)
    yield (
        "ex",
        [
            {
                **{"USUBJID": name, "EXSEQ": 1, "EXTRT": "DRUG", "EXDOSE": 5, "EXDOSU": "mg"},
                **{"EXDOSFRQ": "QD", "EXSTDTC": START, "EXENDTC": ends},
            }
            for name in names
        ],
    )
    yield "qs", list(_visits(names, "QS", SCORES, _score))
    yield "lb", list(_visits(names, "LB", tuple(CELLS), _count))


def _visits(
    names: list[str], domain: str, tests: tuple[str, ...], cells: Callable[..., dict[str, object]]
) -> Iterator[dict[str, object]]:
    for number, name in enumerate(names):
        rows = ((visit, test) for visit in range(VISITS) for test in tests)
        for sequence, (visit, test) in enumerate(rows, start=1):
            yield {
                "USUBJID": name,
                f"{domain}SEQ": sequence,
                f"{domain}TESTCD": test,
                "VISITNUM": visit,
                "VISIT": f"Visit {visit}",
                f"{domain}DTC": START + timedelta(weeks=4 * visit),
                **cells(test, number, visit),
            }


def _score(test: str, number: int, visit: int) -> dict[str, object]:
    value = max(0, 9 + number % 5 - visit) if test == "CLASIACT" else 2
    category = "SLEDAI-2K" if test == "SLEDAI" else "CLASI"
    return {"QSCAT": category, "QSORRES": value, "QSSTRESN": value}


def _count(test: str, number: int, visit: int) -> dict[str, object]:
    limits = {"LBORNRLO": "1.8", "LBORNRHI": "7.7"} if test == "NEUT" else {}
    return {"LBORRES": CELLS[test], "LBORRESU": "10*9/L", **limits}


def write(folder: Path, subjects: int) -> dict[str, list[dict[str, str]]]:
    """The tables as files, and as rows of text."""
    written = {}
    for name, rows in tables(subjects):
        columns = dict.fromkeys(["STUDYID", "DOMAIN", *oracle_columns(name), *rows[0]])
        texts = [
            {c: str(row.get(c, "")) for c in columns} | {"STUDYID": "BENCH", "DOMAIN": name.upper()}
            for row in rows
        ]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows(texts)
        written[name] = texts
    return written


def oracle_columns(name: str) -> list[str]:
    from random_snapshots import COLUMNS

    return COLUMNS[name].split()


def milliseconds(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def built_in(study: Study) -> None:
    """Derive 15: the cohort of the study's folder, with all its items: the first time in this
    process, and then. To aim at: 50 ms."""
    with as_file(files("pilotage.studies") / STUDY / "cohort") as folder:
        snapshot = read_snapshot(folder)
    once = partial(derive, study, snapshot)
    first = milliseconds(once, 1)
    times = [milliseconds(once, 1) for _ in range(200)]
    rows = sum(snapshot.tables[table].height for table in ("qs", "lb"))
    print(
        f"derive 15: built-in cohort, {rows} rows of QS and LB: first {first:.0f} ms, then "
        f"best {min(times):.0f} ms, median {statistics.median(times):.0f} ms"
    )


def main() -> None:
    study = load_study(STUDY)
    built_in(study)
    print("subjects  visits  derive (median)  plain Python  ratio")
    for subjects, times in ((15, 21), (1000, 3), (10_000, 3)):
        with tempfile.TemporaryDirectory() as folder:
            rows = write(Path(folder), subjects)
            snapshot = read_snapshot(Path(folder))
            ours = milliseconds(partial(derive, study, snapshot), times)
            plain, ratio = "-", "-"
            if subjects <= 1000:
                other = milliseconds(partial(oracle.derive, rows | {"ae": [], "ds": []}), 3)
                plain, ratio = f"{other:.0f} ms", f"{other / ours:.1f}"
            print(f"{subjects:8}  {VISITS:6}  {ours:12.0f} ms  {plain:>12}  {ratio:>5}")


if __name__ == "__main__":
    main()
