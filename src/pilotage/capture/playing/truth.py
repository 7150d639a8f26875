"""Reading `truth.jsonl`: what whoever invented the entries knows and a record cannot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pilotage.capture.playing.json_lines import Line, objects
from pilotage.capture.playing.lines import Act
from pilotage.findings import Finding, InputErrors, error
from pilotage.forms.acts import SLIP, TRUTH, TRUTH_HEAD, VERSION

SHOWN: Final = 20
MEND: Final = "make both anew with pilotage rehearse, or take this file away"


def slips_beside(path: Path, acts: Sequence[Act], digest: str) -> frozenset[int] | None:
    """The lines of the entries that hold a slip of typing; None where there is no such file.

    Raises InputErrors where it does not belong to these entries (`digest` is their SHA-256), or is
    not whole.
    """
    file = path.parent / TRUTH
    if not file.is_file():
        return None
    (first, head), *lines = [*objects(TRUTH, file.read_bytes())] or [(1, "")]
    if wrong := _against(head, path.name, digest, len(lines)):
        raise InputErrors([error(f"{TRUTH}:{first}", f"{wrong}: {MEND}")])
    items = {line: item for act in acts for item, line in (act.lines or {}).items()}
    found, mistakes = set[int](), list[Finding]()
    for number, told in lines:
        if isinstance(told, str) or not isinstance(told.get("what"), str):
            mistakes.append(error(f"{TRUTH}:{number}", f"cannot be read: {MEND}"))
        elif told["what"] == SLIP:
            if (line := _slip(told, items)) is None:
                mistakes.append(error(f"{TRUTH}:{number}", f"is no slip of {path.name}: {MEND}"))
            else:
                found.add(line)
    if mistakes:
        raise InputErrors(mistakes[:SHOWN])
    return frozenset(found)


def _against(head: Line, entries: str, digest: str, lines: int) -> str:
    """Why the file does not tell the truth of these entries, by its first line; else ""."""
    if isinstance(head, str) or head.get(TRUTH_HEAD) != VERSION:
        return f"is no head of the slips ('{TRUTH_HEAD}': {VERSION})"
    if head.get("entries_sha256") != digest:
        return f"was made for another {entries}"
    if head.get("synthetic") is not True:
        return "does not say that it is invented ('synthetic': true)"
    if head.get("lines") != lines:
        return f"says {head.get('lines')} lines after it, but there are {lines}"
    return ""


def _slip(told: Mapping[str, object], items: Mapping[int, str]) -> int | None:
    """The line of the entries that a slip names with its item; None where there is no such one."""
    line = told.get("line")
    known = isinstance(line, int) and not isinstance(line, bool) and line in items
    return line if known and items[line] == told.get("item") else None  # type: ignore[return-value, index] # known
