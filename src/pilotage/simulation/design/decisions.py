"""The decision that a study declares, as the plan of a trial: after how many subjects it is looked
at, and how many successes or toxicities end it there."""

from functools import lru_cache

from pilotage.simulation.model import Bayes, Decision, Exact, Simon, Simulation, Watching
from pilotage.statistics.distributions import ATTAINED, at_least
from pilotage.statistics.interim import Look, Plan, bayes_plan
from pilotage.statistics.results import NotComputable
from pilotage.statistics.simon import TwoStage, two_stage


class NoPlan(ValueError):
    """A decision that a trial of this size cannot take, in the reader's words."""


def plan_of(simulation: Simulation) -> Plan:
    """When a trial is looked at, and what ends it there. Raises NoPlan."""
    return plan_for(simulation.decision, simulation.trial.subjects)


def endpoint_day(simulation: Simulation) -> int:
    """The study day on which it is known whether a subject is a success: a look waits for it."""
    last, until = simulation.trial.follow_up_days, simulation.endpoint.until_day
    return last if until is None else min(until, last)


@lru_cache(maxsize=256)
def plan_for(decision: Decision, subjects: int) -> Plan:
    """The plan of a trial of so many subjects. Raises NoPlan where the decision asks for another
    number."""
    match decision:
        case Exact():
            return Plan((_exact(decision, subjects),))
        case Simon():
            return _two_stages(decision, subjects)
        case Bayes():
            return _watched(decision, subjects)


def _exact(decision: Exact, n: int) -> Look:
    """The fewest successes that are too many for the null rate; n + 1 where no number is."""
    level = decision.level * ATTAINED
    needed = next(x for x in range(n + 2) if at_least(x, n, decision.null) <= level)
    return Look(n, needed, needed - 1)


def _two_stages(decision: Simon, subjects: int) -> Plan:
    try:
        found = _simon(decision)
    except NotComputable as problem:
        words = "choose larger errors, or an alternative further from null"
        raise NoPlan(f"the decision is Simon's, and there is {problem.reason}; {words}") from None
    if subjects != found.n:
        raise NoPlan(
            f"'subjects' is {subjects}; Simon's {decision.criterion} design has {found.n} "
            f"({found.n1} in its first stage): write {found.n}, or change 'decision'"
        )
    return Plan((Look(found.n1, give_up_at=found.r1), Look(found.n, found.r + 1, found.r)))


@lru_cache(maxsize=64)
def _simon(decision: Simon) -> TwoStage:
    """His design, however large it is: one of at most so many subjects would be another. The
    search is the same for every size that is declared."""
    return two_stage(
        decision.null, decision.alternative, alpha=decision.alpha, beta=decision.beta,
        criterion=decision.criterion,
    )  # fmt: skip


def _watched(decision: Bayes, subjects: int) -> Plan:
    last = max(decision.looks)
    if last > subjects:
        raise NoPlan(
            f"'subjects' is {subjects}, and the decision looks after {last}; "
            f"write at least {last} subjects, or leave out the later looks"
        )
    return watched_plan(decision, subjects, null=decision.null, success=decision.success)


def watched_plan(watching: Watching, n: int, *, null: float, success: float) -> Plan:
    """The plan of `n` subjects with the looks before it."""
    toxicity = watching.toxicity
    return bayes_plan(
        [*(look for look in watching.looks if look < n), n],
        null=null,
        prior=watching.prior,
        success=success,
        futility=watching.futility,
        early_success=watching.early_success,
        toxic=(toxicity.limit, toxicity.stop) if toxicity else None,
        toxic_prior=toxicity.prior if toxicity else (1.0, 1.0),
    )
