"""Which findings the open questions of a study answer.

An entry of open_questions.md answers a finding by its words, in backquotes:

    ## Q-21 Interruptions and doses off the ladder

    - Answers: `gap dosing where PHASE == 'off treatment' and BEST_RESPONSE != 'CR'`

The words of each finding are its `key`, which `pilotage check` prints. A gap is answered by a
condition: what it does not cover is a finding of its own.
"""

import re
from dataclasses import dataclass, field

from pilotage.conditions import Condition, ConditionSyntaxError, Namespace, check, parse
from pilotage.findings import Finding, error, warning

_ENTRY = re.compile(r"## (Q-[0-9]+)\b")
_FIELD = "- Answers:"
_KEY = re.compile(r"`([^`]+)`")
_WHERE = " where "


@dataclass(slots=True)
class Answers:
    """The answered findings: the entry and the line of each, by the words of the finding."""

    file: str
    entries: dict[str, tuple[str, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    def entry(self, key: str) -> str:
        """The entry that answers a finding; empty where none does."""
        key = one_line(key)
        if key not in self.entries:
            return ""
        self._met.add(key)
        return self.entries[key][0]

    def gaps(self, place: str, namespace: Namespace) -> dict[str, Condition]:
        """The answered gaps of a place: the words of the finding and the states in which the gap
        is. A condition that cannot be read is a finding."""
        found: dict[str, Condition] = {}
        for key, (_, line) in self.entries.items():
            start, where, text = key.partition(_WHERE)
            if start != f"gap {place}" or not where:
                continue
            try:
                condition = parse(text)
            except ConditionSyntaxError as problem:
                self._mistake(key, line, str(problem))
                continue
            mistakes = check(condition, namespace)
            for mistake in mistakes:
                self._mistake(key, line, mistake)
            if not mistakes:
                found[key] = condition
        return found

    def _mistake(self, key: str, line: int, words: str) -> None:
        self._met.add(key)
        mistake = error(f"{self.file}:{line}", f"the answer to a gap {words}")
        if mistake not in self.findings:
            self.findings.append(mistake)

    def left_over(self) -> list[Finding]:
        """Answers to findings that there are not, and what is wrong with answers."""
        unmet = [
            warning(f"{self.file}:{line}", f"{entry} answers `{key}`, which is not found")
            for key, (entry, line) in self.entries.items()
            if key not in self._met
        ]
        return [*self.findings, *unmet]


def read_answers(text: str, *, file: str) -> Answers:
    """The answers in the text of open_questions.md; a field may go on over several lines."""
    answers, entry, field_text, begun = Answers(file), "", "", 0
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        heading = _ENTRY.match(line)
        if line.startswith(("- ", "#")) or not line.strip():
            for key in _KEY.findall(field_text):
                answers.entries.setdefault(one_line(key), (entry, begun))
            field_text = ""
        if heading:
            entry = heading[1]
        if line.startswith(_FIELD) and entry:
            field_text, begun = line, number
        elif field_text:
            field_text += f" {line}"
    return answers


def one_line(text: str) -> str:
    """The text with single spaces and without backquotes, so that it can stand in a field."""
    return " ".join(text.replace("`", "'").split())
