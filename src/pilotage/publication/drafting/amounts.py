"""Patterns of doses, spans of time, limits and values: numbers with a unit or a comparison."""

import re
from dataclasses import replace
from decimal import Decimal

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.roles import role_of
from pilotage.publication.drafting.scan import Found, Scan, one
from pilotage.publication.drafting.vocabulary import (
    AGE,
    DOSE,
    FREQUENCY,
    LABORATORY,
    OF_EACH,
    PEOPLE,
    PERCENT,
    SPAN,
    THINGS,
    comparator_after,
    comparator_before,
    unit_of_time,
)

Says = tuple[tuple[str, str], ...]

_TIMES_A_WEEK = re.compile(
    r"(?:\bor|,|\band)\s(?P<value>once|twice|(?:two|three|four) times)\s"
    r"(?P<each>weekly|a week|per week|daily|a day|per day)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?P<word>(?:then )?(?:monthly|weekly))\b", re.IGNORECASE)
_GRADE = re.compile(
    r"\b(?:[Gg]rades?|[Ss]tage|[Cc]lass)[ -]"
    r"(?P<value>\d|I{1,3}V?|IV|V)(?![\w.])(?P<noun>(?: (?!versus"
    r"|vs|or|and|to|in|of|was|were|at|on|had|with)[a-z][a-z-]+){0,1})"
)
_AT_WEEK = re.compile(
    rf"\b(?:(?:by|at|after|until|from|to|in|on) )?(?P<unit>week|day|month|year)s? "
    rf"(?P<value>{NUMBER})",
    re.I,
)
_CHANGE_NOUN = re.compile(
    r"[ -](?:point[s]?[ -])?(?:or (?:more|greater) )?(?:[a-z]+ )?(?:improvement|reduction"
    r"|decrease|increase|change|rise|fall|drop|decline|loss)\b",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(
    rf"\sof (?:the |these |those |our |all |such |included |treated )?(?:[a-z-]+ ){{0,3}}?"
    rf"(?:{PEOPLE}|them|those|these|whom)\b",
    re.I,
)
_OF_OTHER = re.compile(r"\sof (?:the |an? |its |their )?[a-z]", re.IGNORECASE)
_BY = re.compile(
    r"\b(?:improved|fell|decreased|reduced|increased|rose|dropped|declined|grew|changed)\b[^.;,\d]{0,30}"
    r"\bby(?: (?:a )?(?:mean|median|about|at least|more than|up to)(?: of)?)?\s?$",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"(?:\b(?:scores?|activity|index|level|value|titer|titre)\s(?:of|=|is|was)\s?|\b[A-Z]{2,}[\w-]*\s?=\s?|\bscores?\s)$"
)
_LONGER = re.compile(r"\b(?:for|aged?|lasting|well|is|was|were|just) $", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


def amounts(scan: Scan) -> None:
    """Every other number with a unit or a comparison, and words such as 'monthly'."""
    scan.read((_GRADE, _grade), (_AT_WEEK, _at_week))
    for number in scan.free():
        _amount(scan, number)
    scan.read((_TIMES_A_WEEK, _dose_again), (_EVERY, _every))


def _grade(scan: Scan, match: re.Match[str]) -> None:
    roman = _ROMAN.get(match["value"])
    number = None if roman else scan.group(match, "value")
    if number is None and roman is None:
        return
    before = comparator_before(scan.seen, match.start())
    role = role_of(scan, match.start())
    start = before[1] if before else match.start()
    value = Decimal(roman) if roman else number.value if number else Decimal(0)
    numbers = (number,) if number else ()
    reading = f"{match['value']} is a roman number" if roman else ""
    names: Says = (("variable", scan.key()),)
    if before or role.cue in ("inclusion", "exclusion", "stopping"):
        says = (("comparator", before[0] if before else "="), ("role", role.name))
        found = Found("threshold", start, match.end(), (("value", value),), numbers, names, says,
                      role.open, reading)  # fmt: skip
    else:
        found = Found("value", start, match.end(), (("value", value),), numbers,
                      (("group", scan.key()), *names), reading=reading)  # fmt: skip
    scan.add(found)


def _at_week(scan: Scan, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is not None and number.whole and not number.word:
        says = (("unit", unit_of_time(match["unit"])),)
        scan.add(one("duration", match.start(), number.end, number, says=says))


def _amount(scan: Scan, number: Numeral) -> None:
    if number.start in scan.taken or re.search(r"\d\s?/$", scan.before(number.start, 5)):
        return
    before = comparator_before(scan.seen, number.start)
    sign, start = before if before else ("=", number.start)
    if percent := PERCENT.match(scan.seen, number.end):
        _percent(scan, number, sign, start, percent.end())
        return
    laboratory = LABORATORY.match(scan.seen, number.end)
    dose = None if laboratory else DOSE.match(scan.seen, number.end)
    span = SPAN.match(scan.seen, number.end)
    if laboratory:
        unit = scan.text[slice(*laboratory.span("unit"))]
        _limit_or_value(scan, number, sign, start, laboratory.end(), unit)
    elif dose and not number.word:
        _dose(scan, number, sign, start, dose)
    elif span:
        _span(scan, number, sign, start, span)
    else:
        _plain_limit(scan, number, sign, start)


def _percent(scan: Scan, number: Numeral, sign: str, start: int, end: int) -> None:
    after = scan.seen[end:]
    if re.match(r"\s(?:statistical )?power\b", after):
        return
    change = _CHANGE_NOUN.match(after) or _BY.search(scan.before(start))
    if later := comparator_after(scan.seen, end):
        sign, end = later
    if change and sign != "=":
        noun = _CHANGE_NOUN.match(after)
        _limit(scan, number, sign, start, end + noun.end() if noun and not later else end, "%")
    elif change and re.search(r"\b(?:a|an|mean|median|by)\s$", scan.before(number.start)):
        names = (("group", scan.key()), ("variable", scan.key()))
        scan.add(one("value", number.start, end, number, names=names, says=(("unit", "%"),)))
    elif (
        sign not in ("=", "about")
        and not _OF_PEOPLE.match(after)
        and (_OF_OTHER.match(after) or role_of(scan, start).cue)
    ):
        _limit(scan, number, sign, start, end, "%")
    else:
        names = (("group", scan.key()), ("of", scan.key()))
        says = (("comparator", sign),) if sign != "=" else ()
        begin = start if sign != "=" else number.start
        scan.add(one("percentage", begin, end, number, names=names, says=says))


def _limit_or_value(
    scan: Scan, number: Numeral, sign: str, start: int, end: int, unit: str
) -> None:
    if sign != "=" and sign != "about":
        _limit(scan, number, sign, start, end, unit)
        return
    names = (("group", scan.key()), ("variable", scan.key()))
    scan.add(one("value", number.start, end, number, names=names, says=(("unit", unit),)))


def _limit(scan: Scan, number: Numeral, sign: str, start: int, end: int, unit: str = "") -> None:
    role = role_of(scan, start)
    says: Says = (("comparator", sign), ("role", role.name))
    says = (*says, ("unit", unit)) if unit else says
    names = (("variable", scan.key()),)
    scan.add(one("threshold", start, end, number, names=names, says=says, is_open=role.open))


def _dose(scan: Scan, number: Numeral, sign: str, start: int, dose: re.Match[str]) -> None:
    unit = scan.text[slice(*dose.span("unit"))]
    if sign in ("<", ">", "<=", ">=") and not re.search(r"up to\s?$", scan.before(number.start, 8)):
        _limit(scan, number, sign, start, dose.end("unit"), unit)
        return
    says: Says = (("unit", unit),)
    says = (*says, ("comparator", sign)) if sign != "=" else says
    if dose["frequency"]:
        says = (*says, ("frequency", scan.text[slice(*dose.span("frequency"))]))
    begin = start if sign != "=" else number.start
    inside = [each for each in scan.free() if number.start < each.start < dose.end()]
    found = one("dose", begin, dose.end(), number, says=says)
    scan.add(replace(found, numbers=(number, *inside)))


def _span(scan: Scan, number: Numeral, sign: str, start: int, span: re.Match[str]) -> None:
    after = scan.seen[span.end() :]
    if sign == "<=" and scan.seen[start : number.start].strip().lower() == "within":
        sign, start = "=", number.start
    if (
        sign == ">"
        and re.match(r"over\s", scan.seen[start:], re.I)
        and not _LONGER.search(scan.before(start, 12))
    ):
        sign, start = "=", number.start  # during so long
    end = span.end()
    if later := comparator_after(scan.seen, end):
        sign, end = later
    old = re.match(r"[ -](?:of age|old|or older)", after) or AGE.search(
        scan.before(number.start, 25)
    )
    if old and sign not in ("=", "about"):
        _limit(scan, number, sign, start, end, unit_of_time(span["unit"]))
    elif old and re.search(r"year", span["unit"], re.IGNORECASE):
        names = (("group", scan.key()), ("variable", scan.key()))
        scan.add(one("value", number.start, end, number, names=names))
    else:
        says: Says = (("unit", unit_of_time(span["unit"])),)
        says = (*says, ("comparator", sign)) if sign != "=" else says
        begin = start if sign != "=" else number.start
        scan.add(one("duration", begin, end, number, says=says))
        if sign == "=":
            _listed_before(scan, number, says)


def _listed_before(scan: Scan, number: Numeral, says: Says) -> None:
    """The 1, 3 and 6 of 'at 1, 3, 6 and 12 months'."""
    for earlier in reversed([each for each in scan.free() if each.end <= number.start]):
        between = scan.seen[earlier.end : number.start]
        if earlier.word or not re.fullmatch(r",? (?:and |or )?", between):
            return
        scan.add(one("duration", earlier.start, earlier.end, earlier, says=says))
        number = earlier


def _plain_limit(scan: Scan, number: Numeral, sign: str, start: int) -> None:
    """A number without a unit: a limit, where a comparison stands before it or a score is
    defined."""
    after = scan.seen[number.end :]
    points = re.match(r"[ -]points?\b", after)
    each = re.match(rf"(?: [a-z-]+)?[ -](?P<noun>{OF_EACH})\b", after, re.IGNORECASE)
    people = re.match(
        rf"(?: (?!(?:of|in|with|and|at)\b)[a-z-]+){{0,3}}? (?:{PEOPLE}|{THINGS})\b",
        after,
        re.IGNORECASE,
    )
    if people or re.match(r"\s(?:out )?of\b", after):
        return
    end = number.end + (points.end() if points else each.end() if each else 0)
    if later := comparator_after(scan.seen, end):
        sign, end = later
    if sign not in ("=", "about") and (points or each or not number.word):
        _limit(scan, number, sign, start, end, "points" if points else "")
    elif each and number.value > 1:
        names = (("group", scan.key()), ("variable", scan.key()))
        scan.add(one("value", number.start, end, number, names=names, says=()))
    elif _SCORE.search(scan.before(number.start)) and not number.word:
        if role_of(scan, number.start).cue or number.value == 0:
            _limit(scan, number, "=", number.start, end)
        else:
            names = (("group", scan.key()), ("variable", scan.key()))
            scan.add(one("value", number.start, end, number, names=names))


def _dose_again(scan: Scan, match: re.Match[str]) -> None:
    """The second frequency of '5 mg on alternate days or three times weekly'."""
    doses = [each for each in scan.found if each.kind == "dose" and each.end <= match.start()]
    if not doses or match.start() - doses[-1].end > 5:
        return
    before = doses[-1]
    written = scan.text[slice(*match.span())]
    start = match.start("value")
    says = (("unit", dict(before.says)["unit"]), ("frequency", scan.text[start : match.end()]))
    inside = tuple(each for each in scan.free() if match.start() <= each.start < match.end())
    scan.taken |= {each.start for each in inside}
    reading = f"The dose stands before '{written}'"
    scan.add(Found("dose", start, match.end(), before.values, (), (), says, reading=reading))


def _every(scan: Scan, match: re.Match[str]) -> None:
    word = match["word"].split()[-1].lower()
    if any(each.start <= match.start() < each.end for each in scan.found):
        return
    if re.search(rf"(?:{FREQUENCY}|times|mg|once|twice)\s?$", scan.before(match.start(), 12), re.I):
        return
    unit = {"monthly": "months", "weekly": "weeks"}[word]
    says: Says = (("unit", unit),)
    reading = f"{word.capitalize()} is once a {unit[:-1]}"
    scan.add(
        Found("duration", *match.span(), (("value", Decimal(1)),), (), (), says, reading=reading)
    )
