"""All claims of a paper held together: the smallest sets that cannot be, or a cohort that could.

All smallest sets are looked for among cohorts of whole subjects of up to twice the largest number
that the paper states, with whole-number variables in their declared range (0 or more, where none is
declared). Sets that only more subjects would mend are told with the size of the cohort. Time that
is up is no proof: what is not settled is taken as possible, and the result is not complete.
"""

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pilotage.progress import Silent, Steps
from pilotage.publication.audit.finding import AuditFinding
from pilotage.publication.audit.joint.check import EFFORT, Checker, TimeIsUp
from pilotage.publication.audit.joint.cohort import Cohort, cohort_of
from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.holding import shows_all
from pilotage.publication.audit.joint.outermost import says_size_of
from pilotage.publication.audit.joint.smallest import THOROUGH, Set, Smallest
from pilotage.publication.audit.joint.telling import Telling
from pilotage.publication.claims import Published

MOST = 400
"""So many sets are looked for in one part of the paper."""

TOLD = 30
"""So many of them, the shortest first, are told in words."""

WIDE = 10
"""What is impossible is held against so many times as many subjects too."""

SEARCHING = 0.7
"""The share of the time for the search; the rest is for words and repairs."""

INSTALL = (
    "Whether all claims can be true together was not looked at: that needs OR-tools. "
    "Install it with: pip install 'pilotage[check]'"
)


class SolverMissing(Exception):
    """The solver is not installed; the message says how to."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A part of the paper: claims that have to be looked at together, of which no group and no
    variable is in another part. `possible` is None where that is not settled; `sets` is the number
    of smallest impossible sets found, and `done` says that there are no others."""

    claims: tuple[str, ...]
    possible: bool | None
    sets: int
    done: bool


@dataclass(frozen=True, slots=True)
class JointResult:
    """The findings; a cohort, where all modelled claims can be true; whether the search came to its
    end; the claims that say nothing of a cohort, with why; how far each part of the paper was
    searched. `further` are smallest sets besides, too many to be told: the ids of their claims."""

    findings: tuple[AuditFinding, ...]
    cohort: Cohort | None
    complete: bool
    not_modelled: dict[str, str] = field(default_factory=dict)
    parts: tuple[Searched, ...] = ()
    further: tuple[tuple[str, ...], ...] = ()


def joint_findings(
    published: Published,
    *,
    progress: Steps | None = None,
    limit: float = 30.0,
    later: Callable[[Sequence[str]], int] = lambda claims: 0,
) -> JointResult:
    """Every smallest set of claims that cannot all be true, up to a number and a time in seconds.
    `later`: sets with a higher number are put in words after the others, if there is time. Raises
    SolverMissing where the solver is not installed."""
    if importlib.util.find_spec("ortools") is None:
        raise SolverMissing(INSTALL)
    progress = progress or Silent()
    facts = Facts(published)
    checker = Checker(facts, limit=limit * SEARCHING)
    found, parts = _impossible(checker, progress)
    complete = all(part.done for part in parts)
    if not found:
        cohort = _example(checker) if complete else None
        complete &= cohort is not None
        return JointResult((), cohort, complete, facts.not_modelled, parts)
    checker.allow(limit * (1 - SEARCHING))
    checker.effort = EFFORT
    found, sure = _confirmed(found, checker)
    wrong = {fact for one in found for fact in one}
    telling = Telling(checker, tuple(fact for fact in facts.facts if fact not in wrong))
    told = {}
    for at, one in enumerate(sorted(found[:TOLD], key=lambda one: later([f.id for f in one]))):
        told[one] = telling.finding(one)
        progress.part(3 * TOLD + at + 1, 4 * TOLD)
    findings = [told[one] for one in found[:TOLD]]
    further = tuple(tuple(fact.id for fact in one) for one in found[TOLD:])
    return JointResult(tuple(findings), None, complete and sure, facts.not_modelled, parts, further)


