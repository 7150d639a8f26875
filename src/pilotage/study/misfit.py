"""The sentence for a value that does not fit its place."""

import re
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pilotage.conditions import ConditionSyntaxError
from pilotage.study.annotations import (
    Place,
    choices_at,
    field_place,
    fields,
    is_model,
    place_at,
)
from pilotage.study.expected import PATTERNS, in_words
from pilotage.study.names import did_you_mean, listed, shortened
from pilotage.study.places import Path

_YES = ("yes", "on", "y")
_NO = ("no", "off", "n")


def misfit_words(model: type[BaseModel], path: Path, whole: Any, details: ErrorDetails) -> str:
    """What stands at `path` of the whole file, what must stand there, and what to do."""
    value: Any = whole
    for step in path:
        value = value[step]
    if details["loc"][-1:] == ("[key]",):
        return _name_words(path, details)
    subject = _subject(path)
    place = place_at(model, path, whole)
    if details["type"].startswith("union_tag") and isinstance(value, dict):
        return _kind_words(path, value, place)
    problem = (details.get("ctx") or {}).get("error")
    if isinstance(problem, ConditionSyntaxError) and isinstance(value, str):
        return f"the condition cannot be read at character {problem.column}: {problem.message}"
    if details["type"] == "too_short" and isinstance(value, dict | tuple):
        return _short_words(subject, value, details)
    if place is None:
        return f"{subject} does not fit here"
    if value is None:
        return f"{subject} has no value; it must be {in_words(place)}"
    return f"{subject} is {_shown(value)}; it must be {in_words(place)}{_hint(value, place)}"


def _subject(path: Path) -> str:
    if path and isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of '{path[-2]}'" if len(path) > 1 else "an entry"
    return f"'{path[-1]}'" if path else "the file"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{shortened(value)}'"
        case ():
            return "an empty list"
        case tuple():
            return f"a list of {len(value)}"
        case dict():
            return "a group of keys"
    return f"{value}"


def _hint(value: Any, place: Place) -> str:
    """What to do about it, where that is plain from the value."""
    kinds = [member.annotation for member in place.members()]
    if isinstance(value, bool | int | float):
        return "; put it in quotes" if str in kinds else ""
    if isinstance(value, tuple):
        return _under(place)
    if not isinstance(value, str):
        return ""
    if bool in kinds and value.casefold() in (*_YES, *_NO):
        return f"; write {'true' if value.casefold() in _YES else 'false'}"
    if int in kinds or float in kinds:
        if re.fullmatch(r"0[0-9]+", value):
            return f"; write it without the leading 0: {value.lstrip('0') or '0'}"
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            return "; write it without quotes"
    return did_you_mean(value, choices_at(place))


def _under(place: Place) -> str:
    """The key under which a list belongs, where the group that must stand here has one for it."""
    groups = [member.annotation for member in place.members() if is_model(member.annotation)]
    lists = [
        key
        for group in groups
        for key, info in fields(group).items()
        if any(get_origin(each.annotation) is tuple for each in field_place(info).members())
    ]
    return f"; write the list under '{lists[0]}'" if len(lists) == 1 else ""


def _name_words(path: Path, details: ErrorDetails) -> str:
    pattern = str((details.get("ctx") or {}).get("pattern", ""))
    words = PATTERNS[pattern][0] if pattern in PATTERNS else "text"
    return f"'{path[-1]}' cannot be a name here; it must be {words}"


def _kind_words(path: Path, value: dict[str, Any], place: Place | None) -> str:
    choices = choices_at(place) if place is not None else ()
    if "kind" not in value:
        return f"{_subject(path)} needs 'kind': {listed(choices)}"
    kind = value["kind"]
    if kind is None:
        return f"'kind' has no value; it must be {listed(choices)}"
    hint = did_you_mean(kind, choices) if isinstance(kind, str) else ""
    return f"'kind' is {_shown(kind)}; it must be {listed(choices)}{hint}"


def _short_words(subject: str, value: Any, details: ErrorDetails) -> str:
    least = (details.get("ctx") or {}).get("min_length", 1)
    if not value:
        return f"{subject} is empty; it needs at least {least}"
    return f"{subject} has only {len(value)}; it needs at least {least}"
