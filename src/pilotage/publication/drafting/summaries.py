"""Patterns of means, medians, standard deviations, ranges and quartiles."""

import re

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.scan import Found, Scan
from pilotage.publication.drafting.vocabulary import DOSE, SPAN, TIME

Names = tuple[tuple[str, str], ...]

_PLUS_MINUS = re.compile(
    rf"(?P<mean>{NUMBER})(?:\s?%)?\s?(?:±|\+/-|\+-)\s?(?:SD|SEM|SE)?\s?(?P<sd>{NUMBER})"
)
_MEAN_SD = re.compile(
    rf"(?P<mean>{NUMBER})(?P<unit>\s?(?:%|{TIME}|mg|kg|points?)?)\s?[\[(,]\s?"
    rf"(?P<label>SD|s\.d\.|standard deviation|SEM|s\.e\.m\.|SE|standard error(?: of the mean)?)"
    rf"\s?[:=,]?\s?(?:±\s?)?(?P<sd>{NUMBER})",
    re.IGNORECASE,
)
_MIDDLE = re.compile(r"\b(?P<kind>median|mean|average)s?\b(?!\s?±)", re.IGNORECASE)
_BETWEEN = re.compile(r"[^.;()\d±<>≤≥]{0,70}(?:\([^()\d]{1,25}\))?[^.;()\d±<>≤≥]{0,30}")
_SPREAD_LABEL = (
    r"(?P<label>inter-?quartile ranges?(?: \(IQR\))?|IQR|quartiles?|Q1 ?- ?Q3|25th ?(?:-|to"
    r"|and) ?75th"
    r" percentiles?|ranges?|min(?:imum)? ?(?:-|to|,|and) ?max(?:imum)?)"
)
_LABELLED = re.compile(
    rf"\b{_SPREAD_LABEL}\b\)?\s?(?:[:=,]|of|was|from|\[)?\s?[\[(]?(?:from |between )?"
    rf"(?P<low>{NUMBER})"
    rf"(?P<first>\s?(?:%|{TIME}))?\s?(?P<dash>to|-|,|;|and)\s?(?P<high>{NUMBER})(?P<unit>\s?(?:%|{TIME}))?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"(?P<unit>\s?[A-Za-z%/µ]{{0,12}})\s?[\[(](?P<low>{NUMBER})\s?(?P<dash>to|-|,|;)\s?(?P<high>{NUMBER})"
    rf"(?P<last>\s?(?:%|{TIME}))?[\])]",
    re.IGNORECASE,
)
_QUARTILES = re.compile(r"quartile|iqr|q1|percentile", re.IGNORECASE)
_PEOPLE = re.compile(r"\s?(?:patients|subjects|participants|women|men)\b", re.IGNORECASE)
_SEM = re.compile(r"\bSEM\b|[(,\[]\s?SE\b|standard errors?|\bs\.e\.m\.|± ?SE\b")
_SPREAD = re.compile(
    r"[\[(,]\s?±?\s?(?:SD|s\.d\.|standard deviation|SEM|SE|standard error)\b", re.I
)
_BRACKETED = re.compile(rf"\s?[A-Za-z%/µ]{{0,12}}\s?[\[(]\s?±?\s?(?P<value>{NUMBER})\s?[\])]")
_END = re.compile(
    rf"\b(?P<kind>minimum|maximum|shortest|longest|youngest|oldest)\b[^.;()\d]{{0,40}}?"
    rf"\b(?:was|were|of|is|:|=)\s?(?P<value>{NUMBER})",
    re.IGNORECASE,
)


def summaries(scan: Scan) -> None:
    """Mean and SD, mean or median with a range, ranges and quartiles with their name."""
    scan.read((_PLUS_MINUS, _plus_minus), (_MEAN_SD, _spread_named))
    scan.read((_MIDDLE, _middle), (_LABELLED, _labelled), (_END, _end))


def _plus_minus(scan: Scan, match: re.Match[str]) -> None:
    _mean_and_sd(scan, match, "sem" if _SEM.search(scan.seen) else "sd")


def _spread_named(scan: Scan, match: re.Match[str]) -> None:
    label = match["label"].lower()
    _mean_and_sd(scan, match, "sem" if label in ("se", "sem") or "err" in label else "sd")


def _mean_and_sd(scan: Scan, match: re.Match[str], spread: str) -> None:
    mean, sd = scan.group(match, "mean"), scan.group(match, "sd")
    if mean is None or sd is None or sd.value < 0:
        return
    names: Names = (("group", scan.key()), ("variable", scan.key()))
    is_open = () if re.search(r"mean|average|±", scan.seen, re.IGNORECASE) else ("kind",)
    scan.add(_number("mean", mean.start, mean.end, mean, names, is_open))
    sign = scan.seen.rfind("±", mean.end, sd.start)
    scan.add(_number(spread, sign if sign >= 0 else sd.start, sd.end, sd, names))


def _number(
    kind: str, start: int, end: int, number: Numeral, names: Names, is_open: tuple[str, ...] = ()
) -> Found:
    return Found(kind, start, end, (("value", number.value),), (number,), names, open=is_open)


def _middle(scan: Scan, match: re.Match[str]) -> None:
    """'median age of 40 years', 'mean of 15 months (range 7 to 30)', 'median 12 (2-67)'."""
    number = _next_number(scan, match.end())
    if number is None or scan.seen[number.end :].lstrip()[:1] == "±":
        return
    if number.whole and _PEOPLE.match(scan.seen, number.end):
        number = _after_people(scan, number)
    if number is None:
        return
    kind = "median" if match["kind"].lower() == "median" else "mean"
    names: Names = (("group", scan.key()), ("variable", scan.key()))
    span = SPAN.match(scan.seen, number.end) or re.match(r"(?P<unit>)", "")
    end = number.end + (span.end() - number.end if span and span["unit"] else 0)
    start = match.start() if _nothing_between(scan, match.start(), number.start) else number.start
    scan.add(_number(kind, start, end, number, names))
    if _spread_beside(scan, number, names):
        return
    beside = _BESIDE.match(scan.seen, number.end)
    if beside is None:
        _second(scan, kind, end)
        return
    low, high = scan.group(beside, "low"), scan.group(beside, "high")
    if low is not None and high is not None and low.value <= high.value:
        values = (("low", low.value), ("high", high.value))
        said = _said_before(scan, number.start)
        scan.add(
            Found("quartiles" if said == "quartiles" else "range", low.start, high.end, values,
                  (low, high), names, open=() if said else ("kind",))
        )  # fmt: skip


def _spread_beside(scan: Scan, number: Numeral, names: Names) -> bool:
    """The 1.1 of 'a mean (SD) of 3.2 (1.1)'."""
    beside = _BRACKETED.match(scan.seen, number.end)
    label = _SPREAD.search(scan.before(number.start, 60))
    spread = scan.group(beside, "value") if beside else None
    if spread is None or label is None or spread.value < 0:
        return False
    scan.add(
        _number("sem" if _SEM.search(label[0]) else "sd", spread.start, spread.end, spread, names)
    )
    return True


def _second(scan: Scan, kind: str, end: int) -> None:
    """The 63 of 'the mean ages were 57 and 63 years, respectively'."""
    more = re.match(rf"\s(?:and|vs\.?|versus)\s(?P<value>{NUMBER})", scan.seen[end:])
    number = scan.at(end + more.start("value"), end + more.end("value")) if more else None
    if number is None or number.word:
        return
    if re.search(r"\brespectively\b", scan.seen[end:]) or (more and more[0].lstrip()[0] == "v"):
        names: Names = (("group", scan.key()), ("variable", scan.key()))
        scan.add(_number(kind, number.start, number.end, number, names))


def _said_before(scan: Scan, start: int) -> str:
    """Is it said which spread stands in brackets, as in 'median (range) 12 (2-67)'?"""
    before = scan.before(start, 120)
    if _QUARTILES.search(before):
        return "quartiles"
    return "range" if re.search(r"\brange", before, re.IGNORECASE) else ""


def _nothing_between(scan: Scan, start: int, end: int) -> bool:
    inside = any(start < each < end for each in scan.numbers)
    return not inside and end - start < 40


def _next_number(scan: Scan, end: int) -> Numeral | None:
    """The next number, if it is free and only words of the same clause stand before it."""
    starts = sorted(start for start in scan.numbers if start >= end)
    if not starts or starts[0] - end > 130:
        return None
    return scan.at(starts[0]) if _BETWEEN.fullmatch(scan.seen, end, starts[0]) else None


def _after_people(scan: Scan, people: Numeral) -> Numeral | None:
    """The 3 of 'median time in five patients 3 months'."""
    later = [number for number in scan.free() if number.start > people.end]
    if later and later[0].start - people.end < 30 and SPAN.match(scan.seen, later[0].end):
        return later[0]
    return None


def _labelled(scan: Scan, match: re.Match[str]) -> None:
    """'range: 7 to 30', 'IQR 3-9'."""
    low, high = scan.group(match, "low"), scan.group(match, "high")
    if low is None or high is None or low.value > high.value:
        return
    kind = "quartiles" if _QUARTILES.search(match["label"]) else "range"
    near = [
        each
        for each in scan.found
        if each.kind in ("median", "mean") and 0 <= match.start() - each.end < 45
    ]
    names = near[-1].names if near else (("group", scan.key()), ("variable", scan.key()))
    says: Names = ()
    unit = (match["unit"] or match["first"] or "").strip()
    if unit and not near:
        says = (("unit", unit),)
    dose = DOSE.match(scan.seen, high.end)
    values = (("low", low.value), ("high", high.value))
    if dose and not near:
        scan.add(
            Found("dose_range", low.start, dose.end("unit"), values, (low, high), (),
                  (("unit", scan.text[slice(*dose.span("unit"))]),))
        )  # fmt: skip
        return
    start = match.start("label") if "percentile" not in match["label"].lower() else low.start
    start = start if _nothing_between(scan, start, low.start) else low.start
    scan.add(Found(kind, start, high.end, values, (low, high), names, says))


def _end(scan: Scan, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is None:
        return
    kind = "minimum" if match["kind"].lower() in ("minimum", "shortest", "youngest") else "maximum"
    names: Names = (("group", scan.key()), ("variable", scan.key()))
    scan.add(_number(kind, number.start, number.end, number, names))
