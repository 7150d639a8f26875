"""Walk the analysis plan: every analysis in every population, one number per row."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import chain
from pathlib import Path

import polars as pl

from pilotage.analysis.change import change, comparison
from pilotage.analysis.events import events
from pilotage.analysis.proportion import categories, proportion
from pilotage.analysis.results import About, Result, Scope, results_frame
from pilotage.analysis.select import Selection, Selector, collected, groups
from pilotage.analysis.summary import summary
from pilotage.analysis.time_to_event import time_to_event
from pilotage.datasets import Datasets
from pilotage.study import Study
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
    selector = Selector(datasets)
    for analysis in study.sap.analyses:
        for population in analysis.populations:
            about = _about(study, analysis, population)
            rows.extend((about, result) for result in _results(analysis, population, selector))
    return results_frame(rows)


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


def _results(analysis: Analysis, population: str, selector: Selector) -> Iterator[Result]:
    """The results in one population; never none at all."""
    if not collected(selector.datasets, analysis.dataset):
        n = selector.datasets.adsl.filter(pl.col(population) == "Y").height
        reason = f"the snapshot has no table behind {analysis.dataset}"
        yield Scope(n=n).absent(_first(analysis), reason, status="not collected")
        return
    chosen = selector.select(analysis, population)
    if not chosen.n:
        yield Scope(n=0).absent(_first(analysis), "no subject in the population")
        return
    split = list(groups(analysis.by, chosen)) if analysis.by else [chosen]
    if isinstance(analysis, ComparisonAnalysis):
        found = comparison(analysis, split)
    else:
        found = chain.from_iterable(_of_group(analysis, group) for group in split)
    for result in found:
        yield _with_uncertain(result, chosen.uncertain)


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


def _with_uncertain(result: Result, uncertain: int) -> Result:
    """The result, saying of how many subjects it is not known whether they belong here."""
    if not uncertain:
        return result
    words = f"{uncertain} of whom it is not known whether they belong to the population: left out"
    missing = "; ".join(part for part in (result.scope.missing, words) if part)
    return replace(result, scope=replace(result.scope, missing=missing))


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
    # Through the memory: a disk that refuses is then told as an OSError with its reason.
    as_csv, as_parquet = results.write_csv().encode(), BytesIO()
    results.write_parquet(as_parquet)
    (folder / "results.csv").write_bytes(as_csv)
    (folder / "results.parquet").write_bytes(as_parquet.getvalue())
    return [folder / "results.csv", folder / "results.parquet"]
