"""Holds every claim of a paper against one data cut."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import polars as pl

from pilotage.datasets import Datasets
from pilotage.publication.answers import way, why_never
from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    ChangeClaim,
    ComparisonClaim,
    DateClaim,
    OneNumber,
    Published,
    PValueClaim,
    TwoNumbers,
)
from pilotage.publication.reproduce.agreement import agreement, shown
from pilotage.publication.reproduce.dates import dates
from pilotage.publication.reproduce.facts import Facts, NotCollected
from pilotage.publication.reproduce.followed import Followed
from pilotage.publication.reproduce.model import Candidate, Held, Reproduction, in_words
from pilotage.publication.reproduce.numbers import Sources, Two, each_value, one_number, two_numbers
from pilotage.publication.reproduce.p_values import p_values
from pilotage.publication.reproduce.results import Number, Results
from pilotage.publication.reproduce.statements import (
    MET,
    all_or_none,
    as_candidate,
    change,
    comparison,
)
from pilotage.study import Study

AS_PRINTED = ("rounded", MET)
"""The ways to fit that make ours the same; other ways of cutting decimals are only named."""


def reproduce(
    study: Study,
    published: Published,
    datasets: Datasets,
    results: pl.DataFrame,
    *,
    tables: Mapping[str, pl.DataFrame],
    followed: Followed | None = None,
) -> Reproduction:
    """Every claim beside ours, in the order of the paper; none is left out.

    `tables` are those of the snapshot, for answers that no dataset holds. `followed` says which
    claims a synthetic cohort was built to meet; of other data it counts for nothing.
    """
    facts = Facts(study, published, datasets, tables)
    sources = Sources(published, Results(study, results), facts)
    built = followed if followed is not None and datasets.synthetic else Followed()
    return Reproduction(
        held=tuple(_held(claim, sources, built) for claim in published.claims),
        synthetic=datasets.synthetic,
    )


def _held(claim: AnyClaim, sources: Sources, built: Followed) -> Held:
    if (reason := why_never(claim, sources.published)) is not None:
        return Held(claim, "cannot be computed", reason=reason)
    if way(claim, sources.published) is None:
        return Held(
            claim, "cannot be computed", reason="nothing says what answers it", unbound=True
        )
    try:
        candidates = candidates_of(claim, sources)
    except NotCollected as absent:
        return Held(claim, "cannot be computed", reason=str(absent))
    meant, *others = candidates
    found = Held(claim, "cannot be computed", meant, tuple(others), reason=meant.reason)
    if meant.reason:
        return replace(found, unbound=meant.unbound)
    same = meant.how in AS_PRINTED
    if not _followed(claim, built):
        reason = "" if same else built.not_followed.get(claim.id, "")
        return replace(found, verdict="same" if same else "differs", reason=reason)
    if same:
        return replace(found, verdict="met by construction")
    read_so = next((candidate for candidate in candidates if candidate.fits), None)
    if read_so is not None:
        reason = f"read as {read_so.text}: {in_words(read_so)}"
        return replace(found, verdict="met by construction", reason=reason)
    meets = "it" if claim.id in built.followed else f"{claim.same_fact_as}, which says the same"
    reason = f"the cohort was built to meet {meets}; it does not meet this"
    return replace(found, verdict="differs", reason=reason)


def _followed(claim: AnyClaim, built: Followed) -> bool:
    """Was the cohort built to meet the claim, or one that says the same? Not where it leaves it."""
    if claim.id in built.not_followed:
        return False
    return claim.id in built.followed or claim.same_fact_as in built.followed


def candidates_of(claim: AnyClaim, sources: Sources) -> list[Candidate]:
    """Everything of ours that the claim could mean, each judged; the one meant comes first."""
    match claim:
        case AllOrNoneClaim():
            return all_or_none(claim, sources)
        case ChangeClaim():
            return change(claim, sources)
        case ComparisonClaim():
            return comparison(claim, sources)
        case DateClaim():
            return dates(claim, sources)
        case PValueClaim():
            return [_judged(claim, number) for number in p_values(claim, sources)]
        case TwoNumbers():
            return [_both_judged(claim, pair) for pair in two_numbers(claim, sources)]
        case OneNumber():
            if numbers := one_number(claim, sources):
                return [_judged(claim, number) for number in numbers]
            return [_each_judged(claim, sources)]
    return []


def _judged(claim: OneNumber, number: Number) -> Candidate:
    found = as_candidate(number)
    if number.value is None:
        return found
    digits = claim.printed_digits
    how = agreement(number.value, claim.value, digits=digits, comparator=claim.comparator)
    unit = " %" if claim.named("kind") == "percentage" else ""
    # of a number that fits by another cutting one more decimal is shown: it says why
    text = shown(number.value, digits + (how not in ("", "rounded")))
    return replace(found, text=f"{text}{unit}", how=how)


def _both_judged(claim: TwoNumbers, pair: Two) -> Candidate:
    low, high = pair
    found = as_candidate(low)
    if low.value is None or high.value is None:
        return replace(found, value=None, reason=low.reason or high.reason)
    digits = claim.printed_digits
    ways = (
        agreement(low.value, claim.low, digits=digits),
        agreement(high.value, claim.high, digits=digits),
    )
    return replace(
        found,
        text=f"{shown(low.value, digits)} to {shown(high.value, digits)}",
        how=_worse(*ways) if all(ways) else "",
        value=None,
        results=tuple(dict.fromkeys((*low.results, *high.results))),
    )


def _worse(one: str, other: str) -> str:
    return other if one == "rounded" else one


def _each_judged(claim: OneNumber, sources: Sources) -> Candidate:
    """The value of each subject of a group: every one must be as printed."""
    found, label, without = each_value(claim, sources)
    candidate = Candidate(label, n=len(found), method="values in the datasets")
    if without or not found:
        return replace(candidate, reason=_missing(claim, without, sources))
    values = [value for own in found.values() for value in own]
    digits, compared = claim.printed_digits, claim.comparator
    ways = [agreement(v, claim.value, digits=digits, comparator=compared) for v in values]
    return replace(
        candidate,
        text=", ".join(dict.fromkeys(shown(value, digits) for value in sorted(values))),
        how=next((way for way in ways if way != "rounded"), "rounded") if all(ways) else "",
        value=_only(values),
    )


def _missing(claim: OneNumber, without: int, sources: Sources) -> str:
    group = sources.published.groups[claim.named("group") or ""]
    if group.subject is not None:
        return f"no subject of the snapshot has the number {group.subject} and such a value"
    if not without:
        return "nobody is in the group"
    return f"{without} of the group have no known value"


def _only(values: list[Fraction]) -> float | None:
    return float(values[0]) if len(set(values)) == 1 else None
