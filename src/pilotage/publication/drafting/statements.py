"""Patterns of claims without a number: all and none; those of changes are beside."""

import re
from collections.abc import Iterator

from pilotage.publication.drafting.changes import changes, comparisons
from pilotage.publication.drafting.numerals import NUMBER
from pilotage.publication.drafting.scan import Found, Scan, in_words
from pilotage.publication.drafting.vocabulary import MATTER, PEOPLE, WAS

_SEEN = (
    r"(?:observed|reported|seen|found|detected|noted|recorded|identified|documented|described|allowed"
    r"|permitted|required|necessary|needed|approved|present|made|lost|evident|demonstrated)"
)
_ALL = re.compile(
    rf"(?<!not )(?<!of )\b(?:all (?:of )?(?:the |these |those |our |other )?"
    rf"(?:[a-z-]+ ){{0,2}}?(?:\d+ )?{PEOPLE}"
    rf"|all of (?:them|these|those)|every (?:single )?{PEOPLE})\b(?! (?:who|whose|with whom)\b)",
    re.IGNORECASE,
)
_ALL_NO = re.compile(rf"\ball {PEOPLE}, (?:there (?:was|were) )?no\b", re.IGNORECASE)
_TWO_THINGS = re.compile(
    r"^ (?:were|was|had) (?:[a-z-]+ ){0,3}?[a-z-]+ and (?P<second>(?:of |had )?[\w-]+"
    r"(?: [\w-]+){0,3})\s?\.?$",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"(?<=[,(] )\bboth(?: of (?:whom|them|these))?(?: with| had| were| {PEOPLE})"
    rf"(?: [\w-]+){{1,3}}|"
    rf"(?<=\()both(?: with)? [\w-]+|\bboth {PEOPLE}\b",
    re.IGNORECASE,
)
_ONE_SUBJECT = re.compile(
    rf"\b(?:patients?|subjects?|participants?|case)\s(?:number|no\.?|nr\.?|#)\s?(?P<value>{NUMBER})"
    rf"|\b(?:Patient|Subject|Participant|Case) (?P<plain>\d+)\b(?! ?(?:patients|of|out))",
    re.IGNORECASE,
)
_DEVELOPED = re.compile(
    r"\b(?:developed|experienced|suffered(?: from)?|presented with)\s(?P<list>(?:grade \d"
    r"|[^.;()\d]){3,120})",
    re.I,
)
_LIST_ENDS = re.compile(
    r"\s(?:that|which|who|while|when|after|during|before|because|due|on|in|and then)\b|$", re.I
)
_HARM = (
    r"(?:side[- ]effects?|adverse (?:events?|effects?|reactions?)|toxicit(?:y|ies)"
    r"|complications?|symptoms?)"
)
_ALL_HARM = re.compile(
    rf"(?P<who>\b{_HARM}\b|\bthese\b|\bthat\b|\bwhich\b)(?P<between>[^.;()]{{0,90}}?)\s?"
    rf"(?P<what>(?:were|was) (?:all |generally |mostly )?"
    r"(?:minor|mild|transient|reversible|self-limit\w+|tolerable)|(?:all )?(?:resolved|improved"
    r"|disappeared|subsided)"
    r"(?: (?:after|upon|on|with|following|when|once) [^.;,(]{3,60}?(?= and\b|[.;,(]|$))?)",
    re.IGNORECASE,
)
_NONE_OF = re.compile(
    rf"\bnone(?: of (?:the|these|those|them|our|whom)(?: [a-z-]+){{0,2}}?(?: {PEOPLE})?)?\b"
    rf"|\bno (?:[a-z-]+ )?{PEOPLE}\b(?! (?:is|are)\b)",
    re.IGNORECASE,
)
_THING = (
    r"[\w'-]+(?:,? (?!was\b|were\b|has\b|have\b|had\b|but\b|and\b|or\b|is\b|are\b)[\w'()-]+){0,7}?"
)
_NO_SEEN = re.compile(
    rf"\bno (?P<first>{_THING})(?:(?: or| and|,) (?P<second>{_THING}))? (?:{WAS}) (?:ever "
    rf"|also |further )?{_SEEN}\b",
    re.IGNORECASE,
)
_THERE_NO = re.compile(
    rf"\bthere (?:was|were) no (?P<first>{_THING})(?: or (?P<second>[\w'-]+(?: (?!during|in|at"
    rf"|after|on)[\w'-]+)?))?"
    r"(?=[.,;]| during| in | at | after| on | among| between|$)",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    rf"\b(?P<a>neither {_THING}) (?P<b>nor [\w'-]+(?: (?!was|were|has|have|had)[\w'-]+){{0,3}})",
    re.I,
)
_OCCURRED = re.compile(
    r"\bno (?P<first>(?:[\w-]+ ){1,4})(?:occurred|developed|appeared|arose|died|relapsed)\b", re.I
)
_EVIDENCE = re.compile(r"\bno evidence (?:that|of|for)(?: [\w-]+){1,6}", re.IGNORECASE)


