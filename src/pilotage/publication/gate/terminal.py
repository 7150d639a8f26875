"""The gate as plain lines for a terminal, within 100 columns."""

import re
import textwrap
from collections.abc import Iterator

from pilotage.plural import counted
from pilotage.publication.gate.run import Alone, Gate, Wrong

WIDTH = 100
MOST = 30
"""So many of each kind are shown; all are in audit.json."""

CUT = {
    "truncated": "with its further decimals cut off",
    "half to even": "with a half rounded to the even digit",
}

_QUOTED = re.compile(r"\bN-\d{4,} \(('[^']*')\)")
_ID = re.compile(r"\bN-\d{4,}(?: (?=\()|: )")


def headline(found: Gate) -> str:
    """One line: what was read, and whether anything is asked."""
    what = f"the draft {found.draft}" if found.draft else "the finished text"
    told = f"{what}: {found.numbers} numbers, {found.checked} held to their results"
    asked = len(found.wrong) + len(found.findings)
    units = f"; {counted(len(found.units), 'open question')}" if found.units else ""
    if asked:
        return f"{told}; {asked} to look at{units}"
    return f"{told}, all agree with them and with each other{units}"


def among(headlines: tuple[str, ...], told: tuple[str, ...], *, synthetic: bool) -> tuple[str, ...]:
    """What was found after the headlines of a report; that its data are invented stays last."""
    answers = len(headlines) - synthetic
    return (*headlines[:answers], *told, *headlines[answers:])


def lines(found: Gate) -> Iterator[str]:
    """The headline, and everything that is to be looked at."""
    yield from textwrap.wrap(headline(found), WIDTH)
    for wrong in found.wrong[:MOST]:
        yield from _wrong(wrong, found)
    yield from _more(len(found.wrong))
    for audit, finding in found.findings[:MOST]:
        claim = audit.published.claim(finding.claims[0])
        yield from _hanging(f"{finding.verdict}: {_without_ids(finding.question)}")
        yield from _hanging(f"“{claim.sentence}”", "    ")
        for line in finding.arithmetic:
            yield from _hanging(_without_ids(line), "    ")
    yield from _more(len(found.findings))
    for unit in found.units[:MOST]:
        asked = f"is '{unit.printed}' meant? the report says {unit.instead}"
        yield from _hanging(f"{unit.place}: {asked}")
        yield from _hanging(f"“{unit.text}”", "    ")
    yield from _more(len(found.units))
    if found.alone:
        yield from _hanging(
            f"{len(found.alone)} without a result behind them; a person has to check these:"
        )
        yield from _alone(found.alone)


def _wrong(wrong: Wrong, found: Gate) -> Iterator[str]:
    source = f"{wrong.what}: {wrong.result}" if wrong.what else wrong.result
    behind = f" ({source})" if source and found.draft else ""
    how = f"; {CUT[wrong.how]} it is what the draft says" if wrong.how in CUT else ""
    says = "says" if found.draft else "prints"
    what = "the result is" if wrong.result and found.draft else "expected is"
    yield from _hanging(
        f"{wrong.place}: {says} {wrong.printed}, {what} {wrong.instead}{behind}{how}"
    )
    yield from _hanging(f"“{wrong.text}”", "    ")


def _alone(alone: tuple[Alone, ...]) -> Iterator[str]:
    by_text: dict[str, list[str]] = {}
    for each in alone:
        by_text.setdefault(each.text, []).append(each.printed)
    for text, printed in list(by_text.items())[:MOST]:
        yield from _hanging(f"{', '.join(printed)} in “{text}”", "    ")
    yield from _more(len(by_text), "    ")


def _more(number: int, indent: str = "  ") -> Iterator[str]:
    if number > MOST:
        yield f"{indent}{number - MOST} more, in audit.json"


def _without_ids(text: str) -> str:
    """The ids of claims, which the gate made, tell a reader nothing."""
    return _ID.sub("", _QUOTED.sub(r"\1", text))


def _hanging(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
