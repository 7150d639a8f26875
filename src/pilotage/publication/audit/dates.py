"""Dates: recruitment, follow-up and publication in an order that time allows."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pilotage.publication.audit.denominators import is_follow_up, is_treatment
from pilotage.publication.audit.finding import AuditFinding, judged
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.spans import Interval, Span, middle, spans
from pilotage.publication.audit.words import number, quoted
from pilotage.publication.claims import DateClaim, RangeClaim
from pilotage.publication.units import factor

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that a printed date may mean."""

    first: date
    last: date


def dates(sizes: Sizes) -> Iterator[AuditFinding]:
    """First before last; follow-up that fits between recruitment and publication; treatment that
    fits into follow-up."""
    begins, ends = _ends(sizes)
    for begin in begins:
        for end in ends:
            if begin.variable == end.variable and begin.place.section == end.place.section:
                yield _order(begin, end)
    follow_ups = [span for span in _ranges(sizes) if is_follow_up(span.variable, sizes)]
    published = _publication(sizes)
    for span in follow_ups:
        if begins and published:
            yield from _follow_up(begins[0], ends, span, published)
    yield from _treatment(follow_ups, sizes)


def days_of(claim: DateClaim) -> Days:
    """The days of a year, of a month, or the day."""
    parts = [int(part) for part in claim.value.split("-")]
    if len(parts) == 1:
        return Days(date(parts[0], 1, 1), date(parts[0], 12, 31))
    year, month = parts[:2]
    if len(parts) == 2:
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    day = date(year, month, parts[2])
    return Days(day, day)


def _ends(sizes: Sizes) -> tuple[list[DateClaim], list[DateClaim]]:
    claims = [c for c in sizes.published.claims if isinstance(c, DateClaim) and c.about == "trial"]
    named = [claim for claim in claims if claim.variable is not None]
    return [c for c in named if c.end == "first"], [c for c in named if c.end == "last"]


def _ranges(sizes: Sizes) -> list[Span]:
    found = [span for span in spans(sizes.published) if isinstance(span.claim, RangeClaim)]
    return [span for span in found if span.claim.same_fact_as is None]


def _publication(sizes: Sizes) -> int | None:
    """The year of publication, from the citation."""
    found = _YEAR.search(sizes.published.paper.citation)
    return int(found[0]) if found else None


def _order(begin: DateClaim, end: DateClaim) -> AuditFinding:
    ids = (begin.id, end.id)
    holds = days_of(begin).first <= days_of(end).last
    words = f"{quoted(begin)} is before {quoted(end)}."
    return judged("date", ids, holds, words, f"How can {quoted(end)} come before {quoted(begin)}?")


def _follow_up(
    begin: DateClaim, ends: list[DateClaim], span: Span, year: int
) -> Iterator[AuditFinding]:
    """The longest follow-up, begun on the first day, must end before publication; so must the
    shortest of who came last."""
    per = factor(span.unit, "days")
    if per is None:
        return
    assert span.low is not None
    assert span.high is not None
    out = date(year, 12, 31)
    longest = days_of(begin).first + timedelta(days=int(span.high.low * per))
    lines = [_at_the_earliest(begin, span.high, span.unit, longest), f"published in {year}"]
    ids: tuple[str, ...] = (span.claim.id, begin.id)
    late = longest > out
    for end in ends[:1]:
        shortest = days_of(end).first + timedelta(days=int(span.low.low * per))
        lines.insert(1, _at_the_earliest(end, span.low, span.unit, shortest))
        ids = (*ids, end.id)
        late = late or shortest > out
    words = f"{quoted(span.claim)} fits between recruitment and publication in {year}."
    question = f"How could {quoted(span.claim)} be over before the paper appeared in {year}?"
    repairs = ("an earlier begin of recruitment", "a shorter follow-up")
    yield judged("date", ids, not late, words, question, tuple(lines), repairs)


def _at_the_earliest(begin: DateClaim, end: Interval, unit: str, then: date) -> str:
    """The sum of a date and a time; of a rounded time with the least that it may have been."""
    first, long = days_of(begin).first, number(middle(end))
    line = f"{quoted(begin)} + {long} {unit} = {then:%B %Y} at the earliest"
    if end.low == middle(end):
        return line
    least = f"{first.day} {first:%B %Y} + {number(end.low)} {unit}"
    return f"{line}: {least}, the least that is rounded to {long}"


def _treatment(follow_ups: list[Span], sizes: Sizes) -> Iterator[AuditFinding]:
    """Nobody is treated for longer than anybody was followed."""
    for span in _ranges(sizes):
        for other in follow_ups:
            per = factor(span.unit, other.unit)
            if not is_treatment(span.variable, sizes) or per is None:
                continue
            assert span.high is not None
            assert other.high is not None
            ids = (span.claim.id, other.claim.id)
            holds = span.high.low * per <= other.high.high
            words = f"{quoted(span.claim)} is not longer than {quoted(other.claim)}."
            question = f"How can {quoted(span.claim)} be longer than {quoted(other.claim)}?"
            yield judged("date", ids, holds, words, question)
