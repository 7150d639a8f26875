"""The oracle: trials one virtual subject at a time, told by `rules.Standing` and the tables
themselves.

Readable and slow. The kernel must agree with it contact by contact; both draw with the functions of
`nature`, in the same order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pilotage.simulation import nature
from pilotage.simulation.numbers import Numbers
from pilotage.simulation.plain_life import Life
from pilotage.simulation.scheme import Scheme


@dataclass(frozen=True, slots=True)
class PlainTrial:
    """A trial of the plain engine, in the columns of the kernel."""

    counts: dict[str, float]
    lives: tuple[Life, ...]
    duration: float


def trial(
    scheme: Scheme, numbers: Numbers, random: np.random.Generator, subjects: int
) -> PlainTrial:
    """One trial, subject by subject."""
    lives, recruited, last_seen = [], 0.0, 0.0
    consent = scheme.contacts[0].day
    for number in range(subjects):
        if number:
            recruited += nature.waiting_days(random, numbers["per_day"])
        life = Life(scheme, numbers, random).live()
        lives.append(life)
        passed = life.seen - consent - (1 if consent < 0 < life.seen else 0)
        last_seen = max(last_seen, recruited + passed)
    names = dict.fromkeys(name for life in lives for name in life.counts)
    counts = {name: sum(life.counts.get(name, 0) for life in lives) for name in names}
    return PlainTrial(counts, tuple(lives), last_seen)


def bits(marks: Iterable[bool]) -> int:
    """A bit for each subject, in order."""
    return sum(1 << at for at, mark in enumerate(marks) if mark)


def told_rows(scheme: Scheme, lives: Iterable[Life]) -> Iterator[list[float]]:
    """The rows that the kernel tells of the same subjects."""
    for number, life in enumerate(lives):
        yield from ([number, *told.row(scheme)] for told in life.told)
