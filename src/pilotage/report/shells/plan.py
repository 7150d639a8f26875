"""The analyses in words: what is counted, of whom, with which statistics, from which source."""

from collections.abc import Iterator

from pilotage.conditions import Condition, describe
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.model import Cell, Passage, Prose
from pilotage.study.columns import adsl_columns, dataset_columns
from pilotage.study.sap import (
    Analysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)

ENDPOINTS = ("primary", "secondary", "exploratory", "description")


def plan_parts(context: Context) -> Iterator[Prose]:
    """A part for each kind of endpoint that the plan has."""
    analyses = context.study.sap.analyses
    for endpoint in ENDPOINTS:
        own = [analysis for analysis in analyses if analysis.endpoint == endpoint]
        if not own:
            continue
        passages = tuple(
            Passage(f"{context.text(a.label)} ({a.id})", (Cell(in_words(context, a)),)) for a in own
        )
        title = context.words(f"endpoint_{endpoint}")
        yield Prose(f"plan-{endpoint}", "", title, passages)


def in_words(context: Context, analysis: Analysis) -> str:
    """An analysis as sentences."""
    words = context.words
    sentences = [
        *_data(context, analysis),
        *_question(context, analysis),
        words("plan_populations", names=_populations(context, analysis)),
        *_missing(context, analysis),
        *_statistics(context, analysis),
        *([] if analysis.remark is None else [context.text(analysis.remark)]),
        words("plan_source", sources=", ".join(analysis.sources)),
    ]
    return " ".join(one if one.endswith(".") else f"{one}." for one in sentences)


def _populations(context: Context, analysis: Analysis) -> str:
    return ", ".join(context.population_name(name) for name in analysis.populations)


def _said(context: Context, analysis: Analysis, condition: Condition) -> str:
    study = context.study
    columns = dataset_columns(analysis.dataset, study.protocol, study.sap)
    return describe(condition, columns, language=context.words.language)


def _data(context: Context, analysis: Analysis) -> Iterator[str]:
    words, study = context.words, context.study
    if isinstance(analysis, TwoStageDesignAnalysis):
        return
    if analysis.where is None:
        yield words("plan_data", dataset=analysis.dataset)
    else:
        said = _said(context, analysis, analysis.where)
        yield words("plan_data_where", dataset=analysis.dataset, condition=said)
    if analysis.among is not None:
        columns = adsl_columns(study.protocol, study.sap)
        said = describe(analysis.among, columns, language=words.language)
        yield words("plan_among", condition=said)
    if analysis.by is not None:
        yield words("plan_by", column=analysis.by)


def _question(context: Context, analysis: Analysis) -> Iterator[str]:
    words = context.words
    match analysis:
        case ProportionAnalysis():
            yield words("plan_event", condition=_said(context, analysis, analysis.event))
        case CategoriesAnalysis() | SummaryAnalysis() | ComparisonAnalysis():
            yield words("plan_variable", column=analysis.variable)
        case EventsAnalysis():
            yield words("plan_terms", column=analysis.term)
        case ChangeAnalysis():
            yield words("plan_change", parameter=analysis.parameter, when=_when(context, analysis))
        case TimeToEventAnalysis():
            yield words("plan_time", parameter=analysis.parameter)
        case CumulativeIncidenceAnalysis():
            said = _said(context, analysis, analysis.competing)
            yield words("plan_competing", parameter=analysis.parameter, condition=said)
        case TwoStageDesignAnalysis():
            shares = (analysis.p0, analysis.p1, analysis.alpha, analysis.beta)
            p0, p1, alpha, beta = map(formats.plain, shares)
            yield words("plan_design", p0=p0, p1=p1, alpha=alpha, beta=beta)


def _when(context: Context, analysis: ChangeAnalysis) -> str:
    if analysis.by_visit:
        return context.words("each_visit")
    if analysis.week is None:
        return context.words("after_course").lower()
    return f"{context.words('week').lower()} {formats.count(analysis.week)}"


def _missing(context: Context, analysis: Analysis) -> Iterator[str]:
    """What happens to subjects of whom the answer is not known."""
    words = context.words
    match analysis:
        case ProportionAnalysis(missing="no event"):
            yield words("plan_missing_no_event")
        case ProportionAnalysis(missing="lower bound"):
            yield words("plan_missing_lower_bound")
        case ProportionAnalysis():
            yield words("plan_missing_left_out")
        case CategoriesAnalysis():
            yield words("plan_missing_category")
        case EventsAnalysis():
            yield words("plan_missing_events")
        case TimeToEventAnalysis() | CumulativeIncidenceAnalysis():
            yield words("plan_missing_censored")
        case SummaryAnalysis() | ChangeAnalysis() | ComparisonAnalysis():
            yield words("plan_missing_values")


def _statistics(context: Context, analysis: Analysis) -> Iterator[str]:
    words = context.words
    match analysis:
        case ProportionAnalysis(intervals=(_, *_)):
            methods = ", ".join(words(one) for one in analysis.intervals)
            yield words("plan_intervals", level=formats.level(analysis.level), methods=methods)
        case EventsAnalysis():
            level = formats.level(analysis.level)
            yield words("plan_intervals", level=level, methods=words(analysis.interval))
        case SummaryAnalysis():
            yield words("how_summary").capitalize()
        case ChangeAnalysis() | ComparisonAnalysis():
            tests = ", ".join(words(f"test_{test}") for test in analysis.tests)
            level = formats.level(getattr(analysis, "level", 0) or 0)
            if isinstance(analysis, ChangeAnalysis):
                yield words("plan_mean_change", level=level)
            yield words("plan_tests", tests=tests)
        case TimeToEventAnalysis() | CumulativeIncidenceAnalysis():
            own = "how_time" if isinstance(analysis, TimeToEventAnalysis) else "how_incidence"
            level = formats.level(analysis.level)
            yield words("plan_curve", method=words(own), scale=analysis.interval, level=level)
