"""When a Bayesian trial is looked at, and what somebody chose of it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pilotage.simulation.model import Watching

EVERY = 5
"""Subjects between the looks of a Bayesian trial, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number that somebody chose: `key` is its option or its place in simulation.yaml."""

    key: str
    name: str
    value: float | int | str


def looked_at(largest_n: int, *, first: int = EVERY, every: int = EVERY) -> Watching:
    """Looks after `first` subjects and then after every `every`, the rest by default."""
    return Watching(looks=looks_of(largest_n, first=first, every=every))


def looks_of(largest_n: int, *, first: int = EVERY, every: int = EVERY) -> tuple[int, ...]:
    """Looks after `first` subjects and then after every `every`. Raises ValueError for numbers
    with which there are none."""
    if first < 1 or every < 1:
        raise ValueError("the first look and the steps between looks must be 1 subject or more")
    return tuple(range(first, max(largest_n, first) + 1, every))


def watched(watching: Watching) -> Iterator[Chosen]:
    """What is chosen of the looks."""
    a, b = watching.prior
    yield Chosen("prior", "prior of the rate", f"beta({a:g}, {b:g})")
    yield Chosen("looks", "looks", looks_in_words(watching.looks))
    yield Chosen("futility", "gives up where P(rate > null) is below", watching.futility)
    early = watching.early_success
    words = "accepts early where P(rate > null) is at least"
    yield Chosen("early_success", words, "never" if early is None else early)
    toxicity = watching.toxicity
    if toxicity:
        words = f"stops where P(toxicity > {toxicity.limit:g}) is at least"
        yield Chosen("toxicity", words, toxicity.stop)
        a, b = toxicity.prior
        yield Chosen("toxicity", "prior of the rate of toxicity", f"beta({a:g}, {b:g})")


def looks_in_words(looks: tuple[int, ...]) -> str:
    """Looks at equal steps as such, others one by one."""
    steps = {later - before for before, later in pairwise(looks)}
    if len(looks) > 3 and len(steps) == 1:
        return f"after {looks[0]} subjects, then every {steps.pop()}"
    *before, last = map(str, looks)
    named = f"{', '.join(before)} and {last}" if before else last
    return f"after {named} subjects, and at the end"
