"""Walk the analysis plan: every analysis in every population, one number per row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import polars as pl

from pilotage.analysis.kinds import KINDS
from pilotage.analysis.naming import Listed, row_names
from pilotage.analysis.origin import no_value, not_collected
from pilotage.analysis.results import About, Result, Scope, Status, results_frame
from pilotage.analysis.risk import RISKS, left_out
from pilotage.analysis.select import Selection, Selector, groups
from pilotage.datasets import Datasets
from pilotage.study import Study
from pilotage.study.sap import Analysis, ComparisonAnalysis


def analyse(study: Study, datasets: Datasets, *, listed: Listed | None = None) -> pl.DataFrame:
    """The results of every analysis of the plan, in the plan's order. An analysis that cannot be
    computed, or whose data were not collected, is a row that says why. `listed` says how many rows
    a result names one by one."""
    rows: list[tuple[About, Result]] = []
    selector = Selector(datasets, study, listed or Listed())
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
    everyone = selector.datasets.adsl.filter(pl.col(population) == "Y")
    of_everyone = Scope(
        n=everyone.height, subjects=row_names(everyone, most=selector.listed.subjects)
    )
    first = _first(analysis)
    if everyone.is_empty() and (absent is None or absent.status != "not collected"):
        yield of_everyone.absent(first, "no subject in the population")
        return
    if absent is not None and absent.status == "not collected":
        yield of_everyone.absent(first, absent.reason, status=absent.status)
        return
    chosen = selector.select(analysis, population)
    words = left_out(analysis, chosen, selector.study)
    if not chosen.n:
        nobody = "no subject at risk" if isinstance(analysis, RISKS) else "no subject asked"
        none = Scope(n=0, missing=words or None, subjects=chosen.subject_names())
        yield none.absent(first, nobody)
        return
    if absent is not None:
        yield of_everyone.absent(first, absent.reason, status=absent.status)
        return
    for group, result in _of_groups(analysis, chosen, selector.study):
        yield _with_subjects(result, group, words, of_adsl=analysis.dataset == "ADSL")


def _first(analysis: Analysis) -> str:
    """The statistic that says how many."""
    if isinstance(analysis, ComparisonAnalysis) and analysis.tests:
        return f"p_{analysis.tests[0]}"
    return KINDS[type(analysis)].first


def _with_subjects(result: Result, group: str | None, words: str, *, of_adsl: bool) -> Result:
    """The result, naming also the subjects of its group, and saying which ones the population and
    the question leave out. What a result `of_adsl` looks at are these very rows."""
    scope = result.scope
    missing = "; ".join(part for part in (scope.missing, words) if part)
    considered = None if of_adsl else scope.considered
    scope = replace(scope, missing=missing or None, considered=considered, subjects=group)
    return replace(result, scope=scope)


def _of_groups(
    analysis: Analysis, chosen: Selection, study: Study
) -> Iterator[tuple[str | None, Result]]:
    """The results of every group of the analysis, each with the subjects of it; of all subjects
    where it has none."""
    kind = KINDS[type(analysis)]
    split = list(groups(analysis.by, chosen)) if analysis.by else [chosen]
    if kind.of_groups is not None:
        subjects = chosen.subject_names()
        yield from ((subjects, result) for result in kind.of_groups(analysis, split))
    if kind.of_group is not None:
        for group in split:
            subjects = group.subject_names()
            yield from ((subjects, result) for result in kind.of_group(analysis, group, study))


def write_results(results: pl.DataFrame, folder: Path) -> list[Path]:
    """Write results.csv and results.parquet. Numbers are written in full, never rounded."""
    folder.mkdir(parents=True, exist_ok=True)
    # Through the memory: a disk that refuses is then told as an OSError with its reason.
    as_csv, as_parquet = results.write_csv().encode(), BytesIO()
    results.write_parquet(as_parquet)
    (folder / "results.csv").write_bytes(as_csv)
    (folder / "results.parquet").write_bytes(as_parquet.getvalue())
    return [folder / "results.csv", folder / "results.parquet"]
