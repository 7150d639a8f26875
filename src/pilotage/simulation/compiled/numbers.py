"""The numbers of a scheme: what the nature and the conduct of its subjects are, as arrays.

The text of a kernel depends on the rules alone; a scenario changes these numbers, and nothing is
compiled anew.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pilotage.courses.chance import per_day
from pilotage.courses.nature import Spread
from pilotage.rules.state import nominal_week
from pilotage.simulation.design.decisions import endpoint_day, plan_of
from pilotage.simulation.model import Conduct, Trial
from pilotage.simulation.nature import LATEST
from pilotage.simulation.scheme import Scheme
from pilotage.statistics.interim import Plan
from pilotage.study.doses import DOSES_PER_DAY, mean_daily_dose

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

DAYS_PER_MONTH = 365.25 / 12
CERTAIN = -1e3
"""The log of a chance of 0: so small that no day passes."""
FAR = 1 << 30
"""More successes or toxicities than a trial has."""
LOOK_N, TOXIC_AT, ACCEPT_AT, GIVE_UP_AT = range(4)
"""The columns of the looks."""
DAY, VISIT, FORMS, SAMPLES, DRUG_SAMPLES = range(5)
"""The columns of a plan."""


@dataclass(frozen=True)
class Numbers:
    """`values`: by name, as `names` has them; `shares`: cumulated shares of the answers, fact after
    fact; `fall` and `back`: by disease and step of the ladder, the log of what is left of
    it after a day, and the hazard a day that it comes back; `daily` and
    `capsules`: by step, amount and capsules a day; `weeks`: the nominal week of each day of a
    cycle; `plan`: a row for each planned contact; `looks`: a row for each look at the trial;
    `look_day`: days from consent until a subject's endpoint is known."""

    names: tuple[str, ...]
    values: Floats
    shares: Floats
    fall: Floats
    back: Floats
    daily: Floats
    capsules: Floats
    weeks: Floats
    plan: Whole
    last_day: int
    looks: Whole
    look_day: int

    def __getitem__(self, name: str) -> float:
        return float(self.values[self.names.index(name)])


def numbers_of(scheme: Scheme) -> Numbers:
    named = dict(_named(scheme))
    fall, back = _by_step(scheme)
    daily, capsules = _doses(scheme)
    shares = [share for fact in scheme.facts for share in np.cumsum(list(fact.choices.values()))]
    return Numbers(
        tuple(named),
        np.array(list(named.values()), dtype=np.float64),
        np.array([*shares, 1.0], dtype=np.float64),
        fall,
        back,
        daily,
        capsules,
        _weeks(scheme),
        _plan(scheme),
        scheme.simulation.trial.follow_up_days,
        looks_of(plan_of(scheme.simulation)),
        days_since(scheme.contacts[0].day, endpoint_day(scheme.simulation)),
    )


def first_share(scheme: Scheme, fact: int) -> int:
    """Where the shares of a fact begin."""
    return sum(len(each.choices) for each in scheme.facts[:fact])


def names_of(scheme: Scheme) -> tuple[str, ...]:
    """The names of the values, in their order."""
    return tuple(name for name, _ in _named(scheme))


def _named(scheme: Scheme) -> Iterator[tuple[str, float]]:
    yield from _of_trial(scheme.simulation.trial, scheme.simulation.subject)
    for at, fact in enumerate(scheme.facts):
        if fact.spread is not None:
            yield from _spread(f"f{at}", fact.spread)
        if fact.per_week:
            yield f"come{at}", per_day(fact.per_week)
    for at, measured in enumerate(scheme.measured):
        responding = scheme.nature.responding.get(measured.code)
        if responding is not None:
            yield from _spread(f"l{at}", responding.baseline)
            yield f"pace{at}", responding.subject_sd
            yield f"clear{at}", responding.true_clear_below
            if responding.true_lasting is not None:
                yield f"lasting{at}", responding.true_lasting.share
                yield from _spread(f"left{at}", responding.true_lasting.left)
            yield from _spread(f"back{at}", responding.relapse)
            yield f"noise{at}", responding.noise_sd
            continue
        stable = scheme.nature.stable[measured.code]
        yield from _spread(f"o{at}", stable.baseline)
        yield f"within{at}", stable.within_sd
        yield f"shift{at}", stable.true_drug_shift
    for at, event in enumerate(scheme.nature.events):
        yield f"chance{at}", event.true_probability
        yield f"from{at}", float(event.days[0])
        yield f"to{at}", float(event.days[1])


