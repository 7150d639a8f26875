"""Writes docs/explanation/what-the-paper-leaves-open.md: what the proofs find in the protocol of
the built-in study as its report words it, and how the study that can be run answers each of it.

Nothing is typed here but the introductions of the classes: the sentences of the report stand in
as_published/protocol.md, the findings come from `pilotage.check`, the answers from the open
questions of the study, and as_published/answered_by.yaml says which answers what.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pilotage.check import study_findings
from pilotage.findings import Finding
from pilotage.study import load_study

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "src/pilotage/studies/lenalidomide_cle"
PUBLISHED = STUDY / "as_published"
PAGE = ROOT / "docs/explanation/what-the-paper-leaves-open.md"
QUESTIONS = "../../src/pilotage/studies/lenalidomide_cle/open_questions.md"

INTRODUCTION = """\
# What the paper leaves open

<!-- Written by `make docs` from tools/left_open_page.py: edit its sources, not this page. -->

The built-in study is rebuilt from its published report. Before anything was chosen, the report was
written down as it stands: every criterion, dose and visit in its words, and `not stated` where it
says nothing. That is a study folder too
([as_published](../../src/pilotage/studies/lenalidomide_cle/as_published/protocol.yaml)), and
`pilotage check lenalidomide_cle/as_published` looks at every state that a subject can be in and at
every day of the plan. This page is what it finds: **{findings} findings in {classes} classes**,
{errors} of which would keep the trial from opening. None of this is a fault of the report. A report
tells what was done with fifteen people; a protocol must say what to do with the sixteenth.

With each finding stand the words of the report, the smallest example that a proof could find, and
how the study that can be run answers it. The answers are choices, open to be changed; each is an
entry of the study's [open questions]({questions}). What the classes mean exactly is in the
[reference](../reference/check.md).

