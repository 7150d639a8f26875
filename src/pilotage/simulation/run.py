"""Many trials: chunk by chunk with generators of their own, on as many threads as are asked for.

A chunk has a fixed number of trials, and its draws follow from the seed and its number alone: the
result is the same for any number of workers, and a scenario meets the same subjects as another.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from pilotage.findings import InputErrors, error
from pilotage.simulation.blocks import Blocks, open_blocks
from pilotage.simulation.columns import (
    MASK_BITS,
    SUCCESS_MASK,
    TOX_MASK,
    Column,
    amounts,
    counted,
)
from pilotage.simulation.kernel import Counted, Kernel, kernel_of, require_compiler, room
from pilotage.simulation.load import FILE, load_simulation
from pilotage.simulation.model import MOST_SUBJECTS, Setting
from pilotage.simulation.numbers import Numbers, numbers_of
from pilotage.simulation.scenarios import Case, WrongSetting, cases
from pilotage.simulation.scheme import Scheme, scheme_of
from pilotage.simulation.totals import Totals
from pilotage.study import Study

TRIALS_OF_CHUNK = 250
CHUNKS_OF_BLOCK = 80
"""Never made to depend on the machine: the draws of a trial follow from its chunk."""

MOST_TRIALS = 100_000_000
MOST_KEPT = 1_000_000
"""So many trials at most are kept in memory; more need a folder."""
Progress = Callable[[int, int], None]
"""Told how many trials of how many are done."""
Tell = Callable[[str], None]


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


@dataclass(frozen=True, slots=True)
class Plan:
    """One scenario, ready to run."""

    case: Case
    scheme: Scheme
    numbers: Numbers
    kernel: Kernel | None
    subjects: int

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*counted(self.scheme), *amounts(self.scheme))

    def made_of(self, study: Study, trials: int, seed: int) -> dict[str, object]:
        """What the trials follow from; equal for equal results."""
        numbers = hashlib.sha256()
        for array in (self.numbers.values, self.numbers.shares, self.numbers.fall,
                      self.numbers.back, self.numbers.daily, self.numbers.capsules,
                      self.numbers.weeks, self.numbers.plan):  # fmt: skip
            numbers.update(np.ascontiguousarray(array).tobytes())
        return {
            "study": study.protocol.study.id,
            "scenario": self.case.name,
            "settings": {path: float(value) for path, value in self.case.settings.items()},
            "trials": trials,
            "subjects": self.subjects,
            "seed": seed,
            "chunk": TRIALS_OF_CHUNK,
            "rules": _rules(self),
            "numbers": numbers.hexdigest(),
        }


def simulate(
    study: Study,
    *,
    trials: int,
    seed: int,
    subjects: int | None = None,
    scenario: str = "base",
    settings: Mapping[str, Setting] | None = None,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> list[Simulated]:
    """Simulate a scenario, or each point of a grid (in folders of their own below `folder`).

    Raises InputErrors for a study without a sound simulation.yaml and synthetic.yaml, an unknown
    scenario, a value outside its range, and numbers of trials, subjects or workers that cannot be.
    """
    check_numbers(trials=trials, seed=seed, subjects=subjects, workers=workers)
    plans = plans_of(study, scenario, settings or {}, subjects=subjects, tell=tell)
    done: list[Simulated] = []
    for number, plan in enumerate(plans):

        def told(trial: int, of: int, before: int = number * trials) -> None:
            if progress:
                progress(before + trial, of * len(plans))

        place = folder
        if folder is not None and len(plans) > 1:
            place = folder / plan.case.name
        done.append(
            run_plan(
                study, plan, trials=trials, seed=seed, workers=workers, folder=place, progress=told
            )
        )
    return done


def check_numbers(
    *, trials: int, seed: int, subjects: int | None = None, workers: int | None = None
) -> None:
    """Raise InputErrors for numbers with which nothing can be simulated."""
    found = []
    if not 1 <= trials <= MOST_TRIALS:
        found.append(error("--trials", f"{trials} is no number of trials; 1 to {MOST_TRIALS:,}"))
    if not 0 <= seed < 2**63:
        found.append(error("--seed", f"{seed} is no seed; a whole number from 0 to 2**63 - 1"))
    if subjects is not None and not 1 <= subjects <= MOST_SUBJECTS:
        words = f"{subjects} is no number of subjects; 1 to {MOST_SUBJECTS:,}"
        found.append(error("--subjects", words))
    if workers is not None and workers < 1:
        found.append(error("--workers", f"{workers} is no number of workers; 1 or more"))
    if found:
        raise InputErrors(found)


def plans_of(
    study: Study,
    scenario: str,
    settings: Mapping[str, Setting],
    *,
    subjects: int | None = None,
    tell: Tell | None = None,
) -> list[Plan]:
    """Each case of a scenario or grid, made ready."""
    require_compiler()
    simulation, nature = load_simulation(study)
    if subjects is not None:
        settings = {**settings, "trial.subjects": subjects}
    try:
        found = cases(nature, simulation, scenario, settings)
    except WrongSetting as problem:
        raise InputErrors([error(FILE, str(problem))]) from None
    return [plan_of(study, case, tell=tell) for case in found]


def plan_of(study: Study, case: Case, *, tell: Tell | None = None) -> Plan:
    try:
        scheme = scheme_of(study, case.nature, case.simulation)
    except ValueError as problem:
        words = f"synthetic.yaml does not describe {problem}, on which the response rests"
        raise InputErrors([error(FILE, words)]) from None
    kernel = None if case.fixed is not None else kernel_of(scheme, tell=tell)
    return Plan(case, scheme, numbers_of(scheme), kernel, case.simulation.trial.subjects)


def sizes_of(trials: int) -> tuple[int, ...]:
    """The number of trials of each block."""
    whole = TRIALS_OF_CHUNK * CHUNKS_OF_BLOCK
    return tuple(min(whole, trials - first) for first in range(0, trials, whole))


def _rules(plan: Plan) -> str:
    """The hash of the rules; of a fixed response the chance alone."""
    return plan.kernel.rules if plan.kernel else f"a fixed response of {plan.case.fixed:g}"


def run_plan(
    study: Study,
    plan: Plan,
    *,
    trials: int,
    seed: int,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """The trials of one scenario that was made ready."""
    told = progress or (lambda done, of: None)
    sizes = sizes_of(trials)
    made_of = plan.made_of(study, trials, seed)
    blocks = None if folder is None else open_blocks(folder, sizes, made_of)
    totals, kept = Totals(plan.columns), list[pl.DataFrame]()
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        try:
            for number in range(len(sizes)):
                block = blocks.finished(number) if blocks else None
                if block is None:
                    block = block_of(plan, number, sizes, seed, pool, told, trials)
                    if blocks:
                        blocks.keep(number, block)
                totals.add(block)
                if blocks is None and trials <= MOST_KEPT:
                    kept.append(block)
                told(sum(sizes[: number + 1]), trials)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    case, silent = plan.case, plan.scheme.silent
    return Simulated(study, case, trials, plan.subjects, seed, totals, silent, blocks, kept)


# -- chunks and blocks -----------------------------------------------------------------------------


def generator_of(seed: int, chunk: int) -> np.random.Generator:
    """The draws of a chunk: they follow from the seed and its number."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, chunk))))


