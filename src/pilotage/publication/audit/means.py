"""Means and SDs of whole-number scores, held against the number of subjects."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pilotage.publication.arithmetic import ROUNDINGS, Moments, Printed, Spread
from pilotage.publication.audit.by_hand import moments, next_to, why_not
from pilotage.publication.audit.finding import HALF_UP, AuditFinding, Check, Verdict, unique
from pilotage.publication.audit.scores import Reading, Scale, grim, grimmer, readings
from pilotage.publication.audit.sizes import Size, Sizes
from pilotage.publication.audit.words import (
    ROUNDED_AS,
    listed,
    one_digit_apart,
    other_roundings,
    printed,
    quoted,
)
from pilotage.publication.claims import Published, StatisticClaim
from pilotage.statistics.rounding import text

SHOWN = 4
"""So many of several possible things are named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A mean, its SD if there is one, and of how many subjects it may be."""

    mean: StatisticClaim
    sd: StatisticClaim | None
    wholes: list[Size]
    most: int
    scale: Scale
    open: bool
    """The paper does not say of how many subjects it is."""

    @property
    def printed_mean(self) -> Printed:
        return printed(self.mean, self.mean.value)

    @property
    def kind(self) -> Spread:
        return "standard error" if self.sd and self.sd.kind == "sem" else "sample SD"

    def fits(self, n: int) -> bool:
        """Can n subjects have the mean, and the SD if there is one?"""
        if self.sd is None or n < 2:
            return self.sd is None and bool(grim(n, self.printed_mean, self.scale))
        value = printed(self.sd, self.sd.value)
        return bool(grimmer(n, self.printed_mean, value, self.scale, self.kind, most=2))

    @property
    def claims(self) -> tuple[str, ...]:
        return () if self.mean.group == "not stated" else self.wholes[0].claims


def means(sizes: Sizes) -> Iterator[AuditFinding]:
    """A finding for each mean of whole numbers, and for each SD beside one."""
    for asked in asked_means(sizes):
        yield _mean(asked)
        if asked.sd is not None:
            yield from _sd(asked, asked.sd)


def asked_means(sizes: Sizes) -> Iterator[Asked]:
    """The means of variables that are whole numbers of each subject."""
    whole = sizes.all_subjects
    for claim in sizes.published.claims:
        if not isinstance(claim, StatisticClaim) or claim.kind != "mean" or claim.comparator != "=":
            continue
        variable = sizes.published.variables[claim.variable]
        if not variable.whole_numbers or claim.unit not in (None, variable.unit):
            continue
        ends = variable.range
        scale = Scale(math.ceil(ends[0]), math.floor(ends[1])) if ends else Scale()
        open_ = whole if claim.group == "not stated" else sizes.at_most(claim.group)
        known = sizes.of(claim.group) or ([open_] if open_ else [])
        most = max((size.n for size in known), default=0)
        if most:
            open_size = not sizes.of(claim.group)
            yield Asked(claim, sd_of(claim, sizes.published), known, most, scale, open_size)


def sd_of(mean: StatisticClaim, published: Published) -> StatisticClaim | None:
    """The SD or standard error printed beside a mean: the next of the same in its sentence."""
    after = published.claims[published.claims.index(mean) + 1 :]
    for claim in after:
        if claim.place != mean.place:
            return None
        if isinstance(claim, StatisticClaim) and _same(claim, mean) and claim.comparator == "=":
            return claim if claim.kind in ("sd", "sem") else None
    return None


def _same(one: StatisticClaim, other: StatisticClaim) -> bool:
    return (one.group, one.variable, one.at) == (other.group, other.variable, other.at)


# -- the mean --------------------------------------------------------------------------------------


def _mean(asked: Asked) -> AuditFinding:
    mean, claim = asked.printed_mean, asked.mean
    numbers = tuple(dict.fromkeys(size.n for size in asked.wholes))
    names = unique((claim.id, *asked.claims))
    for n in numbers:
        if found := grim(n, mean, asked.scale):
            words = f"{quoted(claim)} can be the mean of {n} whole numbers."
            return AuditFinding("grim", names, "fine", words, _sums(n, found))
    fewer = [n for n in range(1, asked.most) if grim(n, mean, asked.scale)]
    n = numbers[0]
    lines = _around(n, mean)
    if fewer and asked.open:
        words = (
            f"Of how many subjects is {quoted(claim)} the mean: {_several(fewer)} could have it?"
        )
        more = tuple(line for m in fewer[-2:] for line in _sums(m, grim(m, mean, asked.scale)))
        repairs = tuple(f"a mean of {m}" for m in fewer[-SHOWN:])
        return AuditFinding("grim", names, "unexplained", words, lines + more, repairs)
    how = _usually(any(grim(n, mean.read(way), asked.scale) for way in ROUNDINGS[1:]))
    question = f"How was {quoted(claim)} obtained, as no {n} whole numbers have this mean{how}?"
    if not fewer and n > 1:
        lines = (*lines, f"nor have fewer than {n}: no number from 1 to {n - 1} has such a mean")
    verdict: Verdict = "inconsistent" if fewer else "impossible"
    return AuditFinding("grim", names, verdict, question, lines, _mended_means(n, asked, fewer))


def _usually(other_ways: bool) -> str:
    """Rounded so, where another way of rounding would do."""
    return f", {HALF_UP}" if other_ways else ""


def _sums(n: int, totals: list[int]) -> tuple[str, ...]:
    lines = [f"{total} / {n} = {text(Fraction(total, n), 4)}" for total in totals[:2]]
    if len(totals) > 2:
        lines.append(f"any sum from {totals[0]} to {totals[-1]}")
    return tuple(lines)


def _around(n: int, mean: Printed) -> tuple[str, ...]:
    """The two sums around the printed mean."""
    below = math.floor(mean.value * n)
    product = text(mean.value * n, mean.digits)
    return (
        f"{n} × {mean} = {product}, which lies between the sums {below} and {below + 1}",
        *(f"{t} / {n} = {text(Fraction(t, n), mean.digits + 2)}" for t in (below, below + 1)),
    )


def _mended_means(n: int, asked: Asked, fewer: list[int]) -> tuple[str, ...]:
    mean, scale = asked.printed_mean, asked.scale
    below = math.floor(mean.value * n)
    found = []
    for total in (below, below + 1):
        if not n * scale.low <= total <= n * scale.high:
            continue
        right = text(Fraction(total, n), mean.digits)
        slip = ", one digit apart" if one_digit_apart(right, str(mean)) else ""
        found.append(f"{right} instead of {mean} (a sum of {total}{slip})")
        ways = other_roundings(mean, Fraction(total, n))
        found += [f"{mean} is {total} / {n} {ROUNDED_AS[way]}" for way in ways]
    if fewer:
        found.append(f"a mean of {_several(fewer)} values instead of {n}")
    more = next((m for m in range(n + 1, n + 200) if grim(m, mean, scale)), None)
    if more and not fewer:
        found.append(f"a mean of {more} values, the smallest number of more than {n}")
    return tuple(found)


def _several(numbers: list[int]) -> str:
    if len(numbers) > SHOWN:
        return f"{len(numbers)} numbers from {numbers[0]} to {numbers[-1]}"
    return listed(map(str, numbers), "or")


# -- the SD ----------------------------------------------------------------------------------------


def _sd(asked: Asked, claim: StatisticClaim) -> Iterator[AuditFinding]:
    mean, sd, scale = asked.printed_mean, printed(claim, claim.value), asked.scale
    check: Check = "debit" if scale.binary else "grimmer"
    values = "zeros and ones" if scale.binary else "whole numbers"
    names = unique((claim.id, asked.mean.id, *asked.claims))
    numbers = [n for n in dict.fromkeys(size.n for size in asked.wholes) if n > 1]
    if not numbers:
        return
    for n in numbers:
        if found := grimmer(n, mean, sd, scale, asked.kind, most=2):
            words = f"{quoted(claim)} can stand beside {quoted(asked.mean)} of {n} {values}."
            lines = tuple(moments(each, asked.kind) for each in found[:2])
            yield AuditFinding(check, names, "fine", words, lines)
            return
    n = numbers[0]
    fewer = [m for m in range(2, asked.most) if grimmer(m, mean, sd, scale, asked.kind, most=2)]
    other = list(readings(n, mean, sd, scale, asked.kind))
    if not grim(n, mean, scale) and not (asked.open and fewer):
        yield from _beside_a_broken_mean(asked, claim, other, names, check)
        return
    repairs = tuple(_read(way, made) for way, made in other[:SHOWN])
    if asked.open and fewer:
        both = f"{quoted(asked.mean)} and {quoted(claim)}"
        words = f"Of how many subjects are {both}: {_several(fewer)} could have both?"
        lines = tuple(
            moments(grimmer(m, mean, sd, scale, asked.kind, most=2)[0], asked.kind)
            for m in fewer[-2:]
        )
        yield AuditFinding(check, names, "unexplained", words, lines, repairs)
        return
    how = _usually(any(way.kind == asked.kind for way, _ in other))
    question = (
        f"How was {quoted(claim)} obtained, as no {n} {values} with a mean of {mean} have it{how}?"
    )
    if fewer:
        repairs += (f"both of {_several(fewer)} values instead of {n}",)
    held = (n, mean, sd, scale, asked.kind)
    verdict: Verdict = "inconsistent" if fewer else "impossible"
    repairs = next_to(*held) + repairs
    yield AuditFinding(check, names, verdict, question, why_not(*held), repairs)


def _beside_a_broken_mean(
    asked: Asked,
    claim: StatisticClaim,
    other: list[tuple[Reading, Moments]],
    names: tuple[str, ...],
    check: Check,
) -> Iterator[AuditFinding]:
    """The mean does not exist as it is rounded; with which reading of both does the SD?"""
    if not other:
        return
    way, made = other[0]
    question = (
        f"Was {quoted(asked.mean)} printed {ROUNDED_AS[way.mean]} and {quoted(claim)} "
        f"{ROUNDED_AS[way.sd]}, as would fit?"
    )
    lines = (moments(made, way.kind),)
    repairs = tuple(_read(one, each) for one, each in other[:SHOWN])
    yield AuditFinding(check, names, "unexplained", question, lines, repairs)


def _read(way: Reading, made: Moments) -> str:
    return (
        f"the mean {ROUNDED_AS[way.mean]} and a {way.kind} {ROUNDED_AS[way.sd]}: "
        f"{moments(made, way.kind)}"
    )
