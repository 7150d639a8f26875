"""The parts of one study, each with the fields that are its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel

from pilotage.amendments.parts import PartKind
from pilotage.study import Study
from pilotage.study.annotations import Place, field_place
from pilotage.study.places import Path

LABEL = Place(str | dict[str, str])
"""The place of a text in several languages."""


@dataclass(frozen=True)
class Value:
    """What a field holds. `language` is that of a label which is a plain text."""

    held: Any
    place: Place
    language: str = "en"

    @property
    def is_label(self) -> bool:
        return self.place.is_label()

    @property
    def plain(self) -> Any:
        """What it holds, a label always by language."""
        if self.is_label and isinstance(self.held, str):
            return {self.language: self.held}
        return self.held


@dataclass(frozen=True)
class Unit:
    """A part of a study. `name` is what it is called, `key` its own name, `number` its place in
    its list (from 1), `path` the way to it from the study, `where` its file and line."""

    kind: PartKind
    study: Study
    path: Path
    where: str
    name: str
    key: str
    number: int
    held: Any = field(repr=False)
    fields: Mapping[str, Value] = field(repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        found = getattr(self.held, "source", None) or ()
        return (found,) if isinstance(found, str) else tuple(found)


def units(
    kind: PartKind,
    study: Study,
    around: Any,
    path: Path,
    *,
    others: Sequence[PartKind] = (),
    name: str = "",
) -> list[Unit]:
    """The parts of a kind inside `around`, which stands at `path` and is called `name`; `others`
    are its kinds of parts, whose fields are theirs."""
    held = follow(around, kind.path)
    if held is None:
        return []
    here = (*path, *kind.path)
    if kind.by == "alone":
        further = () if kind.path else (each for each in others if each.path)
        apart = {each.path for each in (*kind.inside, *further)}
        fields = dict(_own(held, (), apart, study.protocol.languages[0]))
        return [Unit(kind, study, here, study.place(*here), kind.noun, "", 1, held, fields)]
    members = held.items() if isinstance(held, dict) else enumerate(held)
    return [
        _unit(kind, study, (*here, step), inner, number, name)
        for number, (step, inner) in enumerate(members, start=1)
    ]


def _unit(kind: PartKind, study: Study, path: Path, held: Any, number: int, around: str) -> Unit:
    key = str(path[-1]) if kind.by == "key" else str(getattr(held, kind.by, number))
    name = kind.noun.format(key=key, number=number, around=around)
    apart = {each.path for each in kind.inside}
    fields = dict(_own(held, (), apart, study.protocol.languages[0]))
    return Unit(kind, study, path, study.place(*path), name, key, number, held, fields)


def inner_units(unit: Unit) -> Iterator[tuple[PartKind, list[Unit]]]:
    """The parts inside a part, kind by kind."""
    for kind in unit.kind.inside:
        yield kind, units(kind, unit.study, unit.held, unit.path, name=unit.name)


def follow(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at the end of a path; None where it breaks off."""
    for step in path:
        value = None if value is None else getattr(value, step)
    return value


def _own(
    held: Any, path: tuple[str, ...], apart: set[tuple[str, ...]], language: str
) -> Iterator[tuple[str, Value]]:
    """The fields of a part by their way from it (`design.phase`), without those in `apart`. Groups
    of labels are taken apart: each of their keys is a field."""
    if isinstance(held, dict):
        for key, inner in held.items():
            yield str(key), Value(inner, LABEL, language)
        return
    for name, alias, place in _places(held.__class__):
        here = (*path, name)
        if here in apart:
            continue
        value = getattr(held, name)
        key = ".".join((*path, alias))
        if isinstance(value, BaseModel):
            yield from _own(value, here, apart, language)
        elif isinstance(value, dict) and not place.is_label():
            for inner, label in value.items():
                yield f"{key} {inner}", Value(label, place.inner(), language)
        else:
            yield key, Value(value, place, language)


@cache
def _places(model: type[BaseModel]) -> tuple[tuple[str, str, Place], ...]:
    """The fields of a model: name, key in the file, and place."""
    fields = model.model_fields.items()
    return tuple((name, info.alias or name, field_place(info)) for name, info in fields)
