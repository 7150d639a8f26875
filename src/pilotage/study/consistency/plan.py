"""The statistical analysis plan against the protocol: populations, columns, analyses, outputs."""

from collections.abc import Mapping
from typing import get_args

from pilotage.conditions import Variable
from pilotage.study.columns import (
    RESERVED,
    Columns,
    adsl_columns,
    dataset_columns,
    parameter_codes,
)
from pilotage.study.consistency.figures import check_figure
from pilotage.study.consistency.report import Report
from pilotage.study.consistency.subject_columns import check_subject_columns
from pilotage.study.parameters_read import codes_read
from pilotage.study.places import Path
from pilotage.study.sap import (
    Analysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    CumulativeIncidenceAnalysis,
    Dataset,
    EventsAnalysis,
    Population,
    ProportionAnalysis,
    Sap,
    SummaryAnalysis,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)

MANY = 6
"""So many parameters of an analysis are named."""

_KIND_OF_OUTPUT = {"T": "table", "F": "figure", "L": "listing", "S": "text"}


def check_plan(report: Report, sap: Sap) -> None:
    """Everything that the plan names exists in the plan or in the protocol."""
    _populations(report, sap)
    paths: list[Path] = [("sap", "analyses", at) for at in range(len(sap.analyses))]
    report.unique(paths, [analysis.id for analysis in sap.analyses], "the analysis")
    for path, analysis in zip(paths, sap.analyses, strict=True):
        _analysis(report, path, analysis, sap)
    _outputs(report, sap)


def _populations(report: Report, sap: Sap) -> None:
    headlines: list[str] = []
    for name, population in sap.populations.items():
        path: Path = ("sap", "populations", name)
        report.sources(path, population)
        _days(report, path, population)
        if name in RESERVED or name in report.protocol.subject_facts:
            report.error(path, f"'{name}' is another column of ADSL already; choose another name")
        if population.headline:
            headlines.append(name)
    if len(headlines) != 1:
        said = f"{len(headlines)} are ({', '.join(headlines)})" if headlines else "none is"
        words = f"exactly one population must be the headline (headline: true); {said}"
        report.error(("sap", "populations"), words)


def _days(report: Report, path: Path, population: Population) -> None:
    if population.rule == "first cycle lasts" and population.days is None:
        report.error(path, "the rule 'first cycle lasts' needs 'days'")
    if population.rule != "first cycle lasts" and population.days is not None:
        report.error((*path, "days"), "'days' belongs to the rule 'first cycle lasts'; remove it")


# -- analyses --------------------------------------------------------------------------------------


def _analysis(report: Report, path: Path, analysis: Analysis, sap: Sap) -> None:
    report.sources(path, analysis)
    for at, name in enumerate(analysis.populations):
        message = f"the population '{name}' is not declared under 'populations'"
        declared: Path = ("sap", "populations")
        report.known((*path, "populations", at), name, sap.populations, message, declared=declared)
    adsl = adsl_columns(report.protocol, sap)
    _of_subjects(report, (*path, "among"), analysis.among, analysis, adsl)
    if analysis.by is not None:
        _column(report, (*path, "by"), analysis.by, adsl, "ADSL")
    if not report.uncertain((*path, "dataset")):
        _of_its_dataset(report, path, analysis, sap)


def _of_its_dataset(report: Report, path: Path, analysis: Analysis, sap: Sap) -> None:
    """What an analysis names of its dataset. Where several names are wrong, and right in another
    dataset, one word about the dataset stands for all of them."""
    with report.aside() as mistakes:
        _names(report, path, analysis, sap)
    others = [name for name in get_args(Dataset) if name != analysis.dataset]
    for other in others if len(mistakes) > 1 else ():
        with report.aside() as left:
            _names(report, path, analysis.model_copy(update={"dataset": other}), sap)
        if not left:
            words = f"{analysis.dataset} does not have what the analysis {analysis.id} names"
            report.error((*path, "dataset"), f"{words}; did you mean {other}?")
            return
    report.add(mistakes)


def _names(report: Report, path: Path, analysis: Analysis, sap: Sap) -> None:
    columns = dataset_columns(analysis.dataset, report.protocol, sap)
    _condition(report, (*path, "where"), analysis.where, analysis, columns)
    match analysis:
        case ProportionAnalysis():
            _condition(report, (*path, "event"), analysis.event, analysis, columns)
            _of_several(report, path, analysis)
        case CategoriesAnalysis():
            _column(report, (*path, "variable"), analysis.variable, columns, analysis.dataset)
        case SummaryAnalysis():
            _number(report, (*path, "variable"), analysis.variable, columns, analysis.dataset)
            if analysis.by_visit and "AVISITN" not in columns:
                words = f"{analysis.dataset} has no visits; remove 'by_visit'"
                report.error((*path, "by_visit"), words)
        case ComparisonAnalysis():
            _number(report, (*path, "variable"), analysis.variable, columns, analysis.dataset)
            if analysis.by is None:
                report.error(path, "a comparison needs 'by', a column of ADSL with two groups")
        case EventsAnalysis():
            _column(report, (*path, "term"), analysis.term, columns, analysis.dataset)
        case ChangeAnalysis():
            _change(report, path, analysis, columns)
        case TimeToEventAnalysis():
            _time(report, path, analysis)
        case CumulativeIncidenceAnalysis():
            _time(report, path, analysis)
            _competing(report, path, analysis, adsl_columns(report.protocol, sap))
        case TwoStageDesignAnalysis():
            if analysis.p0 >= analysis.p1:
                report.error((*path, "p0"), "'p0' must be below 'p1'")


