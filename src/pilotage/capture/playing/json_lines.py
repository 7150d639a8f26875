"""The lines of a file of JSON: an object each, and nothing that no record could keep."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from pilotage.findings import InputErrors, error

Line = dict[str, Any] | str
"""The object of a line; or, in words, what is wrong with it."""

NO_OBJECT: Final = "is no JSON object"
NO_TEXT: Final = "holds a character that no text has (\\u0000, or half of a pair)"

_SUSPECT: Final = re.compile(r"\\u(0000|[dD][89a-fA-F])")


def objects(name: str, content: bytes) -> Iterator[tuple[int, Line]]:
    """Each line that is not blank, with its number. Raises InputErrors where the file is no
    text."""
    try:
        text = content.decode()
    except UnicodeDecodeError as wrong:
        number = content.count(b"\n", 0, wrong.start) + 1
        raise InputErrors([error(f"{name}:{number}", "is not written in UTF-8")]) from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _object(line)


def _object(line: str) -> Line:
    try:
        found = json.loads(line, parse_constant=_no_number)
        if not isinstance(found, dict):
            return NO_OBJECT
        return NO_TEXT if _SUSPECT.search(line) and _is_no_text(found) else found
    except (ValueError, RecursionError):
        return NO_OBJECT


def _no_number(word: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(word)


def _is_no_text(found: dict[str, Any]) -> bool:
    """Whether the texts and names in it could be kept by no database, and shown on no terminal."""
    whole = json.dumps(found, ensure_ascii=False)
    return "\\u0000" in whole or any("\ud800" <= each <= "\udfff" for each in whole)