def chunk_of(plan: Plan, seed: int, chunk: int, count: int) -> Counted:
    """The trials of one chunk."""
    random = generator_of(seed, chunk)
    if plan.kernel is not None:
        return plan.kernel.run(plan.numbers, random, count=count, subjects=plan.subjects)
    from pilotage.simulation.fixed import fixed_trials

    rate = plan.case.fixed
    assert rate is not None
    made = room(plan.scheme, count, plan.subjects, traced=False, contacts=0)
    names = [column.name for column in counted(plan.scheme)]
    successes = made.out[:, names.index("SUCCESSES")]
    fixed_trials(random, count, plan.subjects, rate, successes, made.masks)
    return made


def block_of(
    plan: Plan,
    number: int,
    sizes: Sequence[int],
    seed: int,
    pool: ThreadPoolExecutor,
    progress: Progress,
    trials: int,
) -> pl.DataFrame:
    """The trials of one block, in order."""
    before, size = sum(sizes[:number]), sizes[number]
    counts = [min(TRIALS_OF_CHUNK, size - first) for first in range(0, size, TRIALS_OF_CHUNK)]
    first_chunk = number * CHUNKS_OF_BLOCK
    futures = [
        pool.submit(chunk_of, plan, seed, first_chunk + at, count)
        for at, count in enumerate(counts)
    ]
    made, done = [], before
    for future, count in zip(futures, counts, strict=True):
        made.append(future.result())
        done += count
        progress(done, trials)
    return frame_of(plan, made, first=before)


def frame_of(plan: Plan, made: Sequence[Counted], *, first: int) -> pl.DataFrame:
    """The table of the trials: TRIAL from 1, N, every count, and who succeeded."""
    out = np.concatenate([each.out for each in made])
    decimal = np.concatenate([each.amounts for each in made])
    masks = np.concatenate([each.masks for each in made])
    height = len(out)
    trial = np.arange(first + 1, first + height + 1, dtype=np.int64)
    columns: dict[str, pl.Series] = {
        "TRIAL": pl.Series(trial),
        "N": pl.Series(np.full(height, plan.subjects, dtype=np.int64)),
    }
    columns |= {c.name: pl.Series(out[:, at]) for at, c in enumerate(counted(plan.scheme))}
    columns |= {c.name: pl.Series(decimal[:, at]) for at, c in enumerate(amounts(plan.scheme))}
    for at, name in enumerate((SUCCESS_MASK, TOX_MASK)):
        words = np.ascontiguousarray(masks[:, at])
        # more subjects than one number has bits: a list of numbers, the first subjects first
        columns[name] = pl.Series(words[:, 0] if plan.subjects <= MASK_BITS else words.tolist())
    return pl.DataFrame(columns)
