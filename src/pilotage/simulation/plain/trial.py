"""The oracle: trials one virtual subject at a time, told by `rules.Standing` and the tables
themselves.

Readable and slow. The kernel must agree with it contact by contact; both draw with the functions of
`nature`, in the same order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pilotage.simulation import nature
from pilotage.simulation.compiled.numbers import Numbers, days_since
from pilotage.simulation.design.decisions import endpoint_day, plan_of
from pilotage.simulation.plain.life import Life
from pilotage.simulation.scheme import Scheme
from pilotage.statistics.interim import Ending

ENDED: dict[Ending, str] = {
    "accepted": "ACCEPTED", "given up": "GIVEN_UP", "too toxic": "TOO_TOXIC",
}  # fmt: skip
"""The column in which an ending is counted."""


@dataclass(frozen=True, slots=True)
class PlainTrial:
    """A trial of the plain engine, in the columns of the kernel."""

    counts: dict[str, float]
    ending: Ending
    lives: tuple[Life, ...]
    duration: float


def trial(
    scheme: Scheme, numbers: Numbers, random: np.random.Generator, subjects: int
) -> PlainTrial:
    """One trial, subject by subject, up to the look at which its decision ends it.

    A look comes when the endpoint of the last subject so far is known, and recruitment waits for
    it. Raises ValueError where the decision is one for another number of subjects.
    """
    lives: list[Life] = []
    recruited = last_seen = 0.0
    consent, decision = scheme.contacts[0].day, plan_of(scheme.simulation)
    if subjects != decision.n:
        raise ValueError(f"the decision is one for {decision.n} subjects")
    looks, ending = {look.n: look for look in decision.looks}, None
    while ending is None:
        if lives:
            recruited += nature.waiting_days(random, numbers["per_day"])
        life = Life(scheme, numbers, random).live()
        lives.append(life)
        last_seen = max(last_seen, recruited + days_since(consent, life.seen))
        if len(lives) in looks:
            successes = sum(life.success for life in lives)
            toxicities = sum(life.toxic_in_time for life in lives)
            ending = looks[len(lives)].ending(successes, toxicities)
            recruited += days_since(consent, endpoint_day(scheme.simulation))
    names = dict.fromkeys(name for life in lives for name in life.counts)
    counts = {name: sum(life.counts.get(name, 0) for life in lives) for name in names}
    counts |= {"N": len(lives), ENDED[ending]: 1, "EARLY": len(lives) < subjects}
    return PlainTrial(counts, ending, tuple(lives), last_seen)


def bits(marks: Iterable[bool]) -> int:
    """A bit for each subject, in order."""
    return sum(1 << at for at, mark in enumerate(marks) if mark)


def told_rows(scheme: Scheme, lives: Iterable[Life]) -> Iterator[list[float]]:
    """The rows that the kernel tells of the same subjects."""
    for number, life in enumerate(lives):
        yield from ([number, *told.row(scheme)] for told in life.told)
