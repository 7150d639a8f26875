"""Trials in which each subject succeeds with the same chance, and has a toxicity with another, and
nothing else happens: what exact mathematics is held against."""

import numpy as np
import numpy.typing as npt
from numba import njit
from numpy.random import Generator

from pilotage.simulation.compiled.numbers import ACCEPT_AT, GIVE_UP_AT, LOOK_N, TOXIC_AT
from pilotage.simulation.trials.columns import MASK_BITS

Whole = npt.NDArray[np.int64]


NUMBERS = ("N", "SUCCESSES", "TOX_IN_TIME", "TOO_TOXIC", "ACCEPTED", "GIVEN_UP", "EARLY")
"""The columns of what is counted, in the order of `out`."""


@njit(nogil=True, cache=True)
def fixed_trials(
    random: Generator, count: int, rate: float, toxicity: float, looks: Whole, out: Whole,
    masks: Whole,
) -> None:  # fmt: skip
    """Draw each subject of each trial until a look ends it: what NUMBERS names into `out`, and a
    bit for each success and toxicity into `masks`. A toxicity that never comes costs no draw."""
    for trial in range(count):
        n = successes = toxicities = at = 0
        ending = -1
        while ending < 0:
            bit = 1 << (n % MASK_BITS)
            if random.random() < rate:
                successes += 1
                masks[trial, 0, n // MASK_BITS] |= bit
            if toxicity > 0 and random.random() < toxicity:
                toxicities += 1
                masks[trial, 1, n // MASK_BITS] |= bit
            n += 1
            if n < looks[at, LOOK_N]:
                continue
            if toxicities >= looks[at, TOXIC_AT]:
                ending = 3
            elif successes >= looks[at, ACCEPT_AT]:
                ending = 4
            elif successes <= looks[at, GIVE_UP_AT]:
                ending = 5
            at += 1
        out[trial, 0], out[trial, 1], out[trial, 2] = n, successes, toxicities
        out[trial, ending] = 1
        out[trial, 6] = at < len(looks)
