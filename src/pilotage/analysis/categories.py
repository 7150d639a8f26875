"""Subjects in each category of a column: every declared one, also where nobody is in it."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis.naming import KEYS
from pilotage.analysis.origin import TABLE
from pilotage.analysis.results import Result, Scope
from pilotage.analysis.risk import inapplicable, without
from pilotage.analysis.select import NO_LEVEL, Selection, level_of, parameter
from pilotage.study import Study
from pilotage.study.columns import dataset_columns
from pilotage.study.protocol import Protocol
from pilotage.study.sap import Analysis, CategoriesAnalysis


def categories(analysis: CategoriesAnalysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """count and proportion of subjects in each category, those that the study declares first and in
    its order; subjects without a value are a category, and stay in n. Of whom the item was not
    asked is in no category."""
    variable = pl.col(analysis.variable)
    known = chosen.rows.filter(variable.is_not_null())
    conditional = analysis.without_row == "not at risk"
    apart = chosen.left_out([analysis.variable]).height
    n = (chosen.rows["USUBJID"].n_unique() if conditional else chosen.n) - apart
    unclassified = n - known["USUBJID"].n_unique()
    said = f"{unclassified} without a value: in n, counted as '{NO_LEVEL}'"
    if apart:
        said = f"{said}; {inapplicable(apart, [analysis.variable], study)}"
    if conditional:
        why = without(chosen.codes, study)
        said = f"{said}; {chosen.n - n - apart} not at risk ({why}): left out"
    scope = Scope(n=n, level=chosen.level, parameter=parameter(chosen.rows), missing=said)
    named = known.with_columns(_TEXT=variable.cast(pl.String), _NAME=level_of(variable))
    every = chosen.rows.select(*KEYS, _NAME=level_of(variable))
    present = named.select("_NAME", "_TEXT").unique().sort("_TEXT").rows()
    listed = declared(analysis, analysis.variable, chosen.codes, study)
    names = dict.fromkeys(listed) | dict(present)
    for name, text in names.items():
        rows = named.filter(pl.col("_NAME") == name)
        count = rows["USUBJID"].n_unique()
        others = chosen.others(every, every["_NAME"] == name)
        own = replace(
            scope,
            text=text or name,
            sources=chosen.counted(rows),
            considered=chosen.considered(others),
        )
        yield own.number(f"count {name}", count, "count of subjects")
        share = count / n if n else None
        yield own.maybe(f"proportion {name}", share, "subjects / subjects", "no subject")
    if unclassified:
        without_value = every.filter(pl.col("_NAME") == NO_LEVEL)
        counted = without_value.join(known, on="USUBJID", how="anti", maintain_order="left")
        own = replace(
            scope,
            text=NO_LEVEL,
            sources=chosen.counted(counted),
            considered=chosen.considered(every.join(counted, on=KEYS, how="anti")),
        )
        yield own.number(f"count {NO_LEVEL}", unclassified, "count of subjects")
    elif not names:
        yield scope.number("count", 0, "count of subjects")


def declared(
    analysis: Analysis, variable: str, codes: tuple[str, ...], study: Study
) -> tuple[str, ...]:
    """The values that the study declares for a column, in its order; none where it declares none.

    A column of ADRS has the categories of the classifications that the analysis is about.
    """
    protocol = study.protocol
    if analysis.dataset == "ADRS" and variable == "AVALC":
        return tuple(dict.fromkeys(_categories(codes, protocol)))
    found = dataset_columns(analysis.dataset, protocol, study.sap).get(variable)
    choices = () if found is None else found.choices
    return choices or _offered(TABLE[analysis.dataset], variable, protocol)


def _categories(codes: tuple[str, ...], protocol: Protocol) -> Iterator[str]:
    for name, classification in protocol.classifications.items():
        if name in codes or any(code in classification.summaries for code in codes):
            yield from (category.code for category in classification.categories)


def _offered(table: str, variable: str, protocol: Protocol) -> tuple[str, ...]:
    """The codelist of the item that fills a column of a table."""
    for form in protocol.forms.values():
        for item in form.items.values():
            if item.target == f"{table.upper()}.{variable}" and item.codelist is not None:
                return tuple(protocol.codelists.get(item.codelist, {}))
    return ()
