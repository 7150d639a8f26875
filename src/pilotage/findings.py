"""What is wrong, or worth knowing, in the files a person gave us: one line each, with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

Kind = Literal[
    "gap",
    "overlap",
    "contradiction",
    "unreachable",
    "time-conflict",
    "no-visit",
    "no-test",
    "no-action-when-missed",
    "no-maximum-age",
    "undefined-term",
    "not-stated",
    "worked-example",
    "file",
]
"""What a finding about a study is: a hole of the protocol, an example that comes out differently,
or (`file`) a mistake in what was written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about an input.

    `where` is a place a person can open: `protocol.yaml:41`, `qs.csv:12`, or a file or dataset name
    when there is no line. An error stops the work; a warning or a note never does.

    Findings about a study carry more: their class (`kind`), the headings of the protocol that the
    place cites, a smallest concrete state in words, the words by which an entry of
    open_questions.md can answer them (`key`), and the entry that does.
    """

    severity: Severity
    where: str
    message: str
    kind: Kind = "file"
    source: tuple[str, ...] = ()
    example: str = ""
    key: str = ""
    answered: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"

    @property
    def open_error(self) -> bool:
        """An error that no open question answers."""
        return self.severity == "error" and not self.answered


def error(where: str, message: str) -> Finding:
    return Finding("error", where, message)


def warning(where: str, message: str) -> Finding:
    return Finding("warning", where, message)


def note(where: str, message: str) -> Finding:
    return Finding("note", where, message)


class InputErrors(Exception):
    """The input cannot be used. Carries every error found, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
