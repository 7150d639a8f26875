"""What a simulation says, as two small tables: `summary.csv` and `operating_characteristics.csv`.

Every number stands beside its Monte-Carlo standard error: how far it would move if the simulation
were run again with another seed.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pilotage.simulation.blocks import write_whole
from pilotage.simulation.columns import Column
from pilotage.simulation.run import Simulated

SUMMARY, CHARACTERISTICS = "summary.csv", "operating_characteristics.csv"


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A number about the design: `error` is its Monte-Carlo standard error, `unit` what it counts:
    a share of subjects or of trials, or something of each subject or trial."""

    name: str
    label: str
    value: float
    error: float
    unit: str


def characteristics(done: Simulated) -> Iterator[Characteristic]:
    """What happens to subjects and trials, on average."""
    totals = done.totals
    for column in totals.columns:
        of, unit = (1, "days of a trial") if column.name == "DURATION_DAYS" else (
            done.subjects, _unit(column))  # fmt: skip
        value, err = totals.mean(column.name) / of, totals.error(column.name) / of
        yield Characteristic(column.name, column.label, value, err, unit)
    yield from _distribution(done)


def _unit(column: Column) -> str:
    if column.of == "subjects":
        return "share of subjects"
    return f"{column.unit} of a subject" if column.unit else "of a subject"


def _distribution(done: Simulated) -> Iterator[Characteristic]:
    """The share of trials with each number of successes."""
    trials = done.totals.trials
    for number, found in sorted(done.totals.successes.items()):
        share = found / trials
        yield Characteristic(
            f"SUCCESSES_{number}",
            f"Trials with {number} of {done.subjects} successes",
            share,
            math.sqrt(share * (1 - share) / trials),
            "share of trials",
        )


def write_results(folder: Path, done: Iterable[Simulated]) -> None:
    """Both tables of one scenario, or of every point of a grid, below each other."""
    done = list(done)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / SUMMARY, _text(_summary_rows(done)))
    write_whole(folder / CHARACTERISTICS, _text(_characteristic_rows(done)))


def _summary_rows(done: list[Simulated]) -> Iterator[list[object]]:
    """Of each column of the trials: mean, standard deviation, least and greatest value."""
    yield ["SCENARIO", "SETTINGS", "TRIALS", "SUBJECTS", "SEED", "NAME", "LABEL", "UNIT", "MEAN",
           "SD", "MCSE", "MIN", "MAX"]  # fmt: skip
    for each in done:
        for column, mean, sd, least, greatest in each.totals.rows():
            yield [
                *_head(each), column.name, column.label, column.unit, mean, sd,
                each.totals.error(column.name), least, greatest,
            ]  # fmt: skip


def _characteristic_rows(done: list[Simulated]) -> Iterator[list[object]]:
    yield ["SCENARIO", "SETTINGS", "TRIALS", "SUBJECTS", "SEED", "NAME", "LABEL", "UNIT", "VALUE",
           "MCSE"]  # fmt: skip
    for each in done:
        for row in characteristics(each):
            yield [*_head(each), row.name, row.label, row.unit, row.value, row.error]


def _head(done: Simulated) -> list[object]:
    settings = "; ".join(f"{path}={value:g}" for path, value in done.case.settings.items())
    return [done.case.name, settings, done.trials, done.subjects, done.seed]


def _text(rows: Iterable[list[object]]) -> str:
    """Numbers are written so that they read back as they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([repr(cell) if isinstance(cell, float) else cell for cell in row])
    return text.getvalue()
