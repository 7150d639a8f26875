"""Rehearsals on disk: `rehearsals.csv`, a row for each, so that one that is done is not done again.

Nothing in the file tells when or where it was made: the same rehearsals give the same bytes.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pilotage import __version__
from pilotage.output import write_whole
from pilotage.simulation.burdens.counts import COUNTED, Counts
from pilotage.simulation.scenarios import Case
from pilotage.study import Study

FILE = "rehearsals.csv"
NUMBER, SEED, WEEKS, MOST, MADE_OF = (
    "REHEARSAL", "SEED", "WEEKS", "MOST_ALERTS_IN_A_WEEK", "MADE_OF",
)  # fmt: skip
NAMES = tuple(each.name for each in COUNTED)
HEAD = (NUMBER, SEED, WEEKS, MOST, *NAMES, MADE_OF)


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of one scenario. `made_of` is a hash of what its rehearsals follow from beside their
    seed."""

    folder: Path
    made_of: str

    def read(self) -> Iterator[Counts]:
        """What an earlier run has left of the same; rows of anything else are not looked at."""
        try:
            text = (self.folder / FILE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return
        rows = csv.DictReader(io.StringIO(text))
        if tuple(rows.fieldnames or ()) != HEAD:
            return
        for row in rows:
            counts = _counts(row)
            if counts is not None and row[MADE_OF] == self.made_of:
                yield counts

    def write(self, found: Iterable[Counts]) -> None:
        """Write the whole file, in the order of the numbers."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEAD)
        for each in sorted(found, key=lambda counts: counts.number):
            of = (each.of[name] for name in NAMES)
            first = (each.number, each.seed, each.weeks, each.most_in_a_week)
            writer.writerow([*first, *of, self.made_of])
        write_whole(self.folder / FILE, text.getvalue())


def made_of(study: Study, case: Case, subjects: int) -> str:
    """The same for rehearsals that are the same, given their seed."""
    parts = {
        "pilotage": __version__,
        "study": study.digest,
        "synthetic": case.nature.model_dump(mode="json", by_alias=True),
        "simulation": case.simulation.model_dump(mode="json", by_alias=True),
        "subjects": subjects,
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _counts(row: Mapping[str, str]) -> Counts | None:
    """A row as it was written; None for one that is not whole."""
    try:
        of = {name: int(row[name]) for name in NAMES}
        number, seed, weeks, most = (int(row[name]) for name in (NUMBER, SEED, WEEKS, MOST))
    except (TypeError, ValueError):
        return None
    return Counts(number, seed, weeks, most, of)
