"""Scenarios: the same trial with other true values."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import get_args

from pydantic import BaseModel, ValidationError

from pilotage.courses.nature import Nature
from pilotage.simulation.model import Setting, Simulation
from pilotage.study.names import did_you_mean
from pilotage.study.protocol import text_of

BASE, FIXED = "base", "fixed_response"
"""The files as they stand; and a trial in which nothing happens but success or failure."""

TRUE_CR = "true_cr"
"""The chance of success of each subject in `fixed_response`."""
DEFAULT_CR = 0.5
TRUE_TOXICITY = "true_toxicity"
"""The chance of a toxicity of each subject in `fixed_response`; 0 unless it is set."""


SUBJECTS, FOLLOW_UP = "trial.subjects", "trial.follow_up_days"
"""What a scenario changes when its trials have another size, or another length."""


OPEN = ("trial", "subject")
"""The parts of simulation.yaml of which a scenario may change everything."""
OPEN_WORDS = f"parts of {' and of '.join(OPEN)}"


class WrongSetting(ValueError):
    """A setting that cannot be made, in the reader's words; `path` is the value that was set."""

    def __init__(self, words: str, *, path: str = "") -> None:
        super().__init__(words)
        self.path = path


class WrongScenario(WrongSetting):
    """There is no scenario of that name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario, made: `fixed` is the chance of success in `fixed_response`, else None, and
    `toxicity` that of a toxicity there."""

    name: str
    label: str
    nature: Nature
    simulation: Simulation
    fixed: float | None = None
    toxicity: float = 0.0
    settings: Mapping[str, Setting] = field(default_factory=dict)


def names(simulation: Simulation) -> tuple[str, ...]:
    """What `--scenario` may name."""
    return (BASE, FIXED, *simulation.scenarios, *simulation.grids)


def cases(
    nature: Nature, simulation: Simulation, name: str, settings: Mapping[str, Setting]
) -> list[Case]:
    """The scenario of that name, or each point of the grid, with the settings on top.

    Raises WrongScenario for an unknown name, WrongSetting for a setting that cannot be made.
    """
    if name == FIXED:
        return [_fixed(nature, simulation, settings)]
    if name in simulation.grids:
        grid = simulation.grids[name]
        for path in settings:
            if path in grid.over:
                words = f"the grid '{name}' goes along '{path}'; leave the setting out"
                raise WrongSetting(words, path=path)
        points = (
            dict(zip(grid.over, values, strict=True)) for values in product(*grid.over.values())
        )
        found = [(f"{name}-{at}", text_of(grid.label), point) for at, point in enumerate(points, 1)]
    elif name in simulation.scenarios:
        scenario = simulation.scenarios[name]
        found = [(name, text_of(scenario.label), dict(scenario.changes))]
    elif name == BASE:
        found = [(BASE, "The study's files as they stand", {})]
    else:
        known = names(simulation)
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        raise WrongScenario(f"there is no scenario '{name}'{hint}")
    made = []
    for key, label, changes in found:
        every = {**changes, **settings}
        changed = changed_models(nature, simulation, every)
        _refuse_too_soon(changed[1], every)
        made.append(Case(key, label, *changed, settings=every))
    return made


def _fixed(nature: Nature, simulation: Simulation, settings: Mapping[str, Setting]) -> Case:
    chances = {TRUE_CR: DEFAULT_CR, TRUE_TOXICITY: 0.0}
    chances |= {path: float(value) for path, value in settings.items() if path in chances}
    for path, chance in chances.items():
        if not 0 <= chance <= 1:
            words = f"'{path}' cannot be {chance:g}: it is a chance, from 0 to 1"
            raise WrongSetting(words, path=path)
    rest = {path: value for path, value in settings.items() if path not in chances}
    for path in rest:
        if not path.startswith("trial."):
            may = f"{TRUE_CR}, {TRUE_TOXICITY}, or a part of trial"
            words = f"'{path}' changes nothing in {FIXED}; set {may}"
            raise WrongSetting(words, path=path)
    changed = changed_models(nature, simulation, rest)
    label = "Each subject succeeds with the same chance; nothing else happens"
    rate, toxicity = chances[TRUE_CR], chances[TRUE_TOXICITY]
    return Case(FIXED, label, *changed, fixed=rate, toxicity=toxicity, settings=dict(settings))


def ends_too_soon(simulation: Simulation) -> str:
    """What is wrong where subjects are not followed to the last day of the endpoint; else empty."""
    until, last = simulation.endpoint.until_day, simulation.trial.follow_up_days
    if until is None or until <= last:
        return ""
    return (
        f"the endpoint counts up to day {until} ('until_day'), and follow-up ends on day {last} "
        "('follow_up_days'); follow subjects that long, or leave out the later days"
    )


