"""Figures of the plan: what each layout needs, and what only one of them can use."""

from collections.abc import Mapping

from pilotage.instruments import instruments
from pilotage.study.columns import adsl_columns
from pilotage.study.consistency.report import Report
from pilotage.study.names import did_you_mean
from pilotage.study.places import Path
from pilotage.study.sap import BodyMap, ChangeAnalysis, Output, Sap

FIGURES = (
    "course over time", "time to event", "body maps", "before and after", "flow", "swimmer",
    "waterfall", "individual courses", "laboratory courses",
)  # fmt: skip
"""Layouts that are drawn."""

_ONLY: Mapping[str, tuple[str, ...]] = {
    "until_week": ("course over time", "individual courses", "laboratory courses"),
    "best": ("waterfall",),
    "groups": ("before and after",),
    "body_map": ("body maps",),
}
"""Keys that only these layouts read."""


def check_figure(report: Report, path: Path, output: Output, sap: Sap) -> None:
    """What the layout of an output asks of it. Other outputs pass."""
    drawn = output.layout in FIGURES
    if drawn != (output.kind == "figure"):
        kind = "a figure" if drawn else "no figure"
        report.error((*path, "layout"), f"the layout '{output.layout}' is {kind}")
    for key, layouts in _ONLY.items():
        given = key in output.model_fields_set
        if given and output.layout not in layouts:
            words = f"'{key}' belongs to the layout {' or '.join(map(repr, layouts))}; remove it"
            report.error((*path, key), words)
    match output.layout:
        case "waterfall" | "individual courses":
            _one_parameter(report, path, output)
        case "laboratory courses":
            _graded(report, path, output)
        case "before and after":
            _changes(report, path, output, sap)
        case "body maps":
            _body_map(report, path, output, sap)


def _one_parameter(report: Report, path: Path, output: Output) -> None:
    if len(output.parameters) != 1:
        report.error(path, f"the layout '{output.layout}' needs one parameter")
    for at, name in enumerate(output.parameters):
        if name not in report.protocol.parameters:
            message = f"'{name}' is not measured, so the layout '{output.layout}' cannot draw it"
            _known(report, (*path, "parameters", at), name, message)


def _graded(report: Report, path: Path, output: Output) -> None:
    if not output.parameters:
        report.error(path, "the layout 'laboratory courses' needs parameters")
    for at, name in enumerate(output.parameters):
        parameter = report.protocol.parameters.get(name)
        if parameter is not None and (parameter.grade is None or parameter.domain != "LB"):
            words = f"'{name}' has no toxicity grades (LB and 'grade' in protocol.yaml)"
            report.error((*path, "parameters", at), words)


def _changes(report: Report, path: Path, output: Output, sap: Sap) -> None:
    found = {analysis.id: analysis for analysis in sap.analyses}
    counted: dict[str, int] = {}
    for at, name in enumerate(output.analyses):
        analysis = found.get(name)
        if isinstance(analysis, ChangeAnalysis):
            counted[analysis.parameter] = counted.get(analysis.parameter, 0) + 1
            if analysis.by_visit:
                words = "the layout 'before and after' shows one visit or record, not 'by_visit'"
                report.error((*path, "analyses", at), words)
        elif analysis is not None:
            words = f"the layout 'before and after' shows changes; {name} is a {analysis.kind}"
            report.error((*path, "analyses", at), words)
    if not output.analyses:
        report.error(path, "the layout 'before and after' needs analyses of the kind 'change'")
    most = max(counted.values(), default=0)
    if len(output.groups) > most > 0:
        words = f"{len(output.groups)} groups are named, but no parameter has so many analyses"
        report.error((*path, "groups"), words)


def _body_map(report: Report, path: Path, output: Output, sap: Sap) -> None:
    plan = output.body_map
    if plan is None:
        report.error(path, "the layout 'body maps' needs 'body_map'")
        return
    own: Path = (*path, "body_map")
    known = instruments.get(plan.instrument)
    if known is None:
        words = f"there is no instrument '{plan.instrument}'"
        report.error((*own, "instrument"), words + did_you_mean(plan.instrument, instruments))
        return
    groups = [item.group for item in known.items if item.region is not None]
    if plan.group not in groups:
        words = f"'{plan.group}' is no group of items with a region of '{plan.instrument}'"
        report.error((*own, "group"), words + did_you_mean(plan.group, dict.fromkeys(groups)))
    _consent(report, own, plan, sap)


def _consent(report: Report, path: Path, plan: BodyMap, sap: Sap) -> None:
    if plan.consent is not None:
        columns = adsl_columns(report.protocol, sap)
        message = f"'{plan.consent}' is no column of ADSL"
        declared: Path = ("protocol", "subject_facts")
        report.known((*path, "consent"), plan.consent, columns, message, declared=declared)


def _known(report: Report, path: Path, name: str, message: str) -> None:
    declared: Path = ("protocol", "parameters")
    report.known(path, name, report.protocol.parameters, message, declared=declared)