def statements(scan: Scan) -> None:
    """All and none; changes; comparisons."""
    for each in (_none, _all, changes, comparisons):
        for found in each(scan):
            if not _said_already(scan, found):
                scan.add(found)


def _said_already(scan: Scan, found: Found) -> bool:
    return any(
        each.start < found.end and found.start < each.end
        for each in scan.found
        if each.kind in ("all", "none", "change", "comparison")
    )


def _all(scan: Scan) -> Iterator[Found]:
    names = ("group", "of")
    for match in _ALL.finditer(scan.seen):
        yield in_words(scan, "all", match.span(), names)
        if second := _TWO_THINGS.match(scan.seen[match.end() :]):
            start, end = second.span("second")
            yield in_words(scan, "all", (match.end() + start, match.end() + end), names)
    for match in _BOTH.finditer(scan.seen):
        yield in_words(scan, "all", match.span(), names)
    for match in _ONE_SUBJECT.finditer(scan.seen):
        yield from _one_subject(scan, match)
    for match in _ALL_HARM.finditer(scan.seen):
        if match["who"].lower() in ("that", "which") and match["what"].lower().startswith("w"):
            continue
        if match["who"].lower() == "these" and match["between"].strip():
            continue
        if not re.search(NUMBER, match["between"]) or match["what"].lower().startswith("w"):
            yield in_words(scan, "all", match.span("what"), names)


def _one_subject(scan: Scan, match: re.Match[str]) -> Iterator[Found]:
    """'patient number 3': a fact about one subject; each of the things that it 'developed'."""
    name = "value" if match["value"] else "plain"
    number = scan.group(match, name)
    if number is None or not number.whole:
        return
    yield Found("all", *match.span(), (), (number,), (("group", scan.key()),),
                (("subject", str(number.value)),))  # fmt: skip
    developed = _DEVELOPED.search(scan.seen, match.end())
    if developed is None or match.start() > 3:
        return
    start = developed.start("list")
    stop = _LIST_ENDS.search(developed["list"])
    listed = developed["list"][: stop.start() if stop else None]
    for item in re.finditer(r"(?:(?!,| and )[^,])+?(?=,|$| and )", listed):
        words = item[0].strip()
        words = re.sub(r"^and ", "", words)
        if words:
            begin = start + item.start() + item[0].find(words)
            says = (("subject", str(number.value)),)
            yield Found("all", begin, begin + len(words), (), (), (("group", scan.key()),), says)


def _none(scan: Scan) -> Iterator[Found]:
    names = ("group", "of")
    for match in _ALL_NO.finditer(scan.seen):
        yield in_words(scan, "none", match.span(), names)
    for match in _NONE_OF.finditer(scan.seen):
        yield in_words(scan, "none", match.span(), names)
        for span in _such_as(scan, match.end()):
            yield in_words(scan, "none", span, names)
    for match in _NEITHER.finditer(scan.seen):
        yield in_words(scan, "none", match.span("a"), names)
        yield in_words(scan, "none", match.span("b"), names)
    for match in _EVIDENCE.finditer(scan.seen):
        if not re.search(r"\bof (?:a )?(?:difference|change)", match[0]):
            yield in_words(scan, "none", match.span(), names)
    for pattern in (_NO_SEEN, _THERE_NO, _OCCURRED):
        for match in pattern.finditer(scan.seen):
            first = match["first"]
            if re.search(rf"\b{MATTER}\b", first, re.IGNORECASE) and not _about_people(match):
                continue
            start = match.start("first") - 3
            yield in_words(scan, "none", (start, match.end("first")), names)
            second = match.groupdict().get("second")
            if second:
                yield in_words(scan, "none", match.span("second"), names)


def _such_as(scan: Scan, start: int) -> Iterator[tuple[int, int]]:
    """What 'none of them had any of these, such as A or B' says of A and of B."""
    named = re.search(r"\bsuch as (?P<list>[^.;()]{3,120})", scan.seen[start:])
    for item in re.finditer(r"[^,]+?(?=,| or | and |$)", named["list"]) if named else ():
        words = re.sub(r"^\s*(?:or|and)?\s*", "", item[0])
        if words and named:
            end = start + named.start("list") + item.end()
            yield end - len(words), end


def _about_people(match: re.Match[str]) -> bool:
    """'No changes in medication were allowed' and 'no increase in X was observed' are about
    subjects who had none; 'no significant change in the score' is about its values."""
    words = match[0].lower()
    return bool(re.search(r"allowed|permitted|new onset|no other", words))
