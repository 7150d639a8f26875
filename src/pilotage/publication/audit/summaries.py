"""Medians, ranges, quartiles, means and SDs that a group of that size cannot have together."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pilotage.publication.audit.finding import AuditFinding, judged, unique
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.spans import Interval, interval, middle
from pilotage.publication.audit.words import listed, number, ordinal, quoted
from pilotage.publication.claims import RangeClaim, StatisticClaim


@dataclass(slots=True)
class Summary:
    """What the paper prints of one variable of one group at one time, in one sentence or two."""

    group: str
    variable: str
    at: str | None
    ranges: list[RangeClaim]
    quartiles: list[RangeClaim]
    statistics: list[StatisticClaim]

    def kind(self, *kinds: str) -> list[StatisticClaim]:
        return [claim for claim in self.statistics if claim.kind in kinds]


def summaries(sizes: Sizes) -> Iterator[AuditFinding]:
    """Each range with what stands beside it, each quartile, and values outside of a scale."""
    for summary in _gathered(sizes):
        yield from _within_scale(summary, sizes)
        for claim in summary.ranges:
            for median in summary.kind("median"):
                yield _median(summary, claim, median, sizes)
            for mean in summary.kind("mean"):
                yield _mean(summary, claim, mean, sizes)
            for sd in summary.kind("sd"):
                yield from _sd(claim, sd, sizes)
        for claim in summary.quartiles:
            yield from _quartiles(summary, claim, sizes)
        if not summary.ranges:
            for median in summary.kind("median"):
                yield from _lone_median(median, sizes)


def _gathered(sizes: Sizes) -> list[Summary]:
    found: dict[tuple[str, str, str | None], Summary] = {}
    for claim in sizes.published.claims:
        if isinstance(claim, RangeClaim | StatisticClaim):
            key = (claim.group, claim.variable, claim.at)
            summary = found.setdefault(key, Summary(*key, [], [], []))
            if isinstance(claim, StatisticClaim):
                summary.statistics.append(claim)
            elif claim.kind == "range":
                summary.ranges.append(claim)
            else:
                summary.quartiles.append(claim)
    return list(found.values())


# -- how many they may be --------------------------------------------------------------------------


def _numbers(group: str, sizes: Sizes) -> tuple[list[int], tuple[str, ...], str]:
    """The sizes that a group may have, the claims that say so, and how; none where nothing does."""
    own = sizes.of(group)
    if own:
        names = unique([name for size in own for name in size.claims])
        return [size.n for size in own], names, listed([f"{size.n}" for size in own], "or")
    most = sizes.at_most(group)
    if most is None:
        return [], (), ""
    return list(range(1, most.n + 1)), most.claims, f"at most {most.n} ({most.how})"


# -- median ----------------------------------------------------------------------------------------


def _median(
    summary: Summary, claim: RangeClaim, median: StatisticClaim, sizes: Sizes
) -> AuditFinding:
    low, high = (_interval(claim, end, sizes) for end in (claim.low, claim.high))
    value = _interval(median, median.value, sizes)
    numbers, names, how = _numbers(summary.group, sizes)
    ids = unique((median.id, claim.id, *names))
    if value.high < low.low or value.low > high.high:
        question = f"How can {quoted(median)} lie outside of {quoted(claim)}?"
        return AuditFinding("summary", ids, "inconsistent", question)
    whole = sizes.published.variables[summary.variable].whole_numbers
    fitting = [n for n in numbers if _median_of(n, low, value, high, whole)]
    if numbers and not fitting:
        half = (claim.low + claim.high) / 2
        question = (
            f"How can {quoted(median)} and {quoted(claim)} be of {how} subjects: the median of two "
            "is the middle of their range?"
            if max(numbers) <= 2
            else f"How can {quoted(median)} and {quoted(claim)} be of {how} subjects?"
        )
        lines = (
            f"two subjects: ({number(claim.low)} + {number(claim.high)}) / 2 = {number(half)}, "
            f"and {number(median.value)} is printed",
        )
        repairs = [f"a median of {number(half)}", "three subjects or more, not two"]
        repairs += _other_ends(claim, median)
        return AuditFinding("summary", ids, "inconsistent", question, lines, tuple(repairs))
    words = f"{quoted(median)} can be the median beside {quoted(claim)}"
    order: tuple[str, ...] = ()
    if len(numbers) == 1 and numbers[0] % 2 and numbers[0] > 1:
        middle_ = (numbers[0] + 1) // 2
        order = (f"of {numbers[0]} subjects it is the value of the {ordinal(middle_)} in order",)
    words += f" of {how} subjects." if numbers else "."
    return AuditFinding("summary", ids, "fine", words, order)


def _other_ends(claim: RangeClaim, median: StatisticClaim) -> list[str]:
    """Two subjects with this median: the one end that goes with the other."""
    other_high = 2 * median.value - claim.low
    found = []
    if other_high >= median.value:
        found.append(f"{number(claim.low)} to {number(other_high)}, if there were two")
    return found


def _median_of(n: int, low: Interval, value: Interval, high: Interval, whole: bool) -> bool:
    """Can n values from low to high, both of which occur, have the median? An overlap of what the
    three printed numbers may have been is enough."""
    if n == 1:
        return low.high >= high.low and value.high >= low.low and value.low <= high.high
    if n == 2:
        return (low.low + high.low) / 2 <= value.high and (low.high + high.high) / 2 >= value.low
    step = 1 if n % 2 else 2
    return not whole or math.floor(value.high * step) >= math.ceil(value.low * step)


def _lone_median(median: StatisticClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """A median of whole numbers, without a range."""
    numbers, names, how = _numbers(median.group, sizes)
    whole = sizes.published.variables[median.variable].whole_numbers
    if not numbers or not whole:
        return
    value = _interval(median, median.value, sizes)
    ids = unique((median.id, *names))
    if any(_median_of(n, value, value, value, True) for n in numbers if n > 2) or min(numbers) <= 2:
        yield AuditFinding(
            "summary", ids, "fine", f"{quoted(median)} can be the median of {how} whole numbers."
        )
        return
    question = f"How can {quoted(median)} be the median of {how} whole numbers?"
    line = "of an odd number of subjects the median is one of their values, a whole number"
    repairs = (f"{math.floor(median.value)} or {math.ceil(median.value)}", "an even number of them")
    yield AuditFinding("summary", ids, "inconsistent", question, (line,), repairs)


# -- mean and SD -----------------------------------------------------------------------------------


def _mean(summary: Summary, claim: RangeClaim, mean: StatisticClaim, sizes: Sizes) -> AuditFinding:
    """The mean lies within the range; with the size, and a median, within less."""
    low, high = (_interval(claim, end, sizes) for end in (claim.low, claim.high))
    value = _interval(mean, mean.value, sizes)
    numbers, names, _ = _numbers(summary.group, sizes)
    medians = summary.kind("median")
    ids = unique((mean.id, claim.id, *(m.id for m in medians[:1]), *names))
    n = max(numbers, default=0)
    least, most = middle(low), middle(high)
    lines: tuple[str, ...] = ()
    if n > 1:
        centre = _interval(medians[0], medians[0].value, sizes) if medians else None
        least, most = _mean_between(n, low, high, centre)
        lines = (f"the mean of {n} such values lies between {number(least)} and {number(most)}",)
    holds = least <= value.high and value.low <= most
    words = f"{quoted(mean)} can be the mean beside {quoted(claim)}."
    question = f"How can {quoted(mean)} be the mean beside {quoted(claim)}?"
    return judged("summary", ids, holds, words, question, lines)


def _mean_between(
    n: int, low: Interval, high: Interval, median: Interval | None
) -> tuple[Fraction, Fraction]:
    """The smallest and the largest mean of n values of which one is the lowest and one the highest,
    and the middle one is the median."""
    if median is None or n < 3:
        return (low.low * (n - 1) + high.low) / n, (low.high + high.high * (n - 1)) / n
    below, above = (n - 1) // 2, n // 2  # so many are not above, not below the median
    smallest = low.low * below + high.low + median.low * (n - below - 1)
    largest = low.high + high.high * above + median.high * (n - above - 1)
    return smallest / n, largest / n


def _sd(claim: RangeClaim, sd: StatisticClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """An SD between the least and the most that a range allows."""
    numbers, names, _ = _numbers(claim.group, sizes)
    n = max(numbers, default=0)
    if n < 2:
        return
    low, high = (_interval(claim, end, sizes) for end in (claim.low, claim.high))
    value = _interval(sd, sd.value, sizes)
    width, narrow = high.high - low.low, max(high.low - low.high, Fraction(0))
    most = float(width) / 2 * math.sqrt(n / (n - 1))
    least = float(narrow) / math.sqrt(2 * (n - 1))
    lines = (
        f"half the range, times the root of {n} / {n - 1}: at most {number(most)}",
        f"the range, divided by the root of 2 × {n - 1}: at least {number(least)}",
    )
    ids = unique((sd.id, claim.id, *names))
    repairs: tuple[str, ...] = ()
    if least <= float(value.high) * math.sqrt(n) and float(value.low) * math.sqrt(n) <= most:
        repairs = ("a standard error, not an SD",)
    holds = least <= float(value.high) and float(value.low) <= most
    words = f"{quoted(sd)} can be the SD beside {quoted(claim)}."
    question = f"How can {quoted(sd)} be the SD of {n} subjects beside {quoted(claim)}?"
    yield judged("summary", ids, holds, words, question, lines, repairs)


# -- quartiles and scales --------------------------------------------------------------------------


def _quartiles(summary: Summary, claim: RangeClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """Quartiles lie around the median and within the range."""
    first, third = (_interval(claim, end, sizes) for end in (claim.low, claim.high))
    wrong: list[StatisticClaim | RangeClaim] = []
    for median in summary.kind("median"):
        value = _interval(median, median.value, sizes)
        if value.high < first.low or value.low > third.high:
            wrong.append(median)
    for whole in summary.ranges:
        low, high = (_interval(whole, end, sizes) for end in (whole.low, whole.high))
        if first.high < low.low or third.low > high.high:
            wrong.append(whole)
    beside: list[StatisticClaim | RangeClaim] = [*summary.kind("median"), *summary.ranges]
    if wrong:
        others = listed([quoted(other) for other in wrong])
        ids = unique((claim.id, *(other.id for other in wrong)))
        question = f"How can {quoted(claim)} be the quartiles beside {others}?"
        yield AuditFinding("summary", ids, "inconsistent", question)
    elif beside:
        ids = unique((claim.id, *(other.id for other in beside)))
        words = f"{quoted(claim)} lie around the median and within the range."
        yield AuditFinding("summary", ids, "fine", words)


def _within_scale(summary: Summary, sizes: Sizes) -> Iterator[AuditFinding]:
    """A location outside of the scale of its variable."""
    scale = sizes.published.variables[summary.variable].range
    if scale is None:
        return
    low, high = scale
    located: list[tuple[StatisticClaim | RangeClaim, tuple[float, ...]]] = []
    located += [(c, (c.value,)) for c in summary.kind("mean", "median", "minimum", "maximum")]
    located += [(c, (c.low, c.high)) for c in summary.ranges]
    for claim, values in located:
        if any(not low <= value <= high for value in values):
            question = f"How can {quoted(claim)} lie outside of {number(low)} to {number(high)}?"
            yield AuditFinding("summary", (claim.id,), "impossible", question)


def _interval(claim: RangeClaim | StatisticClaim, value: float, sizes: Sizes) -> Interval:
    return interval(claim, value, sizes.published)
