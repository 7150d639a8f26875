"""P values computed again from what is printed beside them: which tests fit, and which do not."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product

from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.from_summaries import (
    Arm,
    Bounds,
    correlations,
    paired,
    pooled,
    smallest_mann_whitney,
    smallest_signed_rank,
    welch,
)
from pilotage.publication.audit.means import asked_means
from pilotage.publication.audit.p_of_counts import of_counts
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.tests_tried import Tried, printed_p, verdict_of
from pilotage.publication.audit.words import number, printed, quoted
from pilotage.publication.claims import PValueClaim, StatisticClaim


def p_values(sizes: Sizes) -> Iterator[AuditFinding]:
    """A finding for each P value that can be computed again from two means, or from counts."""
    for claim in sizes.published.claims:
        if isinstance(claim, PValueClaim):
            if claim.comparator == "=" and claim.value > 1:
                question = f"How can {quoted(claim)} be more than 1?"
                yield AuditFinding("p_value", (claim.id,), "impossible", question)
                continue
            pairs = _pairs(claim, sizes)
            yield from _of_means(claim, pairs, sizes) if pairs else of_counts(claim, sizes)


# -- two means and two SDs -------------------------------------------------------------------------

Pair = tuple[StatisticClaim, StatisticClaim]


def _pairs(claim: PValueClaim, sizes: Sizes) -> tuple[Pair, Pair] | None:
    """The two means with their SDs that the P value compares."""
    compared = [sizes.published.claim(name) for name in claim.compares]
    given = [each for each in compared if isinstance(each, StatisticClaim)]
    found: list[Pair] = []
    for mean in (each for each in given if each.kind == "mean"):
        for sd in (each for each in given if each.kind in ("sd", "sem")):
            key = (sd.group, sd.variable, sd.at)
            if key == (mean.group, mean.variable, mean.at):
                found.append((mean, sd))
                break
    return (found[0], found[1]) if len(found) == 2 else None


def _of_means(claim: PValueClaim, pairs: tuple[Pair, Pair], sizes: Sizes) -> Iterator[AuditFinding]:
    (mean, sd), (other_mean, other_sd) = pairs
    same_subjects = mean.group == other_mean.group
    numbers = [_numbers(one, sizes) for one, _ in pairs]
    if not numbers[0] or not numbers[1]:
        return
    low, high = printed_p(claim)
    unpaired = [(_arm(mean, sd, n), _arm(other_mean, other_sd, m)) for n, m in product(*numbers)]
    both = sorted(set(numbers[0]) & set(numbers[1])) or sorted({*numbers[0], *numbers[1]})
    together = [(_arm(mean, sd, n), _arm(other_mean, other_sd, n)) for n in both if n > 1]
    tried = [
        _tried("pooled t test", unpaired, pooled, low, high),
        _tried("Welch's t test", unpaired, welch, low, high),
    ]
    if same_subjects:
        tried.insert(0, _paired(together, low, high))
    tried += _ranks(unpaired, together if same_subjects else [], high)
    ids = unique((claim.id, mean.id, sd.id, other_mean.id, other_sd.id))
    yield verdict_of(claim, ids, tried, _setting(pairs, numbers))


def _setting(pairs: tuple[Pair, Pair], numbers: list[list[int]]) -> tuple[str, ...]:
    lines = []
    for (mean, sd), ns in zip(pairs, numbers, strict=True):
        of = f"n = {ns[0]}" if len(ns) == 1 else f"n from {min(ns)} to {max(ns)}"
        kind = "SEM" if sd.kind == "sem" else "SD"
        lines.append(f"{mean.printed} with {kind} {number(sd.value, 6)} ({of})")
    return tuple(lines)


def _numbers(mean: StatisticClaim, sizes: Sizes) -> list[int]:
    """Of how many subjects mean and SD may be: as stated; else all that GRIMMER allows; else any
    up to the largest group."""
    if known := [size.n for size in sizes.of(mean.group) if size.n > 1]:
        return known
    not_said = mean.group == "not stated"
    whole = sizes.all_subjects if not_said else sizes.at_most(mean.group)
    if whole is None:
        return []
    asked = next((each for each in asked_means(sizes) if each.mean is mean), None)
    every = range(2, whole.n + 1)
    if asked is None:
        return [whole.n]
    possible = [n for n in every if asked.fits(n)]
    if whole.n in possible:
        return [whole.n]
    return possible or list(every)


def _arm(mean: StatisticClaim, sd: StatisticClaim, n: int) -> Arm:
    middle, spread = (printed(each, each.value).bounds for each in (mean, sd))
    per = math.sqrt(n) if sd.kind == "sem" else 1.0
    sds = (max(0.0, float(spread[0])) * per, float(spread[1]) * per)
    return Arm(n, (float(middle[0]), float(middle[1])), sds)


def _tried(
    name: str,
    arms: Sequence[tuple[Arm, Arm]],
    test: Callable[[Arm, Arm], Bounds],
    low: float,
    high: float,
) -> Tried:
    """An unpaired test over all sizes that the groups may have."""
    found = [test(one, other) for one, other in arms]
    fits = any(each.meet(low, high) for each in found)
    return Tried(name, min(e.low for e in found), max(e.high for e in found), fits)


def _paired(arms: Sequence[tuple[Arm, Arm]], low: float, high: float) -> Tried:
    """The paired test, with the correlations of the pairs that it would need."""
    found = [paired(one, other) for one, other in arms]
    needed = [
        each for one, other in arms if (each := correlations(one, other, low, high)) is not None
    ]
    only_if = ""
    if needed:
        least, most = min(each[0] for each in needed), max(each[1] for each in needed)
        only_if = f"the pairs correlate by {number(least)} to {number(most)}"
    return Tried(
        "paired t test",
        min(e.low for e in found),
        max(e.high for e in found),
        bool(needed),
        only_if,
    )


def _ranks(
    unpaired: Sequence[tuple[Arm, Arm]], together: Sequence[tuple[Arm, Arm]], high: float
) -> Iterator[Tried]:
    """Rank tests: of these only the smallest P value is known, which no data of that size pass."""
    if together:
        least = min(smallest_signed_rank(one.n) for one, _ in together)
        yield Tried("signed-rank test", least, 1.0, least <= high, bounded=False)
    least = min(smallest_mann_whitney(one.n, other.n) for one, other in unpaired)
    yield Tried("Mann-Whitney test", least, 1.0, least <= high, bounded=False)
