"""What a simulation says, as two small tables: `summary.csv` and `operating_characteristics.csv`.

Every number stands beside its Monte-Carlo standard error: how far it would move if the simulation
were run again with another seed.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pilotage.output import write_whole
from pilotage.simulation.trials.characteristics import Characteristic, characteristics
from pilotage.simulation.trials.run import Simulated

SUMMARY, CHARACTERISTICS = "summary.csv", "operating_characteristics.csv"


Rehearsed = Mapping[str, Sequence[Characteristic]]
"""What was counted in the rehearsals of each scenario, by its name."""
NONE: Final[Rehearsed] = {}


def write_results(folder: Path, done: Iterable[Simulated], rehearsed: Rehearsed = NONE) -> None:
    """Both tables of one scenario, or of every point of a grid, below each other."""
    done = list(done)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / SUMMARY, _text(_summary_rows(done)))
    write_whole(folder / CHARACTERISTICS, _text(_characteristic_rows(done, rehearsed)))


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


def _characteristic_rows(done: list[Simulated], rehearsed: Rehearsed) -> Iterator[list[object]]:
    """EXACT is blank where no exact mathematics applies, MCSE where there is a single trial. TRIALS
    are those of which the number comes: of alerts and queries, the rehearsals."""
    yield ["SCENARIO", "SETTINGS", "TRIALS", "SUBJECTS", "SEED", "NAME", "LABEL", "UNIT", "VALUE",
           "MCSE", "EXACT"]  # fmt: skip
    for each in done:
        for row in characteristics(each, rehearsed.get(each.case.name, ())):
            told = (row.name, row.label, row.unit, row.value, row.error, row.exact)
            yield [*_head(each, row.rehearsals), *told]


def _head(done: Simulated, rehearsals: int = 0) -> list[object]:
    settings = "; ".join(f"{path}={value:g}" for path, value in done.case.settings.items())
    return [done.case.name, settings, rehearsals or done.trials, done.subjects, done.seed]


def _text(rows: Iterable[list[object]]) -> str:
    """Numbers are written so that they read back as they are; blank where there is none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([repr(cell) if isinstance(cell, float) else cell for cell in row])
    return text.getvalue()
