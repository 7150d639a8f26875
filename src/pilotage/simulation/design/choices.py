"""What a search for a design starts from: each number by an option, by the study's simulation.yaml,
or by default, and who chose it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pilotage.findings import InputErrors, error
from pilotage.simulation.design.designs import LARGEST_N, Kind, Question
from pilotage.simulation.design.watching import EVERY, By, looks_of
from pilotage.simulation.model import Bayes, Exact, Simon, Simulation, Toxicity, Watching

ALL = "all"
OF_LOOKS = ("first_look", "every", "futility", "toxic")
"""Options of the Bayesian trial alone."""


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


class _Answers:
    """Options before the study's decision before defaults; `by` remembers which it was."""

    def __init__(self, of_study: dict[str, Any]) -> None:
        self.of_study = of_study
        self.by: dict[str, By] = {}

    def __call__(self, key: str, option: Any = None, *, default: Any = None) -> Any:
        if option is not None:
            self.by[key] = "option"
            return option
        of_study = self.of_study.get(key)
        self.by[key] = "default" if of_study is None else "simulation.yaml"
        return default if of_study is None else of_study


def choices(said: Options, simulation: Simulation | None = None) -> Choices:
    """Options before the study's decision before defaults. Raises InputErrors where a number is
    missing or cannot be, and where an option would do nothing."""
    of_study = dict(_of_study(simulation)) if simulation else {}
    answers, of_looks = _Answers(of_study), _Answers(of_study)
    asked = {"null": None, "alternative": None, "alpha": 0.05, "power": 0.8,
             "largest_n": LARGEST_N}  # fmt: skip
    numbers = {
        key: answers(key, getattr(said, key), default=default) for key, default in asked.items()
    }
    _require(numbers, simulation)
    kinds = _kinds(answers("kind", said.kind, default=ALL))
    try:
        question = Question(**numbers, toxicity=said.toxicity or 0.0)
        watching = _watching(said, of_looks, question.largest_n)
    except ValueError as problem:
        raise InputErrors([error("design", str(problem))]) from None
    by = answers.by
    searched = watching if "bayes" in kinds else None
    own = simulation.decision if simulation else None
    watches = any(isinstance(each, Watching) and each.toxicity for each in (searched, own))
    _refuse_idle(said, kinds, by["kind"], watches=watches)
    if searched:
        by |= of_looks.by
    if watches:
        by["rate_of_toxicity"] = "default" if said.toxicity is None else "option"
    return Choices(question, watching, kinds, by)


def _watching(said: Options, answers: _Answers, largest_n: int) -> Watching:
    """How a Bayesian trial is looked at; what nobody says is left to the model's defaults."""
    if said.first_look is None and said.every is None and "looks" in answers.of_study:
        looks = answers("looks")
    else:
        looks = looks_of(
            largest_n,
            first=answers("first_look", said.first_look, default=EVERY),
            every=answers("every", said.every, default=EVERY),
        )
    found = {
        "looks": looks,
        "prior": answers("prior"),
        "futility": answers("futility", _futility(said.futility)),
        "early_success": answers("early_success"),
        "toxicity": _toxicity(said.toxic, answers),
    }
    return Watching(**{key: value for key, value in found.items() if value is not None})


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
            said.pop("toxicity")
            if toxicity := decision.toxicity:
                for key in toxicity.model_fields_set:
                    yield f"toxicity.{key}", getattr(toxicity, key)
    yield from (pair for key, pair in said.items() if key in written)


def _refuse_idle(said: Options, kinds: tuple[Kind, ...], by: By, *, watches: bool) -> None:
    """Raises InputErrors for options that would change nothing."""
    found = []
    if "bayes" not in kinds:
        words = f"concerns bayes, and the kind searched is {kinds[0]} ({by}); write --kind bayes"
        idle = [key for key in OF_LOOKS if getattr(said, key) is not None]
        found += [error(f"--{key.replace('_', '-')}", words) for key in idle]
    if said.toxicity is not None and not watches and not found:
        words = "no design watches toxicity; say what is too much, as --toxic 0.3 0.9"
        found.append(error("--toxicity", f"{words}, for --kind bayes"))
    if found:
        raise InputErrors(found)


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


def _toxicity(given: tuple[float, float] | None, answers: _Answers) -> Toxicity | None:
    """The bound of toxicity: an option replaces limit and certainty, the prior stays."""
    if given is None and "toxicity.limit" not in answers.of_study:
        return None
    if given is not None and not all(0 < number < 1 for number in given):
        words = f"{given[0]:g} {given[1]:g}: both numbers must lie between 0 and 1"
        raise InputErrors([error("--toxic", words)])
    limit, stop = given or (None, None)
    found = {
        "limit": answers("toxicity.limit", limit),
        "stop": answers("toxicity.stop", stop),
        "prior": answers("toxicity.prior"),
    }
    return Toxicity(**{key: value for key, value in found.items() if value is not None})


def _kinds(named: str) -> tuple[Kind, ...]:
    every: tuple[Kind, ...] = get_args(Kind)
    if named == ALL:
        return every
    if found := tuple(kind for kind in every if kind == named):
        return found
    words = f"'{named}' is no kind of design; write {', '.join(every)} or {ALL}"
    raise InputErrors([error("--kind", words)])
