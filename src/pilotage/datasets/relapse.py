"""Relapses: the return of the disease after a response."""

from dataclasses import dataclass
from itertools import product

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets.response import stands_in
from pilotage.study.protocol import Relapse

ROW = ["USUBJID", "ADT", "DATE_FIRST", "DATE_LAST", "TIME", "SEQ", "SRCSEQ", "SRCITEMS"]

DAY_OF_RELAPSE = ("ADT", "ADTF", "ADY", "AVISITN", "AVISIT", "CYCLE", "ONTRTFL", "DOSEBEF")


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses of the subjects, and what was seen of relapse, after the first dose.

    first: USUBJID, RESP_FIRST, RESP_LAST, the days between which the first response lies. rows: the
    assessments with the response. seen: every assessment with a known value, in the order of the
    dates; IS_RELAPSE where it meets the condition of relapse, IS_CLEAR where it clears one. Rows
    with an incomplete date are among them, also of those that may lie before the first dose.
    """

    first: pl.DataFrame
    rows: pl.DataFrame
    seen: pl.DataFrame


def responses_and_relapses(
    assessed: pl.DataFrame, classified: pl.LazyFrame, parameter: str, relapse: Relapse
) -> Responses:
    """Needs the assessments of the parameter, and their categories."""
    responded = classified.filter(pl.col("AVALC") == relapse.after)
    earliest = pl.max_horizontal("DATE_FIRST", pl.col("TRTSDT_MIN") + pl.duration(days=1))
    first = (
        responded.group_by("USUBJID")
        .agg(RESP_FIRST=earliest.min(), RESP_LAST=pl.col("DATE_LAST").filter(pl.col("POST")).min())
        .filter(pl.col("RESP_LAST").is_not_null())
    )
    names, schema = stands_in(parameter), assessed.schema
    seen = (
        assessed.lazy()
        .filter(pl.col("AVAL").is_not_null())
        .with_columns(
            IS_RELAPSE=columns(relapse.when, schema, stands_in=names).fill_null(False),
            IS_CLEAR=columns(relapse.cleared, schema, stands_in=names).fill_null(False),
        )
        .sort("USUBJID", "DATE_FIRST", "TIME", "SEQ", nulls_last=False)
    )
    return Responses(*pl.collect_all([first, responded.select(ROW), seen], engine="in-memory"))


def relapses(found: Responses) -> pl.DataFrame:
    """One row (PARAMCD RELAPSE) for each relapse: the first after the response, and each further
    one after the score was clear again. AVAL numbers them from 1.

    Where the order of the assessments is not known, since a date is not complete, there is a row
    for each relapse that any order gives; ADT is missing where it depends on the order.
    """
    later = pl.col("DATE_FIRST") > pl.col("RESP_LAST")
    after = (
        found.seen.lazy()
        .filter(pl.col("IS_RELAPSE") | pl.col("IS_CLEAR"))
        .join(found.first.lazy(), on="USUBJID", maintain_order="left")
        .filter(later)
        .collect(engine="in-memory")
    )
    undated = after.filter(pl.col("ADT").is_null())["USUBJID"].unique()
    open_order = pl.col("USUBJID").is_in(undated.implode())
    ordered = after.filter(~open_order) if undated.len() else after
    already = pl.col("IS_RELAPSE").shift(1, fill_value=False).over("USUBJID")
    events = ordered.lazy().filter(pl.col("IS_RELAPSE") & ~already)
    if undated.len():
        unordered = after.filter(open_order).partition_by("USUBJID", maintain_order=True)
        orders = pl.concat(_of_every_order(rows) for rows in unordered)
        events = pl.concat([events, orders.lazy()])
    return events.with_columns(
        PARAMCD=pl.lit("RELAPSE"),
        PARAM=pl.lit("Relapse after response"),
        AVALC=pl.lit("RELAPSE"),
        AVAL=pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Float64),
    ).collect(engine="in-memory")


MOST_OPEN = 6
"""Of more assessments without a complete date in one subject, only the first and the last possible
order are looked at."""


def _of_every_order(rows: pl.DataFrame) -> pl.DataFrame:
    """The relapses of one subject that every order of the assessments gives, each on the row that
    is the same in all of them, else without a day."""
    facts = rows.select("DATE_FIRST", "DATE_LAST", "TIME", "SEQ", "IS_RELAPSE").rows()
    open_rows = [n for n, (first, last, *_) in enumerate(facts) if first != last]
    if len(open_rows) <= MOST_OPEN:
        choices = list(product((0, 1), repeat=len(open_rows)))
    else:
        choices = [tuple([end] * len(open_rows)) for end in (0, 1)]
    found: list[list[int]] = []
    for choice in choices:
        ends = dict(zip(open_rows, choice, strict=True))
        order = sorted(
            range(len(facts)),
            key=lambda n: (facts[n][ends.get(n, 0)], facts[n][2] or "", facts[n][3] or 0),
        )
        clear, met = True, []
        for n in order:
            relapsed = facts[n][4]
            if relapsed and clear:
                met.append(n)
            clear = not relapsed
        found.append(met)
    certain = min(len(met) for met in found)
    same = [len({met[place] for met in found}) == 1 for place in range(certain)]
    chosen = rows[found[0][:certain]]
    known = pl.Series("KNOWN", same, dtype=pl.Boolean)
    return chosen.with_columns(
        pl.when(known).then(pl.col(name)).alias(name) for name in DAY_OF_RELAPSE
    )
