"""Between which values the subjects of a group lie, by the claims: ranges, and single values."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pilotage.publication.audit.words import number, printed, quoted
from pilotage.publication.claims import (
    AnyClaim,
    DoseClaim,
    DurationClaim,
    Published,
    RangeClaim,
    Rounded,
    ValueClaim,
)
from pilotage.publication.units import factor


@dataclass(frozen=True, slots=True)
class Interval:
    """What a printed number may have been, in the unit of its variable."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Span:
    """The lowest and the highest value of a group. None for an end that is not said."""

    claim: AnyClaim
    group: str
    variable: str
    at: str | None
    low: Interval | None
    high: Interval | None
    unit: str

    @property
    def text(self) -> str:
        ends = [middle(end) for end in (self.low, self.high) if end is not None]
        shown = " to ".join(dict.fromkeys(number(end) for end in ends))
        return f"{shown} {self.unit}"


def middle(end: Interval) -> Fraction:
    return (end.low + end.high) / 2


def spans(published: Published) -> Iterator[Span]:
    """The claims that say between which values a group lies."""
    for claim in published.claims:
        match claim:
            case RangeClaim(kind="range"):
                yield from _span(claim, claim.low, claim.high, published)
            case ValueClaim() | DurationClaim() | DoseClaim():
                if claim.comparator in ("=", "<=", ">="):
                    low = None if claim.comparator == "<=" else claim.value
                    high = None if claim.comparator == ">=" else claim.value
                    yield from _span(claim, low, high, published)


def _span(
    claim: RangeClaim | ValueClaim | DurationClaim | DoseClaim,
    low: float | None,
    high: float | None,
    published: Published,
) -> Iterator[Span]:
    group, name = claim.group, claim.variable
    if group is None or group == "not stated" or name is None:
        return
    variable = published.variables[name]
    if factor(claim.unit, variable.unit) is None:
        return
    at = claim.named("at")
    ends = [None if end is None else interval(claim, end, published) for end in (low, high)]
    yield Span(claim, group, name, at, ends[0], ends[1], variable.unit)


def interval(claim: Rounded, value: float, published: Published) -> Interval:
    """What a printed number may have been, in the unit of its variable. The smallest and the
    largest of whole numbers are not rounded: they are what is printed."""
    variable = published.variables[claim.named("variable") or ""]
    per = factor(claim.named("unit"), variable.unit) or Fraction(1)
    exact = isinstance(claim, RangeClaim | ValueClaim) and claim.kind != "quartiles"
    if exact and variable.whole_numbers and value == int(value):
        return Interval(per * int(value), per * int(value))
    low, high = printed(claim, value).bounds
    return Interval(low * per, high * per)


def told(span: Span) -> str:
    return f"{quoted(span.claim)}: {span.text}"
