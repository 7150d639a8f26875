"""Does every result that `published.yaml` names exist in the analysis plan, and can it answer?"""

from collections.abc import Iterator

from pilotage.publication.claims import AnyClaim, ComparisonClaim, Ends
from pilotage.publication.consistency import Report
from pilotage.publication.plan_statistics import statistics_of, unit_of
from pilotage.publication.units import factor
from pilotage.study import Study
from pilotage.study.columns import dataset_columns
from pilotage.study.places import Path
from pilotage.study.plan_statistics import OF_A_CATEGORY
from pilotage.study.sap import AnyAnalysis, CategoriesAnalysis, EventsAnalysis

_PARTS = "ANALYSIS/POPULATION/LEVEL/AVISITN/STATISTIC"

_BEGINNINGS: dict[str, tuple[str, ...]] = {
    "count": ("count", "subjects", "events", "unknown", "censored", "n"),
    "percentage": ("proportion", "survival", "incidence", "last_incidence"),
    "mean": ("mean",),
    "sd": ("sd",),
    "sem": ("sem",),
    "median": ("median",),
    "minimum": ("minimum",),
    "maximum": ("maximum",),
    "p_value": ("p_",),
    "change": ("p_", "mean_change"),
    "all": ("proportion", "count", "subjects"),
    "none": ("proportion", "count", "subjects"),
}
"""How the statistics begin that can answer a claim of a kind; of the other kinds any can."""

_ENDS = {"range": ("minimum", "maximum"), "quartiles": ("q1", "q3")}


def results_named(report: Report, study: Study) -> None:
    """Add to the report every result that the plan does not give, or that is of another kind."""
    for at, claim in enumerate(report.published.claims):
        for path, pattern, beginnings in _patterns(claim, ("claims", at, "result")):
            _result(report, study, path, pattern, claim, beginnings)
        if isinstance(claim, ComparisonClaim) and claim.result and not _are_two(claim):
            words = "a comparison names two results: that of 'group' first, then that of 'than'"
            report.error(("claims", at, "result"), words)


def _are_two(claim: ComparisonClaim) -> bool:
    return isinstance(claim.result, tuple) and len(claim.result) == 2


def _patterns(claim: AnyClaim, path: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Every pattern of results that a claim names, with its place and how its statistic begins."""
    named = getattr(claim, "result", ())
    several = isinstance(named, tuple)
    begin = _BEGINNINGS.get(claim.kind, ())
    for at, one in enumerate(named if several else (named,)):
        where: Path = (*path, at) if several else path
        if isinstance(one, Ends):
            low, high = _ENDS.get(claim.kind, ("", ""))
            yield (*where, "low"), one.low, (low,)
            yield (*where, "high"), one.high, (high,)
        else:
            yield where, one, begin


def _result(
    report: Report,
    study: Study,
    path: Path,
    pattern: str,
    claim: AnyClaim,
    beginnings: tuple[str, ...],
) -> None:
    parts = pattern.split("/")
    if len(parts) != len(_PARTS.split("/")):
        report.error(path, f"'{pattern}' names no result; write {_PARTS}, '-' for none, * for any")
        return
    name, population, level, visit, statistic = parts
    analyses = {analysis.id: analysis for analysis in study.sap.analyses}
    if not report.known(path, name, analyses, f"'{name}' is no analysis of sap.yaml"):
        return
    analysis = analyses[name]
    if population != "*":
        message = f"analysis {name} has no population '{population}'"
        report.known(path, population, analysis.populations, message)
    if visit not in ("-", "*") and not visit.isdigit():
        report.error(
            path, f"the visit '{visit}' is no number of a week; write 0 for baseline, or -"
        )
    _level(report, study, path, analysis, level)
    if _statistic(report, study, path, analysis, statistic):
        _kind(report, study, path, analysis, claim, statistic, beginnings)


def _level(report: Report, study: Study, path: Path, analysis: AnyAnalysis, level: str) -> None:
    """A level is `COLUMN=VALUE` in an analysis that is split by the column; a term in one of
    events."""
    if level == "*" or isinstance(analysis, EventsAnalysis):
        return
    if analysis.by is None:
        if level != "-":
            words = f"analysis {analysis.id} is not split into levels; write - for '{level}'"
            report.error(path, words)
        return
    column, _, value = level.partition("=")
    if column != analysis.by:
        words = f"analysis {analysis.id} is split by {analysis.by}; write {analysis.by}=… or *"
        report.error(path, words)
        return
    columns = dataset_columns("ADSL", study.protocol, study.sap)
    _choice(report, path, value, columns[column].choices if column in columns else (), column)


def _choice(report: Report, path: Path, value: str, choices: tuple[str, ...], column: str) -> None:
    if choices and value not in ("*", "not known"):
        report.known(path, value, choices, f"'{value}' is no value of {column}")


def _statistic(
    report: Report, study: Study, path: Path, analysis: AnyAnalysis, statistic: str
) -> bool:
    """Does the analysis give such a statistic? If not: error, with the nearest."""
    if "*" in statistic or "@" in statistic:
        return True
    if isinstance(analysis, CategoriesAnalysis):
        start = next((each for each in OF_A_CATEGORY if statistic.startswith(each)), None)
        if start is None:
            words = f"analysis {analysis.id} counts categories; write 'count X' or 'proportion X'"
            report.error(path, words)
            return False
        columns = dataset_columns(analysis.dataset, study.protocol, study.sap)
        own = columns.get(analysis.variable)
        chosen = statistic.removeprefix(start)
        _choice(report, path, chosen, own.choices if own else (), analysis.variable)
        return True
    given = statistics_of(analysis)
    message = f"analysis {analysis.id} gives no '{statistic}' ({', '.join(given)})"
    return not given or report.known(path, statistic, given, message)


def _kind(
    report: Report,
    study: Study,
    path: Path,
    analysis: AnyAnalysis,
    claim: AnyClaim,
    statistic: str,
    beginnings: tuple[str, ...],
) -> None:
    """Is it a statistic of the claim's kind, in a unit that becomes the claim's?"""
    if beginnings and not statistic.startswith((*beginnings, "*")):
        wanted = " or ".join(f"'{each}'" for each in beginnings)
        words = f"'{statistic}' does not answer a claim of the kind {claim.kind}; it begins with"
        report.error(path, f"{words} {wanted}")
        return
    given = unit_of(study, analysis, statistic)
    variable = report.published.variables.get(getattr(claim, "variable", None) or "")
    asked = getattr(claim, "unit", None) or (variable.unit if variable else None)
    if claim.kind not in ("p_value", "change") and factor(given, asked) is None:
        words = f"analysis {analysis.id} is in {given}, which is not converted to {asked}"
        report.error(path, words)
