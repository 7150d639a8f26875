"""The state of one subject: what decision tables may ask of it on a day.

The nominal week is read off `with_visit`. Change, category and relapse of one subject follow the
rules that the datasets state for all of them; the tests hold both side by side.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from pilotage.conditions import Value, holds
from pilotage.datasets.windows import with_visit
from pilotage.instruments.ctcae import grade
from pilotage.rules.assessments import classification_of
from pilotage.rules.decide import State
from pilotage.rules.inputs import AgeLimit, maximum_age
from pilotage.study.protocol import AnalysisWindows, Classification, Protocol, StateVariable

Limits = tuple[float | None, float | None]

WEEKS_AT_ONCE = 52
"""The weeks of so many weeks of a cycle are derived together."""


@dataclass(slots=True)
class Standing:
    """What is known of one subject so far. Days are study days; step 0 of the ladder is no drug.

    `limits` are the limits of normal by laboratory parameter; `answers` the answers to items
    (`form.item`) with the day on which they were given; `values` the last value of each parameter,
    `measured` its day, `baselines` the last one up to the day of the first dose. How long ago an
    answered date lies (`days since`) is not followed here.
    """

    protocol: Protocol
    limits: Mapping[str, Limits]
    age: int
    sex: str
    answers: dict[str, tuple[Value, int]] = field(default_factory=dict)
    step: int = 0
    step_since: int = 1
    cycle: int = 0
    cycle_since: int = 1
    last_dose_day: int | None = None
    phase: str = "before start"
    response: str | None = None
    best_rank: int | None = None
    responded: bool = False
    in_relapse: bool = False
    relapses_in_taper: int = 0
    holding_step: int = 0
    values: dict[str, float] = field(default_factory=dict)
    baselines: dict[str, float] = field(default_factory=dict)
    measured: dict[str, int] = field(default_factory=dict)
    _limits: dict[str, AgeLimit] = field(default_factory=dict)

    # -- what becomes known -----------------------------------------------------------------------

    def answer(self, answers: Mapping[str, Value], day: int) -> None:
        """Take in the answers to items of forms."""
        self.answers.update({name: (value, day) for name, value in answers.items()})

    def observe(self, values: Mapping[str, float], day: int) -> None:
        """Take in the values of an assessment: baseline up to the day of the first dose, response
        and relapse after it."""
        before = self.values.get(self._assessed())
        self.values.update(values)
        self.measured.update(dict.fromkeys(values, day))
        if day <= 1:
            self.baselines.update(values)
        elif self._assessed() in values:
            self._respond(before)

    def take(self, step: int, day: int) -> None:
        """Another step of the ladder is taken from this day on. After more days without drug than
        a cycle allows, a new cycle begins."""
        if step == self.step:
            return
        if step and not self.step:
            gap = None if self.last_dose_day is None else day - self.last_dose_day - 1
            if gap is None or gap > self.protocol.treatment.days_without_drug_within_cycle:
                self.cycle += 1
                self.cycle_since = day
        if self.step and not step:
            self.last_dose_day = day - 1
        self.step, self.step_since = step, day

    def _respond(self, before: float | None) -> None:
        """Judge the last assessment; `before` is the value of the one before it."""
        relapse = self.protocol.relapse
        value, base = self.values[self._assessed()], self.baselines.get(self._assessed())
        self.response = self._category(value, base=base, before=before)
        if self.response is not None:
            rank = self._ranks().index(self.response)
            self.best_rank = rank if self.best_rank is None else min(self.best_rank, rank)
        if relapse is None:
            return
        named = changes(self._assessed(), value, base)
        if holds(relapse.cleared, named):
            self.in_relapse = False
            self.holding_step = self.step or self.holding_step
        elif self.responded and not self.in_relapse and holds(relapse.when, named):
            self.in_relapse = True
            if self.phase in ("taper", "off treatment", "maintenance"):
                self.relapses_in_taper += 1
        self.responded = self.responded or self.response == relapse.after

    def _category(self, value: float, *, base: float | None, before: float | None) -> str | None:
        """The first category that holds; None where an unknown one stands before it."""
        classification = self._classification()
        assert classification is not None
        compared = before if classification.against == "previous assessment" else base
        named = changes(classification.parameter, value, compared)
        for category in classification.categories:
            answer = holds(category.when, named)
            if answer is not False:
                return category.code if answer else None
        return None

    # -- what stands on a day ---------------------------------------------------------------------

    def state(self, day: int) -> State:
        """The values of the study's namespace on a study day, as decisions may use them. What is
        older than the study allows is unknown, and so is what the study lets grow to any age."""
        return _OnDay(self, day)

    def recorded(self, day: int) -> State:
        """The same for edit checks: the last value, however old it is."""
        return _OnDay(self, day, aged=False)

    def value(self, name: str, day: int, *, aged: bool = True) -> Value:
        """One name of the namespace. Raises KeyError for a name of which nothing is known."""
        variable = self.protocol.state.get(name)
        code, _, part = name.partition(".")
        if variable is not None:
            since = self._since(variable)
            value = self._standing(variable, day)
        elif code in self.measured:
            since = self.measured[code]
            value = self._measured(code, part, day)
        else:
            value, since = self.answers[name]
        return None if aged and self._too_old(name, since, day) else value

    def _since(self, variable: StateVariable) -> int | None:
        """The day of the assessment on which a state name rests; None for one that is of the day
        itself."""
        if variable.derivation in ("response", "relapse"):
            return self.measured.get(self._assessed())
        return None

    def _too_old(self, name: str, since: int | None, day: int) -> bool:
        if name not in self._limits:
            self._limits[name] = maximum_age(name, self.protocol)
        limit = self._limits[name]
        if since is None or limit == "none needed":
            return False
        return limit == "not stated" or days_between(since, day) > limit

    def _standing(self, variable: StateVariable, day: int) -> Value:
        match variable.derivation:
            case "age":
                return self.age
            case "sex":
                return self.sex
            case "study day":
                return day if day > 0 else None
            case "dose step":
                return self.protocol.treatment.ladder[self.step].step
            case "weeks at dose step":
                return (day - self.step_since + 3) // 7 if self.cycle else 0
            case "treatment phase":
                return self.phase
            case "cycle" | "day of cycle" | "week of cycle":
                return self._of_cycle(variable.derivation, day)
            case "response":
                return self.response
            case "best response":
                return None if self.best_rank is None else self._ranks()[self.best_rank]
            case "relapse" if self.protocol.relapse and self._assessed() in self.measured:
                return "yes" if self.in_relapse else "no"
            case "relapses in taper" if self.protocol.relapse:
                return self.relapses_in_taper
        return None

    def _of_cycle(self, derivation: str, day: int) -> int | None:
        """Number, day or week of the cycle; 0 before the first one."""
        if not self.cycle or derivation == "cycle":
            return self.cycle
        day_of_cycle = day - self.cycle_since + 1
        if derivation == "day of cycle":
            return day_of_cycle
        return nominal_week(day_of_cycle, self.protocol.analysis_windows)

    def _measured(self, code: str, part: str, day: int) -> Value:
        since = self.measured[code]
        if part == "AGE_DAYS":
            return days_between(since, day)
        if part == "BASE":
            return self.baselines.get(code)
        if part == "GRADE":
            return self._grade(code)
        named = changes(code, self.values[code], self.baselines.get(code))
        return named.get(f"{code}.{part}" if part else code)

    def _grade(self, code: str) -> int | None:
        parameter, toxicity = self.protocol.parameters[code], self.protocol.toxicity
        if parameter.grade is None or toxicity is None:
            return None
        low, high = self.limits.get(code, (None, None))
        return grade(
            parameter.grade,
            self.values[code],
            lln=low,
            uln=high,
            baseline=self.baselines.get(code),
            version=toxicity.version,
        )

    def _assessed(self) -> str:
        """The parameter whose categories are the response; empty where the study has none."""
        classification = self._classification()
        return "" if classification is None else classification.parameter

    def _classification(self) -> Classification | None:
        name = classification_of(self.protocol)
        return None if name is None else self.protocol.classifications[name]

    def _ranks(self) -> list[str]:
        classification = self._classification()
        assert classification is not None
        return [category.code for category in classification.categories]


@dataclass(frozen=True, slots=True)
class _OnDay(Mapping[str, Value]):
    """The state on a day. Each value is found when a condition asks for it."""

    standing: Standing
    day: int
    aged: bool = True

    def __getitem__(self, name: str) -> Value:
        return self.standing.value(name, self.day, aged=self.aged)

    def __iter__(self) -> Iterator[str]:
        yield from self.standing.protocol.state
        yield from self.standing.measured
        yield from self.standing.answers

    def __len__(self) -> int:
        return sum(1 for _ in self)


def changes(code: str, value: float, base: float | None) -> dict[str, Value]:
    """A value, what it is compared with, and its change, by the names of the parameter."""
    change = None if base is None else value - base
    percent = None if change is None or not base else 100 * change / base
    return {code: value, f"{code}.BASE": base, f"{code}.CHG": change, f"{code}.PCHG": percent}


def nominal_week(day: int, windows: AnalysisWindows) -> int | None:
    """The week of the analysis window in which a day of a cycle lies; 0 up to its first day, None
    for a day in no window."""
    if day <= 1:
        return 0
    block = 7 * WEEKS_AT_ONCE
    return _weeks(windows, block * -(-day // block))[day - 1]


@functools.cache
def _weeks(windows: AnalysisWindows, days: int) -> tuple[int | None, ...]:
    """The week of each day of a cycle, from its first day on."""
    every = pl.DataFrame({"ADY": range(1, days + 1)}).with_columns(POST=pl.col("ADY") > 1)
    return tuple(with_visit(every, windows)["AVISITN"])


def days_between(first: int, last: int) -> int:
    """Days from one study day to another. There is no day 0."""
    return last - first - (1 if first < 0 < last else 0)
