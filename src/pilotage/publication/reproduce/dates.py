"""Dates of the data beside printed ones, as exact as they are printed."""

from dataclasses import replace
from datetime import date

from pilotage.publication.claims import DateClaim
from pilotage.publication.reproduce.model import Candidate
from pilotage.publication.reproduce.numbers import Sources
from pilotage.publication.reproduce.values import values_of_variable


def dates(claim: DateClaim, sources: Sources) -> list[Candidate]:
    """The first or the last date of the group."""
    assert claim.group is not None
    assert claim.variable is not None
    facts = sources.facts
    group = sources.published.groups[claim.group]
    values = values_of_variable(sources.published.variables[claim.variable], facts)
    found = [
        value
        for subject, inside in facts.members(claim.group).items()
        if inside
        for value in values.get(subject, [])
        if isinstance(value, date)
    ]
    candidate = Candidate(
        f"{facts.study.text(group.label)}, n = {len(found)}", n=len(found), method="of the datasets"
    )
    if not found:
        return [replace(candidate, reason="nobody of the group has a known date")]
    chosen = min(found) if claim.end == "first" else max(found)
    text = chosen.isoformat()[: len(claim.value)]
    return [replace(candidate, text=text, how="rounded" if text == claim.value else "")]
