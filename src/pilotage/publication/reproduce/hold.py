"""Holds every claim of a paper against one data cut."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import polars as pl

from pilotage.datasets import Datasets
from pilotage.publication.answers import way, why_no_result, why_not_computable
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
from pilotage.publication.reproduce.changes import change
from pilotage.publication.reproduce.dates import dates
from pilotage.publication.reproduce.facts import Facts, NotCollected
from pilotage.publication.reproduce.followed import Followed
from pilotage.publication.reproduce.model import WITHOUT_UNIT, Candidate, Held, Reproduction
from pilotage.publication.reproduce.numbers import Sources, Two, each_value, one_number, two_numbers
from pilotage.publication.reproduce.p_values import p_values
from pilotage.publication.reproduce.results import Number, Results
from pilotage.publication.reproduce.statements import (
    MET,
    all_or_none,
    as_candidate,
    comparison,
)
from pilotage.statistics.rounding import as_written
from pilotage.study import Study

COMPARATORS = {
    "<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "about": "about",
}  # fmt: skip
NOT_FOLLOWED = "not built into the cohort"
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
    published, text = sources.published, sources.facts.study.text
    remarks = tuple(text(label) for label in (claim.reading, claim.remark) if label is not None)
    unit = sources.unit(claim) or ""
    unit = "" if unit in WITHOUT_UNIT else unit
    open_ = Held(claim, "cannot be computed", remarks=remarks, unit=unit)
    if (absent := why_not_computable(claim, published)) is not None:
        return replace(open_, reason=text(absent))
    if (reason := why_no_result(claim, published)) is not None:
        return replace(open_, verdict="not a result", reason=reason)
    if way(claim, published) is None:
        return replace(open_, reason="nothing says what answers it", unbound=True)
    try:
        meant, *others = candidates_of(claim, sources)
    except NotCollected as missing:
        return replace(open_, reason=str(missing))
    found = replace(open_, meant=meant, others=tuple(others), reason=meant.reason)
    if meant.reason:
        return replace(found, unbound=meant.unbound)
    return _judged_as_built(found, built) if _followed(claim, built) else _compared(found, built)


def _compared(found: Held, built: Followed) -> Held:
    """The verdict where nothing was built: that of the plan's answer."""
    assert found.meant is not None
    if found.meant.how in AS_PRINTED:
        return replace(found, verdict="same")
    left = built.not_followed.get(found.claim.id, "")
    return replace(found, verdict="differs", reason=f"{NOT_FOLLOWED}; {left}" if left else "")


def _judged_as_built(found: Held, built: Followed) -> Held:
    """The verdict of a claim that the cohort was built to meet: in the plan's reading, or in the
    first other one that fits."""
    assert found.meant is not None
    candidates, claim = (found.meant, *found.others), found.claim
    if found.meant.how in AS_PRINTED:
        return replace(found, verdict="met by construction")
    read = next((each for each in candidates if each.fits), None)
    if read is not None:
        return replace(found, verdict="met by construction", read=as_printed(read, claim))
    meets = "it" if claim.id in built.followed else f"{claim.same_fact_as}, which says the same"
    reason = f"the cohort was built to meet {meets}; it does not meet this"
    return replace(found, verdict="differs", reason=reason)


def as_printed(candidate: Candidate, claim: AnyClaim) -> Candidate:
    """Of a number that fits by another cutting: as it is printed, and what was cut."""
    if candidate.how in AS_PRINTED or not isinstance(claim, OneNumber):
        return candidate
    cut = shown(as_written(claim.value), claim.printed_digits)
    return replace(candidate, text=f"{cut}{_sign(claim)} ({candidate.text}, {candidate.how})")


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
            return [judged(claim, number) for number in p_values(claim, sources)]
        case TwoNumbers():
            return [both_judged(claim, pair) for pair in two_numbers(claim, sources)]
        case OneNumber():
            if numbers := one_number(claim, sources):
                return [judged(claim, number) for number in numbers]
            return [_each_judged(claim, sources)]
    return []


def judged(claim: OneNumber, number: Number) -> Candidate:
    """A number of ours beside the one that the claim prints."""
    found = as_candidate(number)
    if number.value is None:
        return found
    digits = claim.printed_digits
    how = agreement(number.value, claim.value, digits=digits, comparator=claim.comparator)
    # of a number that fits by another cutting one more decimal is shown: it says why
    text = shown(number.value, digits + (how not in ("", "rounded")))
    return replace(found, text=f"{text}{_sign(claim)}{_asked(claim)}", how=how)


def _sign(claim: OneNumber) -> str:
    return " %" if claim.named("kind") == "percentage" else ""


def _asked(claim: OneNumber) -> str:
    """What was asked of the number, where it need not be the printed one: ' (at most 6)'."""
    if claim.comparator == "=":
        return ""
    limit = shown(as_written(claim.value), claim.printed_digits)
    return f" ({COMPARATORS[claim.comparator]} {limit}{_sign(claim)})"


def both_judged(claim: TwoNumbers, pair: Two) -> Candidate:
    """Two numbers of ours beside the two that the claim prints."""
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
        text=", ".join(dict.fromkeys(shown(value, digits) for value in sorted(values)))
        + _asked(claim),
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
