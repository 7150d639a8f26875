"""The results frame: one unrounded number per row, with everything needed to read and check it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pilotage.statistics.rounding import as_written

Status = Literal["computed", "not computed", "not collected"]

SCHEMA = {
    "RESULTID": pl.String,
    "ANALYSIS": pl.String,
    "LABEL": pl.String,
    "KIND": pl.String,
    "ENDPOINT": pl.String,
    "POPULATION": pl.String,
    "GROUP": pl.String,
    "LEVEL": pl.String,
    "PARAMCD": pl.String,
    "AVISITN": pl.Int64,
    "AVISIT": pl.String,
    "AT": pl.Float64,
    "STATISTIC": pl.String,
    "VALUE": pl.Float64,
    "TEXT": pl.String,
    "UNIT": pl.String,
    "N": pl.Int64,
    "METHOD": pl.String,
    "MISSING": pl.String,
    "STATUS": pl.String,
    "REASON": pl.String,
    "DATASET": pl.String,
    "SOURCES": pl.String,
    "CONSIDERED": pl.String,
    "SUBJECTS": pl.String,
    "PROTOCOL": pl.String,
}
"""Columns of results. AT is the time of a point of a curve. A result names every row that it
depends on, as USUBJID.ASEQ, or says how many where they are very many: SOURCES the rows of DATASET
that are counted, CONSIDERED those that were looked at and not counted, SUBJECTS the rows of ADSL of
the subjects who could have been, or were left out."""


def confidence(level: float) -> str:
    """A confidence level as it was given, in per cent: '95 %', '97.5 %'."""
    shown = 100 * as_written(level)
    return f"{shown.numerator if shown.denominator == 1 else float(shown)} %"


@dataclass(frozen=True, slots=True)
class Scope:
    """What several numbers share: the subjects or values behind them (n), group, visit, rows."""

    n: int | None = None
    level: str | None = None
    parameter: str | None = None
    visit_number: int | None = None
    visit: str | None = None
    at: float | None = None
    text: str | None = None
    unit: str | None = None
    missing: str | None = None
    sources: str | None = None
    considered: str | None = None
    subjects: str | None = None

    def number(self, statistic: str, value: float, method: str) -> "Result":
        """A number that was computed."""
        if not math.isfinite(value):
            return self.absent(statistic, "the number is not finite", method)
        return Result(self, statistic, float(value), method)

    def absent(
        self,
        statistic: str,
        reason: str,
        method: str | None = None,
        *,
        status: Status = "not computed",
    ) -> "Result":
        """A number that there is not, and why."""
        return Result(self, statistic, None, method, status, reason)

    def maybe(self, statistic: str, value: float | None, method: str, reason: str) -> "Result":
        """A number, or the reason why there is none."""
        if value is None:
            return self.absent(statistic, reason, method)
        return self.number(statistic, value, method)


@dataclass(frozen=True, slots=True)
class Result:
    """One number, unrounded. A statistic that cannot be computed is a row too, and says why."""

    scope: Scope
    statistic: str
    value: float | None
    method: str | None = None
    status: Status = "computed"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the rows of one analysis in one population share."""

    analysis: str
    label: str
    kind: str
    endpoint: str
    population: str
    dataset: str
    protocol: str
    group: str | None = None


def results_frame(rows: Iterable[tuple[About, Result]]) -> pl.DataFrame:
    """The rows as a frame, in the order given, each with its RESULTID."""
    return pl.DataFrame([_row(about, result) for about, result in rows], schema=SCHEMA)


def result_id(about: About, result: Result) -> str:
    """ANALYSIS/POPULATION/LEVEL/VISIT/STATISTIC; '-' where there is none. Stable from run to run.

    A '/' or '%' inside a part is written as %2F or %25, a part that is '-' itself as %2D.
    """
    scope = result.scope
    grouped = about.group is not None and scope.level is not None
    level = f"{about.group}={scope.level}" if grouped else scope.level
    visit = None if scope.visit_number is None else str(scope.visit_number)
    statistic = result.statistic if scope.at is None else f"{result.statistic}@{scope.at:.6g}"
    parts = (about.analysis, about.population, level, visit, statistic)
    return "/".join("-" if part is None else _plain(part) for part in parts)


def _plain(part: str) -> str:
    return "%2D" if part == "-" else part.replace("%", "%25").replace("/", "%2F")


def _row(about: About, result: Result) -> dict[str, object]:
    scope = result.scope
    return {
        "RESULTID": result_id(about, result),
        "ANALYSIS": about.analysis,
        "LABEL": about.label,
        "KIND": about.kind,
        "ENDPOINT": about.endpoint,
        "POPULATION": about.population,
        "GROUP": about.group,
        "LEVEL": scope.level,
        "PARAMCD": scope.parameter,
        "AVISITN": scope.visit_number,
        "AVISIT": scope.visit,
        "AT": scope.at,
        "STATISTIC": result.statistic,
        "VALUE": result.value,
        "TEXT": scope.text,
        "UNIT": scope.unit,
        "N": scope.n,
        "METHOD": result.method,
        "MISSING": scope.missing,
        "STATUS": result.status,
        "REASON": result.reason,
        "DATASET": about.dataset,
        "SOURCES": scope.sources,
        "CONSIDERED": scope.considered,
        "SUBJECTS": scope.subjects,
        "PROTOCOL": about.protocol,
    }
