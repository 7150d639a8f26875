"""Walk the analysis plan: every analysis in every population, one number per row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import polars as pl

from pilotage.analysis.kinds import KINDS
from pilotage.analysis.origin import no_value, not_collected
from pilotage.analysis.results import About, Result, Scope, Status, results_frame
from pilotage.analysis.risk import RISKS, left_out
from pilotage.analysis.select import Selection, Selector, groups
from pilotage.datasets import Datasets
from pilotage.study import Study
from pilotage.study.sap import Analysis, ComparisonAnalysis


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


@dataclass(frozen=True, slots=True)
class _Absent:
    """Why an analysis has nothing to count, in whatever population."""

    reason: str
    status: Status


def _nothing_to_count(analysis: Analysis, study: Study, datasets: Datasets) -> _Absent | None:
    if reason := not_collected(analysis, study, datasets):
        return _Absent(reason, "not collected")
    if KINDS[type(analysis)].counts and (reason := no_value(analysis, study, datasets)):
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
    first = _first(analysis)
    if not n and (absent is None or absent.status != "not collected"):
        yield Scope(n=0).absent(first, "no subject in the population")
        return
    if absent is not None and absent.status == "not collected":
        yield Scope(n=n).absent(first, absent.reason, status=absent.status)
        return
    chosen = selector.select(analysis, population)
    if not chosen.n:
        words = left_out(analysis, chosen, selector.study)
        nobody = "no subject at risk" if isinstance(analysis, RISKS) else "no subject asked"
        yield Scope(n=0, missing=words or None).absent(first, nobody)
        return
    if absent is not None:
        yield Scope(n=n).absent(first, absent.reason, status=absent.status)
        return
    for result in _of_groups(analysis, chosen, selector.study):
        yield _with_left_out(result, left_out(analysis, chosen, selector.study))


def _first(analysis: Analysis) -> str:
    """The statistic that says how many."""
    if isinstance(analysis, ComparisonAnalysis) and analysis.tests:
        return f"p_{analysis.tests[0]}"
    return KINDS[type(analysis)].first


def _with_left_out(result: Result, words: str) -> Result:
    """The result, saying also which subjects the population and the question leave out."""
    if not words:
        return result
    missing = "; ".join(part for part in (result.scope.missing, words) if part)
    return replace(result, scope=replace(result.scope, missing=missing))


def _of_groups(analysis: Analysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """The results of every group of the analysis; of all subjects where it has none."""
    kind = KINDS[type(analysis)]
    split = list(groups(analysis.by, chosen)) if analysis.by else [chosen]
    if kind.of_groups is not None:
        yield from kind.of_groups(analysis, split)
    if kind.of_group is not None:
        for group in split:
            yield from kind.of_group(analysis, group, study)


def write_results(results: pl.DataFrame, folder: Path) -> list[Path]:
    """Write results.csv and results.parquet. Numbers are written in full, never rounded."""
    folder.mkdir(parents=True, exist_ok=True)
    # Through the memory: a disk that refuses is then told as an OSError with its reason.
    as_csv, as_parquet = results.write_csv().encode(), BytesIO()
    results.write_parquet(as_parquet)
    (folder / "results.csv").write_bytes(as_csv)
    (folder / "results.parquet").write_bytes(as_parquet.getvalue())
    return [folder / "results.csv", folder / "results.parquet"]
