"""Which statistics each kind of analysis gives, and in which unit: what a claim may name."""

from pilotage.analysis.summary import METHODS
from pilotage.study import Study
from pilotage.study.columns import dataset_columns
from pilotage.study.plan_statistics import OF_A_CHANGE, OF_EVENT_TIMES, statistics
from pilotage.study.sap import (
    AnyAnalysis,
    ChangeAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)

_IN_WEEKS = (*OF_EVENT_TIMES, "median", "median_low", "median_high")


def statistics_of(analysis: AnyAnalysis) -> tuple[str, ...]:
    """The names that STATISTIC can have in the results of the analysis; those of categories and of
    the points of a curve are left out. Empty for a kind of analysis that no claim is answered by.
    """
    return () if isinstance(analysis, TwoStageDesignAnalysis) else statistics(analysis)


def unit_of(study: Study, analysis: AnyAnalysis, statistic: str) -> str | None:
    """The unit of a statistic; None for counts, shares and P values, and where none is declared."""
    match analysis:
        case TimeToEventAnalysis():
            return "weeks" if statistic in _IN_WEEKS else None
        case ChangeAnalysis() if (
            statistic.removesuffix("_low").removesuffix("_high") in OF_A_CHANGE
        ):
            own = study.protocol.parameters.get(analysis.parameter)
            return own.unit if own else None
        case SummaryAnalysis() if statistic in METHODS:
            columns = dataset_columns(analysis.dataset, study.protocol, study.sap)
            own_column = columns.get(analysis.variable)
            return own_column.unit if own_column else None
    return None
