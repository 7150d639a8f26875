"""What a design does, as the trials that were simulated have it: each number beside its Monte-Carlo
standard error, and beside the exact one where mathematics has it.

The sums are those of `totals`, block by block; nothing is kept of a single trial.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pilotage.simulation.design.decisions import plan_of
from pilotage.simulation.trials.columns import Column
from pilotage.simulation.trials.run import Simulated
from pilotage.simulation.trials.totals import Totals
from pilotage.statistics.interim import Plan, PlanCharacteristics, plan_characteristics
from pilotage.statistics.proportions import clopper_pearson

SHARE = "share of subjects"
SURE = 0.99
"""The level of the interval that a success rate must lie in to be told apart from another."""
Part = Literal["decision", "estimate", "subjects", "exposure", "load", "rehearsed", "distribution"]

PARTS: dict[Part, tuple[str, ...]] = {
    "decision": ("ACCEPTED", "GIVEN_UP", "TOO_TOXIC", "EARLY", "N", "DURATION_DAYS"),
    "estimate": ("TRUE_RATE", "BIAS", "COVERAGE_95"),
    "subjects": (
        "SUCCESSES", "BEST_*", "RELAPSED", "RELAPSES_TAPER", "STOPPED", "STOPPED_*", "DROPPED_OUT",
        "TOX", "TOX_IN_TIME", "EVENTS", "EVENT_*",
    ),
    "exposure": ("DOSE_DAYS", "DRUG_AMOUNT", "DRUG_AMOUNT_OF_TRIAL"),
    "load": (
        "VISITS", "MISSED", "SAMPLES", "CAPSULES", "UNKNOWN_DECISIONS",
        "VISITS_OF_TRIAL", "SAMPLES_OF_TRIAL", "CAPSULES_OF_TRIAL", "UNKNOWN_DECISIONS_OF_TRIAL",
    ),
    "rehearsed": (
        "ALERTS", "ALERT_*", "QUERIES", "UNDECIDED", "SLIPS", "SLIPS_LEFT", "ITEMS",
        "ALERTS_OF_TRIAL", "QUERIES_OF_TRIAL", "UNDECIDED_OF_TRIAL", "SLIPS_OF_TRIAL",
        "SLIPS_LEFT_OF_TRIAL", "ITEMS_OF_TRIAL", "ALERTS_OF_WEEK", "QUERIES_OF_WEEK",
        "MOST_ALERTS_IN_A_WEEK", "WEEKS_REHEARSED",
    ),
    "distribution": ("SUCCESSES_*", "SIZE_*"),
}  # fmt: skip
"""The names of the characteristics; `*` stands for a category, a row of a table, an event, a matter
of alerts, or a number of successes or of subjects. In `fixed_response` there are those of the
decision (no duration), of the estimate, SUCCESSES, TOX_IN_TIME and the distribution alone; SIZE_*
where a trial can end early. What is rehearsed goes on with the load, and is there where trials were
rehearsed."""


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A number about the design. `unit`: what it counts (a share of subjects or of trials, or
    something of each subject, week or trial); `error`: its Monte-Carlo standard error, None where a
    single trial does not tell it; `exact`: the same number by exact mathematics, None where there
    is none; `rehearsals`: of how many it comes, 0 for a number that comes of the trials."""

    name: str
    label: str
    unit: str
    value: float
    error: float | None
    exact: float | None = None
    rehearsals: int = 0


def part_of(name: str) -> Part:
    """Where a characteristic belongs. Raises KeyError for a name that is none."""
    for patterns in (False, True):
        for part, names in PARTS.items():
            if patterns and any(each[-1] == "*" and name.startswith(each[:-1]) for each in names):
                return part
            if not patterns and name in names:
                return part
    raise KeyError(name)


def characteristics(
    done: Simulated, rehearsed: Iterable[Characteristic] = ()
) -> Iterator[Characteristic]:
    """What happens to trials and subjects, on average, in the order of PARTS; with what was counted
    in rehearsals, if there were any."""
    judged = Judged.of(done)
    yield from _decision(judged)
    yield from _estimate(judged)
    yield from _of_subjects(judged)
    yield from rehearsed
    yield from _distribution(judged)


