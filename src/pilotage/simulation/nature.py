"""What happens to one virtual subject by nature: compiled functions that draw and move its truth.

The kernel and the plain engine call the same functions in the same order with the same generator;
so both live through the same subject, and can be compared contact by contact. Days are study days.
A chance that is 0 costs no draw. Each function takes numbers alone: what they are called in
`synthetic.yaml` and `simulation.yaml` stands in `numbers`.

They are copied into the kernel (`inline`): a call would cost more than what most of them do.
"""

from math import exp

import numpy as np
import numpy.typing as npt
from numba import njit
from numpy.random import Generator

Floats = npt.NDArray[np.float64]

NEVER = 1 << 30
"""A day that never comes."""
LONG_AGO = -(1 << 30)
"""The day of what was never measured."""
LATEST = 60
"""No visit is further from its day than so many days."""


@njit(cache=True, inline="always")
def waiting_days(random: Generator, per_day: float) -> float:
    """Days until the next subject comes, at a constant rate; 0 where there is none."""
    return random.standard_exponential() / per_day if per_day > 0 else 0.0


@njit(cache=True, inline="always")
def level(random: Generator, mean: float, sd: float, low: float, high: float) -> float:
    """A value of a normal distribution, cut to its range."""
    return min(max(mean + sd * random.standard_normal(), low), high)


@njit(cache=True, inline="always")
def whole(random: Generator, mean: float, sd: float, low: float, high: float) -> float:
    """The same as a whole number: years of age, an amount that is asked."""
    return float(np.rint(level(random, mean, sd, low, high)))


@njit(cache=True, inline="always")
def choice(random: Generator, shares: Floats, first: int, count: int) -> int:
    """One of `count` answers: cumulated shares stand in `shares` from `first` on."""
    drawn = random.random() * shares[first + count - 1]
    for at in range(count - 1):
        if drawn < shares[first + at]:
            return at
    return count - 1


@njit(cache=True, inline="always")
def pace(random: Generator, sd: float) -> float:
    """How fast the subject's own disease moves, against that of others."""
    return exp(sd * random.standard_normal()) if sd > 0 else 1.0


@njit(cache=True, inline="always")
def least_latent(
    random: Generator, latent: float, clear_below: float, share: float,
    mean: float, sd: float, low: float, high: float,
) -> float:  # fmt: skip
    """The latent value below which the subject's disease does not fall: 0 where it can become
    clear, else what lasts of its activity at entry (`latent`), which is never clear."""
    if share <= 0 or random.random() >= share:
        return 0.0
    return max(clear_below, latent * level(random, mean, sd, low, high))


@njit(cache=True, inline="always")
def event_day(random: Generator, probability: float, first: int, last: int) -> int:
    """The day of an event, from the first to the last one possible; NEVER where there is none."""
    if probability <= 0 or random.random() >= probability:
        return NEVER
    return first + int(random.random() * (last - first + 1))


@njit(cache=True, inline="always")
def first_day_after(random: Generator, per_day: float) -> int:
    """The first day after what comes at a constant rate, an exponential time after the start; on it
    the subject can tell of it."""
    if per_day <= 0:
        return NEVER
    return 2 + int(min(random.standard_exponential() / per_day, 1e8))


@njit(cache=True, inline="always")
def dropout_day(random: Generator, per_day: float) -> int:
    """The first day on which the subject comes no more."""
    return first_day_after(random, per_day)


@njit(cache=True, inline="always")
def lateness(random: Generator, mean: float, sd: float) -> int:
    """Days by which a visit is late, below 0 early."""
    days = mean + sd * random.standard_normal() if sd > 0 else mean
    return int(min(max(np.rint(days), -LATEST), LATEST))


@njit(cache=True, inline="always")
def kept_until_missed(random: Generator, hazard: float) -> int:
    """So many contacts are kept before the next one that the subject stays away from. `hazard` is
    minus the log of the chance that one is kept: one draw stands for a draw at each of them."""
    if hazard <= 0:
        return NEVER
    return int(min(random.standard_exponential() / hazard, float(NEVER)))


@njit(cache=True, inline="always")
def fallen(latent: float, paced: float, days: float, fall: float) -> float:
    """The latent value after some days at a dose, while the disease is active: it falls by a share
    (`fall`: log of what is left after a day), at the subject's own pace."""
    return latent * exp(fall * paced * days)


@njit(cache=True, inline="always")
def respite(random: Generator) -> float:
    """How much hazard of coming back a disease bears that has become clear: exponential, so that it
    comes back at the constant rate of each dose."""
    return float(random.standard_exponential())


@njit(cache=True, inline="always")
def score_of_disease(
    random: Generator, latent: float, clear_below: float, noise: float, low: float, high: float
) -> float:
    """A whole score near the latent value; the lowest one where the disease is clear."""
    if latent < clear_below:
        return float(np.ceil(low))
    value = np.rint(max(latent + noise * random.standard_normal(), low + 1))
    return float(np.floor(high) if value > high else value)


@njit(cache=True, inline="always")
def score_of_level(random: Generator, own: float, within: float, low: float, high: float) -> float:
    """A whole score around a level of the subject's own."""
    value = np.rint(own + within * random.standard_normal())
    if value < low:
        return float(np.ceil(low))
    return float(np.floor(high) if value > high else value)


@njit(cache=True, inline="always")
def laboratory(
    random: Generator, centre: float, within: float, low: float, high: float, scale: float
) -> float:
    """A laboratory value as it is printed: `scale` is 10 to the number of digits."""
    value = min(max(centre + within * random.standard_normal(), low), high)
    return float(np.rint(value * scale) / scale)
