"""Is `published.yaml` typed without slips? What one part says against another, each at its line.

Only slips of the typist are mistakes: a name that is not declared, a value that is not the printed
number. Whether the paper's numbers can be true is another question, and not asked here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pilotage.publication.claims import (
    Between,
    Claim,
    DateClaim,
    IdentifierClaim,
    IntervalClaim,
    OneNumber,
    Published,
    PValueClaim,
    TwoNumbers,
)
from pilotage.publication.groups import RELATIONS, as_tuple
from pilotage.publication.printed import printed_numbers
from pilotage.study.names import shortened
from pilotage.study.part import PartReport
from pilotage.study.places import Path

_DEFINING = tuple(relation for relation in RELATIONS if relation != "apart_from")
_ID = re.compile(r"[A-Z]{1,3}-[0-9]{2,4}[a-z]?")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@dataclass(slots=True)
class Report(PartReport):
    """The claims under examination. Nothing is said either about a name that a mended part
    declares."""

    published: Published

    def declared(self, path: Path, name: str | None, part: str) -> None:
        """Does the part (`groups`, `variables` or `times`) declare the name?"""
        broken = {step for mended in self.mended for step in mended[1:2] if mended[0] == part}
        if name is None or name == "not stated" or name in broken or (part,) in self.mended:
            return
        message = f"'{name}' is not declared under '{part}'"
        self.known(path, name, getattr(self.published, part), message)


def inconsistencies(report: Report) -> None:
    """Everything that does not need a study. Findings are added to the report."""
    _groups(report)
    _ids(report)
    for at, claim in enumerate(report.published.claims):
        path: Path = ("claims", at)
        _place(report, path, claim)
        _names(report, path, claim)
        _same_fact(report, path, claim)
        _printed(report, path, claim)


# -- groups ----------------------------------------------------------------------------------------


def _groups(report: Report) -> None:
    subjects: dict[str, str] = {}
    for name, group in report.published.groups.items():
        path: Path = ("groups", name)
        for relation in RELATIONS:
            for where, other in _named(getattr(group, relation), (*path, relation)):
                report.declared(where, other, "groups")
        if group.without and not group.subset_of:
            words = "'without' takes some away from 'subset_of'; add 'subset_of'"
            report.error((*path, "without"), words)
        if group.subject is not None:
            first = subjects.setdefault(group.subject, name)
            if first != name:
                words = f"subject {group.subject} is the group '{first}' already"
                report.error((*path, "subject"), words)
        if circle := _circle(report.published, name):
            words = f"'{name}' is defined by itself: {' → '.join(circle)}"
            report.error(path, words)


def _named(names: str | tuple[str, ...], path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(names, str):
        yield path, names
    else:
        yield from (((*path, at), name) for at, name in enumerate(names))


def _circle(published: Published, name: str) -> tuple[str, ...]:
    """The way from a group back to itself through its definitions; empty where there is none."""
    waiting: list[tuple[str, ...]] = [(name,)]
    seen = {name}
    while waiting:
        way = waiting.pop()
        group = published.groups.get(way[-1])
        for relation in _DEFINING if group else ():
            for other in as_tuple(getattr(group, relation)):
                if other == name:
                    return (*way, other)
                if other not in seen:
                    seen.add(other)
                    waiting.append((*way, other))
    return ()


# -- claims: what they refer to --------------------------------------------------------------------


def _ids(report: Report) -> None:
    first: dict[str, Path] = {}
    for at, claim in enumerate(report.published.claims):
        path: Path = ("claims", at, "id")
        if claim.id in first:
            place = report.place(first[claim.id])
            words = f"the claim '{claim.id}' stands here twice, first in {place}"
            report.error(path, words)
        elif not _ID.fullmatch(claim.id):
            words = f"'{shortened(claim.id)}' is no id of a claim; write one such as R-07"
            report.error(path, words)
        first.setdefault(claim.id, path)


def _place(report: Report, path: Path, claim: Claim) -> None:
    covers = report.published.paper.covers
    if claim.place.section not in covers:
        words = f"the paper covers no section '{claim.place.section}'; add it to 'paper.covers'"
        report.error((*path, "place", "section"), words)


_NAMES = {
    "group": "groups", "of": "groups", "than": "groups", "share": "groups",
    "variable": "variables", "at": "times", "since": "times",
}  # fmt: skip


def _names(report: Report, path: Path, claim: Claim) -> None:
    for key, part in _NAMES.items():
        report.declared((*path, key), getattr(claim, key, None), part)
    if isinstance(claim, PValueClaim):
        for at, other in enumerate(claim.compares):
            _claim(report, (*path, "compares", at), other, claim)
    if isinstance(claim, IntervalClaim):
        _claim(report, (*path, "around"), claim.around, claim)
    if isinstance(claim, Between) and (claim.variable is None) == (claim.share is None):
        report.error(path, "give either 'variable' or 'share': what is compared between the groups")


def _claim(report: Report, path: Path, other: str, claim: Claim) -> bool:
    """Is there such a claim, and is it another one?"""
    if other == claim.id:
        report.error(path, f"'{other}' is this claim itself")
        return False
    names = [one.id for one in report.published.claims]
    return report.known(path, other, names, f"there is no claim '{other}'")


def _same_fact(report: Report, path: Path, claim: Claim) -> None:
    named = claim.same_fact_as
    where: Path = (*path, "same_fact_as")
    if named is None or not _claim(report, where, named, claim):
        return
    other = report.published.claim(named)
    if other.same_fact_as is not None:
        words = f"'{named}' is itself the same fact as '{other.same_fact_as}'; name that one"
        report.error(where, words)
    if other.about != claim.about:
        report.error(
            where, f"'{named}' is about the {other.about}, this is about the {claim.about}"
        )


# -- claims: what was typed against what is printed ------------------------------------------------


def _printed(report: Report, path: Path, claim: Claim) -> None:
    if {(*path, "printed"), (*path, "sentence")} & set(report.mended):
        return
    if claim.printed not in claim.sentence:
        words = f"the printed text '{shortened(claim.printed)}' does not stand in the sentence"
        report.error((*path, "printed"), words)
    match claim:
        case OneNumber():
            _same_numbers(report, path, claim, {"value": claim.value})
        case TwoNumbers():
            if claim.low > claim.high:
                words = f"{claim.low:g} to {claim.high:g}: the lower end comes first"
                report.error((*path, "low"), words)
            else:
                _same_numbers(report, path, claim, {"low": claim.low, "high": claim.high})
        case DateClaim():
            _date(report, path, claim)
        case IdentifierClaim():
            if claim.value not in claim.printed and claim.reading is None:
                words = f"'{claim.value}' does not stand in '{shortened(claim.printed)}'"
                report.error((*path, "value"), words)


def _same_numbers(report: Report, path: Path, claim: Claim, values: dict[str, float]) -> None:
    """The numbers typed are the numbers printed, unless `reading` says how they were read."""
    if claim.reading is not None:
        return
    found = [number.value for number in printed_numbers(claim.printed)]
    if found != [Decimal(repr(value)) for value in values.values()]:
        typed = " and ".join(f"'{key}' is {value:g}" for key, value in values.items())
        words = (
            f"printed is '{shortened(claim.printed)}', but {typed}; "
            "correct one of them, or say in 'reading' how it was read"
        )
        report.error((*path, next(iter(values))), words)


def _date(report: Report, path: Path, claim: DateClaim) -> None:
    written = _DATE.fullmatch(claim.value)
    if written is None or not _exists(written.groups()):
        words = f"'{shortened(claim.value)}' is no date; write 2009, 2009-01 or 2009-01-31"
        report.error((*path, "value"), words)
    elif written[1] not in claim.printed and claim.reading is None:
        words = f"the year {written[1]} does not stand in '{shortened(claim.printed)}'"
        report.error((*path, "value"), words)


def _exists(parts: tuple[Any, ...]) -> bool:
    year, month, day = (int(part or 1) for part in parts)
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
