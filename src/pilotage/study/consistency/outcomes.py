"""Classifications, relapse, times to event, analysis windows."""

from pilotage.conditions import Namespace
from pilotage.study.consistency.measures import parameter_known
from pilotage.study.consistency.report import Report, ascending
from pilotage.study.places import Path
from pilotage.study.protocol import Classification, LaterWindows, Window

RELAPSE_PARAMETER = "RELAPSE"
"""The PARAMCD that ADRS gives to relapses; no classification may take it."""


def check_outcomes(report: Report) -> None:
    """Categories look at their parameter only; what is named exists; windows do not overlap."""
    _classifications(report)
    _relapse(report)
    _times(report)
    _windows(report)


def _classifications(report: Report) -> None:
    paths: list[Path] = []
    names: list[str] = []
    for name, classification in report.protocol.classifications.items():
        path: Path = ("protocol", "classifications", name)
        paths.append(path)
        names.append(name)
        parameter_known(report, (*path, "parameter"), classification.parameter)
        _a_score(report, path, name, classification.parameter)
        _categories(report, path, classification)
        for summary, about in classification.summaries.items():
            here = (*path, "summaries", summary)
            paths.append(here)
            names.append(summary)
            report.sources(here, about)
    report.unique(paths, names, "the parameter")
    for path, name in zip(paths, names, strict=True):
        if name == RELAPSE_PARAMETER:
            report.error(path, f"'{name}' is taken by the rows of relapse; choose another name")


def _a_score(report: Report, path: Path, name: str, parameter: str) -> None:
    """ADRS is made of the rows of ADQS: of a laboratory value no assessment has a category."""
    found = report.protocol.parameters.get(parameter)
    if found is not None and found.domain != "QS":
        words = (
            f"{name} classifies '{parameter}', which is a laboratory value; only scores (domain: "
            f"QS) are classified. Conditions may ask for {parameter} itself, analyses for its "
            "rows of ADLB"
        )
        report.error((*path, "parameter"), words)


def _categories(report: Report, path: Path, classification: Classification) -> None:
    found = classification.categories
    paths: list[Path] = [(*path, "categories", at) for at in range(len(found))]
    report.unique(paths, [category.code for category in found], "the category")
    for here, category in zip(paths, found, strict=True):
        report.sources(here, category)
        _of_parameter(
            report,
            (*here, "when"),
            category.when,
            f"category {category.code}",
            classification.parameter,
        )


def _of_parameter(
    report: Report, path: Path, condition: object, subject: str, parameter: str
) -> None:
    """A condition on an assessment knows the value, its baseline and its change, nothing else."""
    if parameter not in report.protocol.parameters:
        return
    names = (parameter, *(f"{parameter}.{part}" for part in ("BASE", "CHG", "PCHG")))
    known: Namespace = {name: report.namespace[name] for name in names}
    only = f"but an assessment knows {', '.join(names[:-1])} and {names[-1]} only"
    report.condition(path, condition, subject, names=known, undeclared=only)


def _relapse(report: Report) -> None:
    relapse = report.protocol.relapse
    if relapse is None:
        return
    path: Path = ("protocol", "relapse")
    report.sources(path, relapse)
    classifications = report.protocol.classifications
    declared: Path = ("protocol", "classifications")
    message = f"'{relapse.classification}' is not declared under 'classifications'"
    report.known(
        (*path, "classification"),
        relapse.classification,
        classifications,
        message,
        declared=declared,
    )
    found = classifications.get(relapse.classification)
    if found is None:
        return
    codes = [category.code for category in found.categories]
    message = f"'{relapse.after}' is no category of {relapse.classification} ({', '.join(codes)})"
    report.known((*path, "after"), relapse.after, codes, message, declared=declared)
    for key, condition in (("when", relapse.when), ("cleared", relapse.cleared)):
        _of_parameter(report, (*path, key), condition, f"'{key}' of relapse", found.parameter)


def _times(report: Report) -> None:
    for name, time in report.protocol.time_to_event.items():
        path: Path = ("protocol", "time_to_event", name)
        report.sources(path, time)
        if report.protocol.relapse is None:
            report.error(path, f"{name} needs 'relapse', which says what a response is")
        if time.start != "first dose" and time.event == "response":
            words = f"the response comes before '{time.start}'; count it from first dose"
            report.error((*path, "start"), words)


def _windows(report: Report) -> None:
    windows = report.protocol.analysis_windows
    start: Path = ("protocol", "analysis_windows")
    report.sources(start, windows)
    before: Window | None = None
    for at, window in enumerate(windows.rows):
        path: Path = (*start, "rows", at)
        _window(report, path, window)
        if before is not None and window.week > before.week:
            _apart(report, path, before, window)
        before = window
    weeks: dict[Path, float] = {
        (*start, "rows", at, "week"): window.week for at, window in enumerate(windows.rows)
    }
    for path, week, previous in ascending(weeks):
        words = f"week {week:g} stands after week {previous:g}; write the weeks in order"
        report.error(path, words)
    if windows.afterwards is not None:
        _later(report, (*start, "afterwards"), windows.rows[-1], windows.afterwards)


def _window(report: Report, path: Path, window: Window) -> None:
    target = 1 + 7 * window.week
    if window.first_day > window.last_day:
        words = f"week {window.week} ends on day {window.last_day}, before it begins"
        report.error((*path, "last_day"), words)
    elif not window.first_day <= target <= window.last_day:
        words = f"week {window.week} does not hold its target day {target}"
        report.error(path, words)
    elif window.first_day < 2:
        words = f"week {window.week} begins before day 2; days up to 1 belong to baseline"
        report.error((*path, "first_day"), words)


def _apart(report: Report, path: Path, before: Window, window: Window) -> None:
    """A window begins after the one before it ends; days between them belong to no visit."""
    if window.first_day <= before.last_day:
        words = (
            f"week {window.week} begins on day {window.first_day}, "
            f"before week {before.week} ends on day {before.last_day}"
        )
        report.error((*path, "first_day"), words)
    elif window.first_day > before.last_day + 1:
        words = (
            f"days {before.last_day + 1} to {window.first_day - 1} belong to no week; "
            f"assessments of these days enter no table by visit"
        )
        report.warning((*path, "first_day"), words, kind="gap")


def _later(report: Report, path: Path, last: Window, later: LaterWindows) -> None:
    first_day = 1 + 7 * (last.week + later.every_weeks) - later.days_before
    if first_day <= last.last_day:
        words = (
            f"the window of week {last.week + later.every_weeks} begins on day {first_day}, "
            f"before week {last.week} ends on day {last.last_day}"
        )
        report.error((*path, "days_before"), words)
    if later.days_before + later.days_after + 1 > 7 * later.every_weeks:
        words = (
            f"windows of {later.days_before + later.days_after + 1} days every "
            f"{7 * later.every_weeks} days overlap"
        )
        report.error((*path, "days_after"), words)
