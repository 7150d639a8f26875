"""Patterns of names and dates: registrations, phases, versions, days and years."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pilotage.publication.drafting.numerals import Numeral
from pilotage.publication.drafting.scan import Found, Scan

_REGISTRATION = re.compile(
    r"\b(?:NCT ?\d{8}|ISRCTN ?\d{6,8}|ACTRN ?\d{14}p?|ChiCTR[-A-Za-z]*\d{8,10}|UMIN ?\d{9}"
    r"|DRKS ?\d{8}|CTRI/\d{4}/\d+/\d+|JPRN-\w+|jRCT\w?\d{9,10}|IRCT\d+N?\d*|NTR ?\d{3,5}|PACTR\d+"
    r"|KCT\d{7}|(?<=EudraCT )\d{4}-\d{6}-\d{2}|20\d\d-\d{6}-\d\d(?:-\d\d)?|CRD\d{8,})\b"
)
_PHASE = re.compile(
    r"\bphase[ -](?P<value>(?:III|II|IV|I|[1-4])(?:[ab]|\s?[/-]\s?(?:III|II|IV|I|[1-4])[ab]?)?)\b",
    re.I,
)
_VERSION = re.compile(
    r"\b(?:version|v\.|ver\.|release|CTCAE v|CTCAE)\s?(?P<value>\d+(?:\.\d+)*)\b", re.I
)
_EDITION = re.compile(
    r"\b(?:Index|Scale|Criteria|Score|Questionnaire|Classification|Declaration|Guidelines?|Survey"
    r"|System|Edition)[- ](?P<value>(?:19|20)\d\d|\d{1,2})(?= ?\(|[,;.]| (?:in|for|and|with)\b|$)"
)
_MONTHS = {
    name: at
    for at, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b(?!-)",
        rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? {_YEAR}\b",
        rf"\b{_MONTH},? {_YEAR}\b",
        rf"\b(?:in|since|during|from|between|until|before|after|by|the years?|year|early|late"
        rf"|mid) {_YEAR}"
        r"(?!\w|-(?!(?:19|20)\d\d)| (?:patients|subjects|participants|women|men|persons|mg|g"
        r"|ml))(?!,\d|\.\d| ?%)",
    )
)
_UNTIL = re.compile(rf"(?:\s(?:and|to|-|through|until|till)\s|-){_YEAR}\b(?! ?%|\.\d)")
_DAY_AND_MONTH = re.compile(
    rf"(?<![\d.])(?P<day>[0-3]?\d)(?:st|nd|rd|th)? {_MONTH}(?= (?:and|to|through|until|-) )", re.I
)


def names_and_dates(scan: Scan) -> None:
    """Registrations, phases, versions, editions; dates."""
    identifiers = (_REGISTRATION, _PHASE, _VERSION, _EDITION)
    scan.read(*((pattern, _identifier) for pattern in identifiers))
    scan.read(*((pattern, _date) for pattern in _DATES))
    scan.read((_DAY_AND_MONTH, _day_of_a_later_year))


def _identifier(scan: Scan, match: re.Match[str]) -> None:
    start, end = match.span()
    if _covered(scan, start, end) or _is_left_out(scan, start, end):
        return
    value = scan.text[slice(*match.span("value"))] if "value" in match.groupdict() else match[0]
    if value.upper() in ("I",) and not match[0].lower().startswith("phase"):
        return
    scan.add(Found("identifier", start, end, (("value", value),), _numbers(scan, start, end)))


def _date(scan: Scan, match: re.Match[str]) -> None:
    named = match.groupdict()
    start = match.end() - 4 if set(named) == {"year"} else match.start()
    if _covered(scan, start, match.end()) or _is_left_out(scan, start, match.end()):
        return
    month = int(named.get("number") or 0) or _MONTHS.get((named.get("month") or "").lower(), 0)
    value = _written(named["year"], month, int(named.get("day") or 0))
    if value is None:
        return
    _add(scan, value, start, match.end())
    until = _UNTIL.match(scan.seen, match.end())
    if until is not None and not _covered(scan, *until.span("year")):
        _add(scan, until["year"], *until.span("year"))


def _day_of_a_later_year(scan: Scan, match: re.Match[str]) -> None:
    """The first of '3 March to 5 May 2010': its year stands with the second."""
    later = [
        each for each in scan.found if each.kind == "date" and 0 < each.start - match.end() < 12
    ]
    if not later or _covered(scan, *match.span()):
        return
    year = str(dict(later[0].values)["value"])[:4]
    value = _written(year, _MONTHS[match["month"].lower()], int(match["day"]))
    if value is not None:
        _add(scan, value, *match.span(), reading="The year stands with the later date")


def _add(scan: Scan, value: str, start: int, end: int, *, reading: str = "") -> None:
    numbers = _numbers(scan, start, end)
    scan.add(Found("date", start, end, (("value", value),), numbers, reading=reading))


def _written(year: str, month: int, day: int) -> str | None:
    try:
        date(int(year), month or 1, day or 1)
    except ValueError:
        return None
    return year + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")


def _covered(scan: Scan, start: int, end: int) -> bool:
    return any(each.start < end and start < each.end for each in scan.found)


def _is_left_out(scan: Scan, start: int, end: int) -> bool:
    return any(each.start < end and start < each.end for each in scan.left_out)


def _numbers(scan: Scan, start: int, end: int) -> tuple[Numeral, ...]:
    return tuple(_inside(scan, start, end))


def _inside(scan: Scan, start: int, end: int) -> Iterator[Numeral]:
    for number in scan.free():
        if start <= number.start < end:
            yield number


def plain(value: Decimal) -> str:
    """A number as a person writes it in a YAML file: without an exponent, without idle zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