@dataclass(frozen=True, slots=True)
class Judged:
    """Trials beside their decision. `rate` is the success rate of the scenario, known (`exact` has
    what follows from it) or, with its standard error, from all subjects that were simulated.

    A look decides on the subjects included so far, never on the next one; so successes among
    subjects, over all trials, estimate the rate without bias in the long run (Wald's equation),
    though the proportions of single trials do not.
    """

    totals: Totals
    columns: Mapping[str, Column]
    decision: Plan
    null: float
    rate: float
    error: float | None
    exact: PlanCharacteristics | None

    @classmethod
    def of(cls, done: Simulated) -> "Judged":
        case, totals = done.case, done.totals
        decision = plan_of(case.simulation)
        rate, error = totals.of_a_subject("SUCCESSES")
        exact = None
        if case.fixed is not None:
            rate, error = case.fixed, 0.0
            exact = plan_characteristics(decision, p=rate, toxicity=case.toxicity)
        columns = {column.name: column for column in totals.columns}
        null = case.simulation.decision.null
        return cls(totals, columns, decision, null, rate, error, exact)

    @property
    def fixed(self) -> bool:
        """Is the rate known, since nothing happens but success or failure?"""
        return self.exact is not None

    @property
    def early(self) -> bool:
        """Can a trial end early?"""
        return len(self.decision.looks) > 1

    def may_be(self, rate: float) -> bool:
        """Can the successes of all subjects of all trials have come at that rate? Exact, so that it
        holds for few of them too."""
        sums = self.totals.sums
        held = clopper_pearson(int(sums["SUCCESSES"].sum), int(sums["N"].sum), level=SURE)
        return held.low <= rate <= held.high

    def mean_of_trials(self, of: Callable[[int, int], float]) -> tuple[float, float | None]:
        """The mean over the trials of what follows from their n and successes, and its error;
        None for a single trial."""
        trials = self.totals.trials
        ends = sorted(self.totals.ends.items())
        each = [(of(n, successes), times) for (n, successes), times in ends]
        mean = math.fsum(value * times for value, times in each) / trials
        if trials < 2:
            return mean, None
        spread = math.fsum(times * (value - mean) ** 2 for value, times in each)
        return mean, math.sqrt(spread / (trials - 1) / trials)


# -- the trial under its decision ------------------------------------------------------------------


def _decision(judged: Judged) -> Iterator[Characteristic]:
    exact, totals = judged.exact, judged.totals
    of_exact = {
        "ACCEPTED": exact.accepted, "GIVEN_UP": exact.given_up, "TOO_TOXIC": exact.too_toxic,
        "EARLY": exact.early, "N": exact.expected_n if judged.early else judged.decision.n,
    } if exact else {}  # fmt: skip
    for name in PARTS["decision"]:
        if name == "DURATION_DAYS" and judged.fixed:
            continue
        label, unit = judged.columns[name].label, "share of trials"
        if name == "ACCEPTED":
            label = f"{label}: {called(judged)}"
        elif name == "N":
            unit = "subjects of a trial"
        elif name == "DURATION_DAYS":
            unit = "days of a trial"
        value, err = totals.mean(name), totals.error(name)
        yield Characteristic(name, label, unit, value, err, of_exact.get(name))


def called(judged: Judged) -> str:
    """What accepting the treatment is in this scenario: right or wrong, by its own rate."""
    rate, null = f"{judged.rate:.4g}", f"{judged.null:g}"
    if not judged.fixed and judged.may_be(judged.null):
        return f"the true rate, {rate}, cannot be told from null, {null}"
    if judged.rate > judged.null:
        return f"power, since the true rate, {rate}, is above null, {null}"
    return f"type I error, since the true rate, {rate}, is not above null, {null}"


# -- the estimate ----------------------------------------------------------------------------------