def _example(checker: Checker) -> Cohort | None:
    """A cohort of which all facts are true; counted by hand once more, as a whole."""
    parts = checker.cohorts(checker.facts.facts)
    if parts is None:
        return None
    cohort = cohort_of(parts, checker.facts)
    return cohort if shows_all(cohort, checker.facts) else None


def _impossible(checker: Checker, progress: Steps) -> tuple[list[Set], tuple[Searched, ...]]:
    """The smallest impossible sets of each part, the shortest first; how far each was searched."""
    limit, searches = checker.limit, {}
    parts = sorted(checker.parts(checker.facts.facts), key=lambda each: (len(each), each[0].id))
    answers = {}
    progress()
    for at, part in enumerate(parts):
        answers[part] = _settled(checker, part)
        if answers[part] is False:
            searches[part] = Smallest(checker, part, most=MOST)
        progress.part(at + 1, 4 * len(parts))
    for at, step in enumerate(("near", "rest")):
        for done, search in enumerate(searches.values()):
            checker.limit = limit
            checker.allow(checker.seconds_left / (len(searches) - done + (1 - at)))
            getattr(search, step)()
            progress.part((at + 1) * len(searches) + done + 1, 4 * len(searches))
    found = _shortest(one for search in searches.values() for one in search.found)
    return found, tuple(_searched(part, answers[part], searches.get(part)) for part in parts)


def _searched(part: Set, answer: bool | None, search: Smallest | None) -> Searched:
    claims = tuple(name for fact in part for name in fact.ids)
    if search is None:
        return Searched(claims, answer, 0, answer is not None)
    return Searched(claims, answer, len(search.found), search.complete)


def _confirmed(found: list[Set], checker: Checker) -> tuple[list[Set], bool]:
    """The sets that more subjects (or larger values, where no range is declared) would not mend
    either. Another stands beside the size of the cohort, where that is stated. Were all settled?"""
    wide = Checker(checker.facts, limit=checker.seconds_left / 3, most=WIDE * checker.largest)
    wide.effort = THOROUGH
    sizes = [fact for fact in checker.facts.facts if says_size_of(fact, checker.facts.root)]
    kept: list[Set] = []
    mended: list[Set] = []
    sure = True
    for one in found:
        bounded = set(one) & set(sizes) and not _open_ended(one, checker)
        answer = False if bounded else _settled(wide, one)
        sure &= answer is not None
        (kept if answer is False else mended).append(one)
    if not mended:
        return kept, sure
    for one in mended:
        for beside in ((*one, size) for size in sizes if not _open_ended(one, checker)):
            if all(_mended([f for f in beside if f is not left], checker) for left in one):
                kept.append(beside)
    if sizes:
        return _shortest(kept), sure
    more = [one for one in _among_many(mended, wide) if one not in kept]
    return _shortest(kept + more), False


def _shortest(sets: Iterable[Set]) -> list[Set]:
    once = {tuple(fact.id for fact in one): one for one in sets}
    return sorted(once.values(), key=lambda one: (len(one), [fact.id for fact in one]))


def _among_many(mended: list[Set], wide: Checker) -> list[Set]:
    """The sets near to those that more subjects would mend, that they would not."""
    parts = wide.parts(wide.facts.facts)
    near = [part for part in parts if any(set(one) <= set(part) for one in mended)]
    found = []
    for part in near:
        search = Smallest(wide, part, most=MOST)
        search.near()
        found += search.found
    return found


def _open_ended(one: Set, checker: Checker) -> bool:
    """Does a fact speak of a variable whose largest value is not declared?"""
    variables = checker.facts.published.variables
    return any(variables[name].range is None for fact in one for name, _ in fact.keys)


def _mended(facts: Sequence[Fact], checker: Checker) -> bool:
    return _settled(checker, facts) is True


def _settled(checker: Checker, part: Sequence[Fact]) -> bool | None:
    try:
        return checker.possible(part)
    except TimeIsUp:
        return None
