"""Single mutations of a study: one place says something else, is left out, or stands elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from pilotage.conditions import Condition, Not
from pilotage.study import Study
from pilotage.study.annotations import choices_at
from pilotage.study.places import Path, parts


@dataclass(frozen=True)
class Mutation:
    """What is done at which place of which file."""

    file: str
    path: Path
    done: str
    make: Callable[[Any], Any]

    def of(self, study: Study) -> Study:
        model = getattr(study, self.file)
        return replace(study, **{self.file: changed(model, self.path, self.make)})

    def __str__(self) -> str:
        return f"{self.done} {self.file}.{'.'.join(map(str, self.path))}"


def changed(held: Any, path: Path, make: Callable[[Any], Any]) -> Any:
    """The same with what stands at a path made new."""
    if not path:
        return make(held)
    step, rest = path[0], path[1:]
    if isinstance(held, BaseModel):
        by_alias = {info.alias or name: name for name, info in type(held).model_fields.items()}
        name = by_alias[str(step)]
        return held.model_copy(update={name: changed(getattr(held, name), rest, make)})
    if isinstance(held, dict):
        return {key: changed(v, rest, make) if key == step else v for key, v in held.items()}
    assert isinstance(step, int)
    return (*held[:step], changed(held[step], rest, make), *held[step + 1 :])


def mutations(study: Study) -> Iterator[Mutation]:
    """Every place of protocol.yaml, sap.yaml and results_text.yaml, changed in one way or more."""
    for file in ("protocol", "sap", "results_text"):
        model = getattr(study, file)
        for path, place, value in parts(model) if model is not None else ():
            for done, make in _ways(value, choices_at(place), whole=place.is_label()):
                yield Mutation(file, path, done, make)


def _ways(
    value: Any, choices: tuple[str, ...], *, whole: bool
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    match value:
        case bool():
            yield "turn", lambda held: not held
        case int() | float():
            yield "raise", lambda held: held + 1
        case str() if value in choices and len(choices) > 1:
            other = next(each for each in choices if each != value)
            yield "exchange", lambda held: other
        case str() if value not in choices:
            yield "reword", lambda held: f"{held} otherwise"
        case Condition():
            yield "negate", lambda held: held.part if isinstance(held, Not) else Not(held)
        case tuple() if not any(isinstance(each, int | float) for each in value):
            yield from _of_lists(value)
        case dict() if not whole:
            for key in value:
                yield (
                    f"leave out {key} of",
                    lambda held, key=key: {k: v for k, v in held.items() if k != key},
                )
                yield (
                    f"rename {key} of",
                    lambda held, key=key: {
                        ("RENAMED" if k == key else k): v for k, v in held.items()
                    },
                )


def _of_lists(value: tuple[Any, ...]) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    for at in range(len(value) if len(value) > 1 else 0):
        yield f"leave out {at + 1} of", lambda held, at=at: (*held[:at], *held[at + 1 :])
    for at in range(len(value) - 1):
        if value[at] != value[at + 1]:
            yield f"exchange {at + 1} and {at + 2} of", lambda held, at=at: (
                *held[:at], held[at + 1], held[at], *held[at + 2 :],
            )  # fmt: skip
