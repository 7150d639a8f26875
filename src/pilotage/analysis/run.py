"""Walk the analysis plan: every analysis in every population, one number per row."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pilotage.analysis.change import change, comparison
from pilotage.analysis.events import events
from pilotage.analysis.proportion import categories, proportion
from pilotage.analysis.results import About, Result, Scope, results_frame
from pilotage.analysis.select import Selection, collected, select
from pilotage.analysis.summary import summary
from pilotage.analysis.time_to_event import time_to_event
from pilotage.datasets import Datasets
from pilotage.study import Study
from pilotage.study.protocol import text_of
from pilotage.study.sap import (
    Analysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
)


def analyse(study: Study, datasets: Datasets) -> pl.DataFrame:
    """The results of every analysis of the plan, in the plan's order. An analysis that cannot be
    computed, or whose data were not collected, is a row that says why."""
    rows: list[tuple[About, Result]] = []
    for analysis in study.sap.analyses:
        for population in analysis.populations:
            about = _about(analysis, population)
            rows.extend((about, result) for result in _results(analysis, population, datasets))
    return results_frame(rows)


def _about(analysis: Analysis, population: str) -> About:
    return About(
        analysis=analysis.id,
        label=text_of(analysis.label),
        kind=getattr(analysis, "kind", ""),
        endpoint=analysis.endpoint,
        population=population,
        dataset=analysis.dataset,
        protocol=" ".join(analysis.sources),
        group=analysis.by,
    )


def _results(analysis: Analysis, population: str, datasets: Datasets) -> Iterator[Result]:
    if not collected(datasets, analysis.dataset):
        n = datasets.adsl.filter(pl.col(population) == "Y").height
        reason = f"the snapshot has no table behind {analysis.dataset}"
        yield Scope(n=n).absent("count", reason, status="not collected")
        return
    groups = list(select(datasets, analysis, population))
    if isinstance(analysis, ComparisonAnalysis):
        yield from comparison(analysis, groups)
        return
    for chosen in groups:
        yield from _of_group(analysis, chosen)


def _of_group(analysis: Analysis, chosen: Selection) -> Iterator[Result]:
    match analysis:
        case ProportionAnalysis():
            yield from proportion(analysis, chosen)
        case CategoriesAnalysis():
            yield from categories(analysis, chosen)
        case SummaryAnalysis():
            yield from summary(analysis, chosen)
        case ChangeAnalysis():
            yield from change(analysis, chosen)
        case TimeToEventAnalysis():
            yield from time_to_event(analysis, chosen)
        case EventsAnalysis():
            yield from events(analysis, chosen)
        case _:
            raise TypeError(f"no computation for analyses of kind {type(analysis).__name__}")


def write_results(results: pl.DataFrame, folder: Path) -> list[Path]:
    """Write results.csv and results.parquet. Numbers are written in full, never rounded."""
    folder.mkdir(parents=True, exist_ok=True)
    results.write_csv(folder / "results.csv")
    results.write_parquet(folder / "results.parquet")
    return [folder / "results.csv", folder / "results.parquet"]