"""

LISTED = ("no-maximum-age", "not-stated")
"""Classes whose findings differ in a name only."""

CLASSES = {
    "gap": (
        "Nobody says what to do",
        "A state that a subject can be in, and no rule speaks of it.",
    ),
    "overlap": (
        "Two answers at once",
        "Two categories hold together, and only the order in which they are written decides.",
    ),
    "contradiction": ("Rules that contradict each other", "They can never be met together."),
    "unreachable": ("Rules that never apply", "No subject can come to them."),
    "time-conflict": (
        "Times that do not fit",
        "Something is asked of a day on which it cannot be known.",
    ),
    "no-visit": (
        "Nobody is there to see it",
        "A week is analysed, or a dose is due, and no visit is planned then.",
    ),
    "no-test": ("Nobody looks", "A rule rests on something that no visit records."),
    "no-action-when-missed": (
        "When a visit is missed",
        "The rule cannot answer without the result, and nothing is said for that case.",
    ),
    "undefined-term": (
        "Words without a definition",
        "A rule in words that nobody can apply alike.",
    ),
    "no-maximum-age": (
        "How old may a result be?",
        "Every one of these decides about a person; of none is it said for how long it is true.",
    ),
    "not-stated": (
        "Not said",
        "Facts that a running trial needs, and that the report does not give.",
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """An entry of open_questions.md."""

    id: str
    title: str
    chosen: str

    @property
    def link(self) -> str:
        heading = f"{self.id} {self.title}"
        anchor = re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        return f"[{heading}]({QUESTIONS}#{anchor})"


def questions() -> dict[str, Question]:
    """The open questions of the study that can be run."""
    text = (STUDY / "open_questions.md").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = entry.partition("\n")
        identifier, _, title = heading.partition(" ")
        chosen = re.search(r"^- Chosen: (.+)$", body, re.MULTILINE)
        found[identifier] = Question(identifier, title, chosen[1] if chosen else "")
    return found


def sentences() -> dict[str, str]:
    """The sentence of the report under each heading of as_published/protocol.md."""
    text = (PUBLISHED / "protocol.md").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        quoted = [line[1:].strip() for line in entry.splitlines() if line.startswith(">")]
        found[entry.partition(" ")[0]] = " ".join(quoted)
    return found


def answers() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = YAML(typ="safe").load(PUBLISHED / "answered_by.yaml")
    return read


def answered_by(finding: Finding) -> tuple[str, ...]:
    """The ids of the open questions that answer a finding; empty where none is named."""
    words = finding.key or finding.kind
    for answer in answers():
        if fnmatchcase(words, answer["finding"]):
            return tuple(answer["by"])
    return ()


def findings() -> list[Finding]:
    return study_findings(load_study(PUBLISHED))


# -- the page --------------------------------------------------------------------------------------


def page(found: Sequence[Finding]) -> str:
    """The page as Markdown: a section for each class."""
    known = [finding for finding in found if finding.kind in CLASSES]
    kinds = [kind for kind in CLASSES if any(finding.kind == kind for finding in known)]
    introduction = INTRODUCTION.format(
        findings=len(known),
        classes=len(kinds),
        errors=sum(finding.severity == "error" for finding in known),
        questions=QUESTIONS,
    )
    return introduction + "\n".join(
        [
            *overview(kinds, known),
            *(
                line
                for kind in kinds
                for line in section(kind, [f for f in known if f.kind == kind])
            ),
        ]
    )


def overview(kinds: Sequence[str], known: Sequence[Finding]) -> Iterator[str]:
    """One line for each class."""
    yield "| | Class | Found | For example |"
    yield "|---|---|---|---|"
    for kind in kinds:
        found = [finding for finding in known if finding.kind == kind]
        short = [f.example for f in found if 0 < len(f.example) <= 80]
        example = max(short, key=len, default="")
        title = CLASSES[kind][0]
        anchor = re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-")
        yield f"| [{title}](#{anchor}) | `{kind}` | {len(found)} | {example or '—'} |"
    yield ""


def section(kind: str, found: Sequence[Finding]) -> Iterator[str]:
    """Findings that rest on the same sentences of the report stand together under them."""
    title, words = CLASSES[kind]
    yield f"## {title}\n"
    yield f"*{kind}, {len(found)} found.* {words}\n"
    if kind in LISTED:
        yield from listed(kind, found)
        return
    said = sentences()
    for sources, group in groupby(sorted(found, key=by_source), key=by_source):
        quoted = [f"> {said[source]} ({source})" for source in sources if source in said]
        if quoted:
            yield "\n>\n".join(quoted) + "\n"
        for finding in group:
            yield from bullet(finding)
        yield ""


def by_source(finding: Finding) -> tuple[str, ...]:
    """What a finding cites; those that cite nothing come last."""
    return finding.source or ("Z",)


def bullet(finding: Finding) -> Iterator[str]:
    """A finding, its example, and what the study that can be run does."""
    message = finding.message.split("; for example ")[0]
    yield f"- {message[0].upper()}{message[1:]}."
    if finding.example and finding.example not in message:
        yield f"  - Smallest example: {finding.example}."
    for answer in answered(answered_by(finding)):
        yield f"  - Answer: {answer}"


def answered(identifiers: Sequence[str]) -> Iterator[str]:
    """The first sentence of what was chosen, and where the rest stands."""
    entries = questions()
    for identifier in identifiers:
        question = entries[identifier]
        first = re.split(r"(?<=[.;])\s+(?=[A-Z])", question.chosen)[0]
        yield f"{first} ({question.link})"


def listed(kind: str, found: Sequence[Finding]) -> Iterator[str]:
    """Findings that all say the same: their names alone."""
    for by, group in groupby(sorted(found, key=answered_by), key=answered_by):
        facts: dict[str, list[str]] = {}
        for finding in group:
            fact, owner = named(kind, finding)
            facts.setdefault(fact, []).append(owner)
        for fact, owners in facts.items():
            yield f"- {fact}: {', '.join(owners)}."
        for answer in answered(by):
            yield f"  - Answer: {answer}"
    yield ""


def named(kind: str, finding: Finding) -> tuple[str, str]:
    """What is not said, and of what."""
    if kind == "no-maximum-age":
        return "No maximum age", re.sub(r"' \([^)]*\) is an input.*", "", finding.message).strip(
            "'"
        )
    path = finding.key.removeprefix(f"{kind} ").split(".")
    return f"`{path[-1]}`", path[-2]


def main() -> int:
    """Write the page; print what no open question answers. Returns 1 where there is any."""
    found = findings()
    PAGE.write_text(page(found), encoding="utf-8")
    unanswered = [f for f in found if f.kind in CLASSES and not answered_by(f)]
    for finding in unanswered:
        print(f"answered_by.yaml names no question for: {finding.key or finding}", file=sys.stderr)
    return 1 if unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