def _estimate(judged: Judged) -> Iterator[Characteristic]:
    exact, source = judged.exact, "set" if judged.fixed else "of all subjects that were simulated"
    known = judged.rate if judged.fixed else None
    yield Characteristic(
        "TRUE_RATE", f"True rate of success, {source}", SHARE, judged.rate, judged.error, known
    )
    yield _bias(judged)
    held, err = judged.mean_of_trials(lambda n, successes: _holds(judged.rate, n, successes))
    yield Characteristic(
        "COVERAGE_95",
        "The 95 % Clopper-Pearson interval holds the true rate",
        "share of trials",
        held,
        err,
        exact.coverage() if exact else None,
    )


def _bias(judged: Judged) -> Characteristic:
    """Of successes / n. Where no trial can end early it is none, by mathematics; where the rate is
    itself taken from the trials, both move together, and the error is that of their difference."""
    label = "Mean of successes / n of the trials, less the true rate"
    if judged.fixed:
        mean, err = judged.mean_of_trials(lambda n, successes: successes / n)
        exact = judged.exact.bias if judged.exact and judged.early else 0.0
        return Characteristic("BIAS", label, SHARE, mean - judged.rate, err, exact)
    if not judged.early:
        return Characteristic("BIAS", f"{label}: no trial ends early", SHARE, 0.0, 0.0, 0.0)
    size = judged.totals.mean("N")
    value, err = judged.mean_of_trials(
        lambda n, successes: (successes - judged.rate * n) * (1 / n - 1 / size)
    )
    return Characteristic("BIAS", label, SHARE, value, err)


def _holds(rate: float, n: int, successes: int) -> float:
    interval = clopper_pearson(successes, n)
    return float(interval.low <= rate <= interval.high)


# -- subjects, exposure and load -------------------------------------------------------------------


def _of_subjects(judged: Judged) -> Iterator[Characteristic]:
    """Of an included subject, and what must be ready for a trial."""
    totals, exact = judged.totals, judged.exact
    known = {"SUCCESSES": exact.p, "TOX_IN_TIME": exact.toxicity} if exact else {}
    named = [name for name in judged.columns if not judged.fixed or name in known]
    for part in ("subjects", "exposure", "load"):
        here = [name for name in named if part_of(name) == part]
        for name in here:
            value, err = totals.of_a_subject(name)
            column = judged.columns[name]
            yield Characteristic(name, column.label, _unit(column), value, err, known.get(name))
        for name in here:
            if f"{name}_OF_TRIAL" in PARTS[part]:
                column, value, err = judged.columns[name], totals.mean(name), totals.error(name)
                unit = f"{column.unit} of a trial" if column.unit else "of a trial"
                yield Characteristic(f"{name}_OF_TRIAL", column.label, unit, value, err)


def _unit(column: Column) -> str:
    if column.of == "subjects":
        return SHARE
    return f"{column.unit} of a subject" if column.unit else "of a subject"


# -- distributions ---------------------------------------------------------------------------------


def _distribution(judged: Judged) -> Iterator[Characteristic]:
    """How often each number of successes came and, where trials can end early, each size."""
    successes, sizes = Counter[int](), Counter[int]()
    for (n, found), times in sorted(judged.totals.ends.items()):
        successes[found] += times
        sizes[n] += times
    exact: dict[int, float] = {}
    if judged.exact:
        exact = dict.fromkeys(range(judged.decision.n + 1), 0.0)
        for end in judged.exact.ends:
            exact[end.successes] += end.chance
    for number in sorted(successes.keys() | exact.keys()):
        label = f"Trials with {number} {'success' if number == 1 else 'successes'}"
        yield _share(judged, f"SUCCESSES_{number}", label, successes[number], exact.get(number))
    if judged.early:
        chances = judged.exact.sizes() if judged.exact else {}
        for look in judged.decision.looks:
            label, chance = f"Trials with {look.n} subjects", chances.get(look.n, 0.0)
            known = chance if judged.exact else None
            yield _share(judged, f"SIZE_{look.n}", label, sizes[look.n], known)


def _share(
    judged: Judged, name: str, label: str, times: int, exact: float | None
) -> Characteristic:
    trials = judged.totals.trials
    share = times / trials
    error = math.sqrt(share * (1 - share) / trials) if trials > 1 else None
    return Characteristic(name, label, "share of trials", share, error, exact)
