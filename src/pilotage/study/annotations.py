"""What the models say about each place of a study file, read from their annotations."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Meta = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The annotation of a place and what is attached to it."""

    annotation: Any
    metadata: Meta = ()

    def members(self) -> Iterator["Place"]:
        """The alternatives of a union, without None; the place itself if it is none."""
        plain = self.opened()
        if get_origin(plain.annotation) in (Union, types.UnionType):
            for member in get_args(plain.annotation):
                if member is not type(None):
                    yield from Place(member, plain.metadata).members()
        else:
            yield plain

    def opened(self) -> "Place":
        """With every `Annotated` unwrapped."""
        annotation, metadata = self.annotation, self.metadata
        while get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata = (*metadata, *_flat(more))
        return Place(annotation, metadata)

    def inner(self) -> "Place":
        """The place of what a list or a group holds."""
        for member in self.members():
            if get_origin(member.annotation) is dict:
                return Place(get_args(member.annotation)[1])
            if get_origin(member.annotation) is tuple:
                return Place(get_args(member.annotation)[0])
        return Place(Any)

    def is_label(self) -> bool:
        """May a text stand here in several languages?"""
        annotations = [member.annotation for member in self.members()]
        return str in annotations and dict[str, str] in annotations

    def may_be_not_stated(self) -> bool:
        return "not stated" in choices_at(self)


def _flat(metadata: Any) -> Iterator[Any]:
    for part in metadata:
        if isinstance(part, FieldInfo):
            yield from part.metadata
        else:
            yield part


def field_place(info: FieldInfo) -> Place:
    return Place(info.annotation, tuple(_flat([info])))


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the key that the file uses."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def place_at(model: type[BaseModel], path: tuple[str | int, ...], value: Any) -> Place | None:
    """The place that `path` leads to in the file whose whole value is given; None if unknown."""
    place: Place | None = Place(model)
    for step in path:
        if place is None:
            return None
        place = _step_into(place, step, value)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
    return place


def _step_into(place: Place, step: str | int, value: Any) -> Place | None:
    for member in fitting(place, value):
        annotation = member.annotation
        arguments = get_args(annotation)
        if is_model(annotation):
            info = fields(annotation).get(str(step))
            if info is not None:
                return field_place(info)
        elif get_origin(annotation) is dict and isinstance(step, str):
            return Place(arguments[1])
        elif get_origin(annotation) is tuple and isinstance(step, int):
            return Place(arguments[0])
    return None


def fitting(place: Place, value: Any) -> Iterator[Place]:
    """The alternatives that a value may mean; by `kind` where the models are told apart by it."""
    members = list(place.members())
    models = [member for member in members if is_model(member.annotation)]
    if len(models) > 1:
        kind = value.get("kind") if isinstance(value, dict) else None
        for member in models:
            if kind in get_args(member.annotation.model_fields["kind"].annotation):
                yield member
                return
        yield models[0]
        return
    yield from members


def is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def choices_at(place: Place) -> tuple[str, ...]:
    """The words that a place allows, empty where it is not a choice of words."""
    found: list[str] = []
    for member in place.members():
        if get_origin(member.annotation) is Literal:
            found += [word for word in get_args(member.annotation) if isinstance(word, str)]
        elif is_model(member.annotation) and "kind" in member.annotation.model_fields:
            found += get_args(member.annotation.model_fields["kind"].annotation)
    return tuple(found)
