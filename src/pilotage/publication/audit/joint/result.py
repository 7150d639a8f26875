"""All claims of a paper held together: the smallest sets that cannot be, or a cohort that could.

What is proved is proved for cohorts of whole subjects of up to twice the largest number that the
paper states, with whole-number variables in their declared range. Time that is up is no proof:
what is not settled is taken as possible, and the result says that it is not complete.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field

from pilotage.progress import Silent, Steps
from pilotage.publication.audit.finding import AuditFinding
from pilotage.publication.audit.joint.check import Checker, TimeIsUp, says_size_of
from pilotage.publication.audit.joint.cohort import Cohort, cohort_of
from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.smallest import Set, Smallest
from pilotage.publication.audit.joint.telling import Telling
from pilotage.publication.claims import Published

MOST = 30
"""So many sets are looked for in one part of the paper."""

WIDE = 10
"""What is impossible is held against so many times as many subjects too."""

SEARCHING = 0.6
"""The share of the time for the search; the rest is for words and repairs."""

INSTALL = (
    "Whether all claims can be true together was not looked at: that needs OR-tools. "
    "Install it with: pip install 'pilotage[check]'"
)


class SolverMissing(Exception):
    """The solver is not installed; the message says how to."""


@dataclass(frozen=True, slots=True)
class JointResult:
    """The findings; a cohort, where all modelled claims can be true; whether the search came to its
    end; the claims that say nothing of a cohort, with why."""

    findings: tuple[AuditFinding, ...]
    cohort: Cohort | None
    complete: bool
    not_modelled: dict[str, str] = field(default_factory=dict)


def joint_findings(
    published: Published, *, progress: Steps | None = None, limit: float = 30.0
) -> JointResult:
    """Every smallest set of claims that cannot all be true, up to a number and a time in seconds.
    Raises SolverMissing where the solver is not installed."""
    if importlib.util.find_spec("ortools") is None:
        raise SolverMissing(INSTALL)
    progress = progress or Silent()
    facts = Facts(published)
    checker = Checker(facts, limit=limit * SEARCHING)
    found, complete = _impossible(checker, progress)
    if not found:
        cohorts = checker.cohorts(facts.facts) if complete else None
        cohort = None if cohorts is None else cohort_of(cohorts, facts)
        return JointResult((), cohort, complete, facts.not_modelled)
    checker.allow(limit * (1 - SEARCHING))
    telling = Telling(checker)
    found, sure = _confirmed(found, checker)
    complete &= sure
    findings = []
    for at, one in enumerate(found):
        findings.append(telling.finding(one))
        progress.part(3 * len(found) + at + 1, 4 * len(found))
    return JointResult(tuple(findings), None, complete, facts.not_modelled)


def _impossible(checker: Checker, progress: Steps) -> tuple[list[Set], bool]:
    """The smallest impossible sets of each part, the shortest first; are they all?"""
    limit, searches, complete = checker.limit, [], True
    parts = sorted(checker.parts(checker.facts.facts), key=lambda each: (len(each), each[0].id))
    progress()
    for at, part in enumerate(parts):
        answer = _settled(checker, part)
        complete &= answer is not None
        if answer is False:
            searches.append(Smallest(checker, part, most=MOST))
        progress.part(at + 1, 4 * len(parts))
    for at, step in enumerate(("near", "rest")):
        for done, search in enumerate(searches):
            checker.limit = limit
            checker.allow(checker.seconds_left / (len(searches) - done + (1 - at)))
            getattr(search, step)()
            progress.part((at + 1) * len(searches) + done + 1, 4 * len(searches))
    complete &= all(search.complete for search in searches)
    found = {tuple(fact.id for fact in one): one for search in searches for one in search.found}
    return sorted(found.values(), key=lambda one: (len(one), [fact.id for fact in one])), complete


def _confirmed(found: list[Set], checker: Checker) -> tuple[list[Set], bool]:
    """The sets that more subjects (or larger values, where no range is declared) would not mend
    either. Another stands beside the size of the cohort, where that is stated. Were all settled?"""
    wide = Checker(checker.facts, limit=checker.seconds_left / 3, most=WIDE * checker.largest)
    sizes = [fact for fact in checker.facts.facts if says_size_of(fact, checker.facts.root)]
    kept: list[Set] = []
    mended: list[Set] = []
    for one in found:
        bounded = set(one) & set(sizes) and not _open_ended(one, checker)
        (kept if bounded or _never(one, wide) else mended).append(one)
    if not mended:
        return kept, True
    for one in mended:
        for beside in ((*one, size) for size in sizes if not _open_ended(one, checker)):
            if all(_mended([f for f in beside if f is not left], checker) for left in one):
                kept.append(beside)
    if sizes:
        return kept, False
    more = [one for one in _among_many(mended, wide) if one not in kept]
    return kept + more, False


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


def _never(one: Set, wide: Checker) -> bool:
    try:
        return wide.possible(one) is False
    except TimeIsUp:
        return False


def _mended(facts: Sequence[Fact], checker: Checker) -> bool:
    return _settled(checker, facts) is True


def _settled(checker: Checker, part: Sequence[Fact]) -> bool | None:
    try:
        return checker.possible(part)
    except TimeIsUp:
        return None
