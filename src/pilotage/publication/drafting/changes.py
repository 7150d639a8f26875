"""Patterns of changes and comparisons in words."""

import re
from collections.abc import Iterator

from pilotage.publication.drafting.numerals import NUMBER
from pilotage.publication.drafting.scan import Found, Pairs, Scan, in_words
from pilotage.publication.drafting.vocabulary import MATTER, WAS

_NO_CHANGE = re.compile(
    rf"\bno (?P<adjectives>(?:[a-z]+(?:, | or | and | )){{0,4}}?)(?P<matter>{MATTER})\b"
    rf"(?P<rest>[^.;]{{0,160}})",
    re.I,
)
_DID_NOT = re.compile(
    r"\b(?:did|does|has|have|had) not (?:experience |show |undergo )?(?:any )?(?:significant"
    r"(?:ly)? )?"
    r"(?:changes?d?|differ(?:ed)?|vary|varied|improve[d]?|worsen(?:ed)?)\b(?P<rest>[^.;]{0,80})",
    re.IGNORECASE,
)
_STABLE = re.compile(
    r"(?:\b(?P<first>[\w-]+(?: [\w-]+){0,3}?) (?:or|and) )?\b(?P<subject>[\w-]+(?: [\w-]+)?) "
    r"(?:remained|stayed|was|were)"
    r" (?:largely |essentially )?(?:stable|unchanged|constant)\b",
    re.IGNORECASE,
)
_DEGREE = (
    r"(?:significant|slight|marked|substantial|moderate|small|clear|modest|progressive|rapid"
    r"|dramatic|partial|further|statistically significant)"
)
_MOVES = re.compile(
    rf"\b(?:an? )?(?P<degree>{_DEGREE}(?:ly)?)(?: clinical| overall| mean)? (?P<move>improve\w*"
    rf"|increas\w*|decreas\w*|reduc\w*"
    r"|increments?|declin\w*|rise|rises|fall|falls|fell|rose|drop\w*|worsen\w*|deteriorat\w*)\b(?P<rest>[^.;,()]{0,40})",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:showed|shows|show|saw|observed|found) (?:a|an) (?P<move>reduction|decrease|increase"
    r"|decline|improvement|rise|fall)\b(?P<rest>[^.;,(]{0,40})",
    re.I,
)
_FROM_TO = re.compile(
    rf"\b(?P<move>decreas\w+|increas\w+|fell|rose|dropped|declined|reduced"
    rf"|improved)\b[^.;\d]{{0,30}}\bfrom {NUMBER}[^.;]{{0,30}}? to {NUMBER}",
    re.I,
)
_UP = re.compile(r"^(?:incr|ris|rose)", re.IGNORECASE)
_DOWN = re.compile(r"^(?:decr|reduc|declin|fall|fell|drop)", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:was|were|had|showed|displayed|tended to(?: [a-z]+){0,2}) (?:an? |significantly "
    r"|slightly |much |somewhat |also )*"
    r"(?P<word>shorter|longer|higher|lower|greater|smaller|better|worse|faster|slower|safer|larger|older|younger"
    r"|(?:more|less)(?: (?!than)[a-z]+)?|fewer)\b(?! than \d)(?P<rest>[^.;]{0,60})",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:had|showed|displayed|have) (?:the same|similar|comparable|equal) (?P<first>[\w-]+)"
    r"(?: and (?P<second>[\w-]+(?: [\w-]+)?))?"
    r"|\b(?:was|were) (?:similar|comparable|no different|the same)\b(?P<third>)",
    re.IGNORECASE,
)
_LESS = re.compile(r"shorter|lower|smaller|less|fewer|younger", re.IGNORECASE)


