"""Chunks of trials with generators of their own, and the blocks that they make.

The draws of a chunk follow from the seed and its number alone: a block is the same wherever, and
beside whatever, it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pilotage.simulation.compiled.kernel import Counted, room
from pilotage.simulation.trials.columns import MASK_BITS, SUCCESS_MASK, TOX_MASK, amounts, counted
from pilotage.simulation.trials.plans import TRIALS_OF_CHUNK, Plan
from pilotage.simulation.trials.totals import Totals


@dataclass(frozen=True, slots=True)
class Span:
    """The trials of one block: its number, the trials before it, and how many it has."""

    number: int
    before: int
    size: int

    def chunks(self) -> list[tuple[int, int]]:
        """The number of each chunk and how many trials it has."""
        first = self.before // TRIALS_OF_CHUNK
        starts = range(0, self.size, TRIALS_OF_CHUNK)
        return [
            (first + at, min(TRIALS_OF_CHUNK, self.size - start)) for at, start in enumerate(starts)
        ]


@dataclass(frozen=True, slots=True)
class Made:
    """A block: what its trials add up to; and the trials, where they are asked for, as a table or
    as the bytes of its file."""

    span: Span
    totals: Totals
    trials: pl.DataFrame | None = None
    file: bytes | None = None


def generator_of(seed: int, chunk: int) -> np.random.Generator:
    """The draws of a chunk: they follow from the seed and its number."""
    # the chunk as a key: beside the seed, in one number, a large seed would be another's chunk
    sequence = np.random.SeedSequence(seed, spawn_key=(chunk,))
    return np.random.Generator(np.random.PCG64(sequence))


def chunk_of(plan: Plan, seed: int, chunk: int, count: int) -> Counted:
    """The trials of one chunk."""
    random = generator_of(seed, chunk)
    if plan.kernel is not None:
        return plan.kernel.run(plan.numbers, random, count=count, subjects=plan.subjects)
    from pilotage.simulation.compiled.fixed import NUMBERS, fixed_trials

    rate, toxicity, looks = plan.case.fixed, plan.case.toxicity, plan.numbers.looks
    assert rate is not None
    made = room(plan.scheme, count, plan.subjects, traced=False, contacts=0)
    names = [column.name for column in counted(plan.scheme)]
    numbers = np.zeros((count, len(NUMBERS)), dtype=np.int64)
    fixed_trials(random, count, rate, toxicity, looks, numbers, made.masks)
    made.out[:, [names.index(name) for name in NUMBERS]] = numbers
    return made


def block_of(plan: Plan, seed: int, span: Span) -> pl.DataFrame:
    """The trials of one block, chunk after chunk."""
    made = [chunk_of(plan, seed, chunk, count) for chunk, count in span.chunks()]
    return frame_of(plan, made, first=span.before)


def frame_of(plan: Plan, made: Sequence[Counted], *, first: int) -> pl.DataFrame:
    """The table of the trials: TRIAL from 1, every count, and who succeeded."""
    # a row for each column, so that the columns of the table lie as they are
    out = np.concatenate([each.out.T for each in made], axis=1)
    decimal = np.concatenate([each.amounts.T for each in made], axis=1)
    masks = np.concatenate([each.masks for each in made])
    trial = np.arange(first + 1, first + out.shape[1] + 1, dtype=np.int64)
    columns: dict[str, pl.Series] = {"TRIAL": pl.Series(trial)}
    columns |= {c.name: pl.Series(out[at]) for at, c in enumerate(counted(plan.scheme))}
    columns |= {c.name: pl.Series(decimal[at]) for at, c in enumerate(amounts(plan.scheme))}
    for at, name in enumerate((SUCCESS_MASK, TOX_MASK)):
        words = np.ascontiguousarray(masks[:, at])
        if plan.subjects <= MASK_BITS:
            columns[name] = pl.Series(words[:, 0])
        else:
            # more subjects than one number has bits: a list of numbers, the first subjects first
            columns[name] = pl.Series(words).cast(pl.List(pl.Int64))
    return pl.DataFrame(columns)


def totals_of(plan: Plan, trials: pl.DataFrame) -> Totals:
    """What the trials of a block add up to."""
    totals = Totals(plan.columns)
    totals.add(trials)
    return totals
