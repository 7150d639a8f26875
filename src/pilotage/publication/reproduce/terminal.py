"""A paper held against data, as plain lines for a terminal: no colours, within 100 columns."""

import textwrap
from collections.abc import Iterator

from pilotage.publication.reproduce.cause import KINDS, Cause
from pilotage.publication.reproduce.model import (
    MEANINGS,
    VERDICTS,
    Candidate,
    Held,
    Reproduction,
    in_words,
)

WIDTH = 100
INDENT = "         "
MOST_LINES = 4
"""So many lines of evidence are shown of a cause; all are in the files."""

MOST = 6
"""So many candidates that fit, and that do not, are shown of a claim; all are in the files."""

WARNING = (
    "SYNTHETIC DATA: invented subjects. Agreement shows how they were made; it says nothing about "
    "any trial."
)

_ROW = "{:<8} {:<36.36} {:<34} {}"


def lines(reproduction: Reproduction, about: str) -> Iterator[str]:
    """What was held against what (`about`), every claim by place in the paper, then how many have
    which verdict."""
    if reproduction.synthetic:
        yield from textwrap.wrap(WARNING, WIDTH)
        yield ""
    yield from textwrap.wrap(about, WIDTH)
    yield ""
    for section in reproduction.sections:
        yield section.upper()
        yield _ROW.format("claim", "the paper prints", "ours", "verdict")
        for held in reproduction.held:
            if held.claim.place.section == section:
                yield from _claim(held)
        yield ""
    yield from _totals(reproduction)


def _claim(held: Held) -> Iterator[str]:
    ours, *more = textwrap.wrap(held.ours_in_full, 34) or [""]
    printed = _shortened(held.claim.printed, 36)
    yield _ROW.format(held.claim.id, printed, ours, held.verdict)
    for line in more:
        yield _ROW.format("", "", line, "").rstrip()
    if held.reason:
        yield from _hanging(held.why)
    if held.read is not None:
        yield from _hanging(f"read as: {in_words(held.read)}")
        if held.plan is not None:
            yield from _hanging(f"plan:    {held.plan.text} ({in_words(held.plan)})")
    if held.verdict == "differs":
        yield from _differing(held)
    for cause in held.causes:
        yield from _cause(cause)
    if held.no_cause:
        yield from _hanging(f"cause:   {held.no_cause}")
    for remark in held.remarks:
        yield from _hanging(f"remark:  {remark}")


def _differing(held: Held) -> Iterator[str]:
    """The words of the paper, what was meant, and what else was considered, fitting ones first."""
    yield from _hanging(f"“{held.claim.sentence}”")
    assert held.meant is not None
    how = f", {held.meant.how}" if held.meant.how else ""
    yield from _hanging(f"ours:    {held.ours}{how} ({in_words(held.meant)})")
    yield from _candidates("fits:    ", held.fitting)
    yield from _candidates("not:     ", tuple(each for each in held.others if not each.fits))


def _cause(cause: Cause) -> Iterator[str]:
    """The cause in words, and the first lines to check it by. What cannot be computed has said its
    reason already."""
    begin = "missing: "
    if cause.kind != "not recorded":
        yield from _hanging(f"cause:   {cause.words}")
        begin = "         "
    for line in cause.evidence[:MOST_LINES]:
        yield from _hanging(f"{begin}{line}")
    if len(cause.evidence) > MOST_LINES:
        left = len(cause.evidence) - MOST_LINES
        yield from _hanging(f"{begin}{left} more, in the files of --out and with --json")


def _candidates(begin: str, candidates: tuple[Candidate, ...]) -> Iterator[str]:
    for candidate in candidates[:MOST]:
        text = candidate.text or candidate.reason
        yield from _hanging(f"{begin}{text} ({in_words(candidate)})")
    if len(candidates) > MOST:
        yield from _hanging(f"{begin}{len(candidates) - MOST} more, in the files of --out")


def _hanging(text: str) -> list[str]:
    after = INDENT + "         "
    return textwrap.wrap(text, WIDTH, initial_indent=INDENT, subsequent_indent=after)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _causes(reproduction: Reproduction) -> Iterator[str]:
    """Of how many that differ a cause was found, and of which kinds."""
    differing = [held for held in reproduction.held if held.verdict == "differs" and held.tried]
    if not differing:
        return
    found = sum(bool(held.causes) for held in differing)
    kinds = [kind for held in differing for kind in {cause.kind for cause in held.causes}]
    counted = ", ".join(f"{kind} {kinds.count(kind)}" for kind in KINDS if kind in kinds)
    words = f"Of {len(differing)} that differ a cause was found of {found}"
    yield from textwrap.wrap(f"{words}: {counted}." if counted else f"{words}.", WIDTH)
    yield ""


def _totals(reproduction: Reproduction) -> Iterator[str]:
    row = "{:<12}" + "".join(f"{{:>{max(len(v) + 2, 9)}}}" for v in VERDICTS) + "{:>6}"
    yield row.format("Claims", *VERDICTS, "all").rstrip()
    for section in (*reproduction.sections, None):
        counts = [reproduction.count(verdict, section) for verdict in VERDICTS]
        name = "all" if section is None else section.capitalize()
        yield row.format(name, *counts, sum(counts))
    yield ""
    yield from _causes(reproduction)
    for verdict in VERDICTS:
        words = f"{verdict}: {MEANINGS[verdict]}"
        yield from textwrap.wrap(words, WIDTH, subsequent_indent="  ")
