"""Which subjects can be exchanged for each other, and how far two cohorts are from each other.

A paper numbers a few of its subjects. All others are told apart by nothing: a cohort in which two
of them change places is the same cohort.
"""

from collections.abc import Iterable, Iterator, Sequence

from pilotage.conditions import Comparison, Condition, Literal, Logical, Name, Not, OneOf
from pilotage.publication.claims import Published
from pilotage.publication.reconstruct.grid import SUBJECT
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.publication.reconstruct.solve import Solution, Values

Kinds = tuple[tuple[int, ...], ...]
"""The subjects, counted from 0, in groups of those that can be exchanged for each other."""


def interchangeable(made: Reconstruction, published: Published, subjects: Sequence[str]) -> Kinds:
    """Each subject that something names is by itself; all others, last, are of one kind."""
    named = set(_named(made, published))
    alone: list[tuple[int, ...]] = [(at,) for at, name in enumerate(subjects) if name in named]
    rest = tuple(at for at, name in enumerate(subjects) if name not in named)
    return (*alone, rest) if rest else tuple(alone)


def _named(made: Reconstruction, published: Published) -> Iterator[str]:
    """The numbers of subjects of whom the paper or the reconstruction says something."""
    for group in published.groups.values():
        if group.subject is not None:
            yield group.subject
        yield from _named_in(group.where)
    for condition in made.groups.values():
        yield from _named_in(condition)
    for rule in made.rules:
        yield from _named_in(rule.when)
        yield from _named_in(rule.holds)
    for number in made.numbers:
        yield from _named_in(number.of)
    who = [part.who for parts in (made.results, made.entries, made.stops) for part in parts]
    who += [place.who for places in made.places.values() for place in places]
    for condition in who:
        yield from _named_in(condition)


def _named_in(condition: Condition | None) -> Iterator[str]:
    match condition:
        case Comparison(Name(name), _, Literal(value)) | Comparison(Literal(value), _, Name(name)):
            if name == SUBJECT:
                yield str(value)
        case OneOf(Name(name), choices) if name == SUBJECT:
            yield from (str(choice.value) for choice in choices)
        case Not(part):
            yield from _named_in(part)
        case Logical(_, parts):
            for part in parts:
                yield from _named_in(part)


def distance(one: Solution, other: Solution, kinds: Kinds, variables: Iterable[str]) -> int:
    """The number of values of subjects that differ, with those subjects facing each other that
    make it smallest; subjects that can be exchanged may change places."""
    from scipy.optimize import linear_sum_assignment

    names, whole = list(variables), 0
    for kind in kinds:
        costs = [[_differing(one[a], other[b], names) for b in kind] for a in kind]
        rows, columns = linear_sum_assignment(costs)
        whole += sum(costs[row][column] for row, column in zip(rows, columns, strict=True))
    return whole


def _differing(one: Values, other: Values, names: Iterable[str]) -> int:
    return sum(one[name] != other[name] for name in names)
