"""What a search for a design starts from: each number by an option, by the study's simulation.yaml,
or by default, and who chose it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from pilotage.findings import InputErrors, error
from pilotage.simulation.design.designs import LARGEST_N, Kind, Question
from pilotage.simulation.design.watching import EVERY, looks_of
from pilotage.simulation.model import FUTILITY, Bayes, Exact, Simon, Simulation, Toxicity, Watching

By = Literal["option", "simulation.yaml", "default"]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Options:
    """What was said on the command line; None where nothing was."""

    null: float | None = None
    alternative: float | None = None
    alpha: float | None = None
    power: float | None = None
    kind: str | None = None
    largest_n: int | None = None
    first_look: int | None = None
    every: int | None = None
    futility: float | None = None
    toxic: tuple[float, float] | None = None
    toxicity: float | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What is searched for. `by`: who chose each number, by its key."""

    question: Question
    watching: Watching
    kinds: tuple[Kind, ...]
    by: dict[str, By]


def choices(said: Options, simulation: Simulation | None = None) -> Choices:
    """Options before the study's decision before defaults. Raises InputErrors where a number is
    missing or cannot be."""
    of_study = dict(_of_study(simulation)) if simulation else {}
    by: dict[str, By] = {}

    def chosen(key: str, default: object = None, option: object = None) -> Any:
        found = [("option", option), ("simulation.yaml", of_study.get(key)), ("default", default)]
        who, value = next(pair for pair in found if pair[1] is not None or pair[0] == "default")
        by[key] = who  # type: ignore[assignment]
        return value

    given = {each.name: getattr(said, each.name) for each in fields(said)}
    asked = {"null": None, "alternative": None, "alpha": 0.05, "power": 0.8,
             "largest_n": LARGEST_N}  # fmt: skip
    numbers = {key: chosen(key, default, given[key]) for key, default in asked.items()}
    _require(numbers, simulation)
    by["rate of toxicity"] = "default" if said.toxicity is None else "option"
    try:
        question = Question(**numbers, toxicity=said.toxicity or 0.0)
        looks = None
        if said.first_look is not None or said.every is not None:
            first, every = said.first_look or EVERY, said.every or EVERY
            looks = looks_of(question.largest_n, first=first, every=every)
        default = looks_of(question.largest_n)
    except ValueError as problem:
        raise InputErrors([error("design", str(problem))]) from None
    watching = Watching(
        looks=chosen("looks", default, looks),
        prior=chosen("prior", (1.0, 1.0)),
        futility=chosen("futility", FUTILITY, _futility(said.futility)),
        early_success=chosen("early_success"),
        toxicity=chosen("toxicity", None, _toxicity(said.toxic)),
    )
    return Choices(question, watching, _kinds(chosen("kind", ALL, said.kind)), by)


def _of_study(simulation: Simulation) -> Iterator[tuple[str, object]]:
    """What the decision says itself, by key; what it leaves to a default is left out."""
    decision = simulation.decision
    written = decision.model_fields_set
    yield "kind", decision.kind
    yield "null", decision.null
    match decision:
        case Exact():
            said = {"level": ("alpha", decision.level)}
        case Simon():
            said = {
                "alternative": ("alternative", decision.alternative),
                "alpha": ("alpha", decision.alpha),
                "beta": ("power", 1 - decision.beta),
            }
        case Bayes():
            said = {key: (key, getattr(decision, key)) for key in Watching.model_fields}
    yield from (pair for key, pair in said.items() if key in written)


def _require(numbers: dict[str, Any], simulation: Simulation | None) -> None:
    found = []
    for key, what in (
        ("null", "a success rate that is not worth more trials"),
        ("alternative", "a rate that must be found"),
    ):
        if numbers[key] is None:
            why = "" if simulation is None else " (simulation.yaml states none)"
            found.append(error(f"--{key}", f"is missing{why}: {what}, as --{key} 0.3"))
    if found:
        raise InputErrors(found)


def _futility(given: float | None) -> float | None:
    if given is not None and not 0 <= given < 1:
        words = f"{given:g} is no bound; a probability from 0 (never gives up) to below 1"
        raise InputErrors([error("--futility", words)])
    return given


def _toxicity(given: tuple[float, float] | None) -> Toxicity | None:
    if given is None:
        return None
    if not all(0 < number < 1 for number in given):
        words = f"{given[0]:g} {given[1]:g}: both numbers must lie between 0 and 1"
        raise InputErrors([error("--toxic", words)])
    return Toxicity(limit=given[0], stop=given[1])


def _kinds(named: str) -> tuple[Kind, ...]:
    every: tuple[Kind, ...] = get_args(Kind)
    if named == ALL:
        return every
    if found := tuple(kind for kind in every if kind == named):
        return found
    words = f"'{named}' is no kind of design; write {', '.join(every)} or {ALL}"
    raise InputErrors([error("--kind", words)])
