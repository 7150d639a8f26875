"""Mutation tests: changes the code in one place at a time and asks whether a test notices.

    python tools/mutants.py                        every mutant of every file
    python tools/mutants.py --file rules/decide.py those of one file
    python tools/mutants.py --sample 20 --seed 1   a fixed part of all

Which files, with which tests, stands in tests/mutants.yaml, and beside it why each mutant that no
test notices is accepted. The run fails on a survivor without such a reason, and on a reason without
survivor.
"""

import argparse
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from rich.progress import track
from ruamel.yaml import YAML

from mutants_made import Mutant, Place, mutants_of

ROOT = Path(__file__).parents[1]
LIST = "tests/mutants.yaml"


@dataclass(frozen=True, slots=True)
class Listed:
    """What tests/mutants.yaml says."""

    package: str
    tests: dict[str, tuple[str, ...]]
    reasons: dict[Place, str]


@dataclass(frozen=True, slots=True)
class Row:
    """The mutants of a file by what became of them."""

    file: str
    found: Counter[str]

    def __str__(self) -> str:
        tried = self.found.total()
        noticed = self.found["killed"] + self.found["timeout"]
        words = f"{self.file:<32}{tried:>5} mutants {noticed:>5} killed"
        if self.found["timeout"]:
            words += f" ({self.found['timeout']} by time)"
        words += f" {self.found['accepted']:>3} accepted {self.found['unexplained']:>3} unexplained"
        return f"{words} {100 * noticed / tried:>6.1f} %" if tried else words


def read_list(path: Path) -> Listed:
    written = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    reasons: dict[Place, str] = {}
    for file, entries in (written["accepted"] or {}).items():
        for entry in entries:
            for each in entry["mutants"]:
                function, time = each.get("in", ""), each.get("time", 1)
                place = (file, function, each["was"], each["becomes"], time)
                if place in reasons:
                    raise ValueError(f"{path.name} has {file} {function} {each['becomes']!r} twice")
                reasons[place] = entry["because"]
    tests = {file: tuple(names) for file, names in written["tests"].items()}
    return Listed(written["package"], tests, reasons)


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    root: Path = options.root
    listed = read_list(root / LIST)
    files = [file for file in listed.tests if not options.file or file in options.file]
    mutants = {
        file: mutants_of(file, (root / "src" / listed.package / file).read_bytes())
        for file in files
    }
    all_of_them = [mutant for file in files for mutant in mutants[file]]
    chosen = _sample(all_of_them, options.sample, options.seed)
    if options.list:
        for mutant in chosen:
            print(f"{mutant.file}:{mutant.line}: {mutant.was}  →  {mutant.becomes}")
        return 0
    nowhere = {place for place in listed.reasons if place[0] in files}
    stale = nowhere - {mutant.place for mutant in all_of_them}
    survivors, rows = _try(root, listed, chosen)
    survived = {mutant.place for mutant in survivors}
    stale |= {m.place for m in chosen} & listed.reasons.keys() - survived
    for row in rows:
        print(row)
    if len(rows) > 1:
        print(Row("together", sum((row.found for row in rows), Counter[str]())))
    return _failures([m for m in survivors if m.place not in listed.reasons], sorted(stale))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation tests of the parts that decide.")
    parser.add_argument("--file", action="append", help="only this file; may be given again")
    parser.add_argument("--sample", type=int, help="only so many mutants, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="print the mutants, run nothing")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _sample(mutants: list[Mutant], size: int | None, seed: int) -> list[Mutant]:
    if size is None or size >= len(mutants):
        return mutants
    places = sorted(random.Random(seed).sample(range(len(mutants)), size))
    return [mutants[place] for place in places]


def _try(root: Path, listed: Listed, chosen: list[Mutant]) -> tuple[list[Mutant], list[Row]]:
    """The survivors, and a row for each file."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # before Polars is imported
    from mutants_tried import Trial, outcome, warm_up

    sys.path.insert(0, str(root / "src"))
    trials = [Trial(root, listed.package, file, tests) for file, tests in listed.tests.items()]
    warm_up([trial.module for trial in trials])
    survivors: list[Mutant] = []
    rows: list[Row] = []
    for trial in trials:
        of_file = [mutant for mutant in chosen if mutant.file == trial.file]
        if not of_file:
            continue
        found, seconds = outcome(trial, trial.path.read_bytes())
        if found != "survived":
            raise SystemExit(f"the tests of {trial.file} fail as it stands: {trial.tests}")
        timed = replace(trial, seconds=seconds)
        count = Counter[str]()
        for mutant in _shown(of_file, trial.file):
            found, _ = outcome(timed, mutant.source)
            word: str = found
            if found == "survived":
                survivors.append(mutant)
                word = "accepted" if mutant.place in listed.reasons else "unexplained"
            count[word] += 1
        rows.append(Row(trial.file, count))
    return survivors, rows


def _shown(mutants: list[Mutant], title: str) -> Iterable[Mutant]:
    return track(mutants, title) if sys.stdout.isatty() else mutants


def _failures(unexplained: list[Mutant], stale: list[Place]) -> int:
    """Prints what must be done; 0 where that is nothing."""
    if unexplained:
        print(f"\nNo test notices these. Write one, or say in {LIST} why none can:\n")
        print(_as_entries(unexplained))
    if stale:
        print(f"\nThese reasons in {LIST} have no survivor. Take them out:\n")
        for file, function, was, becomes, _ in stale:
            print(f"{file} {function}: {was}  →  {becomes}")
    return 1 if unexplained or stale else 0


def _as_entries(mutants: list[Mutant]) -> str:
    """In the form of the list, with the number of the line as a comment."""
    by_file: dict[str, list[dict[str, Any]]] = {}
    for mutant in mutants:
        entry: dict[str, Any] = {"line": mutant.line}
        if mutant.function:
            entry["in"] = mutant.function
        entry |= {"was": mutant.was, "becomes": mutant.becomes}
        if mutant.time > 1:
            entry["time"] = mutant.time
        by_file.setdefault(mutant.file, []).append(entry)
    writer, written = YAML(), StringIO()
    writer.width = 1000
    writer.dump({f: [{"because": "", "mutants": found}] for f, found in by_file.items()}, written)
    return re.sub(r"- line: (\d+)\n *", r"- # line \1\n    ", written.getvalue())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
