"""Patterns of P values, sizes of an effect, and confidence intervals."""

import re
from decimal import Decimal

from pilotage.publication.drafting.numerals import NUMBER, Numeral
from pilotage.publication.drafting.scan import Found, Scan
from pilotage.publication.drafting.vocabulary import sign_of

_P = re.compile(
    rf"(?<![\w-])[Pp](?![a-z])(?P<many>[- ]?values?|s)?(?:(?: for |[-_ ])(?:trend|interaction"
    rf"|heterogeneity|difference|log-?rank|\w+))?(?: ?\([^()]{{1,25}}\))?"
    rf"(?:\s*[,:]?\s*(?P<sign><=|>=|=|<|>|≤|≥|less than|of|was|is|were)\s*|[,:]\s)"
    rf"(?P<value>{NUMBER})(?! ?%)",
)
_P_MORE = re.compile(
    rf",?\s(?:and|or|to|,|vs\.?)\s(?P<sign><=|>=|=|<|>|≤|≥)?\s*(?P<value>{NUMBER})(?![\w.%])"
)
_LEVEL = re.compile(
    r"(?:significan\w+|alpha|type I error)[^;]{0,80}$|(?:regarded|considered|deemed|accepted"
    r"|taken)[^;]{0,40}$",
    re.IGNORECASE,
)
_IS_A_LEVEL = re.compile(
    r"\b(?:set|defined|considered|regarded|deemed|taken|accepted|level|threshold|denote\w*|indicat\w+)\b",
    re.I,
)
_TESTS = (
    ("paired t test", r"paired (?:student'?s? )?t[- ]tests?"),
    ("Welch t test", r"welch"),
    ("t test", r"(?:student'?s? )?t[- ]tests?"),
    ("Mann-Whitney test", r"mann-whitney|rank[- ]sum"),
    ("signed-rank test", r"signed[- ]ranks?"),
    ("chi-squared test", r"chi-squared?|chi2|χ2|χ²"),
    ("Fisher exact test", r"fisher"),
    ("McNemar test", r"mcnemar"),
    ("log-rank test", r"log-?rank"),
)
_EFFECTS = (
    ("odds_ratio", r"(?i:(?:adjusted |crude |unadjusted |pooled )?odds ratios?)|\ba?ORs?\b"),
    ("hazard_ratio", r"(?i:(?:adjusted |crude )?hazard ratios?)|\ba?HRs?\b"),
    ("risk_ratio", r"(?i:relative risks?|risk ratios?|rate ratios?)|\bRRs?\b"),
    (
        "difference",
        r"(?:mean |risk |absolute |treatment |rate |between-group |estimated |adjusted "
        r"|median )*differences?",
    ),
)
_LABELLED = tuple(
    (
        kind,
        re.compile(
            rf"(?P<label>(?:\b|(?=\())(?:{names}))(?:\s?\([A-Za-z]{{2,4}}\))?(?P<between>[^.;\d%±]{{0,50}}?)"
            rf"\s?(?P<value>{NUMBER})(?P<unit>\s?%|\s(?:percentage )?points?|\s?pp\b)?(?![\w±]"
            rf"|-\d)",
            re.IGNORECASE if kind == "difference" else 0,
        ),
    )
    for kind, names in _EFFECTS
)
_CI = re.compile(
    rf"(?P<level>\d{{2}}(?:\.\d)?) ?%[- ](?:CIs?|confidence intervals?|credible intervals?|CrIs?)"
    rf"(?: \(CI\))?(?P<open>\)?)(?:\s?[:=,]|\s(?:of|was|were|from|ranging from))?\s?[\[(]?\s?"
    rf"(?P<low>{NUMBER})"
    rf"\s?%?\s?(?P<dash>to|-|,|;|and)\s?(?P<high>{NUMBER})\s?%?"
)
_BARE = re.compile(rf"\s?[\[(](?P<low>{NUMBER})\s?(?:to|-|,|;)\s?(?P<high>{NUMBER})\s?%?[\])]")


def effects(scan: Scan) -> None:
    """P values, sizes of effects with their intervals, and intervals alone."""
    for match in _P.finditer(scan.seen):
        _p_value(scan, match)
    for kind, pattern in _LABELLED:
        for match in pattern.finditer(scan.seen):
            _effect(scan, kind, match)
    for match in _CI.finditer(scan.seen):
        _interval(scan, match)


