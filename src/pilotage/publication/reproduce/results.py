"""The results that a claim names, as numbers in its unit, each with a label of its own."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import polars as pl

from pilotage.publication.plan_statistics import unit_of
from pilotage.publication.reproduce.cause import Kind
from pilotage.publication.units import factor
from pilotage.statistics.rounding import as_written
from pilotage.study import Study
from pilotage.study.plan_statistics import OF_A_CATEGORY, OF_EVENT_TIMES
from pilotage.study.sap import Analysis, AnyAnalysis, CategoriesAnalysis, EventsAnalysis

_PARTS = 5


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ours, exact and in the unit of the claim, or the reason why there is none.

    `unbound`: the results have no such row, and not because of the data. `other`: what is other
    than in the number that is meant, where the result does not say it.
    """

    label: str
    value: Fraction | None = None
    n: int | None = None
    population: str = ""
    method: str = ""
    results: tuple[str, ...] = ()
    reason: str = ""
    unbound: bool = False
    other: Kind | None = None


@dataclass(slots=True)
class Results:
    """The results frame by RESULTID."""

    study: Study
    frame: pl.DataFrame
    _rows: dict[str, list[dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        columns = ["RESULTID", "ANALYSIS", "POPULATION", "LEVEL", "AVISIT", "STATISTIC", "VALUE"]
        chosen = self.frame.select(*columns, "N", "GROUP", "METHOD", "STATUS", "REASON", "LABEL")
        self._rows = {}
        for row in chosen.iter_rows(named=True):
            self._rows.setdefault(row["ANALYSIS"], []).append(row)

    def _of(self, pattern: str) -> list[dict[str, Any]]:
        """The results of the analysis that a pattern names."""
        return self._rows.get(pattern.partition("/")[0], [])

    def analysis(self, pattern: str) -> AnyAnalysis:
        """The analysis that a pattern names; the loader has refused every other name."""
        return next(a for a in self.study.sap.analyses if a.id == pattern.partition("/")[0])

    def numbers(self, pattern: str, *, unit: str | None = None) -> list[Number]:
        """Every result that the pattern fits, or one number that says why there is none."""
        own = self._of(pattern)
        rows = [row for row in own if _fits(pattern, row["RESULTID"])]
        return [self._number(row, unit) for row in rows] or [self._absent(pattern)]

    def one(self, pattern: str, *, unit: str | None = None) -> Number:
        """The first result that the pattern fits."""
        return self.numbers(pattern, unit=unit)[0]

    def _number(self, row: dict[str, Any], unit: str | None) -> Number:
        found = Number(
            label=self._label(row),
            n=self._size(row),
            population=row["POPULATION"],
            method=row["METHOD"] or "",
            results=(row["RESULTID"],),
            reason=row["REASON"] or "",
        )
        if row["VALUE"] is None:
            return found
        analysis = self.analysis(row["RESULTID"])
        times = factor(unit_of(self.study, analysis, row["STATISTIC"]), unit)
        return replace(found, value=as_written(row["VALUE"]) * (times or 1), reason="")

    def _label(self, row: dict[str, Any]) -> str:
        """'Relapse after withdrawal, SCLE, Evaluable, n = 12'."""
        population = self._population(row["POPULATION"])
        level = row["LEVEL"] if row["GROUP"] or row["LEVEL"] else None
        visit = (
            row["AVISIT"] if getattr(self.analysis(row["RESULTID"]), "by_visit", False) else None
        )
        size = None if (n := self._size(row)) is None else f"n = {n}"
        category = row["STATISTIC"].partition(" ")[2] or None
        parts = (row["LABEL"], visit, level, category, population, size)
        return ", ".join(dict.fromkeys(part for part in parts if part))

    def _size(self, row: dict[str, Any]) -> int | None:
        """How many the number is of: of the times of those with the event, only these."""
        n: int | None = row["N"]
        if row["STATISTIC"] not in OF_EVENT_TIMES or not n:
            return n
        name = with_statistic(row["RESULTID"], "events")
        events = [other["VALUE"] for other in self._of(name) if other["RESULTID"] == name]
        return int(events[0]) if events and events[0] is not None else n

    def _population(self, name: str) -> str:
        return self.study.text(self.study.sap.populations[name].label)

    def name(self, number: Number) -> str:
        """The analysis and the population of a result, without what is its own."""
        analysis = self.analysis(number.results[0])
        return f"{self.study.text(analysis.label)}, {self._population(number.population)}"

    def _absent(self, pattern: str) -> Number:
        """Why no result fits: nothing was collected, nobody has this category, or there is no such
        result at all."""
        analysis = self.analysis(pattern)
        _, population, level, _, statistic = pattern.split("/")
        rows = [row for row in self._of(pattern) if population in ("*", row["POPULATION"])]
        label = self.study.text(analysis.label)
        if len(rows) == 1 and rows[0]["STATUS"] != "computed" and rows[0]["VALUE"] is None:
            return replace(self._number(rows[0], None), reason=rows[0]["REASON"] or "")
        if rows and _nobody_is_zero(analysis, level, statistic):
            first = self._number(rows[0], None)
            ids = tuple(dict.fromkeys(row["RESULTID"] for row in rows))
            return replace(first, value=Fraction(0), method="nobody has it", results=ids, reason="")
        if rows and analysis.by is not None and level not in ("-", "*"):
            reason = f"nobody has {level.replace('=', ' ')}"
            return Number(label, population=population, reason=reason)
        reason = f"the results have no {pattern}"
        return Number(label, population=population, reason=reason, unbound=True)


def _nobody_is_zero(analysis: Analysis, level: str, statistic: str) -> bool:
    """Is the pattern that of a category that nobody has? Such a category has no rows: its count
    and its share are 0."""
    match analysis:
        case CategoriesAnalysis() if analysis.by is None:
            return statistic.startswith(OF_A_CATEGORY)
        case EventsAnalysis() if analysis.by is None:
            return level not in ("-", "*") and statistic in ("subjects", "events", "proportion")
    return False


def populations_of(pattern: str, analysis: Analysis) -> list[str]:
    """The same result in the other populations of the analysis."""
    parts = pattern.split("/")
    others = [name for name in analysis.populations if name != parts[1]]
    return ["/".join((parts[0], name, *parts[2:])) for name in others]


def with_statistic(pattern: str, statistic: str) -> str:
    """The pattern of another statistic of the same analysis."""
    return "/".join((*pattern.split("/")[: _PARTS - 1], statistic))


def statistic_of(pattern: str) -> str:
    return pattern.split("/")[_PARTS - 1]


def visit_of(pattern: str) -> str:
    """The week of a result's visit, or - or *."""
    return pattern.split("/")[_PARTS - 2]


def _fits(pattern: str, name: str) -> bool:
    """Part by part; '*' stands for any text within a part."""
    asked, given = pattern.split("/"), name.split("/")
    return len(asked) == len(given) and all(
        one == other or ("*" in one and re.fullmatch(re.escape(one).replace(r"\*", ".*"), other))
        for one, other in zip(asked, given, strict=True)
    )
