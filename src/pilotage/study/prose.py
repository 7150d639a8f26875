"""The headings of protocol.md, whose ids the study file cites as `source`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.findings import Finding, error

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<id>\S+)(?P<title>.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True)
class Prose:
    """Id and title of every numbered heading, with the line it stands in."""

    headings: Mapping[str, str]
    lines: Mapping[str, int]
    findings: tuple[Finding, ...]


def read_prose(text: str, *, file: str) -> Prose:
    """Find the headings whose first word is an id, that is, holds a digit: `## P-31 Raise`.

    An id that stands twice is an error. Headings inside fenced code are text.
    """
    headings: dict[str, str] = {}
    lines: dict[str, int] = {}
    findings: list[Finding] = []
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _FENCE.match(line):
            fence = found[1] if not fence else ("" if found[1] == fence else fence)
            continue
        heading = None if fence else _HEADING.match(line)
        if heading is None:
            continue
        id_ = heading["id"].rstrip(".:,;)")
        if not any(character.isdigit() for character in id_):
            continue
        if id_ in headings:
            words = f"the heading {id_} stands here twice, first in line {lines[id_]}"
            findings.append(error(f"{file}:{number}", words))
            continue
        headings[id_] = heading["title"].strip(" \t-–—:#")
        lines[id_] = number
    return Prose(headings, lines, tuple(findings))
