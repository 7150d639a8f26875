"""Writes docs/explanation/three-further-trials.md: the audit of three published trials.

Their claims are typed in tests/papers; the findings are those of `pilotage audit`. Only the
introductions are typed here.
"""

from collections.abc import Iterator
from pathlib import Path

from pilotage.publication import read_published
from pilotage.publication.audit import Audit, AuditFinding, by_arithmetic
from pilotage.publication.audit.finding import MEANINGS, VERDICTS
from pilotage.publication.audit.terminal import TITLES

ROOT = Path(__file__).parents[1]
PAPERS = ROOT / "tests/papers"
PAGE = ROOT / "docs/explanation/three-further-trials.md"

INTRODUCTION = """\
# Three further trials, audited

<!-- Written by `make docs` from tools/audited_papers_page.py: edit its sources, not this page. -->

What does [`pilotage audit`](../reference/audit.md) say of trials that it was not made for? Three
public abstracts on the same disease were typed as claims, facts only, in short words of our own.
Nothing else of these trials was known to us: a question below may be answered in the full text, and
none of them is a reproach. What stands here was found by arithmetic alone.
"""

ABOUT = {
    "retrospective_series.yaml": """\
A series of nine patients. Its abstract is a good example of numbers that a reader can check: every
subtype and every response is counted, and medians stand with their ranges and with how many they
are of.
""",
    "thalidomide_cohort.yaml": """\
Sixty patients on an older drug of the same class. The abstract gives counts where it speaks of
response, and a percentage alone where it speaks of relapse.
""",
    "two_trials_pooled.yaml": """\
Two randomised trials pooled. Counts and percentages do not agree to the last decimal, while the
difference, its interval and the P value go with the percentages: so it looks where estimates are
adjusted for strata and stand beside raw counts without a word.
""",
}


def page() -> str:
    """The whole page."""
    return "\n".join((INTRODUCTION, *(_paper(name) for name in ABOUT)))


def _paper(name: str) -> str:
    found = by_arithmetic(read_published(PAPERS / name))
    return "\n".join(_lines(name, found))


def _lines(name: str, found: Audit) -> Iterator[str]:
    paper = found.published.paper
    yield f"## {paper.title}"
    yield ""
    yield f"{paper.citation} ([the claims](../../tests/papers/{name}))"
    yield ""
    yield ABOUT[name]
    yield "| Verdict | Findings | Meaning |"
    yield "|---|---:|---|"
    for verdict in VERDICTS:
        yield f"| {verdict} | {found.count(verdict)} | {MEANINGS[verdict]} |"
    yield ""
    asked = [each for each in found.findings if each.verdict != "fine"]
    for finding in asked:
        yield from _finding(finding, found)
    yield "Checked, and it holds:" if not asked else "What else was checked holds:"
    yield ""
    for finding in found.findings:
        if finding.verdict == "fine":
            shown = f" `{finding.arithmetic[0]}`" if finding.arithmetic else ""
            yield f"- {TITLES[finding.check]}: {finding.question}{shown}"
    yield ""


def _finding(finding: AuditFinding, found: Audit) -> Iterator[str]:
    claim = found.published.claim(finding.claims[0])
    yield f"### {TITLES[finding.check].capitalize()}: “{claim.printed}”"
    yield ""
    yield f"{finding.verdict.capitalize()}. *{finding.question}*"
    yield ""
    if finding.arithmetic:
        yield "```text"
        yield from finding.arithmetic
        yield "```"
        yield ""
    if finding.repairs:
        yield "It would be mended by:"
        yield ""
        yield from (f"- {repair}" for repair in finding.repairs)
        yield ""


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
