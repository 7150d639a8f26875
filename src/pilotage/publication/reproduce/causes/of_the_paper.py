"""Causes that lie in the paper itself: its arithmetic, its other claims, and what a cohort that was
built after it left aside."""

import re
from collections.abc import Iterator

from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.words import listed, quoted
from pilotage.publication.claims import AnyClaim, StatisticClaim
from pilotage.publication.reproduce.cause import Cause
from pilotage.publication.reproduce.causes.search import Search

_ID = re.compile(r"\b[A-Z]{1,3}-[0-9]{2,4}[a-z]?\b")
HELD = ("same", "met by construction")
_FIRST = 2
"""A finding is about the claims that it names first; the others say how it is known."""


def arithmetic(search: Search) -> Iterator[Cause]:
    """No data could give the printed number, or the mean that a printed SD belongs to."""
    asked = {search.claim.id: "rounded as usual, no data could give this number"}
    for other in _means_beside(search):
        whose = f"it belongs to {quoted(other)}"
        asked[other.id] = f"{whose}, which, rounded as usual, no data could give"
    for finding in search.audit.findings:
        name = finding.claims[0]
        if finding.verdict == "impossible" and name in asked:
            others = tuple(each for each in finding.claims if each != search.claim.id)
            yield Cause("arithmetic", asked[name], _lines(finding), claims=others)


def _means_beside(search: Search) -> Iterator[AnyClaim]:
    """The means that an SD or a standard error stands beside."""
    claim = search.claim
    if not isinstance(claim, StatisticClaim) or claim.kind not in ("sd", "sem"):
        return
    for other in search.sources.published.claims:
        if isinstance(other, StatisticClaim) and other.kind == "mean":
            one = (other.place, other.group, other.variable, other.at)
            if one == (claim.place, claim.group, claim.variable, claim.at):
                yield other


def other_claims(search: Search) -> Iterator[Cause]:
    """Claims of the paper that cannot all be true, one of them this one."""
    told: list[set[str]] = []
    for finding in search.audit.findings:
        if finding.verdict != "inconsistent" or search.claim.id not in finding.claims[:_FIRST]:
            continue
        others = tuple(each for each in finding.claims if each != search.claim.id)
        told.append(set(others))
        yield _excluded(search, others, _lines(finding))
    named = _named_in(search.built.not_followed.get(search.claim.id, ""), search)
    if named and not any(set(named) & each for each in told):
        yield _excluded(search, named, ())


def _named_in(text: str, search: Search) -> tuple[str, ...]:
    """The claims that the words of a reconstruction name."""
    known = {each.claim.id for each in search.others} - {search.claim.id}
    return tuple(name for name in dict.fromkeys(_ID.findall(text)) if name in known)


def _excluded(search: Search, others: tuple[str, ...], lines: tuple[str, ...]) -> Cause:
    beside = [search.beside(name) for name in others]
    held = [each.claim.id for each in beside if each.verdict in HELD]
    words = f"it cannot be true together with {listed(quoted(each.claim) for each in beside)}"
    if held:
        words = f"{words}; in these data {listed(held)} {'hold' if held[1:] else 'holds'}"
    places = tuple(f"{each.claim.place}: “{each.claim.sentence}”" for each in beside)
    return Cause("other claims", words, unique((*lines, *places)), claims=others)


def _lines(finding: AuditFinding) -> tuple[str, ...]:
    """The arithmetic of a finding, and what would mend it."""
    mended = (f"it would be mended by: {'; '.join(finding.repairs)}",) if finding.repairs else ()
    return (*finding.arithmetic, *mended)


def built_otherwise(search: Search) -> Iterator[Cause]:
    """The subjects are invented, and were knowingly not made to meet the claim."""
    why = search.built.not_followed.get(search.claim.id)
    if why is not None:
        words = "the subjects are invented, and were knowingly built not to meet it"
        yield Cause("built otherwise", words, (f"reconstruction.json: {why}",) if why else ())
