"""When a Bayesian trial is looked at, and what somebody chose of a decision, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel

from pilotage.simulation.model import Bayes, Exact, Simon, Simulation, Watching

EVERY = 5
"""Subjects between the looks of a Bayesian trial, where nobody says otherwise."""

By = Literal["option", "simulation.yaml", "default"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number that somebody chose: `key` is its option or its place in the decision of
    simulation.yaml. `by` is told where it is not that of the search."""

    key: str
    name: str
    value: float | int | str
    by: By | None = None


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
    yield Chosen("prior", "prior of the rate", _beta(watching.prior))
    yield Chosen("looks", "looks", looks_in_words(watching.looks))
    yield Chosen("futility", "gives up where P(rate > null) is below", watching.futility)
    early = watching.early_success
    words = "accepts early where P(rate > null) is at least"
    yield Chosen("early_success", words, "never" if early is None else early)
    toxicity = watching.toxicity
    if toxicity:
        limit = toxicity.limit
        yield Chosen("toxicity.limit", "rate of toxicity that is too much, above", limit)
        words = f"stops where P(toxicity > {limit:g}) is at least"
        yield Chosen("toxicity.stop", words, toxicity.stop)
        yield Chosen("toxicity.prior", "prior of the rate of toxicity", _beta(toxicity.prior))


def declared(simulation: Simulation) -> Iterator[Chosen]:
    """What is chosen of the trial as simulation.yaml has it: written there, or left to a
    default."""
    decision = simulation.decision
    yield Chosen("subjects", "subjects", simulation.trial.subjects, "simulation.yaml")
    found = [Chosen("null", "rate that is not enough", decision.null)]
    match decision:
        case Exact():
            found.append(Chosen("level", "chance to accept that rate, at most", decision.level))
        case Simon():
            found += [
                Chosen("alternative", "rate to be found", decision.alternative),
                Chosen("alpha", "chance to accept the first rate, at most", decision.alpha),
                Chosen("beta", "chance to miss the second rate, at most", decision.beta),
                Chosen("criterion", "of Simon's designs the one that is", decision.criterion),
            ]
        case Bayes():
            words = "accepts at the end where P(rate > null) is at least"
            found += [*watched(decision), Chosen("success", words, decision.success)]
    yield from (replace(each, by=_written(decision, each.key)) for each in found)


def _written(part: BaseModel, key: str) -> By:
    """Who chose a value of the file, by its dotted place."""
    first, _, rest = key.partition(".")
    if first not in part.model_fields_set:
        return "default"
    return _written(getattr(part, first), rest) if rest else "simulation.yaml"


def looks_in_words(looks: tuple[int, ...]) -> str:
    """Looks at equal steps as such, others one by one."""
    steps = {later - before for before, later in pairwise(looks)}
    if len(looks) > 3 and len(steps) == 1:
        return f"after {looks[0]} subjects, then every {steps.pop()}"
    *before, last = map(str, looks)
    named = f"{', '.join(before)} and {last}" if before else last
    return f"after {named} subjects, and at the end"


def _beta(prior: tuple[float, float]) -> str:
    return f"beta({prior[0]:g}, {prior[1]:g})"
