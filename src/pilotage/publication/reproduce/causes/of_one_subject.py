"""A subject more or less: without whom ours would be what is printed, and who it could be."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis import analyse
from pilotage.datasets import Datasets
from pilotage.publication.answers import computable
from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    CountClaim,
    OneNumber,
    PValueClaim,
    TwoNumbers,
)
from pilotage.publication.reproduce.cause import Cause
from pilotage.publication.reproduce.causes.search import (
    MOST_NAMED,
    Search,
    named_subjects,
    numbers_of,
)
from pilotage.publication.reproduce.facts import Facts, Members
from pilotage.publication.reproduce.hold import judged
from pilotage.publication.reproduce.model import Candidate
from pilotage.publication.reproduce.numbers import Sources, named
from pilotage.publication.reproduce.results import Results

MOST_SUBJECTS = 40
"""Of more subjects it is not tried who could be left out: one of so many would tell nothing."""


def one_subject(search: Search) -> Iterator[Cause]:
    """One subject by whom the difference would be gone."""
    match search.claim:
        case CountClaim():
            yield from _of_a_count(search.claim, search)
        case AllOrNoneClaim():
            yield from _of_all(search.claim, search)
        case OneNumber() | TwoNumbers():
            yield from _left_out(search)


# -- counts ----------------------------------------------------------------------------------------


def _of_a_count(claim: CountClaim, search: Search) -> Iterator[Cause]:
    meant = search.held.meant
    if meant is None or meant.value is None or claim.comparator != "=":
        return
    more = claim.value - round(meant.value)
    if more not in (-1, 1):
        return
    what = f"one subject {'more' if more > 0 else 'less'} would be {claim.value}, ours is"
    words = f"{what} {round(meant.value)}"
    who = _who(claim, search, inside=more < 0)
    line = (
        f"it could be {named_subjects(who)}" if who else "the datasets do not say who it could be"
    )
    yield Cause("one subject", words, (line,), subjects=tuple(sorted(who)))


def _who(claim: CountClaim, search: Search, *, inside: bool) -> list[str]:
    """Who is counted; or who is not, those first of whom it is not known."""
    published, facts = search.sources.published, search.sources.facts
    if not computable(published, claim.group):
        return []
    members = facts.members(claim.group)
    whole = claim.of if claim.of is not None and claim.of in published.groups else None
    around: Members = dict.fromkeys(members, True)
    if whole is not None and computable(published, whole):
        around = facts.members(whole)
    if inside:
        return [s for s, answer in members.items() if answer and around[s]]
    possible = [s for s, answer in members.items() if not answer and around[s] is not False]
    unknown = [s for s in possible if members[s] is None]
    return unknown or possible


def _of_all(claim: AllOrNoneClaim, search: Search) -> Iterator[Cause]:
    """All but one, or one where none was said."""
    published, facts = search.sources.published, search.sources.facts
    if not all(computable(published, name) for name in (claim.group, claim.of)):
        return
    whole, members = facts.members(claim.of), facts.members(claim.group)
    wrong = claim.kind == "none"
    who = [s for s, inside in whole.items() if inside and members[s] is wrong]
    if len(who) == 1:
        said = "one subject is" if wrong else "one subject is not"
        words = f"{said} among '{search.group_text(claim.group)}'; of the others it is as said"
        yield Cause("one subject", words, (f"it is {who[0]}",), subjects=tuple(who))


# -- everything else: computed again without each subject ------------------------------------------


def _left_out(search: Search) -> Iterator[Cause]:
    """Ours computed again without each subject in turn."""
    claim, meant = search.claim, search.held.meant
    assert meant is not None
    subjects = search.sources.facts.subjects
    if not 1 < len(subjects) <= MOST_SUBJECTS or getattr(claim, "comparator", "=") != "=":
        return
    if not _is_of(meant, _again(meant, claim, _without(None, claim, search))):
        return  # these results are not of these datasets
    found: dict[str, Candidate] = {}
    for subject in subjects:
        again = _again(meant, claim, _without(subject, claim, search))
        if again is not None and again.how == "rounded":
            found[subject] = again
    if not found:
        return
    first = next(iter(found.values()))
    words = f"without {named_subjects(found)} it is what is printed: n = {first.n}"
    lines = [f"without {subject}: {each.text}, n = {each.n}" for subject, each in found.items()]
    if len(found) > 1:
        nobody = f"{len(found)} of {len(subjects)} subjects could be it: it points to nobody"
        lines = [nobody] if len(found) > MOST_NAMED else [*lines, nobody]
    yield Cause("one subject", words, tuple(lines), subjects=tuple(found))


def _again(meant: Candidate, claim: AnyClaim, sources: Sources) -> Candidate | None:
    """The number meant, from these sources."""
    if isinstance(claim, PValueClaim):
        return judged(claim, sources.results.one(meant.results[0])) if meant.results else None
    return numbers_of(claim, claim, sources)


def _is_of(meant: Candidate, again: Candidate | None) -> bool:
    return again is not None and (again.text, again.n) == (meant.text, meant.n)


def _without(subject: str | None, claim: AnyClaim, search: Search) -> Sources:
    """Where answers come from when a subject is left out; with nobody named, all are there."""
    key = (subject, frozenset(_analyses(claim)))
    if key not in search.without:
        search.without[key] = _made_without(*key, search)
    return search.without[key]


def _made_without(subject: str | None, names: frozenset[str], search: Search) -> Sources:
    sources, datasets = search.sources, search.datasets
    facts = sources.facts
    if subject is not None:
        datasets = _left(datasets, subject)
    tables = {
        name: table.filter(pl.col("USUBJID") != subject)
        if subject is not None and "USUBJID" in table.columns
        else table
        for name, table in facts.tables.items()
    }
    results = sources.results
    if names:
        chosen = tuple(each for each in facts.study.sap.analyses if each.id in names)
        sap = facts.study.sap.model_copy(update={"analyses": chosen})
        study = replace(facts.study, sap=sap)
        results = Results(facts.study, analyse(study, datasets))
    return Sources(
        sources.published, results, Facts(facts.study, facts.published, datasets, tables)
    )


def _left(datasets: Datasets, subject: str) -> Datasets:
    others = pl.col("USUBJID") != subject
    return replace(
        datasets,
        adsl=datasets.adsl.filter(others),
        adqs=datasets.adqs.filter(others),
        adrs=datasets.adrs.filter(others),
        adtte=datasets.adtte.filter(others),
        adlb=datasets.adlb.filter(others),
        adae=datasets.adae.filter(others),
        adex=datasets.adex.filter(others),
    )


def _analyses(claim: AnyClaim) -> set[str]:
    """The analyses whose results answer the claim."""
    result = getattr(claim, "result", ())
    if isinstance(claim, TwoNumbers):
        ends = result if isinstance(result, tuple) else (result,)
        return {end.low.partition("/")[0] for end in ends}
    return {pattern.partition("/")[0] for pattern in named(result)}
