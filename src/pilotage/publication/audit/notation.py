"""How a number is written: a point before three digits that was read as no decimal point."""

import re
from collections.abc import Iterator

from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.words import number, quoted
from pilotage.publication.claims import AnyClaim, Published

_POINT = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
_COMMA = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")


def notations(sizes: Sizes) -> Iterator[AuditFinding]:
    """Each number of which the reading took the point as a mark of thousands; where the paper marks
    them in another way elsewhere, one such place stands beside it."""
    for claim in sizes.published.claims:
        for written in _POINT.findall(claim.printed):
            meant = int(written.replace(".", ""))
            if meant in _numbers(claim):
                yield _asked(claim, written, meant, sizes.published)


def _asked(claim: AnyClaim, written: str, meant: int, published: Published) -> AuditFinding:
    lines = [f"with the point as a mark of thousands: {meant}"]
    if written.count(".") == 1:
        lines.append(f"with the point as that of a decimal number: {number(float(written), 3)}")
    beside = _with_a_comma(claim, published)
    lines += [f"{quoted(other)} marks thousands with a comma" for other in beside]
    question = f"Is the point in {quoted(claim)} a mark of thousands?"
    repairs = (f"{meant:,} instead of {written}",)
    ids = unique((claim.id, *(other.id for other in beside)))
    return AuditFinding("notation", ids, "unexplained", question, tuple(lines), repairs)


def _numbers(claim: AnyClaim) -> list[float]:
    return [
        value
        for key in ("value", "low", "high")
        if isinstance(value := getattr(claim, key, None), int | float)
    ]


def _with_a_comma(claim: AnyClaim, published: Published) -> list[AnyClaim]:
    """One claim with thousands that a comma marks, of the same variable if there is one."""
    found = [other for other in published.claims if _COMMA.search(other.printed)]
    found.sort(key=lambda other: other.named("variable") != claim.named("variable"))
    return found[:1]
