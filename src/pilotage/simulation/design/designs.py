"""The size and the boundaries of a trial of one arm, searched for stated errors.

A treatment whose success rate is `null` is not worth more trials, one with `alternative` is.
`alpha` is the largest chance to accept the first, `power` the smallest to accept the second. What
was chosen (by the person or by a default) and what follows from it are kept apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pilotage.simulation.design.decisions import plan_of, watched_plan
from pilotage.simulation.design.steady import steady_size
from pilotage.simulation.design.watching import Chosen, declared, looked_at, watched
from pilotage.simulation.model import MOST_SUBJECTS, Simulation, Watching
from pilotage.statistics.distributions import beta_above
from pilotage.statistics.interim import Look, Plan, PlanCharacteristics, plan_characteristics
from pilotage.statistics.results import NotComputable
from pilotage.statistics.simon import Criterion, single_stage, two_stage

Kind = Literal["exact", "simon", "bayes"]

LARGEST_N = 100
"""No design has more subjects unless asked; pilot trials have far fewer."""
BAYES = "Thall and Simon 1994, Biometrics 50:337"


@dataclass(frozen=True, slots=True)
class Question:
    """What a design must hold. `toxicity` is the rate with which it must have its power, where it
    watches toxicity. Alpha holds with any rate: toxicities only end trials, so that most are
    accepted where there are none."""

    null: float
    alternative: float
    alpha: float = 0.05
    power: float = 0.8
    largest_n: int = LARGEST_N
    toxicity: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.null < self.alternative < 1:
            raise ValueError(
                f"null is {self.null:g} and the alternative {self.alternative:g}; the alternative "
                "must be the larger one, and both must lie between 0 and 1"
            )
        for name, chance in (("alpha", self.alpha), ("power", self.power)):
            if not 0 < chance < 1:
                raise ValueError(f"{name} is {chance:g}; it must lie between 0 and 1")
        if self.power <= self.alpha:
            raise ValueError(f"the power, {self.power:g}, must be above alpha, {self.alpha:g}")
        if not 0 <= self.toxicity < 1:
            raise ValueError(f"the toxicity is {self.toxicity:g}; it must lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class Design:
    """A plan that holds the question, with what it does at `null` and at `alternative`, both with
    the toxicity of the question. `type_1_error` is that without toxicity, its worst case.

    `derived` are the numbers that follow from the question, each with its name in words; `chosen`
    are those that this kind of design needs beside the question.
    """

    name: str
    kind: Kind
    plan: Plan
    type_1_error: float
    at_null: PlanCharacteristics
    at_alternative: PlanCharacteristics
    chosen: tuple[Chosen, ...]
    derived: tuple[tuple[str, float | int], ...]
    source: str

    @property
    def power(self) -> float:
        return self.at_alternative.accepted


def single(question: Question) -> Design:
    """The smallest exact trial without looks. NotComputable where none is small enough."""
    q = question
    found = single_stage(
        q.null, q.alternative, alpha=q.alpha, beta=1 - q.power, largest_n=q.largest_n
    )
    steady = steady_size(q.null, q.alternative, alpha=q.alpha, power=q.power, largest_n=q.largest_n)
    derived: list[tuple[str, float | int]] = [
        ("subjects", found.n),
        ("successes needed", found.r + 1),
    ]
    if steady is not None:
        derived.append(("subjects from which every larger trial holds too", steady))
    plan = Plan((Look(found.n, found.r + 1, found.r),))
    source = "A'Hern 2001, Stat Med 20:859"
    return _design("Exact, one stage", "exact", plan, question, derived=derived, source=source)


def two_stages(
    question: Question,
    criterion: Criterion,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Design:
    """Simon's two stages. Where his optimal design has more subjects than the question allows, the
    best that it allows, which says so. NotComputable where none is small enough."""
    q = question
    search = partial(
        two_stage, q.null, q.alternative, alpha=q.alpha, beta=1 - q.power, criterion=criterion,
        progress=progress,
    )  # fmt: skip
    found = search(largest_n=q.largest_n)
    larger = criterion == "optimal" and found.no_better_above > q.largest_n
    whole = search() if larger else found
    plan = Plan((Look(found.n1, give_up_at=found.r1), Look(found.n, found.r + 1, found.r)))
    name = f"Simon, {criterion}"
    derived: list[tuple[str, float | int]] = [
        ("subjects of the first stage", found.n1),
        ("successes with which the first stage gives up, at most", found.r1),
        ("subjects in all", found.n),
        ("successes needed", found.r + 1),
    ]
    if whole.n > q.largest_n:
        name += f" of at most {q.largest_n}"
        derived.append(("subjects of Simon's optimal design, which are more", whole.n))
    source = "Simon 1989, Control Clin Trials 10:1"
    return _design(name, "simon", plan, question, derived=derived, source=source)


def bayesian(
    question: Question,
    watching: Watching | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Design:
    """The smallest Bayesian trial with the looks of `watching` that holds both errors; the
    certainty that it needs at its end follows from alpha. NotComputable where none is small
    enough."""
    watching = watching or looked_at(question.largest_n)
    _check_watching(watching)
    for n in range(1, question.largest_n + 1):
        if progress:
            progress(n, question.largest_n)
        accept_at = _needed(watching, question, n)
        if accept_at is None:
            continue
        plan = _ending_with(watching, question, n, accept_at)
        if _at(plan, question, question.alternative).accepted < question.power:
            continue
        a, b = watching.prior
        derived: list[tuple[str, float | int]] = [
            ("subjects", n),
            ("successes needed at the end", accept_at),
            (
                "P(rate > null) with that many",
                beta_above(a + accept_at, b + n - accept_at, question.null),
            ),
        ]
        return _design(
            "Bayesian, with looks", "bayes", plan, question,
            chosen=tuple(watched(watching)), derived=derived, source=BAYES,
        )  # fmt: skip
    raise NotComputable(f"no Bayesian design with at most {question.largest_n} subjects")


def _needed(watching: Watching, question: Question, n: int) -> int | None:
    """The fewest successes at the end with which alpha holds, also without toxicity; None where
    none is enough. Nothing before the end depends on them, so that one recursion answers for every
    number."""
    every = plan_characteristics(_ending_with(watching, question, n, 0), p=question.null)
    wrong = every.accepted
    if wrong <= question.alpha:
        return 0
    last = [end for end in every.ends if end.n == n and end.ending == "accepted"]
    ends = {end.successes: end.chance for end in last}
    for successes in range(n + 1):
        wrong -= ends.get(successes, 0.0)
        if wrong <= question.alpha:
            return successes + 1
    return None


def _ending_with(watching: Watching, question: Question, n: int, accept_at: int) -> Plan:
    plan = watched_plan(watching, n, null=question.null, success=1.0)
    last = plan.looks[-1]
    return Plan((*plan.looks[:-1], Look(n, accept_at, accept_at - 1, last.toxic_at)))


def _check_watching(watching: Watching) -> None:
    early = watching.early_success
    if early is not None and early <= watching.futility:
        raise ValueError(
            f"success is {early:g} and futility {watching.futility:g}; early success needs the "
            "higher certainty"
        )


# -- all of them -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Designs:
    """The designs that hold a question, and in words which kinds have none. `own`: the trial as the
    study has it now, whatever it holds."""

    question: Question
    found: tuple[Design, ...]
    none: tuple[str, ...]
    own: Design | None = None


def designs(
    question: Question,
    watching: Watching | None = None,
    *,
    kinds: tuple[Kind, ...] = ("exact", "simon", "bayes"),
    progress: Callable[[int, int], None] | None = None,
) -> Designs:
    """The designs of each kind that hold the question. Raises ValueError for a question that no
    trial can answer."""
    ways: tuple[tuple[Kind, Callable[[], Design]], ...] = (
        ("exact", lambda: single(question)),
        ("simon", lambda: two_stages(question, "optimal", progress=progress)),
        ("simon", lambda: two_stages(question, "minimax", progress=progress)),
        ("bayes", lambda: bayesian(question, watching, progress=progress)),
    )
    found: list[Design] = []
    none: dict[str, None] = {}
    for kind, way in ways:
        if kind in kinds:
            try:
                found.append(way())
            except NotComputable as problem:
                none[f"{problem.reason}; {_way_out(question)}"] = None
    return Designs(question, tuple(found), tuple(none))


def _way_out(question: Question) -> str:
    if question.largest_n < MOST_SUBJECTS:
        return "allow more with --largest-n"
    return "choose larger errors, or an alternative further from null"


def _design(
    name: str,
    kind: Kind,
    plan: Plan,
    question: Question,
    *,
    chosen: tuple[Chosen, ...] = (),
    derived: list[tuple[str, float | int]],
    source: str,
) -> Design:
    return Design(
        name=name,
        kind=kind,
        plan=plan,
        type_1_error=plan_characteristics(plan, p=question.null).accepted,
        at_null=_at(plan, question, question.null),
        at_alternative=_at(plan, question, question.alternative),
        chosen=chosen,
        derived=tuple(derived),
        source=source,
    )


def design_of(simulation: Simulation, question: Question) -> Design:
    """The trial as simulation.yaml has it, held against the question. Raises NoPlan."""
    decision, plan = simulation.decision, plan_of(simulation)
    needed = plan.looks[-1].accept_at
    assert needed is not None
    derived: list[tuple[str, float | int]] = [("successes needed at the end", needed)]
    source = "trial.subjects and decision of simulation.yaml"
    return _design(
        "As the study has it", decision.kind, plan, question,
        chosen=tuple(declared(simulation)), derived=derived, source=source,
    )  # fmt: skip


def _at(plan: Plan, question: Question, p: float) -> PlanCharacteristics:
    return plan_characteristics(plan, p=p, toxicity=question.toxicity)
