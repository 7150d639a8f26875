"""Walk the analysis plan: every analysis in every population, one number per row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain
from pathlib import Path

import polars as pl

from pilotage.analysis.categories import categories
from pilotage.analysis.change import change
from pilotage.analysis.comparison import comparison
from pilotage.analysis.design import two_stage_design
from pilotage.analysis.events import events
from pilotage.analysis.incidence import incidence
from pilotage.analysis.origin import no_value, not_collected
from pilotage.analysis.proportion import proportion
from pilotage.analysis.results import About, Result, Scope, Status, results_frame
from pilotage.analysis.risk import left_out
from pilotage.analysis.select import Selection, Selector, groups
from pilotage.analysis.summary import summary
from pilotage.analysis.time_to_event import time_to_event
from pilotage.datasets import Datasets
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


def analyse(study: Study, datasets: Datasets) -> pl.DataFrame:
    """The results of every analysis of the plan, in the plan's order. An analysis that cannot be
    computed, or whose data were not collected, is a row that says why."""
    rows: list[tuple[About, Result]] = []
    selector = Selector(datasets, study)
    for analysis in study.sap.analyses:
        absent = _nothing_to_count(analysis, study, datasets)
        for population in analysis.populations:
            about = _about(study, analysis, population)
            found = _results(analysis, population, selector, absent)
            rows.extend((about, result) for result in found)
    return results_frame(rows)


_COUNTS = (
    ProportionAnalysis,
    CategoriesAnalysis,
    TimeToEventAnalysis,
    CumulativeIncidenceAnalysis,
)


@dataclass(frozen=True, slots=True)
class _Absent:
    """Why an analysis has nothing to count, in whatever population."""

    reason: str
    status: Status


def _nothing_to_count(analysis: Analysis, study: Study, datasets: Datasets) -> _Absent | None:
    if reason := not_collected(analysis, study, datasets):
        return _Absent(reason, "not collected")
    # the others count their values, and say themselves where there are none
    counts = isinstance(analysis, _COUNTS)
    if counts and (reason := no_value(analysis, study, datasets)):
        return _Absent(reason, "not computed")
    return None


def _about(study: Study, analysis: Analysis, population: str) -> About:
    return About(
        analysis=analysis.id,
        label=study.text(analysis.label),
        kind=getattr(analysis, "kind", ""),
        endpoint=analysis.endpoint,
        population=population,
        dataset=analysis.dataset,
        protocol=" ".join(analysis.sources),
        group=analysis.by,
    )


def _results(
    analysis: Analysis, population: str, selector: Selector, absent: _Absent | None
) -> Iterator[Result]:
    """The results in one population; never none at all."""
    n = selector.datasets.adsl.filter(pl.col(population) == "Y").height
    if absent is not None and (n or absent.status == "not collected"):
        yield Scope(n=n).absent(_first(analysis), absent.reason, status=absent.status)
        return
    if not n:
        yield Scope(n=0).absent(_first(analysis), "no subject in the population")
        return
    chosen = selector.select(analysis, population)
    if not chosen.n:
        words = left_out(analysis, chosen, selector.study)
        yield Scope(n=0, missing=words or None).absent(_first(analysis), "no subject at risk")
        return
    split = list(groups(analysis.by, chosen)) if analysis.by else [chosen]
    if isinstance(analysis, ComparisonAnalysis):
        found = comparison(analysis, split)
    else:
        found = chain.from_iterable(_of_group(analysis, group, selector.study) for group in split)
    for result in found:
        yield _with_left_out(result, left_out(analysis, chosen, selector.study))


def _first(analysis: Analysis) -> str:
    """The statistic that says how many."""
    match analysis:
        case ProportionAnalysis() | CategoriesAnalysis():
            return "count"
        case EventsAnalysis():
            return "subjects"
        case ComparisonAnalysis():
            return f"p_{analysis.tests[0]}" if analysis.tests else "n"
    return "n"


def _with_left_out(result: Result, words: str) -> Result:
    """The result, saying also which subjects the population and the question leave out."""
    if not words:
        return result
    missing = "; ".join(part for part in (result.scope.missing, words) if part)
    return replace(result, scope=replace(result.scope, missing=missing))


def _of_group(analysis: Analysis, chosen: Selection, study: Study) -> Iterator[Result]:
    match analysis:
        case ProportionAnalysis():
            yield from proportion(analysis, chosen, study)
        case CategoriesAnalysis():
            yield from categories(analysis, chosen, study)
        case SummaryAnalysis():
            yield from summary(analysis, chosen, study)
        case ChangeAnalysis():
            yield from change(analysis, chosen)
        case TimeToEventAnalysis():
            yield from time_to_event(analysis, chosen)
        case CumulativeIncidenceAnalysis():
            yield from incidence(analysis, chosen)
        case TwoStageDesignAnalysis():
            yield from two_stage_design(analysis, chosen)
        case EventsAnalysis():
            yield from events(analysis, chosen, study)
        case _:
            raise TypeError(f"no computation for analyses of kind {type(analysis).__name__}")


def write_results(results: pl.DataFrame, folder: Path) -> list[Path]:
    """Write results.csv and results.parquet. Numbers are written in full, never rounded."""
    folder.mkdir(parents=True, exist_ok=True)
    # Through the memory: a disk that refuses is then told as an OSError with its reason.
    as_csv, as_parquet = results.write_csv().encode(), BytesIO()
    results.write_parquet(as_parquet)
    (folder / "results.csv").write_bytes(as_csv)
    (folder / "results.parquet").write_bytes(as_parquet.getvalue())
    return [folder / "results.csv", folder / "results.parquet"]
