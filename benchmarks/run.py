"""All benchmarks, or some of them: `make bench`, `python benchmarks/run.py --only derive`.

Ours and a peer in one run, round by round; the rules stand in `measuring.py`. Passes are written to
the log as they end (--log, JSON lines); --table FILE puts the table into a page between its marks.
The processors are shared with what else the machine does: ratios say more than times.
"""

import argparse
import os
import platform
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from fixed_threads import THREADS
from measuring import Log, Measured, Probes, Task, measure
from tables import into_page, row, table

TASKS = ("start_up", "derive", "analyse", "report", "audit", "simulate")
LOG = Path("demo-output") / "bench.jsonl"


def main(words: list[str]) -> int:
    asked = parser().parse_args(words)
    warnings.simplefilter("ignore")  # of the peers
    log, probes = Log(asked.log), Probes()
    tell(machine(probes))
    log.write(machine=machine(probes), quick=asked.quick)
    if asked.large:
        from large import derive_in_blocks

        tell(derive_in_blocks(asked.large, log, tell))
        return 0
    rows, failed = [], False
    for name in asked.only or TASKS:
        for each in rows_of(name, asked, probes, log):
            failed |= "not the same results" in each or "failed" in each
            rows.append(each)
    tell(f"\n{table(rows)}")
    if asked.table is not None:
        into_page(asked.table, rows, machine(probes))
        tell(f"{asked.table}: written")
    return int(failed)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="make bench",
        description="How long the heavy steps take, beside peers in the same run.",
    )
    made.add_argument("--only", action="append", choices=TASKS, help="this task (may be repeated)")
    made.add_argument(
        "--match", default="", metavar="TEXT", help="only tasks with this in the name"
    )
    made.add_argument("--quick", action="store_true", help="small data: does everything run?")
    made.add_argument("--rounds", type=int, help="so many rounds, whatever the rule says")
    made.add_argument("--table", type=Path, metavar="FILE", help="put the table into this page")
    made.add_argument("--log", type=Path, default=LOG, help=f"every pass (default: {LOG})")
    made.add_argument(
        "--large", type=int, metavar="N", help="only: derive N subjects in blocks, and its memory"
    )
    return made


def rows_of(name: str, asked: argparse.Namespace, probes: Probes, log: Log) -> Iterator[str]:
    module = import_module(f"task_{name}")
    if name == "simulate":
        tell("simulate")
        yield from module.rows(log, tell, quick=asked.quick)
        return
    tasks: Callable[..., Iterator[Task]] = module.tasks
    for task in tasks(quick=asked.quick):
        if asked.match not in task.name:
            continue
        tell(f"{task.name}: {task.what}; beside {task.peer_is}")
        rounds = asked.rounds or (1 if asked.quick else None)
        measured: Measured = measure(task, probes, log, tell, rounds=rounds)
        for words in measured.differs:
            tell(f"  not the same: {words}")
        yield row(measured)


def machine(probes: Probes) -> str:
    """The machine and its load, as the table says it."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    peers = ", ".join(f"{name} {version(name)}" for name in ("polars", "numpy", "scipy"))
    r = "" if shutil.which("Rscript") else " R is not installed."
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} processors, {THREADS} threads for all, "
        f"Python {platform.python_version()}, {peers}; load {load}; "
        f"fastest probe {probes.fastest:.3f} s.{r}"
    )


def tell(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
