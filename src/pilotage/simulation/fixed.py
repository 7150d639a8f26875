"""Trials in which each subject succeeds with the same chance and nothing else happens: what the
exact binomial distribution is held against."""

import numpy as np
import numpy.typing as npt
from numba import njit
from numpy.random import Generator

from pilotage.simulation.columns import MASK_BITS

Whole = npt.NDArray[np.int64]


@njit(nogil=True, cache=True)
def fixed_trials(
    random: Generator, count: int, subjects: int, rate: float, successes: Whole, masks: Whole
) -> None:
    """Draw each subject of each trial: `successes` by trial, and a bit for each in `masks`."""
    for trial in range(count):
        found = 0
        for subject in range(subjects):
            if random.random() < rate:
                found += 1
                masks[trial, 0, subject // MASK_BITS] |= 1 << (subject % MASK_BITS)
        successes[trial] = found