def _condition(
    report: Report, path: Path, condition: object, analysis: Analysis, columns: Columns
) -> None:
    dataset = analysis.dataset
    where = "ADSL" if dataset == "ADSL" else f"{dataset} or ADSL"
    report.condition(
        path,
        condition,
        f"analysis {analysis.id}",
        names=columns,
        undeclared=f"which is no column of {where}",
    )


def _of_several(report: Report, path: Path, analysis: ProportionAnalysis) -> None:
    """Of several measured parameters a subject often has some only: nobody knows of the others that
    there was no event, and who has one of all parameters is no fair choice."""
    if analysis.dataset not in ("ADLB", "ADQS") or analysis.missing == "lower bound":
        return
    every = parameter_codes(analysis.dataset, report.protocol)
    codes = codes_read(analysis, report.protocol) or every
    if len(codes) > 1:
        told = ", ".join(codes[:MANY]) + (" and others" if len(codes) > MANY else "")
        words = (
            f"'missing' is '{analysis.missing}', but the analysis {analysis.id} reads several "
            f"parameters ({told}), of which a subject often has some only; write 'lower bound': no "
            "event in the count, and an event in the upper end of the intervals"
        )
        report.warning((*path, "missing"), words)


def _of_subjects(
    report: Report, path: Path, condition: object, analysis: Analysis, adsl: Columns
) -> None:
    """A condition over columns of ADSL alone."""
    where, words = f"analysis {analysis.id}", "which is no column of ADSL"
    report.condition(path, condition, where, names=adsl, undeclared=words)


def _column(
    report: Report, path: Path, name: str, columns: Mapping[str, Variable], dataset: str
) -> bool:
    message = f"'{name}' is no column of {dataset}"
    return report.known(path, name, columns, message, declared=("protocol", "subject_facts"))


def _number(report: Report, path: Path, name: str, columns: Columns, dataset: str) -> None:
    if _column(report, path, name, columns, dataset) and name in columns:
        kind = columns[name].type
        if kind != "number":
            report.error(path, f"'{name}' is a {kind}; this analysis needs a number")


def _change(report: Report, path: Path, analysis: ChangeAnalysis, columns: Columns) -> None:
    if analysis.dataset not in ("ADQS", "ADLB"):
        report.error((*path, "dataset"), "a change is analysed in ADQS or ADLB")
    else:
        _parameter(report, path, analysis.parameter, analysis)
    if [analysis.week is not None, analysis.by_visit, analysis.record is not None].count(True) != 1:
        report.error(path, "a change needs one of 'week', 'by_visit: true' and 'record'")
    if analysis.record is not None:
        _column(report, (*path, "record"), analysis.record, columns, analysis.dataset)
    if analysis.week is not None:
        _week(report, (*path, "week"), analysis.week)


def _week(report: Report, path: Path, week: int) -> None:
    windows = report.protocol.analysis_windows
    weeks = [window.week for window in windows.rows]
    later = windows.afterwards
    beyond = week - weeks[-1]
    planned = week in weeks or (
        later is not None and beyond > 0 and beyond % later.every_weeks == 0
    )
    if not planned and not report.uncertain(("protocol", "analysis_windows")):
        known = ", ".join(str(week) for week in weeks)
        more = f", then every {later.every_weeks}" if later is not None else ""
        report.error(path, f"week {week} has no analysis window (weeks {known}{more})")


def _time(
    report: Report, path: Path, analysis: TimeToEventAnalysis | CumulativeIncidenceAnalysis
) -> None:
    if analysis.dataset != "ADTTE":
        report.error((*path, "dataset"), "a time to event is analysed in ADTTE")
    else:
        _parameter(report, path, analysis.parameter, analysis)


def _competing(
    report: Report, path: Path, analysis: CumulativeIncidenceAnalysis, adsl: Columns
) -> None:
    _of_subjects(report, (*path, "competing"), analysis.competing, analysis, adsl)
    date: Path = (*path, "competing_on")
    if _column(report, date, analysis.competing_on, adsl, "ADSL"):
        kind = adsl[analysis.competing_on].type if analysis.competing_on in adsl else "date"
        if kind != "date":
            report.error(date, f"'{analysis.competing_on}' is a {kind}; a date is needed")


def _parameter(report: Report, path: Path, name: str, analysis: Analysis) -> None:
    message = f"'{name}' is no parameter of {analysis.dataset}"
    codes = parameter_codes(analysis.dataset, report.protocol)
    part = "time_to_event" if analysis.dataset == "ADTTE" else "parameters"
    report.known((*path, "parameter"), name, codes, message, declared=("protocol", part))


# -- outputs ---------------------------------------------------------------------------------------


def _outputs(report: Report, sap: Sap) -> None:
    protocol = report.protocol
    paths: list[Path] = [("sap", "outputs", at) for at in range(len(sap.outputs))]
    report.unique(paths, [output.id for output in sap.outputs], "the output")
    analyses = [analysis.id for analysis in sap.analyses]
    measured = (*protocol.parameters, *protocol.time_to_event, *parameter_codes("ADRS", protocol))
    for path, output in zip(paths, sap.outputs, strict=True):
        report.sources(path, output)
        kind = _KIND_OF_OUTPUT[output.id[0]]
        if kind != output.kind:
            words = f"the id {output.id} is that of a {kind}, but this is a {output.kind}"
            report.error((*path, "kind"), words)
        for at, name in enumerate(output.analyses):
            message = f"the analysis '{name}' is not declared under 'analyses'"
            declared: Path = ("sap", "analyses")
            report.known((*path, "analyses", at), name, analyses, message, declared=declared)
        check_subject_columns(report, path, output, sap)
        for at, name in enumerate(output.parameters):
            message = f"'{name}' is no parameter of this study"
            declared = ("protocol", "parameters")
            report.known((*path, "parameters", at), name, measured, message, declared=declared)
        check_figure(report, path, output, sap)
