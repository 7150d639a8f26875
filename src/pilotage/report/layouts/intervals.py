"""How the intervals of a table, a figure or a text are made, in words."""

from collections.abc import Iterable

from pilotage.report.context import Context
from pilotage.study.sap import (
    Analysis,
    ChangeAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    TimeToEventAnalysis,
)


def intervals_of(context: Context, analyses: Iterable[Analysis]) -> str:
    """One sentence with the method of each kind of interval; empty where there is none. Of several
    kinds each is named."""
    words = context.words
    methods: dict[str, list[str]] = {}
    for analysis in analyses:
        match analysis:
            case ProportionAnalysis(intervals=(method, *_)) | EventsAnalysis(interval=method):
                methods.setdefault("of_proportions", []).append(words(method))
            case ChangeAnalysis():
                methods.setdefault("of_changes", []).append(words("by_paired_t"))
            case TimeToEventAnalysis(interval=scale):
                methods.setdefault("of_medians", []).append(words("by_curve", scale=scale))
            case CumulativeIncidenceAnalysis(interval=scale):
                methods.setdefault("of_incidence", []).append(words("by_incidence", scale=scale))
    named = {kind: ", ".join(dict.fromkeys(said)) for kind, said in methods.items()}
    if not named:
        return ""
    if list(named) == ["of_proportions"]:
        return words("intervals", methods=named["of_proportions"])
    told = (f"{words(kind)} {said}" for kind, said in named.items())
    return words("intervals", methods="; ".join(told))