def _of_trial(trial: Trial, conduct: Conduct) -> Iterator[tuple[str, float]]:
    monthly = trial.recruited_per_month
    yield "per_day", monthly / DAYS_PER_MONTH if monthly else 0.0
    yield "dropout", per_day(conduct.true_dropout_per_week)
    missed = conduct.true_missed_visit
    yield "missed", -math.log1p(-missed) if missed < 1 else math.inf
    yield "late_mean", conduct.true_late_days.mean
    yield "late_sd", conduct.true_late_days.sd


def days_since(consent: int, day: int) -> int:
    """Days from one study day to another; there is no day 0."""
    return day - consent - (1 if consent < 0 < day else 0)


def looks_of(decision: Plan) -> Whole:
    """A row for each look; what ends no trial there is out of reach."""
    return np.array(
        [
            (
                look.n,
                FAR if look.toxic_at is None else look.toxic_at,
                FAR if look.accept_at is None else look.accept_at,
                -1 if look.give_up_at is None else look.give_up_at,
            )
            for look in decision.looks
        ],
        dtype=np.int64,
    )


def _spread(name: str, spread: Spread) -> Iterator[tuple[str, float]]:
    yield f"{name}_mean", spread.mean
    yield f"{name}_sd", spread.sd
    yield f"{name}_low", spread.range[0]
    yield f"{name}_high", spread.range[1]


def _by_step(scheme: Scheme) -> tuple[Floats, Floats]:
    steps = [step.step for step in scheme.protocol.treatment.ladder]
    diseases = [scheme.measured[at].code for at in scheme.diseases]
    fall, back = (np.zeros((max(1, len(diseases)), len(steps))) for _ in range(2))
    for at, code in enumerate(diseases):
        responding = scheme.nature.responding[code]
        for step, name in enumerate(steps):
            fall[at, step] = _left_after_a_day(responding.true_decline_per_week.get(name, 0))
            back[at, step] = -_left_after_a_day(responding.true_relapse_per_week.get(name, 0))
    return fall, back


def _left_after_a_day(share_per_week: float) -> float:
    """The log of what is left after a day."""
    return math.log1p(-share_per_week) / 7 if share_per_week < 1 else CERTAIN


def _doses(scheme: Scheme) -> tuple[Floats, Floats]:
    """Amount and capsules a day, by step; a frequency that is not known counts as no dose."""
    strength = scheme.simulation.trial.capsule_strength
    daily, capsules = [], []
    for step in scheme.protocol.treatment.ladder:
        amount = mean_daily_dose(step.dose, step.frequency) or 0.0
        doses, days = DOSES_PER_DAY.get(step.frequency or "", (0, 1))
        taken = doses / days if step.dose else 0.0
        daily.append(amount)
        capsules.append(amount / strength if strength else taken)
    return np.array(daily, dtype=np.float64), np.array(capsules, dtype=np.float64)


def _weeks(scheme: Scheme) -> Floats:
    """By day of the cycle, from 0; NaN for a day in no window."""
    last = scheme.simulation.trial.follow_up_days + 2 * LATEST + len(scheme.contacts)
    weeks = [nominal_week(day, scheme.protocol.analysis_windows) for day in range(last + 1)]
    return np.array([math.nan if week is None else week for week in weeks], dtype=np.float64)


def _plan(scheme: Scheme) -> Whole:
    plan = np.zeros((len(scheme.contacts), 5), dtype=np.int64)
    for at, contact in enumerate(scheme.contacts):
        bits = sum(1 << n for n, form in enumerate(scheme.forms) if form in contact.forms)
        with_drug = [form for form in contact.forms if form in scheme.under_drug]
        always = [form for form in contact.forms if form not in scheme.under_drug]
        plan[at, DAY], plan[at, VISIT], plan[at, FORMS] = contact.day, contact.visit, bits
        plan[at, SAMPLES] = scheme.samples(always)
        plan[at, DRUG_SAMPLES] = scheme.samples(with_drug)
    return plan
