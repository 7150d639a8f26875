"""Patterns of counts and percentages: '12 of 14 (86%)', '12/14', 'n = 4', 'three patients'."""

import re
from decimal import Decimal

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.scan import Found, Scan
from pilotage.publication.drafting.vocabulary import (
    OF_EACH,
    PEOPLE,
    THINGS,
    comparator_after,
    comparator_before,
)

Names = tuple[tuple[str, str], ...]

_PERCENT = rf"(?P<percent>{NUMBER})\s?(?:%|per ?cent\b)"
_OF = re.compile(
    rf"(?P<part>{NUMBER})(?:\s?[\[(]{_PERCENT}[\])])?(?:\s(?:{PEOPLE}))?\s(?:out )?of (?:the "
    rf"|these |those |our"
    rf" |all |whom )?(?:first |total |last )?(?P<whole>{NUMBER})"
    rf"(?P<people>(?: [a-z-]+){{0,3}}? {PEOPLE}\b)?"
    rf"(?:[^.;()\d]{{0,40}}?\s?[\[(]{_PERCENT.replace('percent', 'after')})?",
    re.IGNORECASE,
)
_SLASH = re.compile(
    rf"(?P<part>{NUMBER})\s?/\s?(?P<whole>{NUMBER})(?![\d/.,]*\d)"
    rf"(?P<people>(?: [a-z-]+){{0,2}}? {PEOPLE}\b)?"
    rf"(?:[,;]?\s?[\[(]?{_PERCENT.replace('percent', 'after')})?",
    re.IGNORECASE,
)
_PERCENT_FIRST = re.compile(
    rf"{_PERCENT},?\s?[\[(,;]\s?(?:n\s?=\s?)?(?P<part>{NUMBER})(?:\s?(?:/|of|out of)\s?"
    rf"(?P<whole>{NUMBER}))?"
    rf"(?:\s(?:{PEOPLE}))?\s?[\])]",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?P<part>{NUMBER})(?P<people>(?: [a-z-]+){{0,4}}?)\s?[\[(,]\s?{_PERCENT}", re.IGNORECASE
)
_N = re.compile(rf"\b(?P<n>n|N|No\.?)\s?=\s?(?P<value>{NUMBER})")
_WHOM = re.compile(
    rf"\bof (?:whom|which|these|those|them),?\s(?:only )?(?P<value>{NUMBER})", re.IGNORECASE
)
_OF_THEM = re.compile(
    rf"(?P<value>{NUMBER})(?P<words>\s(?:out )?of (?:the|these|those|them|whom|our|all)\b)"
    rf"|(?<=at least )(?P<least>{NUMBER})(?= of\b)",
    re.IGNORECASE,
)
_ONLY = re.compile(rf"\bthe only (?:[a-z-]+ )?(?:{PEOPLE}|{THINGS})\b", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"(?P<value>{NUMBER})(?P<words>(?:[ -](?!and\b|or\b|of\b|in\b|with\b|to\b|had\b|were\b"
    rf"|was\b)[a-z][\w-]*){{0,4}}?"
    rf"[ -](?P<noun>{PEOPLE}|{THINGS})\b)(?!-)",
    re.IGNORECASE,
)
_DID = re.compile(
    rf"(?P<value>{NUMBER})(?P<words> (?:had|have|were|was|did|developed|achieved|relapsed|died"
    rf"|discontinued"
    r"|withdrew|received|completed|responded|showed|experienced|required|stopped|remained|underwent"
    r"|dropped|reported|failed|did not|also)\b)",
    re.IGNORECASE,
)
_TOTAL = re.compile(rf"\b(?:a total of|altogether|in total,?)\s(?P<value>{NUMBER})", re.IGNORECASE)
_MOST = re.compile(
    rf"(?<!in )(?<!for )\b(?:(?:the|a) (?:vast |great |large )?majority of|most of|most"
    rf"(?= {PEOPLE}\b))"
    rf"(?: (?:the|these|those|our|all|them|whom))?(?:(?: [a-z-]+){{0,2}}? {PEOPLE})?\b",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\b(?:grades?|stages?|class|types?|weeks?|days?|months?|cycles?|visits?|number|no\.)\s$", re.I
)


def counts(scan: Scan) -> None:
    """Counts and percentages that stand together."""
    scan.read((_OF, _part_of_whole), (_SLASH, _part_of_whole))
    scan.read((_PERCENT_FIRST, _percent_first), (_BESIDE, _beside))


def single_counts(scan: Scan) -> None:
    """Counts that stand alone; asked after every other pattern."""
    scan.read((_N, _n), (_MOST, _majority), (_ONLY, _only))
    scan.read(*((pattern, _alone) for pattern in (_WHOM, _OF_THEM, _PEOPLE, _DID, _TOTAL)))


def _part_of_whole(scan: Scan, match: re.Match[str]) -> None:
    """'12 of 14 patients (86%)': how many of how many, and the share."""
    part, whole = scan.group(match, "part"), scan.group(match, "whole")
    if part is None or whole is None or not part.whole or not whole.whole:
        return
    if part.value > whole.value or _GRADE.search(scan.before(part.start)):
        return
    if re.match(r"\s?(?:%|mm ?Hg)", scan.seen[whole.end :]) or whole.value == 0:
        return
    group, of = scan.key(), scan.key()
    names: Names = (("group", group), ("of", of))
    scan.add(_count(part, *_with_comparator(scan, part), names))
    end = match.end("people") if match["people"] else whole.end
    scan.add(_count(whole, whole.start, end, (("group", of),)))
    for name in ("percent", "after"):
        if name in match.groupdict():
            _share(scan, scan.group(match, name), names)


def _with_comparator(scan: Scan, number: Numeral) -> tuple[int, int]:
    only = re.search(r"\bonly $", scan.before(number.start, 6), re.IGNORECASE)
    return number.start - (len(only[0]) if only else 0), number.end


def _percent_first(scan: Scan, match: re.Match[str]) -> None:
    percent, part = scan.group(match, "percent"), scan.group(match, "part")
    if percent is None or part is None or not part.whole:
        return
    whole = scan.group(match, "whole")
    group, of = scan.key(), scan.key()
    names: Names = (("group", group), ("of", of))
    _share(scan, percent, names)
    scan.add(_count(part, part.start, part.end, names))
    if whole is not None and whole.whole:
        scan.add(_count(whole, whole.start, whole.end, (("group", of),)))


def _beside(scan: Scan, match: re.Match[str]) -> None:
    """'12 (86%)', 'seven patients (47%)'."""
    part, percent = scan.group(match, "part"), scan.group(match, "percent")
    if part is None or percent is None or not part.whole or _GRADE.search(scan.before(part.start)):
        return
    if "," in match[0][match.end("people") - match.start() :] and not match["people"]:
        return
    names: Names = (("group", scan.key()), ("of", scan.key()))
    people = re.search(rf"\b(?:{PEOPLE})$", match["people"], re.IGNORECASE)
    if match["people"] and not people:
        return
    start, _ = _with_comparator(scan, part)
    scan.add(_count(part, start, match.end("people") if people else part.end, names))
    _share(scan, percent, names)


def _share(scan: Scan, percent: Numeral | None, names: Names) -> None:
    if percent is None:
        return
    sign = re.match(r"\s?%", scan.seen[percent.end :])
    end = percent.end + (sign.end() if sign else 0)
    scan.add(
        Found("percentage", percent.start, end, (("value", percent.value),), (percent,), names)
    )


def _count(
    number: Numeral, start: int, end: int, names: Names, says: Names = (), reading: str = ""
) -> Found:
    return Found("count", start, end, (("value", number.value),), (number,), names, says,
                 reading=reading)  # fmt: skip


def _n(scan: Scan, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is not None and number.whole:
        scan.add(_count(number, match.start(), number.end, (("group", scan.key()),)))


def _only(scan: Scan, match: re.Match[str]) -> None:
    """'the only patient'."""
    names: Names = (("group", scan.key()),)
    one = (("value", Decimal(1)),)
    scan.add(Found("count", *match.span(), one, (), names, reading="Only one is meant"))


def _alone(scan: Scan, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is None and "least" in match.groupdict():
        number = scan.group(match, "least")
    if number is None or not number.whole or _GRADE.search(scan.before(number.start)):
        return
    if 1900 <= number.value < 2100 and "," not in scan.seen[number.start : number.end]:
        return  # a year, or it cannot be told from one
    words = match.groupdict().get("words") or ""
    noun = match.groupdict().get("noun") or ""
    if re.search(rf"\b{OF_EACH}\b", words, re.IGNORECASE) and not noun:
        return
    start, end = _with_comparator(scan, number)
    end = match.end("words") if noun else end
    says: Names = ()
    if before := comparator_before(scan.seen, number.start):
        says, start = (("comparator", before[0]),), before[1]
    elif after := comparator_after(scan.seen, end):
        says, end = (("comparator", after[0]),), after[1]
    if re.match(r"\sof the few\b", scan.seen[number.end :]):
        says = (("comparator", ">="),)
    names: Names = (("group", scan.key()),)
    if re.match(r"\s(?:out )?of\b", scan.seen[number.end :]) or re.search(
        r"\bof (?:whom|which|these|those|them),? ?(?:only )?$", scan.before(number.start)
    ):
        names = (*names, ("of", scan.key()))
    scan.add(_count(number, start, end, names, says))


def _majority(scan: Scan, match: re.Match[str]) -> None:
    """More than one half; 'most' before another word says less."""
    names: Names = (("group", scan.key()), ("of", scan.key()))
    says = (("comparator", ">"),)
    scan.add(
        Found("percentage", *match.span(), (("value", Decimal(50)),), (), names, says,
              reading="More than one half")
    )  # fmt: skip
