"""Relapses: the return of the disease after a response."""

from dataclasses import dataclass
from itertools import product

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets.neighbours import IS_FIRST
from pilotage.datasets.once import once_per_study
from pilotage.datasets.response import SCHEMA, stands_in
from pilotage.datasets.small_plans import AS_WRITTEN, as_written
from pilotage.study.protocol import Protocol

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
    assessed: pl.DataFrame, classified: pl.LazyFrame, protocol: Protocol
) -> Responses:
    """Needs the assessments of the parameter whose relapse counts, and their categories."""
    after, is_relapse, is_clear = _asked(protocol)
    responded = classified.filter(after)
    first = responded.group_by("USUBJID").agg(_FIRST_DAYS).filter(_HAS_RESPONDED)
    seen = assessed.lazy().filter(pl.col("AVAL").is_not_null()).with_columns(is_relapse, is_clear)
    if assessed["ADT"].null_count():  # else they stand in this order
        seen = seen.sort("USUBJID", "DATE_FIRST", "TIME", "SEQ", nulls_last=False)
    plans = [first, responded.select(ROW), seen]
    return Responses(*pl.collect_all(plans, engine="in-memory", optimizations=AS_WRITTEN))


_EARLIEST = pl.max_horizontal("DATE_FIRST", pl.col("TRTSDT_MIN") + pl.duration(days=1))
_FIRST_DAYS = [
    _EARLIEST.min().alias("RESP_FIRST"),
    pl.col("DATE_LAST").filter(pl.col("POST")).min().alias("RESP_LAST"),
]
_HAS_RESPONDED = pl.col("RESP_LAST").is_not_null()


@once_per_study
def _asked(protocol: Protocol) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether an assessment is the response that a relapse comes after, whether it is a relapse
    (IS_RELAPSE), and whether it clears one (IS_CLEAR). Of a study that names a relapse."""
    relapse = protocol.relapse
    assert relapse is not None
    names = stands_in(protocol.classifications[relapse.classification].parameter)
    met, clear = (
        columns(condition, SCHEMA, stands_in=names).fill_null(False)
        for condition in (relapse.when, relapse.cleared)
    )
    return pl.col("AVALC") == relapse.after, met.alias("IS_RELAPSE"), clear.alias("IS_CLEAR")


def relapses(found: Responses) -> pl.DataFrame:
    """One row (PARAMCD RELAPSE) for each relapse: the first after the response, and each further
    one after the score was clear again. AVAL numbers them from 1.

    Where the order of the assessments is not known, since a date is not complete, there is a row
    for each relapse that any order gives; ADT is missing where it depends on the order.
    """
    after = (
        found.seen[_LOOKED_AT]
        .lazy()
        .with_row_index("ROW")
        .filter(_EITHER)
        .join(found.first.lazy(), on="USUBJID", maintain_order="left")
        .filter(_LATER)
        .pipe(as_written)
    )
    if not after["ADT"].null_count():
        begin = after.filter(_BEGINS)["ROW"]
        events = found.seen[begin].lazy()
    else:
        after = found.seen[after["ROW"]]
        undated = after.filter(pl.col("ADT").is_null())["USUBJID"].unique()
        open_order = pl.col("USUBJID").is_in(undated.implode())
        unordered = after.filter(open_order).partition_by("USUBJID", maintain_order=True)
        orders = pl.concat(_of_every_order(rows) for rows in unordered)
        events = pl.concat([after.filter(~open_order).lazy().filter(_BEGINS), orders.lazy()])
    return events.with_columns(_NAMED).pipe(as_written)


_LOOKED_AT = ["USUBJID", "ADT", "DATE_FIRST", "IS_RELAPSE", "IS_CLEAR"]
_EITHER = pl.col("IS_RELAPSE") | pl.col("IS_CLEAR")
_LATER = pl.col("DATE_FIRST") > pl.col("RESP_LAST")
_GOES_ON = pl.col("IS_RELAPSE").shift(1, fill_value=False) & ~IS_FIRST
_BEGINS = pl.col("IS_RELAPSE") & ~_GOES_ON
_NAMED = [
    pl.lit("RELAPSE").alias("PARAMCD"),
    pl.lit("Relapse after response").alias("PARAM"),
    pl.lit("RELAPSE").alias("AVALC"),
    pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Float64).alias("AVAL"),
]


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
