"""Looks for the cause of every claim that differs from the data, or that they cannot answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from pilotage.datasets import Datasets
from pilotage.progress import Steps
from pilotage.publication.answers import names_a_result
from pilotage.publication.audit.lying import Lying
from pilotage.publication.audit.run import by_arithmetic
from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    ChangeClaim,
    CountClaim,
    OneNumber,
    PercentageClaim,
    Published,
    PValueClaim,
    StatisticClaim,
    TwoNumbers,
)
from pilotage.publication.reproduce.cause import Cause, Kind
from pilotage.publication.reproduce.causes.not_recorded import not_recorded
from pilotage.publication.reproduce.causes.of_candidates import (
    candidates,
    definition,
    limit,
    rounding,
    some_visits,
)
from pilotage.publication.reproduce.causes.of_one_subject import one_subject
from pilotage.publication.reproduce.causes.of_shares import denominator
from pilotage.publication.reproduce.causes.of_the_paper import (
    arithmetic,
    built_otherwise,
    other_claims,
)
from pilotage.publication.reproduce.causes.of_values import (
    other_populations,
    other_statistics,
    other_times,
)
from pilotage.publication.reproduce.causes.search import Search
from pilotage.publication.reproduce.facts import Facts, NotCollected
from pilotage.publication.reproduce.followed import Followed
from pilotage.publication.reproduce.model import Reproduction
from pilotage.publication.reproduce.numbers import Sources
from pilotage.publication.reproduce.results import Results
from pilotage.study import Study

Look = Callable[[Search], Iterator[Cause]]

_OF_ANY: tuple[tuple[Look, tuple[Kind, ...]], ...] = (
    (arithmetic, ("arithmetic",)),
    (other_claims, ("other claims",)),
    (built_otherwise, ("built otherwise",)),
)


def with_causes(
    reproduction: Reproduction,
    study: Study,
    published: Published,
    datasets: Datasets,
    results: pl.DataFrame,
    *,
    tables: Mapping[str, pl.DataFrame],
    followed: Followed | None = None,
    progress: Steps | None = None,
) -> Reproduction:
    """The same claims; those that differ or cannot be computed with the causes that were found, or
    with what was looked for in vain. The other arguments are those of `reproduce`."""
    asked = ("differs", "cannot be computed")
    if not any(held.verdict in asked for held in reproduction.held):
        return reproduction
    sources = Sources(published, Results(study, results), Facts(study, published, datasets, tables))
    built = followed if followed is not None and datasets.synthetic else Followed()
    audit, lying = by_arithmetic(published), Lying(published)
    found = []
    without: dict[tuple[str | None, frozenset[str]], Sources] = {}
    for at, held in enumerate(reproduction.held, start=1):
        if progress is not None:
            progress.part(at, len(reproduction.held))
        if held.verdict not in asked:
            found.append(held)
            continue
        search = Search(held, reproduction.held, sources, built, audit, lying, datasets, without)
        causes, tried = _causes(search)
        found.append(replace(held, causes=causes, tried=tried))
    return replace(reproduction, held=tuple(found))


def _causes(search: Search) -> tuple[tuple[Cause, ...], tuple[Kind, ...]]:
    """The causes found, and everything that was looked for; each sentence stands once."""
    if search.held.verdict == "cannot be computed":
        return tuple(not_recorded(search)), ("not recorded",)
    found: dict[tuple[Kind, str], Cause] = {}
    tried: list[Kind] = []
    for look, kinds in (*_OF_ANY, *_of_claim(search.claim)):
        if look is built_otherwise and not (search.built.followed or search.built.not_followed):
            continue
        tried += kinds
        try:
            for cause in look(search):
                found.setdefault((cause.kind, cause.words), cause)
        except NotCollected:
            continue
    return tuple(found.values()), tuple(dict.fromkeys(tried))


def _of_claim(claim: AnyClaim) -> Iterator[tuple[Look, tuple[Kind, ...]]]:
    """What is looked for of a claim of its kind, the likely first."""
    match claim:
        case AllOrNoneClaim():
            yield one_subject, ("one subject",)
            yield candidates, ("population", "definition")
        case ChangeClaim():
            yield some_visits, ("time",)
            yield candidates, ("test", "time", "population", "definition")
        case OneNumber() | TwoNumbers():
            yield from _of_numbers(claim)


def _of_numbers(claim: OneNumber | TwoNumbers) -> Iterator[tuple[Look, tuple[Kind, ...]]]:
    yield rounding, ("rounding",)
    if isinstance(claim, PercentageClaim):
        yield denominator, ("denominator",)
    if isinstance(claim, StatisticClaim):
        own: Kind = "spread" if claim.kind in ("sd", "sem") else "centre"
        yield other_statistics, (own,)
        yield other_populations, ("population",)
    if isinstance(claim, PValueClaim):
        yield limit, ("limit",)
        yield candidates, ("test", "subjects", "population", "definition")
    else:
        yield candidates, ("population", "definition")
        if isinstance(claim, OneNumber) and claim.comparator != "=":
            yield limit, ("limit",)
        yield definition, ("definition",)
        if isinstance(claim, (StatisticClaim, TwoNumbers)) and _has_a_time(claim):
            yield other_times, ("time",)
    if isinstance(claim, CountClaim) or names_a_result(claim) or claim.named("variable"):
        yield one_subject, ("one subject",)


def _has_a_time(claim: OneNumber | TwoNumbers) -> bool:
    """Is it told at a time, of which there may be another?"""
    return claim.named("at") is not None
