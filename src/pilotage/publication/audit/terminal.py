"""An audit as plain lines for a terminal: no colours, within 100 columns."""

import textwrap
from collections.abc import Iterator

from pilotage.publication.audit.finding import MEANINGS, VERDICTS, AuditFinding
from pilotage.publication.audit.joint import Cohort
from pilotage.publication.audit.run import Audit
from pilotage.publication.audit.words import in_english

WIDTH = 100
INDENT = "    "

TITLES = {
    "percentage": "percentage and count",
    "grim": "mean of whole numbers (GRIM)",
    "grimmer": "mean and SD of whole numbers (GRIMMER)",
    "debit": "mean and SD of zeros and ones (DEBIT)",
    "summary": "median, range, mean",
    "p_value": "P value",
    "effect": "effect and interval",
    "same_fact": "the same fact in two places",
    "subset": "groups within groups",
    "denominator": "of how many",
    "date": "dates",
    "notation": "how a number is written",
    "joint": "several claims together",
}
"""What each check is about, for a heading."""


def lines(audit: Audit, *, every: bool = False) -> Iterator[str]:
    """The paper; what is asked of its authors, the worst first; how much was checked and holds.
    With `every` also the sets that rest on a number asked about, each thing that holds, and each
    claim that nothing was held against."""
    paper = audit.published.paper
    yield from textwrap.wrap(in_english(paper.title), WIDTH)
    yield from textwrap.wrap(paper.citation, WIDTH)
    yield "Its numbers held against each other; no data were used."
    number = 0
    for verdict in VERDICTS:
        found = [each for each in audit.findings if each.verdict == verdict]
        if not found or (verdict == "fine" and not every):
            continue
        yield ""
        yield f"{verdict.upper()}: {MEANINGS[verdict]}"
        for finding in found:
            number += 1
            yield ""
            yield from _finding(number, finding, audit)
    if every and audit.resting:
        yield ""
        yield "RESTING ON A NUMBER ASKED ABOUT ABOVE: these cannot all be true either"
        for at, finding in enumerate(audit.resting):
            yield ""
            yield from _finding(number + at + 1, finding, audit)
    if every and audit.not_checked:
        yield ""
        yield "NOT CHECKED: nothing in the paper could be held against these"
        for name, why in audit.not_checked.items():
            yield from _hanging(f"{name:<6} {why}", "", "       ")
    if audit.cohort is not None and every:
        yield ""
        yield "A COHORT: one of those of whom all claims that can be modelled are true; invented"
        yield from _cohort(audit.cohort)
    yield ""
    yield from _totals(audit)


def _finding(number: int, finding: AuditFinding, audit: Audit) -> Iterator[str]:
    claim = audit.published.claim(finding.claims[0])
    yield f"{number}. {TITLES[finding.check]}: {', '.join(finding.claims)}"
    yield from _hanging(f"{claim.place}: “{claim.sentence}”", INDENT, INDENT)
    yield from _hanging(finding.question, INDENT, INDENT)
    for line in finding.arithmetic:
        yield from _hanging(line, f"{INDENT}  ", f"{INDENT}    ")
    if finding.repairs:
        yield f"{INDENT}It would be mended by"
        for repair in finding.repairs:
            yield from _hanging(repair, f"{INDENT}- ", f"{INDENT}  ")


def _cohort(cohort: Cohort) -> Iterator[str]:
    """A line or a few for each subject: its groups and values, by the names of the file."""
    head, *rows = cohort.rows()
    groups = len(cohort.groups)
    for name, *cells in rows:
        inside = [group for group, mark in zip(head[1:], cells[:groups], strict=False) if mark]
        values = [
            f"{key} {value}"
            for key, value in zip(head[1 + groups :], cells[groups:], strict=True)
            if value
        ]
        yield from _hanging(f"{name:<4} {', '.join([*inside, *values])}", "", "     ")


def _totals(audit: Audit) -> Iterator[str]:
    for verdict in VERDICTS:
        yield f"{verdict:<13}{audit.count(verdict):>4}  {MEANINGS[verdict]}"
    claims = len(audit.published.claims)
    yield f"{claims} claims; against {len(audit.not_checked)} of them nothing could be held"
    yield from textwrap.wrap(audit.together, WIDTH)


def _hanging(text: str, first: str, after: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=after)
