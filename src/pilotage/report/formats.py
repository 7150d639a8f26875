"""The only place where a number becomes text. Rounding is half away from zero."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pilotage.statistics.rounding import as_written, text

NONE = "–"
"""Printed where there is no number; a footnote beside it says why."""

NOBODY = "0/0"
"""A count where there is nobody to count; a footnote says why."""

SMALLEST_P = Fraction(1, 10_000)


def number(value: float | Fraction | None, digits: int) -> str:
    """A number with fixed decimal places and a proper minus sign."""
    return NONE if value is None else text(value, digits).replace("-", "−")


def count(value: float | None) -> str:
    return number(value, 0)


def plain(value: float) -> str:
    """A number with the decimals it was written with: 0.5, 12, −3."""
    return number(as_written(value), _decimals(value))


def alike(values: Sequence[float]) -> list[str]:
    """The ticks of an axis, all with the decimals that one of them needs: 0.0, 0.5, 1.0."""
    clean = [round(value, 9) for value in values]
    digits = max((_decimals(value) for value in clean), default=0)
    return [number(value, digits) for value in clean]


def percents(shares: Sequence[float]) -> list[str]:
    """The ticks of an axis of shares: 0 %, 25 %."""
    return [f"{one} %" for one in alike([100 * share for share in shares])]


def _decimals(value: float) -> int:
    """The decimals that a number was written with."""
    _, _, decimals = format(Decimal(repr(float(value))).normalize(), "f").partition(".")
    return len(decimals)


def percent(fraction: float | None, digits: int = 0) -> str:
    """A fraction as per cent: 0.857 is '86 %'."""
    return NONE if fraction is None else f"{number(100 * as_written(fraction), digits)} %"


def count_of(events: float | None, n: int | None) -> str:
    """Events of n with the percentage computed from the two whole numbers: '12/14 (86 %)'.

    One decimal when a subject is less than 1 %; '0/0' where there is nobody to count.
    """
    if events is None or n is None:
        return NONE
    if n == 0:
        return NOBODY
    share = Fraction(100 * int(events), n)
    return f"{int(events)}/{n} ({number(share, 0 if n <= 100 else 1)} %)"


def size(n: int) -> str:
    """How many there are: 'n = 15'."""
    return f"n = {n}"


def level(confidence: float) -> str:
    """A confidence level as per cent, with the decimals it was given: '95 %', '97.5 %'."""
    return f"{plain(float(100 * as_written(confidence)))} %"


def percent_interval(low: float | None, high: float | None, digits: int = 1) -> str:
    """Bounds of a proportion as per cent: '57.2 to 98.2 %'."""
    if low is None or high is None:
        return NONE
    return f"{number(100 * as_written(low), digits)} to {percent(high, digits)}"


def interval(low: float | None, high: float | None, *, digits: int) -> str:
    """Two bounds: '−9.1 to −4.6'."""
    if low is None or high is None:
        return NONE
    return f"{number(low, digits)} to {number(high, digits)}"


def open_interval(low: float | None, high: float | None, *, digits: int) -> str:
    """Two bounds of which one or both may not exist: '4.0 to –'."""
    return f"{number(low, digits)} to {number(high, digits)}"


def range_of(low: str, high: str) -> str:
    """Two limits that are texts already: '1.5 to 7.5'."""
    return f"{low} to {high}"


def with_spread(centre: float | None, spread: float | None, *, digits: int) -> str:
    """A mean with its SD: '41.9 (7.2)'."""
    return NONE if centre is None else f"{number(centre, digits)} ({number(spread, digits)})"


def with_bounds(
    centre: float | None, low: float | None, high: float | None, *, digits: int, bounds: int
) -> str:
    """A centre with two bounds, which may have decimals of their own: '41.0 (28 to 50)'.

    A bound that does not exist is a dash: '8.4 (4.0 to –)'.
    """
    if centre is None:
        return NONE
    return f"{number(centre, digits)} ({open_interval(low, high, digits=bounds)})"


def weeks(value: float | None, *, censored: bool = False) -> str:
    """A time in weeks; a plus sign says that the event was not seen up to then."""
    return NONE if value is None else number(value, 1) + ("+" if censored else "")


def p_value(p: float | None, *, significance: float = 0.05) -> str:
    """Three decimals, four below 0.001, '<0.0001' below that and '>0.999' just under 1.

    Where three decimals would hide on which side of the significance level the value lies, it gets
    as many as show it: 0.0496 is not '0.050'.
    """
    if p is None:
        return NONE
    exact = as_written(p)
    if exact < SMALLEST_P:
        return "<0.0001"
    if Fraction(9995, 10_000) <= exact < 1:
        return ">0.999"
    digits = 4 if exact < Fraction(1, 1000) else 3
    threshold = as_written(significance)
    while digits < 8 and exact != threshold and Fraction(text(exact, digits)) == threshold:
        digits += 1
    return text(exact, digits)


def day(value: date | None) -> str:
    return NONE if value is None else value.isoformat()
