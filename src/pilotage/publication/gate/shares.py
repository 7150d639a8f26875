"""Shares that a draft writes out: '12 of 15 (80 %)' must be so, whatever result it is."""

import re
from collections.abc import Iterator
from fractions import Fraction

from pilotage.publication.reproduce.agreement import agreement
from pilotage.statistics.rounding import text

_SHARE = re.compile(
    r"(?<![\w.,/])(?P<count>\d+)\s*(?:/|of|out of)\s*(?:the\s+)?(?P<n>\d+)(?![\w/]|[.,]\d)"
    r"[^().;%\d]{0,60}\(\s*(?P<share>\d+(?:\.\d+)?)\s*%"
)


def wrong_shares(sentence: str) -> Iterator[tuple[str, str]]:
    """For each share that does not follow from its count and its whole: as printed, and what it
    would be."""
    for found in _SHARE.finditer(sentence):
        count, n, printed = int(found["count"]), int(found["n"]), found["share"]
        digits = len(printed.partition(".")[2])
        if not 0 < n >= count:
            yield f"{printed} %", f"no share: {count} of {n}"
            continue
        share = Fraction(100 * count, n)
        if agreement(share, float(printed), digits=digits) != "rounded":
            yield f"{printed} %", f"{text(share, digits)} % ({count} of {n})"
