"""Causes among the other numbers that a claim could mean: what is other where one of them fits."""

from collections.abc import Iterable, Iterator

from pilotage.publication.claims import OneNumber, PValueClaim
from pilotage.publication.reproduce.cause import Cause, Kind
from pilotage.publication.reproduce.causes.search import Search, numbers_of
from pilotage.publication.reproduce.model import Candidate, in_words
from pilotage.publication.reproduce.results import statistic_of, visit_of
from pilotage.statistics.rounding import as_written, text

WORDS: dict[Kind, str] = {
    "spread": "another measure of spread gives it",
    "centre": "it is called a {own}, and the other one gives it",
    "denominator": "as a share of others it is what is printed",
    "population": "another population gives it",
    "subjects": "another choice of values gives it",
    "time": "another time gives it",
    "definition": "another definition of the plan gives it",
    "test": "another test gives it",
}

CUT = {
    "truncated": "with its further decimals cut off",
    "half to even": "with a half rounded to the even digit",
}

MANY = 10
"""Where so many numbers were tried, it is said of how many one fits."""

USUAL_LIMITS = (0.1, 0.05, 0.025, 0.01, 0.005, 0.001, 0.0005, 0.0001)
"""P values that are printed as limits."""


def candidates(search: Search) -> Iterator[Cause]:
    """One cause for each thing that is other in a candidate that fits; of several that differ in
    more than one thing only those with the fewest."""
    held = search.held
    assert held.meant is not None
    found: dict[Kind, list[tuple[int, Candidate]]] = {}
    for candidate in _alike(held.fitting, held.meant):
        if others := differences(candidate, held.meant):
            found.setdefault(others[0], []).append((len(others), candidate))
    fewest = min((number for each in found.values() for number, _ in each), default=0)
    for kind, fitting in found.items():
        chosen = [candidate for number, candidate in fitting if number == fewest]
        if chosen:
            yield _cause(kind, chosen, search)


def _cause(kind: Kind, fitting: list[Candidate], search: Search) -> Cause:
    words = WORDS[kind].format(own=search.claim.kind)
    first = fitting[0]
    lines = [f"{each.text}: {in_words(each)}" for each in fitting]
    assert search.held.meant is not None
    tried = [each for each in _alike(search.held.others, search.held.meant) if each.text]
    if len(tried) >= MANY:
        fits = sum(each.fits for each in tried)
        lines.append(f"{fits} of {len(tried)} others that were tried fit; of many one fits easily")
    return Cause(kind, f"{words}: {in_words(first)}", tuple(lines), results=first.results)


def _alike(others: Iterable[Candidate], meant: Candidate) -> list[Candidate]:
    """Of a claim about all visits those that are about all visits too."""
    if len(meant.results) < 2:
        return list(others)
    return [each for each in others if len(each.results) > 1]


def some_visits(search: Search) -> Iterator[Cause]:
    """Of a claim about all visits: at which it is not as said, where it is at most of them."""
    meant = search.held.meant
    assert meant is not None
    if len(meant.results) < 2:
        return
    each = [one for one in search.held.others if len(one.results) == 1 and one.text]
    own = [one for one in each if one.results[0] in meant.results]
    broken = [one for one in own if not one.fits]
    if broken and 2 * len(broken) < len(own):
        weeks = ", ".join(visit_of(one.results[0]) for one in broken)
        word = "weeks" if broken[1:] else "week"
        words = f"it is not as said at {word} {weeks}; at the other {len(own) - len(broken)} it is"
        lines = tuple(f"{one.text}: {in_words(one)}" for one in broken)
        found = tuple(one.results[0] for one in broken)
        yield Cause("time", words, lines, results=found)


def differences(candidate: Candidate, meant: Candidate) -> tuple[Kind, ...]:
    """What is other in the candidate than in the number meant, the telling one first."""
    found: list[Kind] = []
    if candidate.other is not None:
        found.append(candidate.other)
    if candidate.results and meant.results:
        found += _by_results(candidate, meant)
    elif _test(candidate) != _test(meant):
        found.append("test")
    if candidate.population != meant.population and "denominator" not in found:
        found.append("population")
    if found and candidate.how in CUT and meant.how not in CUT:
        found.append("rounding")
    return tuple(dict.fromkeys(found))


