"""Two groups of subjects compared on a column."""

from collections.abc import Iterator

import polars as pl

from pilotage.analysis.p_values import p_row
from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import NO_LEVEL, NOT_ASKED, Selection
from pilotage.study.sap import ComparisonAnalysis


def comparison(analysis: ComparisonAnalysis, groups: list[Selection]) -> Iterator[Result]:
    """Every test asked for; anything but two groups with values cannot be compared. Subjects whose
    group or value is not known are left out."""
    known = {
        str(group.level): group.rows.filter(pl.col(analysis.variable).is_not_null())
        for group in groups
        if group.level not in (NO_LEVEL, NOT_ASKED)
    }
    rows = {level: found for level, found in known.items() if found.height}
    values = {
        level: found[analysis.variable].cast(pl.Float64).to_list() for level, found in rows.items()
    }
    everyone = sum(group.n for group in groups)
    compared = sum(found["USUBJID"].n_unique() for found in rows.values())
    scope = Scope(
        n=sum(len(found) for found in values.values()),
        level=" against ".join(values) or None,
        missing=f"{everyone - compared} without a group or a value: left out",
        sources=groups[0].counted(*rows.values()),
    )
    for test in analysis.tests:
        if len(values) == 2:
            first, second = values.values()
            yield p_row(scope, test, first, second)
        else:
            reason = f"{len(values)} groups with values; a comparison needs two"
            yield scope.absent(f"p_{test}", reason, test)
