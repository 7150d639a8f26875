"""The chance of one subject, and draws from it."""

import math
from collections.abc import Mapping

import numpy as np

from pilotage.courses.nature import Spread


def chance(*numbers: int) -> np.random.Generator:
    """The draws that follow from these numbers, as the seed and the number of a subject."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers)))


def per_day(per_week: float) -> float:
    """The constant hazard a day of what comes with this chance in a week."""
    return -math.log1p(-per_week) / 7 if per_week < 1 else 1e3


def draw(spread: Spread, random: np.random.Generator) -> float:
    """A value of the distribution, cut to its range."""
    low, high = spread.range
    return min(max(float(random.normal(spread.mean, spread.sd)), low), high)


def between(bounds: tuple[int, int], random: np.random.Generator) -> int:
    """A whole number from the first bound to the second, both possible."""
    return int(random.integers(bounds[0], bounds[1] + 1))


def choose(choices: Mapping[str, float], random: np.random.Generator) -> str:
    """One of the choices; probabilities that add up to a little more or less are scaled."""
    weights = np.array(list(choices.values()), dtype=float)
    return list(choices)[int(random.choice(len(weights), p=weights / weights.sum()))]
