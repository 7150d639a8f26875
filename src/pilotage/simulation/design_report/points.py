"""What the report shows of each scenario, or of each point of a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pilotage.report import formats
from pilotage.simulation.design_report.amounts import Number
from pilotage.simulation.model import Setting, Simulation
from pilotage.simulation.scenarios import Case
from pilotage.simulation.trials.characteristics import Characteristic
from pilotage.statistics.interim import Plan, PlanCharacteristics, plan_characteristics

SHORTEST = 4
"""A name with fewer characters is told with the one before it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario. `name` is how tables call it; `numbers` are its characteristics by name, with
    those of so many `rehearsals`, if there were any."""

    name: str
    case: Case
    plan: Plan
    trials: int
    subjects: int
    seed: int
    numbers: Mapping[str, Characteristic]
    silent: tuple[str, ...] = ()
    rehearsals: int = 0

    @property
    def simulation(self) -> Simulation:
        return self.case.simulation

    @property
    def fixed(self) -> bool:
        """Does nothing happen but success or failure?"""
        return self.case.fixed is not None

    def get(self, name: str) -> Number | None:
        """A number with its error; None where the scenario does not have it."""
        found = self.numbers.get(name)
        return None if found is None else (found.value, found.error)

    @property
    def rate(self) -> Number:
        """The scenario's own success rate with its error; known where nothing else happens."""
        found = self.get("TRUE_RATE") or self.get("SUCCESSES")
        return found or (0.0, 0.0)

    @property
    def toxicity(self) -> float:
        """The share of subjects with a toxicity, as far as the decision counts it."""
        found = self.get("TOX_IN_TIME") or self.get("TOX")
        return found[0] if found and self.watches_toxicity else 0.0

    @property
    def watches_toxicity(self) -> bool:
        return any(look.toxic_at is not None for look in self.plan.looks)

    def at(self, rate: float, *, toxicity: float = 0.0) -> PlanCharacteristics:
        """What the decision does, exactly, at a success rate; toxicity is independent of it."""
        return plan_characteristics(self.plan, p=rate, toxicity=toxicity)


def of_each_plan(points: Sequence[Point]) -> list[Point]:
    """The first point of each plan."""
    found: dict[Plan, Point] = {}
    for point in points:
        found.setdefault(point.plan, point)
    return list(found.values())


def axis_of(points: Sequence[Point]) -> str:
    """The value in which alone the points differ; empty where there is no single one."""
    if len(points) < 2:
        return ""
    paths = {path for point in points for path in point.case.settings}
    differing = [path for path in paths if len({_value(point, path) for point in points}) > 1]
    return differing[0] if len(differing) == 1 and len(_values(points, differing[0])) > 1 else ""


def value_at(point: Point, axis: str) -> str:
    """The value of a point on the axis; its name where there is none."""
    return formats.plain(point.case.settings[axis]) if axis else point.name


def along(points: Sequence[Point], axis: str) -> list[tuple[float, Point]]:
    """The points in the order of their values."""
    return sorted(
        ((float(point.case.settings[axis]), point) for point in points), key=lambda one: one[0]
    )


def names_of(cases: Sequence[Case]) -> list[str]:
    """How tables call the scenarios: by the values in which they differ, else by their name."""
    if len({case.label for case in cases}) > 1 or len(cases) == 1:
        return [case.name for case in cases]
    paths = dict.fromkeys(path for case in cases for path in case.settings)
    differing = [p for p in paths if len({case.settings.get(p) for case in cases}) > 1]
    return [
        ", ".join(f"{short(path)} = {formats.plain(case.settings[path])}" for path in differing)
        for case in cases
    ]


def short(path: str) -> str:
    """The last step of a path: 'sd' of 'subject.true_late_days.sd' would say too little."""
    *before, last = path.split(".")
    return f"{before[-1]}.{last}" if before and len(last) < SHORTEST else last


def _value(point: Point, path: str) -> Setting | None:
    return point.case.settings.get(path)


def _values(points: Sequence[Point], path: str) -> set[Setting | None]:
    return {_value(point, path) for point in points} - {None}
