"""Parts of a study file: where they stand, and what to call them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from pilotage.study.annotations import Place, field_place

Path = tuple[str | int, ...]
"""The way from the top of a file to a part of it: keys, and positions in lists (from 0)."""

Lines = dict[Path, tuple[str, int]]
"""The file and line of every part."""


def place_of(lines: Mapping[Path, tuple[str, int]], path: Path, *, file: str) -> str:
    """`protocol.yaml:41` of a part, or of the nearest part around it that has a line."""
    for end in range(len(path), -1, -1):
        if (found := lines.get(path[:end])) is not None:
            return f"{found[0]}:{found[1]}"
    return f"{file}:1"


def starts_with_any(path: Path, prefixes: Collection[Path]) -> bool:
    """Is the path one of these, or inside one of them?"""
    return any(path[:end] in prefixes for end in range(len(path) + 1))


def owner_words(path: Path, *, file: str) -> str:
    """A part in words: the file, `parameters.SCORE` or `entry 3 of schedule.visits`."""
    if not path:
        return file
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {owner_words(path[:-1], file=file)}"
    names: list[str] = []
    for step in reversed(path):
        if isinstance(step, int):
            break
        names.insert(0, step)
    return ".".join(names)


def parts(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Place, Any]]:
    """Every value inside a model with its path and what its place may hold, groups before what
    they hold."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        yield from _inside(value, field_place(info), (*path, info.alias or name))


def _inside(value: Any, place: Place, path: Path) -> Iterator[tuple[Path, Place, Any]]:
    yield path, place, value
    if isinstance(value, BaseModel):
        yield from parts(value, path)
        return
    steps: Any = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, tuple):
        steps = enumerate(value)
    for step, inner in steps:
        yield from _inside(inner, place.inner(), (*path, step))