def _p_value(scan: Scan, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is None or not 0 <= number.value <= 1:
        return
    sign = sign_of(match["sign"] or "=")
    if _is_a_level(scan, match):
        says = (("comparator", sign), ("role", "significance"))
        names = (("variable", "P"),)
        found = Found(
            "threshold", match.start(), number.end, _value(number), (number,), names, says
        )
        scan.add(found)
        return
    _add_p_value(scan, match.start(), number, sign)
    while more := _P_MORE.match(scan.seen, number.end):
        if not (more["sign"] or match["many"]):
            return
        number = scan.group(more, "value")
        if number is None or not 0 <= number.value <= 1 or number.word or not number.digits:
            return
        start = more.start("sign") if more["sign"] else number.start
        _add_p_value(scan, start, number, sign_of(more["sign"] or "="))


def _add_p_value(scan: Scan, start: int, number: Numeral, sign: str) -> None:
    test, is_open = _test(scan.seen)
    says = (("comparator", sign), ("test", test))
    values = _value(number)
    scan.add(
        Found("p_value", start, number.end, values, (number,), (), says, is_open, ask="compares")
    )


def _is_a_level(scan: Scan, match: re.Match[str]) -> bool:
    """Does the sentence set the level of significance, instead of telling a result?"""
    before, after = scan.before(match.start(), 120), scan.seen[match.end() :]
    near = _LEVEL.search(before) or re.match(r"[^;]{0,60}significan", after)
    return bool(near) and bool(_IS_A_LEVEL.search(scan.seen))


def _test(sentence: str) -> tuple[str, tuple[str, ...]]:
    """The test that the sentence names; where it names several, none, and that is marked."""
    named = [test for test, names in _TESTS if re.search(names, sentence, re.IGNORECASE)]
    if {"paired t test", "Welch t test"} & set(named):
        named = [test for test in named if test != "t test"]
    return (named[0], ()) if len(named) == 1 else ("not named", ("test",) if named else ())


def _effect(scan: Scan, kind: str, match: re.Match[str]) -> None:
    number = scan.group(match, "value")
    if number is None or (number.word and kind != "difference"):
        return
    bare = _BARE.match(scan.seen, match.end())
    interval = _CI.search(scan.seen, match.end(), match.end() + 70)
    if (
        kind == "difference"
        and not interval
        and not re.search(
            r"\b(?:of|was|were|is|:|=)\s?$", scan.seen[match.start("label") : match.start("value")]
        )
    ):
        return
    if re.match(rf"\s?{_TIME_OR_PEOPLE}", scan.seen[match.end() :], re.IGNORECASE):
        return
    unit = (match["unit"] or "").strip()
    names = (("group", scan.key()), ("than", scan.key()), ("share", scan.key()))
    says: tuple[tuple[str, str], ...] = ()
    if kind == "difference" and unit:
        says = (("unit", "percentage points" if unit != "%" else "%"),)
    start, end = number.start, match.end()
    scan.add(Found(kind, start, end, _value(number), (number,), names, says))
    if bare and not interval and kind != "difference":
        low, high = scan.group(bare, "low"), scan.group(bare, "high")
        if low is not None and high is not None and low.value <= high.value:
            _add_interval(scan, low, high, Decimal("0.95"), len(scan.found) - 1, level_known=False)


_TIME_OR_PEOPLE = r"(?:patients|subjects|participants)\b"


def _interval(scan: Scan, match: re.Match[str]) -> None:
    low, high = scan.group(match, "low"), scan.group(match, "high")
    if low is None or high is None:
        return
    level = Decimal(match["level"]) / 100
    around = [
        at
        for at, each in enumerate(scan.found)
        if each.end <= match.start() + 2 and each.kind not in ("interval", "p_value", "identifier",
                                                               "date", "all", "none")
    ]  # fmt: skip
    nearest = max(around, key=lambda at: scan.found[at].end, default=None)
    if nearest is not None and match.start() - scan.found[nearest].end > 40:
        nearest = None
    if nearest is None:
        nearest = _what_it_is_around(scan, match)
    if nearest is not None and low.value <= high.value and Decimal("0.5") < level < 1:
        _add_interval(scan, low, high, level, nearest)


def _what_it_is_around(scan: Scan, match: re.Match[str]) -> int | None:
    """A percentage or a value right before an interval, as a claim of its own."""
    for number in reversed(scan.free()):
        between = scan.seen[number.end : match.start()]
        if number.end > match.start() or len(between) > 30:
            continue
        percent = re.match(r"\s?%", between)
        end = number.end + (percent.end() if percent else 0)
        names: tuple[tuple[str, str], ...] = (("group", scan.key()),)
        if percent:
            names = (*names, ("of", scan.key()))
            scan.add(Found("percentage", number.start, end, _value(number), (number,), names))
        else:
            before = scan.before(number.start, 120)
            named = re.search(r"\b(median|mean|average)\b[^.;]*$", before, re.IGNORECASE)
            kind = "median" if named and named[1].lower() == "median" else "mean"
            names = (*names, ("variable", scan.key()))
            is_open = () if named else ("kind",)
            scan.add(Found(kind, number.start, end, _value(number), (number,), names, open=is_open))
        return len(scan.found) - 1
    return None


def _add_interval(
    scan: Scan,
    low: Numeral,
    high: Numeral,
    level: Decimal,
    around: int,
    *,
    level_known: bool = True,
) -> None:
    values = (("low", low.value), ("high", high.value))
    says = (("around", str(around)), ("level", str(level.normalize())))
    is_open = () if level_known else ("level",)
    scan.add(Found("interval", low.start, high.end, values, (low, high), (), says, open=is_open))


def _value(number: Numeral) -> tuple[tuple[str, Decimal | str], ...]:
    return (("value", number.value),)
