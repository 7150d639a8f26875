"""Patterns of table cells: what a cell says depends on the words of its row and of its column."""

import re

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.scan import Found, Scan
from pilotage.publication.drafting.vocabulary import sign_of

Names = tuple[tuple[str, str], ...]

_TWO = re.compile(
    rf"(?P<first>{NUMBER})\s?(?P<percent>%)?\s?(?:±|\+/-)\s?(?P<spread>{NUMBER})$"
    rf"|(?P<count>{NUMBER})\s?(?:/\s?(?P<whole>{NUMBER})\s?)?\(\s?(?P<share>{NUMBER})\s?(?P<sign>%)?\s?\)$"
    rf"|(?P<middle>{NUMBER})\s?[\[(]\s?(?P<low>{NUMBER})\s?(?:-|to|,|;)\s?(?P<high>{NUMBER})\s?[\])]$"
)
_ONE = re.compile(rf"(?P<sign><=|>=|=|<|>|≤|≥)?\s?(?P<value>{NUMBER})\s?(?P<percent>%)?$")
_RANGE = re.compile(rf"(?P<low>{NUMBER})\s?(?:-|to)\s?(?P<high>{NUMBER})$")
_P = re.compile(r"\bp(?:[- ]?values?)?\b", re.IGNORECASE)
_COUNTS = re.compile(r"\b(?:n|no\.?|number)\b(?:\s?\(%\))?|\(%\)|,\s?%|\bpatients\b", re.IGNORECASE)
_COUNTED_COLUMN = re.compile(r"(?:^|\s)(?:n|no\.?|number)$", re.IGNORECASE)
_SHARE = re.compile(r"%|\bper ?cent", re.IGNORECASE)
_SPREAD = re.compile(r"\bSDs?\b|standard deviation|±|\bSEM?\b|standard error", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedian\b", re.IGNORECASE)
_MEAN = re.compile(r"\bmean\b", re.IGNORECASE)
_QUARTILES = re.compile(r"\bIQR\b|quartile|Q1|percentile", re.IGNORECASE)
_SEM = re.compile(r"\bSEM?\b|standard error", re.IGNORECASE)
_RANGE_WORD = re.compile(r"\brange\b|min", re.IGNORECASE)


def cells(scan: Scan) -> None:
    """What a cell says. Only the words of the cell itself are printed; its row and its column say
    what is meant."""
    cell = scan.sentence.cell
    if cell is None:
        return
    _without_the_words_around(scan, cell.start)
    head = f"{cell.row} | {cell.column}"
    if match := _TWO.match(scan.seen, cell.start):
        if match["first"]:
            _mean(scan, match, "first", "spread", head)
        elif match["count"]:
            _bracketed(scan, match, head)
        else:
            _middle(scan, match, head)
    elif match := _RANGE.match(scan.seen, cell.start):
        _spread(scan, match, head, _keys(scan))
    elif match := _ONE.match(scan.seen, cell.start):
        _one(scan, match, head)


def _without_the_words_around(scan: Scan, start: int) -> None:
    """The numbers of the row's and the column's words are claims of their own sentences."""
    scan.taken |= {at for at in scan.numbers if at < start}


def _keys(scan: Scan) -> Names:
    return (("group", scan.key()), ("variable", scan.key()))


def _add(
    scan: Scan, kind: str, number: Numeral, names: Names, *, end: int = 0, start: int = -1,
    is_open: tuple[str, ...] = (), says: Names = (),
) -> None:  # fmt: skip
    begin = number.start if start < 0 else start
    values = (("value", number.value),)
    scan.add(Found(kind, begin, end or number.end, values, (number,), names, says, is_open))


def _mean(scan: Scan, match: re.Match[str], first: str, second: str, head: str) -> None:
    mean, spread = scan.group(match, first), scan.group(match, second)
    if mean is None or spread is None:
        return
    names = _keys(scan)
    is_open = () if _MEAN.search(head) or first == "first" else ("kind",)
    _add(scan, "mean", mean, names, is_open=is_open)
    _add(scan, "sem" if _SEM.search(head) else "sd", spread, names)


def _bracketed(scan: Scan, match: re.Match[str], head: str) -> None:
    """'12 (86)', '12/14 (86%)' and '11 (5.9)'."""
    count, share = scan.group(match, "count"), scan.group(match, "share")
    whole = scan.group(match, "whole")
    if count is None or share is None:
        return
    counted = bool(match["sign"] or whole or _COUNTS.search(head))
    if _SPREAD.search(cell_row(scan)) and not match["sign"]:
        _mean(scan, match, "count", "share", head)
    elif counted and count.whole and not (_SPREAD.search(head) and not match["sign"]):
        names: Names = (("group", scan.key()), ("of", scan.key()))
        _add(scan, "count", count, names)
        if whole is not None and whole.whole:
            _add(scan, "count", whole, (("group", dict(names)["of"]),))
        end = match.end("sign") if match["sign"] else 0
        _add(scan, "percentage", share, names, end=end)
    elif _SPREAD.search(head) or _MEAN.search(head):
        _mean(scan, match, "count", "share", head)


def cell_row(scan: Scan) -> str:
    """The words of the row of a cell."""
    return scan.sentence.cell.row if scan.sentence.cell else ""


def _middle(scan: Scan, match: re.Match[str], head: str) -> None:
    number = scan.group(match, "middle")
    if number is None:
        return
    names = _keys(scan)
    kind = "mean" if _MEAN.search(head) and not _MEDIAN.search(head) else "median"
    is_open = () if _MEAN.search(head) or _MEDIAN.search(head) else ("kind",)
    _add(scan, kind, number, names, is_open=is_open)
    _spread(scan, match, head, names)


def _spread(scan: Scan, match: re.Match[str], head: str, names: Names) -> None:
    low, high = scan.group(match, "low"), scan.group(match, "high")
    if low is None or high is None or low.value > high.value:
        return
    kind = "quartiles" if _QUARTILES.search(head) else "range"
    is_open = () if kind == "quartiles" or _RANGE_WORD.search(head) else ("kind",)
    values = (("low", low.value), ("high", high.value))
    scan.add(Found(kind, low.start, high.end, values, (low, high), names, open=is_open))


def _one(scan: Scan, match: re.Match[str], head: str) -> None:
    number = scan.group(match, "value")
    cell = scan.sentence.cell
    if number is None or cell is None:
        return
    sign = sign_of(match["sign"] or "=")
    if _P.search(cell.column) or _P.fullmatch(cell.row.strip()):
        if 0 <= number.value <= 1:
            says = (("comparator", sign), ("test", "not named"))
            start = match.start("sign") if match["sign"] else -1
            _add(scan, "p_value", number, (), start=start, says=says)
    elif match["percent"] or (_SHARE.search(head) and number.digits):
        names = (("group", scan.key()), ("of", scan.key()))
        _add(scan, "percentage", number, names, end=match.end())
    elif _MEDIAN.search(head) or _MEAN.search(head):
        _add(scan, "median" if _MEDIAN.search(head) else "mean", number, _keys(scan))
    elif number.whole and (_COUNTS.search(cell.row) or _COUNTED_COLUMN.search(cell.column)):
        _add(scan, "count", number, (("group", scan.key()),))
    else:
        _add(scan, "value", number, _keys(scan), is_open=("kind",))
