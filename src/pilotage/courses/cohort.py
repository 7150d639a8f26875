"""A synthetic cohort as a snapshot: it takes the same road as the data of any trial."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pilotage.courses.chance import chance
from pilotage.courses.course import Course
from pilotage.courses.load import load_nature
from pilotage.courses.measures import Setting, setting
from pilotage.courses.nature import Nature
from pilotage.courses.records import Records
from pilotage.courses.screening import CANDIDATES, Barrier, everybody_enters, nobody_enters
from pilotage.snapshot import Snapshot, read_snapshot, write_snapshot
from pilotage.snapshot.empty import empty_table
from pilotage.study import Study

ALWAYS = ("dm", "ex", "qs", "lb", "ae", "ds")
"""Tables that a cohort writes even when no subject has a row."""

BATCH = 100
"""So many subjects become tables at once: rows take much memory, tables little."""

Progress = Callable[[int, int], None]
"""Told how many subjects of how many are done."""


def write_cohort(
    study: Study,
    folder: Path,
    *,
    seed: int,
    subjects: int,
    replace: bool = False,
    progress: Progress | None = None,
) -> Snapshot:
    """Write `subjects` synthetic subjects and read them back as any snapshot is read.

    Same study, seed and number: same bytes. Subject k is the same whatever the number of subjects.
    Raises InputErrors where the study has no usable `synthetic.yaml`.
    """
    nature = load_nature(study)
    write_snapshot(
        cohort_tables(study, nature, seed=seed, subjects=subjects, progress=progress),
        folder,
        study=study.protocol.study.id,
        cut=nature.recruitment.cut,
        synthetic=True,
        protocol_versions=study.protocol.versions,
        seed=seed,
        replace=replace,
    )
    return read_snapshot(folder)


def cohort_tables(
    study: Study,
    nature: Nature,
    *,
    seed: int,
    subjects: int,
    progress: Progress | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of a cohort, by SDTM domain: the subjects, and after them the screen failures that
    the nature asks for."""
    shared = setting(study, nature)
    every = subjects + nature.recruitment.screen_failures
    parts: dict[str, list[pl.DataFrame]] = {name: [table_of(name, [])] for name in ALWAYS}
    for first in range(0, every, BATCH):
        rows: dict[str, list[dict[str, object]]] = {}
        for at in range(first, min(first + BATCH, every)):
            for domain, found in _subject(shared, seed, at, subjects).tables().items():
                rows.setdefault(domain, []).extend(found)
            if progress:
                progress(at + 1, every)
        for domain, made in rows.items():
            parts.setdefault(domain, []).append(table_of(domain, made))
    return {domain: pl.concat(made, how="diagonal") for domain, made in parts.items()}


def _subject(shared: Setting, seed: int, at: int, subjects: int) -> Records:
    """The rows of one, counted from 0: the subjects first, then the screen failures."""
    if at < subjects:
        return _treated(shared, seed, at + 1)
    return _failed(shared, seed, at + 1 - subjects)


def _treated(shared: Setting, seed: int, number: int) -> Records:
    """One eligible subject: the first of its candidates that nothing keeps out. Its chance depends
    on the seed and its own number, never on other subjects."""
    random = chance(seed, number)
    subject = f"{shared.nature.recruitment.prefix}-{number:03d}"
    met = Counter[Barrier]()
    for _ in range(CANDIDATES):
        course = Course(shared, subject, random, again=True)
        found = course.screen()
        if not found:
            return course.treat()
        met.update(found)
    raise nobody_enters(shared, met)


def _failed(shared: Setting, seed: int, number: int) -> Records:
    """One screen failure: the first of its candidates that a criterion keeps out."""
    random = chance(seed, number, 1)
    subject = f"{shared.nature.recruitment.prefix}-F{number:02d}"
    for _ in range(CANDIDATES):
        course = Course(shared, subject, random, again=True)
        reasons = [barrier.reason for barrier in course.screen() if barrier.reason]
        if reasons:
            return course.fail(reasons[0])
    raise everybody_enters(shared)


def table_of(domain: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """The rows as a table with the required columns first."""
    required = (
        [c for c in empty_table(domain).columns if c != "SRCLINE"] if domain in ALWAYS else []
    )
    names = list(dict.fromkeys([*required, *(column for row in rows for column in row)]))
    return pl.DataFrame(
        {name: [_text(row.get(name)) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)
