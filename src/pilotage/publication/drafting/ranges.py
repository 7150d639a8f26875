"""Patterns of ranges: 'from 3 to 30 months', '5 to 10 mg/day', 'decreased from 11 to 4'."""

import re

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.scan import Found, Scan, one
from pilotage.publication.drafting.vocabulary import AGE, DOSE, LABORATORY, PERCENT, SPAN

Says = tuple[tuple[str, str], ...]

_FROM_TO = re.compile(
    rf"(?:\b(?P<lead>from|between|of|within|over)\s)?(?P<low>{NUMBER})(?P<first>\s?(?:%|[A-Za-zµ]{{1,7}}"
    rf"(?:/[A-Za-z]{{1,4}})?))??\s?(?P<dash>to|-|and|through)\s?(?P<high>{NUMBER})",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:decreas\w+|increas\w+|fell|rose|falling|rising|dropp\w+|declin\w+|chang\w+|improv\w+|reduc\w+"
    r"|went|grew|progress\w+)\b[^.;\d]{0,40}\bfrom\s?$",
    re.IGNORECASE,
)
_CRITERIA = re.compile(r"\b(?:eligib\w+|inclu\w+|enrol\w*|recruit\w*|exclu\w+|criteri\w+)\b", re.I)


def ranges(scan: Scan) -> None:
    """'from 3 to 30 months', '5 to 10 mg/day', '18-65 years', 'decreased from 11 to 4'."""
    for match in _FROM_TO.finditer(scan.seen):
        _range(scan, match)


def _range(scan: Scan, match: re.Match[str]) -> None:
    low, high = scan.group(match, "low"), scan.group(match, "high")
    if low is None or high is None or low.word != high.word:
        return
    lead, dash = (match["lead"] or "").lower(), match["dash"].lower()
    if dash == "and" and lead != "between":
        return
    if dash == "to" and not lead and not _unit(scan, high) and not match["first"]:
        return
    if dash == "-" and not (_unit(scan, high) or lead) and scan.seen[low.end : high.start] != "-":
        return
    if lead == "from" and dash == "to" and _MOVED.search(scan.before(low.start, 90)):
        _moved(scan, low, high)
        return
    if low.value > high.value:
        return
    _range_of(scan, match, low, high)


def _unit(scan: Scan, number: Numeral) -> bool:
    after = scan.seen[number.end :]
    return any(each.match(after) for each in (PERCENT, SPAN, DOSE, LABORATORY))


def _range_of(scan: Scan, match: re.Match[str], low: Numeral, high: Numeral) -> None:
    values = (("low", low.value), ("high", high.value))
    lead = (match["lead"] or "").lower()
    start = match.start() if lead in ("from", "between") else low.start
    says: Says
    laboratory = LABORATORY.match(scan.seen, high.end)
    dose = None if laboratory else DOSE.match(scan.seen, high.end)
    span = SPAN.match(scan.seen, high.end)
    plain = scan.seen[low.end : high.start] == "-" and not (lead or dose or span or laboratory)
    if dose:
        says = (("unit", scan.text[slice(*dose.span("unit"))]),)
        end = dose.end("unit")
        scan.add(Found("dose_range", low.start, end, values, (low, high), (), says))
        return
    if AGE.search(scan.before(low.start, 30)) and _CRITERIA.search(scan.seen):
        names: Says = (("variable", scan.key()),)
        for number, sign in ((low, ">="), (high, "<=")):
            says = (("comparator", sign), ("role", "inclusion"))
            scan.add(one("threshold", number.start, number.end, number, names=names, says=says))
        return
    if plain and _is_no_range(scan, low, high):
        return
    end = span.end() if span else high.end
    names = (("group", scan.key()), ("variable", scan.key()))
    percent = PERCENT.match(scan.seen, high.end)
    says = (("unit", scan.text[slice(*span.span("unit"))]),) if span else ()
    says = (("unit", "%"),) if percent else says
    scan.add(
        Found(
            "range",
            start,
            percent.end() if percent else end,
            values,
            (low, high),
            names,
            says,
            ("kind",) if plain else (),
        )
    )


def _is_no_range(scan: Scan, low: Numeral, high: Numeral) -> bool:
    """'3-4' alone may be anything: a range is believed where brackets stand around it or a word of
    a range before it."""
    around = scan.seen[max(low.start - 1, 0)] + scan.seen[high.end : high.end + 1]
    before = scan.before(low.start, 40)
    return around not in ("()", "[]") and not re.search(
        r"\brang\w+|\bvari\w+|\bscor\w+", before, re.I
    )


def _moved(scan: Scan, low: Numeral, high: Numeral) -> None:
    """'decreased from 11 to 4': the two values of a change."""
    kind, is_open = _kind_of_values(scan)
    group, variable = scan.key(), scan.key()
    for number in (low, high):
        names = (("group", group), ("variable", variable))
        scan.add(one(kind, number.start, number.end, number, names=names, is_open=is_open))


def _kind_of_values(scan: Scan) -> tuple[str, tuple[str, ...]]:
    if re.search(r"\bmedian\b", scan.seen, re.IGNORECASE):
        return "median", ()
    if re.search(r"\b(?:mean|average)\b", scan.seen, re.IGNORECASE):
        return "mean", ()
    return "value", ("kind",)
