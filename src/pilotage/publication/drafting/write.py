"""The draft as the text of a `published.yaml`, with a mark wherever a person must decide."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from pilotage.publication.drafting.draft import Draft, Drafted, Unread
from pilotage.publication.drafting.named import plain
from pilotage.publication.drafting.naming import OPEN, code_of, names, one_line, quoted
from pilotage.publication.drafting.numerals import NAMES
from pilotage.publication.printed import decimals, printed_numbers

WIDTH = 100
LONG_SENTENCE = 300
_SAY_WHAT = ("duration", "dose", "dose_range", "date", "identifier")
_CITATION = re.compile(r"\[\d+(?:[-–,; ]+\d+)*\]|\bet al\b")
_USE = re.compile(r" +(?:group|of|than|share|variable): ")
_ORDER = ("group", "than", "of", "variable", "share")


def yaml_text(draft: Draft) -> str:
    """The whole file. It loads as it stands: every name that is open is declared, as a group or a
    variable of its own, with the words it comes from."""
    return "\n".join((*_head(draft), *names(draft), *_all_claims(draft), *_rest(draft), ""))


def to_complete(text: str) -> tuple[int, int, int]:
    """How many groups and how many variables of a draft are open, and how many other places."""
    lines = [line for line in text.split("\n") if OPEN in line and not line.startswith("#")]
    groups = sum(line.startswith("  open_") for line in lines)
    variables = sum(line.startswith("  OPEN_") for line in lines)
    uses = sum(_USE.match(line) is not None for line in lines)
    return groups, variables, len(lines) - groups - variables - uses


def _head(draft: Draft) -> Iterator[str]:
    yield f"# Drafted by pattern from {one_line(draft.file)}: no person has read it yet."
    yield f"# Search for {OPEN}: groups, variables and times are never guessed. What a pattern"
    yield "# took for a claim may be none: delete it, and give its id to no other. Numbers that no"
    yield "# pattern knows are listed at the end. The format: docs/reference/published.md."
    if not draft.document.headings:
        yield f"# {OPEN}: the text had no headings; in which section a claim stands is not known."
    yield "pilotage: 1"
    yield ""
    yield "paper:"
    title = draft.document.title or OPEN
    yield f"  title: {quoted(title)}{'' if draft.document.title else f'  # {OPEN}'}"
    yield f"  citation: {OPEN}"
    registered = _registration(draft)
    if registered:
        yield f"  registration: {quoted(registered)}"
    yield f"  covers: [{', '.join(draft.sections)}]"


def _registration(draft: Draft) -> str:
    """The first identifier that is one of a registry."""
    for claim in draft.claims:
        if claim.found.kind == "identifier" and claim.printed[:3] in ("NCT", "ISR", "ACT", "Chi"):
            return claim.printed
    return ""


# -- claims ----------------------------------------------------------------------------------------


def _all_claims(draft: Draft) -> Iterator[str]:
    yield ""
    yield "claims:"
    section = ""
    for claim in draft.claims:
        if claim.sentence.part != section:
            section = str(claim.sentence.part)
            yield f"  # -- {section} {'-' * (90 - len(section))}"
        yield from _claim(claim, draft)


def _claim(claim: Drafted, draft: Draft) -> Iterator[str]:
    found, sentence = claim.found, claim.sentence
    says = dict(found.says)
    display = f", display: {quoted(sentence.display)}" if sentence.display else ""
    place = (
        f"section: {sentence.part}, paragraph: {sentence.paragraph}, sentence: {sentence.number}"
    )
    yield f"  - id: {claim.id}"
    yield f"    place: {{{place}{display}}}"
    yield from _folded("sentence", excerpt(claim))
    yield f"    printed: {quoted(claim.printed)}"
    if sentence.cited or _CITATION.search(sentence.text):
        yield "    # The sentence cites other work: `about: literature`?"
    yield f"    kind: {found.kind}{_mark('kind', claim)}"
    yield from _who(claim)
    for key in ("role", "comparator", "test", "direction", "significance", "level"):
        if key in says:
            yield f"    {key}: {_plain(key, says[key])}{_mark(key, claim)}"
    for key, value in found.values:
        written = plain(value) if isinstance(value, Decimal) else quoted(value)
        yield f"    {key}: {written}"
    if found.kind in ("duration", "dose", "dose_range", "difference", "range", "quartiles", "value",
                      "threshold") and "unit" in says:  # fmt: skip
        yield f"    unit: {_plain('unit', says['unit'])}"
    if "frequency" in says:
        yield f"    frequency: {quoted(says['frequency'])}"
    if found.kind in _SAY_WHAT:
        yield f"    what: {OPEN}"
    yield from _reading(claim)
    if found.ask == "compares":
        yield from _compares(claim, draft)


def _who(claim: Drafted) -> Iterator[str]:
    kind, named = claim.found.kind, {name: (first, part) for name, first, part in claim.named}
    for name in _ORDER:
        if name in named:
            code = code_of(name, *named[name])
            yield f"    {name}: {code}{'' if code == 'P' else f'  # {OPEN}'}"
        elif name == "of" and "subject" in dict(claim.found.says):
            yield f"    of: subject_{dict(claim.found.says)['subject']}"
    if kind == "interval":
        yield f"    around: {claim.around}"


def _mark(key: str, claim: Drafted) -> str:
    return f"  # {OPEN}: the words do not settle it" if key in claim.found.open else ""


def _plain(key: str, value: str) -> str:
    return quoted(value) if key in ("comparator", "unit") else value


def _reading(claim: Drafted) -> Iterator[str]:
    """How it was read, where the loader would read the words otherwise; and the decimal places."""
    found = claim.found
    values = [value for _, value in found.values if isinstance(value, Decimal)]
    if found.reading:
        yield f"    reading: {quoted(found.reading)}"
    elif values and [number.value for number in printed_numbers(claim.printed)] != values:
        words = " and ".join(plain(value) for value in values)
        yield f"    reading: {quoted(f'Read as {words}, by the signs of the print')}"
    if values and found.numbers and decimals(claim.printed) != found.digits:
        yield f"    digits: {found.digits}"


def _compares(claim: Drafted, draft: Draft) -> Iterator[str]:
    """The claims of the same sentence between which the P value may have been computed."""
    near = [
        other.id
        for other in draft.claims
        if other.sentence is claim.sentence
        and other.found.kind in ("mean", "median", "count", "percentage", "difference",
                                 "odds_ratio", "risk_ratio", "hazard_ratio")
    ]  # fmt: skip
    words = f"; of this sentence: [{', '.join(near)}]" if near else ""
    yield f"    # {OPEN}: compares: [] (the claims between which it was computed{words})"


def excerpt(claim: Drafted) -> str:
    """The sentence; of a long one the part between semicolons that says it."""
    text, found = claim.sentence.text, claim.found
    if len(text) <= LONG_SENTENCE:
        return text
    start = text.rfind("; ", 0, found.start) + 1
    end = text.find(";", found.end)
    return text[start : end if end >= 0 else None].strip()


# -- what is left ----------------------------------------------------------------------------------


def _rest(draft: Draft) -> Iterator[str]:
    yield ""
    yield "# -- numbers that no pattern knows: a claim, or nothing ---------------------------"
    yield from _listed(draft.unread)
    if draft.introduction:
        yield "#"
        yield "# -- numbers of the introduction, as a rule of other studies ----------------------"
        yield from _listed(draft.introduction)
    yield "#"
    yield "# -- left out, as they are no numbers of the trial --------------------------------"
    counted = Counter(what for what, _ in draft.left_out)
    for what, number in sorted(counted.items()):
        texts = dict.fromkeys(text for each, text in draft.left_out if each == what)
        named = f": {', '.join(texts)}" if what == NAMES else ""
        yield from _comment(f"{what}: {number}{named}")
    if not counted:
        yield "# none"


def _listed(unread: tuple[Unread, ...]) -> Iterator[str]:
    if not unread:
        yield "# none"
    last = None
    for each in unread:
        sentence = each.sentence
        if sentence is not last:
            last = sentence
            texts = [other.text for other in unread if other.sentence is sentence]
            place = f"{sentence.part} {sentence.paragraph}.{sentence.number}"
            yield from _comment(f"{place} | {', '.join(texts)} | {sentence.text}")


def _comment(words: str) -> list[str]:
    return textwrap.wrap(
        one_line(words), WIDTH, initial_indent="# ", subsequent_indent="#   ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _folded(key: str, words: str) -> Iterator[str]:
    """Words as they are; long ones on several lines, which YAML joins with single spaces."""
    if len(words) <= 80:
        yield f"    {key}: {quoted(words)}"
        return
    yield f"    {key}: >-"
    lines = textwrap.wrap(
        words, WIDTH - 6, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    yield from (f"      {line}" for line in lines)
