"""Many trials: block by block, on the threads of this machine or on a cluster.

A chunk has a fixed number of trials, and its draws follow from the seed and its number alone: the
result is the same for any number of workers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polars as pl

from pilotage.simulation.model import Setting
from pilotage.simulation.scenarios import Case
from pilotage.simulation.trials.blocks import Blocks, check_points, open_blocks
from pilotage.simulation.trials.chunks import Made, Span, totals_of
from pilotage.simulation.trials.cluster import Address, address_of, by_cluster
from pilotage.simulation.trials.plans import TRIALS_OF_CHUNK, Plan, Tell, check_numbers, plans_of
from pilotage.simulation.trials.threads import by_threads
from pilotage.simulation.trials.totals import Totals
from pilotage.study import Study

CHUNKS_OF_BLOCK = 80
MOST_KEPT = 1_000_000
"""So many trials at most are kept in memory; more need a folder."""
Progress = Callable[[int, int], None]
"""Told how many trials of how many are done."""


@dataclass(frozen=True)
class Simulated:
    """What became of one scenario: the trials of `subjects`, their totals, and the trials
    themselves block by block (`frames`)."""

    study: Study
    case: Case
    trials: int
    subjects: int
    seed: int
    totals: Totals
    silent: tuple[str, ...]
    blocks: Blocks | None = None
    kept: Sequence[pl.DataFrame] = field(default=(), repr=False)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The trial-level table, a block at a time, in order. Raises ValueError where the trials
        were too many to be kept and no folder was named."""
        if self.blocks is None and self.trials > MOST_KEPT:
            raise ValueError(f"more than {MOST_KEPT:,} trials are kept in a folder only")
        yield from self.blocks.frames() if self.blocks else self.kept


def simulate(
    study: Study,
    *,
    trials: int,
    seed: int,
    subjects: int | None = None,
    scenario: str = "base",
    settings: Mapping[str, Setting] | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> list[Simulated]:
    """Simulate a scenario, or each point of a grid (in folders of their own below `folder`).

    `cluster`: 'auto' or 'ray://HOST:PORT', else the threads of this machine. `tell` is told what
    the user should know while it runs.

    Raises InputErrors for a study without a sound simulation.yaml and synthetic.yaml, an unknown
    scenario, a value outside its range, numbers of trials, subjects or workers that cannot be, a
    folder that holds something else, and for a cluster that is none, or without Ray.
    """
    check_numbers(trials=trials, seed=seed, subjects=subjects, workers=workers)
    address = None if cluster is None else address_of(cluster)
    plans = plans_of(study, scenario, settings or {}, subjects=subjects, tell=tell)
    if folder is not None and len(plans) > 1:
        check_points(folder, (plan.case.name for plan in plans))
    done: list[Simulated] = []
    for number, plan in enumerate(plans):

        def told(trial: int, of: int, before: int = number * trials) -> None:
            if progress:
                progress(before + trial, of * len(plans))

        place = folder
        if folder is not None and len(plans) > 1:
            place = folder / plan.case.name
        made = run_plan(
            study, plan, trials=trials, seed=seed, workers=workers, cluster=address,
            folder=place, progress=told, tell=tell,
        )  # fmt: skip
        done.append(made)
    return done


def spans_of(trials: int) -> list[Span]:
    """The trials of each block."""
    whole = TRIALS_OF_CHUNK * CHUNKS_OF_BLOCK
    return [
        Span(number, before, min(whole, trials - before))
        for number, before in enumerate(range(0, trials, whole))
    ]


def run_plan(
    study: Study,
    plan: Plan,
    *,
    trials: int,
    seed: int,
    workers: int | None = None,
    cluster: Address | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> Simulated:
    """The trials of one scenario that was made ready."""
    spans = spans_of(trials)
    made_of = plan.made_of(study, trials, seed)
    sizes = tuple(span.size for span in spans)
    blocks = None if folder is None else open_blocks(folder, sizes, made_of)
    run = _Run(plan, trials, blocks, progress or (lambda done, of: None))
    missing = [span for span in spans if not run.is_there(span)]
    if cluster is not None and missing:
        missing = by_cluster(
            plan, seed, missing, address=cluster, workers=workers, take=run.take,
            tell=tell or (lambda words: None),
        )  # fmt: skip
    by_threads(
        plan, seed, missing, workers=workers, keep=run.keep, take=run.put, progress=run.drawn
    )
    totals, kept = run.all(spans)
    case, silent = plan.case, plan.scheme.silent
    return Simulated(study, case, trials, plan.subjects, seed, totals, silent, blocks, kept)


@dataclass(slots=True)
class _Run:
    """What there is of a run. Blocks come in any order and are added up in theirs, so that sums of
    decimal numbers are the same to the last digit."""

    plan: Plan
    trials: int
    blocks: Blocks | None
    progress: Progress
    done: int = 0
    totals: dict[int, Totals] = field(default_factory=dict)
    kept: dict[int, pl.DataFrame] = field(default_factory=dict)

    def is_there(self, span: Span) -> bool:
        """Was the block finished by an earlier run of the same?"""
        trials = self.blocks.finished(span.number) if self.blocks else None
        if trials is None:
            return False
        self.put(Made(span, totals_of(self.plan, trials)))
        self.drawn(span.size)
        return True

    def drawn(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.trials)

    def keep(self, span: Span, trials: pl.DataFrame) -> pl.DataFrame | None:
        if self.blocks:
            self.blocks.keep(span.number, trials)
        return trials if self.blocks is None and self.trials <= MOST_KEPT else None

    def put(self, made: Made) -> None:
        self.totals[made.span.number] = made.totals
        if made.trials is not None:
            self.kept[made.span.number] = made.trials

    def take(self, made: Made) -> None:
        """A block from elsewhere: its file is kept as it came."""
        assert made.file is not None
        if self.blocks:
            self.blocks.keep_file(made.span.number, made.file)
        elif self.trials <= MOST_KEPT:
            self.kept[made.span.number] = pl.read_parquet(BytesIO(made.file))
        self.put(made)
        self.drawn(made.span.size)

    def all(self, spans: Sequence[Span]) -> tuple[Totals, list[pl.DataFrame]]:
        totals = Totals(self.plan.columns)
        for span in spans:
            totals.join(self.totals[span.number])
        return totals, [self.kept[span.number] for span in spans if span.number in self.kept]
