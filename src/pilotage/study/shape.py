"""Turns what a YAML file says into a model, and says what does not fit in our own words.

A mistaken part is mended with the smallest value that fits, so that everything else can still be
checked: a person sees all mistakes at once. What was mended is remembered, and nothing more is said
about it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pilotage.findings import Finding, error
from pilotage.study.annotations import choices_at, fields, fitting, is_model, place_at
from pilotage.study.expected import placeholder
from pilotage.study.misfit import misfit_words
from pilotage.study.names import did_you_mean, nearest, shortened
from pilotage.study.places import Lines, Path, owner_words, place_of, starts_with_any

M = TypeVar("M", bound=BaseModel)

Kind = Literal["unknown", "missing", "name", "misfit"]

_MOST_ROUNDS = 6
_MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Shaped(Generic[M]):
    """The model (None where even mending did not help), the mistakes, and the mended places."""

    model: M | None
    findings: tuple[Finding, ...]
    mended: frozenset[Path]


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Path
    kind: Kind
    details: ErrorDetails


def shaped(
    model: type[M], value: Any, *, file: str, lines: Lines, refused: Iterable[Path] = ()
) -> Shaped[M]:
    """Check `value` (as read from YAML) against `model`. May mend `value` and add to `lines`.

    `refused` are the parts that the reader of the file has complained about already.
    """
    if value is None and not lines:
        return Shaped(None, (), frozenset())  # the reader has said why it could not be read
    if not isinstance(value, dict):
        words = f"{file} must hold keys with their values ('key: value')"
        return Shaped(None, (error(place_of(lines, (), file=file), words),), frozenset())
    shaper = _Shaper(model, value, file, lines, set(refused))
    built: M | None = None
    for _ in range(_MOST_ROUNDS):
        try:
            built = model.model_validate(shaper.value, strict=True)
            break
        except ValidationError as problems:
            if not shaper.mend(problems):
                break
    return Shaped(built, tuple(shaper.findings), frozenset(shaper.mended))


@dataclass(slots=True)
class _Shaper:
    model: type[BaseModel]
    value: Any
    file: str
    lines: Lines
    mended: set[Path]
    findings: list[Finding] = field(default_factory=list)

    def complain(self, path: Path, message: str) -> None:
        self.findings.append(error(place_of(self.lines, path, file=self.file), message))

    def mend(self, problems: ValidationError) -> bool:
        """Say what is wrong and mend it; False when there is too much to mend."""
        found = _innermost(list(self._problems(problems)))
        kept = found[:_MOST_PROBLEMS]
        renamed: set[Path] = set()
        for problem in kept:
            if problem.kind == "unknown":
                renamed |= self._unknown_key(problem.path)
        for problem in kept:
            if problem.kind != "unknown" and problem.path not in renamed:
                self._mistake(problem)
        if len(found) > len(kept):
            words = f"{len(found) - len(kept)} more mistakes of the kinds above are not listed"
            self.findings.append(error(f"{self.file}:1", words))
            return False
        return True

    def _problems(self, problems: ValidationError) -> Iterator[_Problem]:
        for details in problems.errors(include_url=False, include_input=False):
            path, on_key = self._path(details["loc"])
            if details["type"] == "extra_forbidden":
                yield _Problem(path, "unknown", details)
            elif details["type"] == "missing" and isinstance(details["loc"][-1], str):
                yield _Problem((*path, details["loc"][-1]), "missing", details)
            elif on_key:
                yield _Problem(path, "name", details)
            else:
                yield _Problem(path, "misfit", details)

    def _path(self, steps: tuple[int | str, ...]) -> tuple[Path, bool]:
        """The path in the file of a problem, without the names of the union's alternatives."""
        path: Path = ()
        value = self.value
        for step in steps:
            inside = (isinstance(value, dict) and step in value) or (
                isinstance(value, tuple) and isinstance(step, int) and step < len(value)
            )
            if inside:
                value = value[step]
                path = (*path, step)
        return path, steps[-1:] == ("[key]",)

    # -- each kind of mistake ---------------------------------------------------------------------

    def _unknown_key(self, path: Path) -> set[Path]:
        """Report it; when it is surely another key misspelled, go on as if it were that key."""
        parent, key = path[:-1], str(path[-1])
        group = _at(self.value, parent)
        known = self._keys_of(parent)
        if not starts_with_any(path, self.mended):
            where = owner_words(parent, file=self.file)
            words = f"'{shortened(key)}' is not a part of {where}{did_you_mean(key, known)}"
            self.complain(path, words)
        meant = nearest(key, known)
        content = group.pop(key)
        if meant is None or meant in group:
            self.mended.add(path)
            return set()
        group[meant] = content
        for old in [old for old in self.lines if old[: len(path)] == path]:
            self.lines[(*parent, meant, *old[len(path) :])] = self.lines[old]
        return {(*parent, meant)}

    def _mistake(self, problem: _Problem) -> None:
        path = problem.path
        if starts_with_any(path, self.mended):
            self._set(path)
            return
        if problem.kind == "missing":
            owner = owner_words(path[:-1], file=self.file)
            self.complain(path[:-1], f"{owner} needs '{path[-1]}'")
            self._set(path)
        elif problem.kind == "name":
            self.complain(path, misfit_words(self.model, path, self.value, problem.details))
            _at(self.value, path[:-1]).pop(path[-1], None)
        else:
            self.complain(path, misfit_words(self.model, path, self.value, problem.details))
            if self._other_kind(problem):
                return
            self._set(path)
        self.mended.add(path)

    def _other_kind(self, problem: _Problem) -> bool:
        """A misspelled `kind` is taken for the kind that was surely meant."""
        part = _at(self.value, problem.path)
        place = place_at(self.model, problem.path, self.value)
        if problem.details["type"] != "union_tag_invalid" or place is None:
            return False
        meant = nearest(str(part["kind"]), choices_at(place))
        if meant is None:
            return False
        part["kind"] = meant
        return True

    def _set(self, path: Path) -> None:
        place = place_at(self.model, path, self.value)
        if place is None:
            return
        stand_in = placeholder(place)
        if isinstance(stand_in, dict):
            stand_in |= _ids(self.value, path)
        self.value = _with(self.value, path, stand_in)

    def _keys_of(self, path: Path) -> list[str]:
        place = place_at(self.model, path, self.value)
        if place is None:
            return []
        members = [member.annotation for member in fitting(place, _at(self.value, path))]
        return next((list(fields(model)) for model in members if is_model(model)), [])


def _innermost(problems: list[_Problem]) -> list[_Problem]:
    """One problem per place, and none for a place that has a more exact one inside."""
    first: dict[Path, _Problem] = {}
    for problem in problems:
        first.setdefault(problem.path, problem)
    outer = {path[:end] for path in first for end in range(len(path))}
    return [problem for path, problem in first.items() if path not in outer or path == ()]


def _ids(value: Any, path: Path) -> dict[str, str]:
    """What the part at `path` is called, so that others may still refer to it."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return {}
    if not isinstance(value, dict):
        return {}
    named = {key: value.get(key) for key in ("id", "code", "step")}
    return {key: name for key, name in named.items() if isinstance(name, str)}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(value: Any, path: Path, new: Any) -> Any:
    """The value with the part at `path` replaced or added; lists are tuples and built anew."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        value[step] = _with(value.get(step), rest, new)
        return value
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        return (*value[:step], _with(value[step], rest, new), *value[step + 1 :])
    return value