def _refuse_too_soon(simulation: Simulation, settings: Mapping[str, Setting]) -> None:
    if FOLLOW_UP in settings and (words := ends_too_soon(simulation)):
        raise WrongSetting(words, path=FOLLOW_UP)


def changed_models(
    nature: Nature, simulation: Simulation, changes: Mapping[str, Setting]
) -> tuple[Nature, Simulation]:
    """Both files with other values at dotted paths. Raises WrongSetting."""
    if not changes:
        return nature, simulation
    parts: list[BaseModel] = [simulation, nature]
    dumped = [part.model_dump(by_alias=True) for part in parts]
    for path, value in changes.items():
        if path == "true_missed_visit":
            words = "it is that of a cohort; a simulation has subject.true_missed_visit"
            raise WrongSetting(f"'{path}' changes nothing here: {words}", path=path)
        steps, model = _found(path, parts)
        if not math.isfinite(value):
            raise WrongSetting(f"'{path}' cannot be {value}", path=path)
        if not (steps[0] in OPEN or any(str(step).startswith("true_") for step in steps)):
            words = f"a scenario may change values whose name begins with true_, and {OPEN_WORDS}"
            raise WrongSetting(f"'{path}' cannot be changed: {words}", path=path)
        _put(dumped[model], steps, value)
        try:
            parts[model].__class__.model_validate(dumped[model])
        except ValidationError as problem:
            said = problem.errors()[0]["msg"]
            words = f"'{path}' cannot be {value:g}: {_lower(said)}"
            raise WrongSetting(words, path=path) from None
    made = [type(part).model_validate(each) for part, each in zip(parts, dumped, strict=True)]
    assert isinstance(made[0], Simulation)
    assert isinstance(made[1], Nature)
    return made[1], made[0]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


Step = str | int


def _found(path: str, parts: list[BaseModel]) -> tuple[list[Step], int]:
    """The way to the value, and in which of the files it stands."""
    for number, part in enumerate(parts):
        steps = list(_steps(path, part))
        if steps and steps[-1] is not None:
            return [step for step in steps if step is not None], number
    if path in (TRUE_CR, TRUE_TOXICITY):
        words = f"'{path}' is a value of the scenario {FIXED} alone (--scenario {FIXED})"
        raise WrongSetting(words, path=path)
    known = [name for part in parts for name in paths(part)]
    raise WrongSetting(f"there is no value '{path}'{did_you_mean(path, known)}", path=path)


def _steps(rest: str, value: object) -> Iterator[Step | None]:
    """Each step of the way; None at the end where it does not lead to a number."""
    while rest:
        inside = _inside(value)
        fits = [key for key in inside if rest == key or rest.startswith(f"{key}.")]
        if not fits:
            yield None
            return
        key = max(fits, key=len)
        step, value = inside[key]
        yield step
        rest = rest[len(key) + 1 :]
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        yield None


def _inside(value: object) -> dict[str, tuple[Step, object]]:
    """What stands in a part: by its name; of a list of events by the term. A part that was left out
    holds nothing that could be changed."""
    if isinstance(value, BaseModel):
        there = {name: getattr(value, name) for name in type(value).model_fields}
        return {
            name: (name, inner)
            for name, inner in there.items()
            if inner is not None or not _is_part(type(value).model_fields[name].annotation)
        }
    if isinstance(value, Mapping):
        return {str(key): (str(key), inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return {str(getattr(each, "term", at)): (at, each) for at, each in enumerate(value)}
    return {}


def _is_part(annotation: object) -> bool:
    """Does the type of a value name a part of the file, not a number?"""
    named = get_args(annotation) or (annotation,)
    return any(isinstance(each, type) and issubclass(each, BaseModel) for each in named)


def _put(dumped: object, steps: list[Step], value: Setting) -> None:
    place = dumped
    for step in steps[:-1]:
        if isinstance(place, dict) and isinstance(place[step], tuple):
            place[step] = list(place[step])
        place = place[step]  # type: ignore[index]
    place[steps[-1]] = value  # type: ignore[index]


def paths(part: BaseModel) -> Iterator[str]:
    """Every value of a file that a scenario may change."""
    yield from _paths(part, "", free=False)


def _paths(value: object, path: str, *, free: bool) -> Iterator[str]:
    inside = _inside(value)
    for name, (_, inner) in inside.items():
        here = f"{path}.{name}" if path else name
        open_ = free or name.startswith("true_") or here in OPEN
        if _inside(inner):
            yield from _paths(inner, here, free=open_)
        elif open_:
            yield here
