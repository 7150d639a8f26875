"""Answers to the items of a form, where SDTM keeps them."""

from collections.abc import Iterator, Mapping

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.snapshot.dates import first_day
from pilotage.study import Study
from pilotage.study.protocol import Item


def choices_of(item: Item, study: Study) -> tuple[str, ...]:
    """The answers that the item allows, as SDTM keeps them; none where it does not list them."""
    match item.type:
        case "yes_no":
            return ("Y", "N")
        case "choice":
            return tuple(study.protocol.codelists.get(item.codelist or "", {}))
    return ()


def answers(
    name: str, study: Study, tables: Mapping[str, pl.DataFrame], starts: pl.DataFrame | None
) -> Iterator[tuple[str, str]]:
    """USUBJID and answer of every row with an answer to `form.item`. With `starts` (USUBJID,
    TRTSDT) only those of a day after the start; a row without a date stays."""
    form, _, item = name.partition(".")
    target = read_target(study.protocol.forms[form].items[item].target)
    rows = tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    if rows is None or not wanted <= set(rows.columns):
        return
    text = pl.col(target.variable).cast(pl.String)
    chosen = rows.filter(
        text.is_not_null(),
        *(pl.col(column).cast(pl.String) == value for column, value in target.where),
    )
    date = f"{target.domain.upper()}DTC"
    if starts is not None and date in chosen.columns:
        joined = chosen.join(starts, on="USUBJID", how="left", maintain_order="left")
        late = first_day(pl.col(date)) > pl.col("TRTSDT")
        chosen = joined.filter(late.fill_null(pl.col(date).is_null()))
    yield from chosen.select("USUBJID", text).rows()
