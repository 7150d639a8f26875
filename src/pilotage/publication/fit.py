"""Does `published.yaml` fit its study? Results, populations, columns and weeks that it names."""

from collections.abc import Iterator

from pilotage.conditions import check
from pilotage.publication.claims import Claim, Ends
from pilotage.publication.consistency import Report
from pilotage.study import Study
from pilotage.study.columns import adsl_columns
from pilotage.study.consistency.report import UNDECLARED
from pilotage.study.places import Path

_PARTS = "ANALYSIS/POPULATION/LEVEL/AVISITN/STATISTIC"


def misfits(report: Report, study: Study) -> None:
    """Add to the report what the study does not know. It says nothing about truth."""
    _groups(report, study)
    _variables(report, study)
    _times(report, study)
    populations = {analysis.id: analysis.populations for analysis in study.sap.analyses}
    for at, claim in enumerate(report.published.claims):
        for path, pattern in _patterns(claim, ("claims", at, "result")):
            _result(report, path, pattern, populations)


def _groups(report: Report, study: Study) -> None:
    columns = adsl_columns(study.protocol, study.sap)
    for name, group in report.published.groups.items():
        for mistake in check(group.where, columns) if group.where is not None else ():
            words = mistake.replace(UNDECLARED, "which is no column of ADSL")
            report.error(("groups", name, "where"), f"group {name} {words}")


def _variables(report: Report, study: Study) -> None:
    """A variable that bears the name of a parameter is that parameter."""
    for name, variable in report.published.variables.items():
        own = study.protocol.parameters.get(name)
        if own is None or own.unit != variable.unit:
            continue
        if variable.range is not None and variable.range != own.range:
            words = f"the range of {name} is {_span(own.range)} in protocol.yaml"
            report.error(("variables", name, "range"), words)
        if variable.whole_numbers != own.whole_numbers:
            words = (
                f"'whole_numbers' of {name} is {str(own.whole_numbers).lower()} in protocol.yaml"
            )
            report.error(("variables", name), words)


def _span(ends: tuple[float, float]) -> str:
    return f"[{ends[0]:g}, {ends[1]:g}]"


def _times(report: Report, study: Study) -> None:
    windows = study.protocol.analysis_windows
    weeks = [0, *(window.week for window in windows.rows)]
    for name, time in report.published.times.items():
        if time.week is None or time.week in weeks:
            continue
        beyond = time.week - weeks[-1]
        later = windows.afterwards
        if later is None or beyond < 0 or beyond % later.every_weeks:
            words = f"week {time.week} has no analysis window in protocol.yaml"
            report.error(("times", name, "week"), words)


def _patterns(claim: Claim, path: Path) -> Iterator[tuple[Path, str]]:
    """Every pattern of results that a claim names, with its place."""
    named = getattr(claim, "result", ())
    several = isinstance(named, tuple)
    for at, one in enumerate(named if several else (named,)):
        where: Path = (*path, at) if several else path
        if isinstance(one, Ends):
            yield (*where, "low"), one.low
            yield (*where, "high"), one.high
        else:
            yield where, one


def _result(
    report: Report, path: Path, pattern: str, populations: dict[str, tuple[str, ...]]
) -> None:
    parts = pattern.split("/")
    if len(parts) != len(_PARTS.split("/")):
        report.error(path, f"'{pattern}' names no result; write {_PARTS}, '-' for none, * for any")
        return
    analysis, population, _, visit, _ = parts
    message = f"'{analysis}' is no analysis of sap.yaml"
    if not report.known(path, analysis, populations, message):
        return
    if population != "*":
        message = f"analysis {analysis} has no population '{population}'"
        report.known(path, population, populations[analysis], message)
    if visit not in ("-", "*") and not visit.isdigit():
        report.error(
            path, f"the visit '{visit}' is no number of a week; write 0 for baseline, or -"
        )
