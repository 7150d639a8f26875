"""How each kind of analysis is shown: its lines in tables and shells, its method in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pilotage.report.context import Context
from pilotage.report.layouts import changes, locations, proportions, shell_lines, times
from pilotage.report.layouts.sheet import Line, Sheet
from pilotage.report.layouts.shell_lines import ShellLine
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
class Shown:
    """`how` is the key of the words for the method; `how_drawn` those of a figure, which names in
    its footnotes what it does not draw."""

    lines: Callable[[Sheet, Any], list[Line]]
    shell: Callable[[Context, Any, str], Iterable[ShellLine]]
    how: str
    how_drawn: str = ""


SHOWN: Mapping[type[Analysis], Shown] = MappingProxyType(
    {
        ProportionAnalysis: Shown(
            proportions.proportion_lines, shell_lines.proportion, "how_counts"
        ),
        CategoriesAnalysis: Shown(proportions.category_lines, shell_lines.categories, "how_counts"),
        EventsAnalysis: Shown(proportions.event_lines, shell_lines.events, "how_events"),
        SummaryAnalysis: Shown(
            locations.summary_lines, shell_lines.summary, "how_summary", "how_means"
        ),
        ChangeAnalysis: Shown(changes.change_lines, shell_lines.change, "how_change"),
        ComparisonAnalysis: Shown(
            changes.comparison_lines, shell_lines.comparison, "how_comparison"
        ),
        TimeToEventAnalysis: Shown(times.time_lines, shell_lines.time_to_event, "how_time"),
        CumulativeIncidenceAnalysis: Shown(
            times.incidence_lines, shell_lines.incidence, "how_incidence"
        ),
        TwoStageDesignAnalysis: Shown(times.design_lines, shell_lines.design, "how_design"),
    }
)
"""Every kind of analysis can stand in every table: none is left out in silence."""
