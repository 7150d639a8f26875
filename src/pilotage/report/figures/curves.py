"""Curves over the weeks from the results: survival, or cumulative incidence beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.canvas import Style, styles
from pilotage.report.lookup import Found, value_of
from pilotage.report.notes import Notes
from pilotage.study.sap import CumulativeIncidenceAnalysis, Output, TimeToEventAnalysis

CurveAnalysis = TimeToEventAnalysis | CumulativeIncidenceAnalysis


@dataclass(frozen=True, slots=True)
class Step:
    """The curve at one time: how many were at risk just before, and its height after it."""

    week: float
    at_risk: int
    height: Found
    low: Found | None
    high: Found | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One analysis, or one group of it. A rising curve begins at 0 and is an incidence, the other
    begins at 1 and is a survival."""

    analysis: str
    group: str
    steps: tuple[Step, ...]
    style: Style
    rising: bool = False

    @property
    def name(self) -> str:
        return f"{self.analysis}: {self.group}" if self.group else self.analysis


def curves_of(output: Output, context: Context, notes: Notes) -> Iterator[Curve]:
    """The curves of the output's analyses (and groups) in their first population; tells how they
    were made and what they end in."""
    for name in output.analyses:
        analysis = context.analysis(name)
        if not isinstance(analysis, CurveAnalysis):
            continue
        rising = isinstance(analysis, CumulativeIncidenceAnalysis)
        style = styles()
        population = analysis.populations[0]
        label = context.text(analysis.label)
        level = formats.level(analysis.level)
        notes.add(context.words("shown_in", population=context.population_head(population)))
        made = "steps_incidence" if rising else "steps"
        notes.add(context.words(made, interval=analysis.interval, level=level))
        levels = context.results.levels(name, population)
        codes = context.codes(analysis.by or "")
        if analysis.by is not None:
            levels = [*codes.ordered(level for level in levels if level)]
        for group in levels:
            rows = [r for r in context.results.rows(name, population) if r.level == group]
            name_of_group = "" if group is None else codes.label(group)
            steps = tuple(_steps(rows, "incidence" if rising else "survival"))
            curve = Curve(label, name_of_group, steps, next(style), rising)
            (_tell_incidence if rising else _tell_median)(
                context, notes, analysis, curve.name, rows
            )
            if curve.steps:
                yield curve


def _steps(rows: list[Found], statistic: str) -> Iterator[Step]:
    at: dict[float, dict[str, Found]] = {}
    for row in rows:
        if row.at is not None:
            at.setdefault(row.at, {})[row.statistic] = row
    for week, found in sorted(at.items()):
        height = found.get(statistic)
        if height is not None:
            yield Step(week, height.n or 0, height, found.get("low"), found.get("high"))


def _tell_median(
    context: Context,
    notes: Notes,
    analysis: CurveAnalysis,
    title: str,
    rows: list[Found],
) -> None:
    """A footnote with events, subjects, and the median with its interval or why there is none."""
    one = {row.statistic: row for row in rows if row.at is None}
    events, median = one.get("events"), one.get("median")
    if events is None or median is None:
        return
    words = context.words
    told = words("events_of", events=formats.count(events.value), n=formats.count(events.n))
    if median.value is None:
        shown = f"{told}; {median.reason}"
    else:
        low, high = (value_of(one.get(name)) for name in ("median_low", "median_high"))
        level = formats.level(analysis.level)
        weeks, bounds = formats.weeks(median.value), formats.open_interval(low, high, digits=1)
        shown = f"{told}; {words('median_of', median=weeks, level=level, bounds=bounds)}"
    used = (events, median, one.get("median_low"), one.get("median_high"))
    notes.add(f"{title}: {shown}.", tuple(row.id for row in used if row is not None))


def _tell_incidence(
    context: Context,
    notes: Notes,
    analysis: CurveAnalysis,
    title: str,
    rows: list[Found],
) -> None:
    """A footnote with the subjects who had the event or the competing one first, and the incidence
    up to the last time with its interval or why there is none."""
    one = {row.statistic: row for row in rows if row.at is None}
    events, competing, last = (one.get(n) for n in ("events", "competing", "last_incidence"))
    if events is None or competing is None or last is None:
        return
    words = context.words
    told = words(
        "incidence_of", events=formats.count(events.value), n=formats.count(events.n),
        competing=formats.count(competing.value),
    )  # fmt: skip
    low, high = one.get("last_low"), one.get("last_high")
    if last.value is None:
        shown = f"{told}; {last.reason}"
    else:
        bounds = formats.percent_interval(value_of(low), value_of(high))
        level = formats.level(analysis.level)
        height = formats.percent(last.value, 1)
        shown = f"{told}; {words('incidence_last', height=height, level=level, bounds=bounds)}"
    used = (events, competing, last, low, high)
    notes.add(f"{title}: {shown}.", tuple(row.id for row in used if row is not None))


def stairs(curve: Curve) -> tuple[list[float], list[float]]:
    """Weeks and heights from the start, where nobody has had the event yet."""
    weeks = [0.0, *(step.week for step in curve.steps)]
    start = 0.0 if curve.rising else 1.0
    return weeks, [start, *(value_of(step.height) or 0.0 for step in curve.steps)]


def censored(curve: Curve) -> Iterator[tuple[float, float]]:
    """Times at which somebody was censored, and the height of the curve there; not of an incidence,
    where those who leave may have had the competing event.

    Of those at risk before a time and not after it, the ones without the event were censored; how
    many had it follows from the step of the curve.
    """
    if curve.rising:
        return
    before = 1.0
    left = [step.at_risk for step in curve.steps[1:]] + [0]
    for step, after in zip(curve.steps, left, strict=True):
        height = value_of(step.height) or 0.0
        events = round(step.at_risk * (1 - height / before)) if before else 0
        if step.at_risk - after > events:
            yield step.week, height
        before = height


def at_risk(curve: Curve, week: float) -> int:
    """How many were at risk just before a time."""
    return next((step.at_risk for step in curve.steps if step.week >= week), 0)