def changes(scan: Scan) -> Iterator[Found]:
    names = ("group", "variable")
    for match in _NO_CHANGE.finditer(scan.seen):
        if re.search(r"allowed|permitted|new onset", match[0], re.IGNORECASE) or _no_result(match):
            continue
        if re.search(r"\b(?:if|when|unless|whether) $", scan.before(match.start(), 10), re.I):
            continue
        significance = (
            "not significant" if "signific" in match["adjectives"].lower() else "not stated"
        )
        says: Pairs = (("direction", "none"), ("significance", significance))
        for span in _listed(match, scan):
            yield in_words(scan, "change", span, names, says)
    for match in _DID_NOT.finditer(scan.seen):
        says = (("direction", "none"), *_not_significant(match[0]))
        yield in_words(
            scan,
            "change",
            match.span() if len(match[0]) < 40 else (match.start(), match.start("rest")),
            names,
            says,
        )
        if other := re.search(r"\bor without\b", match["rest"]):
            start = match.start("rest") + other.start()
            yield in_words(scan, "change", (start, start + len(other[0])), names, says)
    for match in _STABLE.finditer(scan.seen):
        if match["first"] and len(match["first"]) < 60:
            yield in_words(scan, "change", match.span("first"), names, (("direction", "none"),))
        yield in_words(
            scan, "change", (match.start("subject"), match.end()), names, (("direction", "none"),)
        )
    for pattern in (_MOVES, _SHOWS, _FROM_TO):
        for match in pattern.finditer(scan.seen):
            if not _past_negation(scan, match.start()):
                yield _moves(scan, match)


def _no_result(match: re.Match[str]) -> bool:
    matter = match["matter"].lower()
    return matter.startswith(("correlation", "association")) or (
        matter.startswith("improvement") and not match["adjectives"].strip()
    )


def _not_significant(words: str) -> Pairs:
    return (("significance", "not significant"),) if "signific" in words.lower() else ()


def _listed(match: re.Match[str], scan: Scan) -> Iterator[tuple[int, int]]:
    """'no influence on A, B or C' and 'no clinical or immunological effect' say it of each."""
    if other := re.search(r"\bor ([a-z]+) $", match["adjectives"], re.IGNORECASE):
        middle = match.start("adjectives") + other.start()
        yield match.start(), middle
        yield middle, match.end("matter")
    else:
        yield match.start(), match.end("matter")
    rest = match["rest"]
    end = re.search(rf"\s(?:{WAS}|over|during|after|at|between|when|with|either)\b|$", rest)
    listed = rest[: end.start() if end else None]
    if not re.match(r"\s(?:on|in|of)\b", listed):
        return
    for item in list(
        re.finditer(r"(?:,(?: or| and)?| or| and)\s(?P<item>[^,]+?)(?=,| or | and |$)", listed)
    ):
        if "(" not in item["item"] and ")" not in item["item"]:
            start = match.start("rest") + item.start("item")
            yield start, start + len(item["item"])


def _past_negation(scan: Scan, start: int) -> bool:
    before = scan.before(start, 25)
    return bool(
        re.search(r"\b(?:no|not|without|any|if|evaluate|assess)\b[^,;]*$", before, re.IGNORECASE)
    )


def _moves(scan: Scan, match: re.Match[str]) -> Found:
    word = match["move"]
    direction = "increase" if _UP.match(word) else "decrease"
    is_open = () if _UP.match(word) or _DOWN.match(word) else ("direction",)
    says: Pairs = (("direction", direction),)
    degree = match.groupdict().get("degree") or ""
    if "signific" in degree.lower():
        says = (*says, ("significance", "significant"))
    end = match.start("rest") if "rest" in match.groupdict() else match.end("move")
    return in_words(scan, "change", (match.start(), end), ("group", "variable"), says, is_open)


def comparisons(scan: Scan) -> Iterator[Found]:
    names = ("group", "than", "share")
    for match in _COMPARED.finditer(scan.seen):
        sign = "<" if _LESS.match(match["word"]) else ">"
        says = (("comparator", sign),)
        span = match.start(), match.start("rest")
        yield in_words(scan, "comparison", span, names, says, ("comparator",))
    for match in _SAME.finditer(scan.seen):
        end = match.end("first") if match["first"] else match.end()
        yield in_words(scan, "comparison", (match.start(), end), names, (("comparator", "="),))
        if match["second"]:
            yield in_words(scan, "comparison", match.span("second"), names, (("comparator", "="),))
