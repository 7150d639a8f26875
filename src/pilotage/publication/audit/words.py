"""How the audit writes numbers and claims, so that all checks write them alike."""

from collections.abc import Iterable
from fractions import Fraction

from pilotage.publication.arithmetic import ROUNDINGS, Printed, Rounding
from pilotage.publication.claims import Claim, Rounded
from pilotage.statistics.rounding import text
from pilotage.study.protocol import Label

ROUNDED_AS: dict[Rounding, str] = {
    "rounded": "rounded",
    "half even": "rounded with a half going to the even digit",
    "cut off": "with its further decimals cut off",
}


def quoted(claim: Claim) -> str:
    """The claim by its id and its words: R-07 ('n = 4')."""
    return f"{claim.id} ('{claim.printed}')"


def in_english(label: Label) -> str:
    """A label, in English where it is given in several languages."""
    if isinstance(label, str):
        return label
    return label.get("en") or next(iter(label.values()))


def printed(claim: Rounded, value: float) -> Printed:
    """A number of the claim, as printed."""
    return Printed.of(value, claim.printed_digits)


def number(value: float | Fraction, digits: int = 2) -> str:
    """A number with at most so many decimal places: no zeros at its end."""
    shown = text(value, digits)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def percent(count: int, n: int, digits: int) -> str:
    """The share in per cent, with two places more than the paper prints."""
    return f"{count} of {n} is {text(Fraction(100 * count, n), digits + 2)} %"


def ordinal(n: int) -> str:
    """'1st', '2nd', '3rd', '4th'."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    given = list(parts)
    if len(given) < 2:
        return "".join(given)
    return f"{', '.join(given[:-1])} {last} {given[-1]}"


def other_roundings(number_: Printed, exact: Fraction) -> list[Rounding]:
    """The ways of rounding, other than the usual one, in which the number prints so."""
    return [way for way in ROUNDINGS[1:] if number_.read(way).fits(exact)]


def one_digit_apart(one: str, other: str) -> bool:
    """Do the two texts differ in a single digit?"""
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def p_text(p: float) -> str:
    """A P value with two figures that count."""
    if p < 1e-6:
        return "less than 0.000001"
    digits = 2
    while round(p, digits) < 10 ** (1 - digits) and digits < 8:
        digits += 1
    return number(p, max(digits, 2)) or "0"
