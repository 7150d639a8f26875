"""Which claims a synthetic cohort was built to meet: said by the snapshot itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pilotage.findings import InputErrors, error
from pilotage.study.names import did_you_mean

RECONSTRUCTION = "reconstruction.json"


@dataclass(frozen=True, slots=True)
class Followed:
    """The claims that a cohort was built to meet, and those that it knowingly does not meet, with
    the reason. Both are empty for a snapshot that says nothing of it."""

    followed: frozenset[str] = frozenset()
    not_followed: Mapping[str, str] = field(default_factory=dict)


def read_followed(folder: Path, *, claims: tuple[str, ...]) -> Followed:
    """What `reconstruction.json` of a snapshot says. Raises InputErrors for a file that cannot be
    read, or that names a claim that there is not."""
    try:
        data = (folder / RECONSTRUCTION).read_bytes()
    except FileNotFoundError:
        return Followed()
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise InputErrors([error(RECONSTRUCTION, f"is not JSON: {wrong}")]) from None
    problems = _problems(content, claims)
    if problems:
        raise InputErrors([error(RECONSTRUCTION, words) for words in problems])
    reasons = {each["claim"]: each.get("why", "") for each in content.get("not_followed", [])}
    return Followed(frozenset(content["followed"]), reasons)


def _problems(content: Any, claims: tuple[str, ...]) -> list[str]:
    if not isinstance(content, dict) or not isinstance(content.get("followed"), list):
        return ["needs 'followed', the list of the ids of claims that the cohort was built to meet"]
    others = content.get("not_followed", [])
    if not isinstance(others, list) or not all(
        isinstance(each, dict)
        and isinstance(each.get("claim"), str)
        and isinstance(each.get("why", ""), str)
        for each in others
    ):
        return ["'not_followed' is a list of {claim, why}"]
    named = [*content["followed"], *(each["claim"] for each in others)]
    return [
        f"there is no claim '{name}' in published.yaml{did_you_mean(str(name), claims)}"
        for name in named
        if name not in claims
    ]