def _by_results(candidate: Candidate, meant: Candidate) -> Iterator[Kind]:
    one, other = candidate.results[0], meant.results[0]
    (analysis, _, level), (own, _, own_level) = (name.split("/")[:3] for name in (one, other))
    if analysis != own or level != own_level:
        yield "definition"
    if visit_of(one) != visit_of(other) or len(candidate.results) != len(meant.results):
        yield "time"
    if candidate.other is None and statistic_of(one) != statistic_of(other):
        yield "test" if statistic_of(one).startswith("p_") else "definition"


def _test(candidate: Candidate) -> str:
    name = candidate.results[0] if candidate.results else ""
    return statistic_of(name).removeprefix("p_") if name else candidate.method.partition(";")[0]


# -- the number meant, cut or limited otherwise ----------------------------------------------------


def rounding(search: Search) -> Iterator[Cause]:
    """Ours prints so when its decimals are cut in another way."""
    meant = search.held.meant
    assert meant is not None
    if meant.how in CUT:
        words = f"ours is what is printed, {CUT[meant.how]}"
        yield Cause("rounding", words, (f"{meant.text}: {in_words(meant)}",), results=meant.results)


def limit(search: Search) -> Iterator[Cause]:
    """A number that stands for a limit, or a limit that ours is exactly."""
    claim, meant = search.claim, search.held.meant
    assert isinstance(claim, OneNumber)
    if meant is None or meant.value is None:
        return
    ours, printed = as_written(meant.value), as_written(claim.value)
    shown = text(printed, claim.printed_digits)
    if claim.comparator in ("<", ">") and ours == printed:
        sign = "at most" if claim.comparator == "<" else "at least"
        words = f"ours is the limit itself: '{sign} {shown}' would be met"
        yield Cause("limit", words, (f"{meant.text}: {in_words(meant)}",), results=meant.results)
    if not isinstance(claim, PValueClaim) or claim.comparator != "=":
        return
    if claim.value in USUAL_LIMITS and ours < printed:
        words = f"{shown} is often printed for a limit: 'P < {shown}' would be met"
        yield Cause("limit", words, (f"{meant.text}: {in_words(meant)}",), results=meant.results)


# -- what other sentences of the paper are about ---------------------------------------------------


def definition(search: Search) -> Iterator[Cause]:
    """Another claim of the same kind, of the same variable or of groups that lie within each other:
    ours of that one is what this one prints."""
    claim, sources = search.claim, search.sources
    same = {claim.id, claim.same_fact_as}
    for other in sources.published.claims:
        if other.id in same or other.same_fact_as in same - {None} or other.kind != claim.kind:
            continue
        if claim.kind == "p_value" or not _about_the_same(search, other.id):
            continue
        if search.beside(other.id).meant is None or sources.unit(other) != sources.unit(claim):
            continue
        found = numbers_of(other, claim, sources)
        if found is None or found.how != "rounded" or _is_meant(found, search):
            continue
        words = f"it is ours of what {other.id} ('{other.printed}') is about: {in_words(found)}"
        lines = (f"{found.text}: {in_words(found)}", f"{other.place}: “{other.sentence}”")
        yield Cause("definition", words, lines, claims=(other.id,), results=found.results)
        return


def _is_meant(found: Candidate, search: Search) -> bool:
    known = [each for each in (search.held.meant, *search.held.others) if each is not None]
    return any((each.label, each.results) == (found.label, found.results) for each in known)


def _about_the_same(search: Search, name: str) -> bool:
    """The same variable; or, of counts and shares, a group within the other."""
    claim, other = search.claim, search.sources.published.claim(name)
    variable = claim.named("variable")
    if variable is not None:
        return other.named("variable") == variable
    group, its = claim.named("group"), other.named("group")
    published = search.sources.published
    if group not in published.groups or its not in published.groups:
        return False
    lying = search.lying
    return group != its and bool(
        lying.inside(group, its) is not None or lying.inside(its, group) is not None
    )
