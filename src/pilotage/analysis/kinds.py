"""Every kind of analysis that a plan may name, and how it is computed: the one list of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pilotage.analysis.categories import categories
from pilotage.analysis.change import change
from pilotage.analysis.comparison import comparison
from pilotage.analysis.design import two_stage_design
from pilotage.analysis.events import events
from pilotage.analysis.incidence import incidence
from pilotage.analysis.proportion import proportion
from pilotage.analysis.results import Result
from pilotage.analysis.select import Selection
from pilotage.analysis.summary import summary
from pilotage.analysis.time_to_event import time_to_event
from pilotage.study import Study
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


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of analysis is computed: of one group of subjects, or of all groups together.

    `first` is the statistic that says how many. Of an analysis that `counts`, a zero would be told
    where nobody has a value of what it is about; the others find their values themselves.
    """

    of_group: Callable[[Any, Selection, Study], Iterator[Result]] | None = None
    of_groups: Callable[[Any, list[Selection]], Iterator[Result]] | None = None
    first: str = "n"
    counts: bool = False


KINDS: Mapping[type[Analysis], Kind] = MappingProxyType(
    {
        ProportionAnalysis: Kind(proportion, first="count", counts=True),
        CategoriesAnalysis: Kind(categories, first="count", counts=True),
        SummaryAnalysis: Kind(summary),
        ChangeAnalysis: Kind(lambda analysis, chosen, _: change(analysis, chosen)),
        TimeToEventAnalysis: Kind(
            lambda analysis, chosen, _: time_to_event(analysis, chosen), counts=True
        ),
        CumulativeIncidenceAnalysis: Kind(
            lambda analysis, chosen, _: incidence(analysis, chosen), counts=True
        ),
        TwoStageDesignAnalysis: Kind(
            lambda analysis, chosen, _: two_stage_design(analysis, chosen)
        ),
        EventsAnalysis: Kind(events, first="subjects"),
        ComparisonAnalysis: Kind(of_groups=comparison),
    }
)
