"""Where a synthetic subject stands under the protocol: dose, cycle, response, relapses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pilotage.conditions import holds
from pilotage.instruments.ctcae import grade
from pilotage.rules import UNKNOWN, Decision, State
from pilotage.rules.decide import Value
from pilotage.study.protocol import AnalysisWindows, Protocol, StateVariable

Limits = tuple[float | None, float | None]


@dataclass(slots=True)
class Progress:
    """The running record of one subject. Days are study days; step 0 of the ladder is no drug.

    `limits` are the limits of normal by laboratory parameter; `answers` the answers to items with
    the day on which they were given.
    """

    protocol: Protocol
    limits: Mapping[str, Limits]
    age: int
    sex: str
    answers: Mapping[str, tuple[Value, int]]
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
    finished: bool = False
    values: dict[str, float] = field(default_factory=dict)
    baselines: dict[str, float] = field(default_factory=dict)
    measured: dict[str, int] = field(default_factory=dict)

    # -- what is seen -----------------------------------------------------------------------------

    def observe(self, values: Mapping[str, float], day: int) -> None:
        """Take in the values of an assessment: baseline up to the day of the first dose, response
        and relapse after it."""
        self.values.update(values)
        self.measured.update(dict.fromkeys(values, day))
        if day <= 1:
            self.baselines.update(values)
        elif self._assessed() in values:
            self._respond()

    def _respond(self) -> None:
        relapse = self.protocol.relapse
        assert relapse is not None
        categories = self.protocol.classifications[relapse.classification].categories
        named = self._named(self._assessed())
        self.response = next((c.code for c in categories if holds(c.when, named)), None)
        if self.response is not None:
            rank = self._ranks().index(self.response)
            self.best_rank = rank if self.best_rank is None else min(self.best_rank, rank)
        if holds(relapse.cleared, named):
            self.in_relapse = False
            self.holding_step = self.step or self.holding_step
        elif self.responded and not self.in_relapse and holds(relapse.when, named):
            self.in_relapse = True
            if self.phase in ("taper", "off treatment", "maintenance"):
                self.relapses_in_taper += 1
        self.responded = self.responded or self.response == relapse.after

    # -- what stands on a day ---------------------------------------------------------------------

    def state(self, day: int) -> State:
        """The values of the study's namespace on a study day. What is older than the study allows
        is unknown."""
        return Standing(self, day)

    def value(self, name: str, day: int) -> Value:
        """One name of the namespace. Raises KeyError for a name of which nothing is known."""
        variable = self.protocol.state.get(name)
        if variable is not None:
            return self._standing(variable, day)
        code, _, part = name.partition(".")
        if code in self.measured:
            return self._measured(code, part, day)
        answer, since = self.answers[name]
        form, _, item = name.partition(".")
        limit = self.protocol.forms[form].items[item].max_age_days
        return None if _too_old(limit, since, day) else answer

    def _standing(self, variable: StateVariable, day: int) -> Value:
        since = self.measured.get(self._assessed())
        if since is not None and _too_old(variable.max_age_days, since, day):
            return None
        match variable.derivation:
            case "age":
                return self.age
            case "sex":
                return self.sex
            case "study day":
                return day
            case "day of cycle":
                return day - self.cycle_since + 1 if self.cycle else 0
            case "week of cycle":
                windows = self.protocol.analysis_windows
                return nominal_week(day - self.cycle_since + 1, windows) if self.cycle else 0
            case "dose step":
                return self.protocol.treatment.ladder[self.step].step
            case "weeks at dose step":
                return (day - self.step_since + 3) // 7
            case "treatment phase":
                return self.phase
            case "cycle":
                return self.cycle
            case "response":
                return self.response
            case "best response":
                return None if self.best_rank is None else self._ranks()[self.best_rank]
            case "relapse":
                return "yes" if self.in_relapse else "no"
            case "relapses in taper":
                return self.relapses_in_taper
        return None

    def _measured(self, code: str, part: str, day: int) -> Value:
        since = self.measured[code]
        if part == "AGE_DAYS":
            return days_between(since, day)
        if part == "BASE":
            return self.baselines.get(code)
        if _too_old(self.protocol.parameters[code].max_age_days, since, day):
            return None
        return self._grade(code) if part == "GRADE" else self._named(code).get(_dotted(code, part))

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

    def _named(self, code: str) -> dict[str, Value]:
        value, base = self.values[code], self.baselines.get(code)
        change = None if base is None else value - base
        percent = None if change is None or not base else 100 * change / base
        return {
            code: value,
            f"{code}.BASE": base,
            f"{code}.CHG": change,
            f"{code}.PCHG": percent,
        }

    def _assessed(self) -> str:
        """The parameter whose categories are the response; empty where the study has none."""
        relapse = self.protocol.relapse
        if relapse is None:
            return ""
        return self.protocol.classifications[relapse.classification].parameter

    def _ranks(self) -> list[str]:
        relapse = self.protocol.relapse
        assert relapse is not None
        return [c.code for c in self.protocol.classifications[relapse.classification].categories]

    # -- what is done -----------------------------------------------------------------------------

    def carry_out(self, decision: Decision, day: int) -> None:
        """Change the dose as a decision says. An unknown decision leaves the dose as it is."""
        if decision.action in (UNKNOWN, None, "hold"):
            return
        steps = [step.step for step in self.protocol.treatment.ladder]
        named = steps.index(decision.to) if decision.to in steps else None
        match decision.action:
            case "start" | "reintroduce":
                self._set(named if named is not None else 1, day)
                self.phase = "treatment"
            case "raise":
                self._set(min(self.step + 1, len(steps) - 1) if named is None else named, day)
            case "lower":
                self._set(max(self.step - 1, 0) if named is None else named, day)
                self.phase = "taper" if self.step else "off treatment"
            case "maintain":
                self._set(self.holding_step if named is None else named, day)
                self.phase = "maintenance"
            case "stop":
                self.stop(day)

    def stop(self, day: int) -> None:
        """No drug from this day on, and no further decision."""
        self._set(0, day)
        self.phase = "off treatment"
        self.finished = True

    def _set(self, step: int, day: int) -> None:
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


@dataclass(frozen=True, slots=True)
class Standing(Mapping[str, Value]):
    """The state on a day. Each value is found when a condition asks for it."""

    progress: Progress
    day: int

    def __getitem__(self, name: str) -> Value:
        return self.progress.value(name, self.day)

    def __iter__(self) -> Iterator[str]:
        yield from self.progress.protocol.state
        yield from self.progress.measured
        yield from self.progress.answers

    def __len__(self) -> int:
        return sum(1 for _ in self)


def nominal_week(day: int, windows: AnalysisWindows) -> int | None:
    """The week of the analysis window in which a day of a cycle lies; 0 up to its first day, None
    for a day in no window."""
    if day <= 1:
        return 0
    for window in windows.rows:
        if window.first_day <= day <= window.last_day:
            return window.week
    later, last = windows.afterwards, windows.rows[-1].week
    if later is None:
        return None
    first = 1 + 7 * (last + later.every_weeks) - later.days_before
    if day < first:
        return None
    week = last + later.every_weeks * ((day - first) // (7 * later.every_weeks) + 1)
    return week if day <= 1 + 7 * week + later.days_after else None


def days_between(first: int, last: int) -> int:
    """Days from one study day to another. There is no day 0."""
    return last - first - (1 if first < 0 < last else 0)


def _too_old(limit: int | str | None, since: int, day: int) -> bool:
    return isinstance(limit, int) and days_between(since, day) > limit


def _dotted(code: str, part: str) -> str:
    return f"{code}.{part}" if part else code
