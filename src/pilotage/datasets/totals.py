"""The totals of the assessments of an instrument, from their items."""

from collections.abc import Mapping

import polars as pl

from pilotage.instruments import Instrument, Score

GROUP = ["USUBJID", "ASSESSED"]
"""One assessment: the rows of an instrument on one day; where an item occurs more than once on
the day, the rows with the same time."""

CARRIED = ("STUDYID", "DOMAIN", "VISIT", "VISITNUM")


def assessments(items: pl.DataFrame) -> pl.DataFrame:
    """Add ASSESSED, the day of the assessment, or its day and time where the day has several."""
    if (items["QSDTC"].str.len_bytes() <= 10).all():
        return items.with_columns(ASSESSED=pl.col("QSDTC"))
    day = pl.col("QSDTC").str.slice(0, 10)
    repeated = pl.len().over("USUBJID", day, "QSTESTCD") > 1
    several = repeated.any().over("USUBJID", day)
    return items.with_columns(ASSESSED=pl.when(several).then("QSDTC").otherwise(day))


def totals_of(
    items: pl.DataFrame, instrument: Instrument, scores: Mapping[str, Score]
) -> pl.DataFrame:
    """One row for each score (QSTESTCD, its parameter) and assessment with items of it: TOTAL, OPEN
    (the items that leave it missing), ITEMS and ITEMSEQ (their sequence numbers, the highest)."""
    ordered = items.sort("SEQ")
    wide = _wide(ordered, instrument)
    columns = {item.code: pl.col(item.code) for item in instrument.items}
    values = (
        wide.lazy()
        .select(*GROUP, **{c: s.columns(columns).cast(pl.Float64) for c, s in scores.items()})
        .unpivot(index=GROUP, variable_name="QSTESTCD", value_name="TOTAL")
    )
    key = [*GROUP, "QSTESTCD"]
    totals = (
        _rows_of_scores(ordered, scores)
        .join(values, on=key, how="left", maintain_order="left")
        .with_columns(QSCAT=pl.lit(instrument.category))
        .collect(engine="in-memory")
    )
    missing = totals.lazy().filter(pl.col("TOTAL").is_null())
    opened = [
        wide.lazy()
        .join(missing.filter(pl.col("QSTESTCD") == code), on=GROUP, how="semi")
        .select(*GROUP, QSTESTCD=pl.lit(code), OPEN=_open_items(score, columns))
        for code, score in scores.items()
        if totals["TOTAL"].null_count()
    ]
    none = pl.LazyFrame(schema={name: totals.schema[name] for name in key} | {"OPEN": pl.String})
    return (
        totals.lazy()
        .join(pl.concat([none, *opened]), on=key, how="left", maintain_order="left")
        .collect(engine="in-memory")
    )


def _wide(ordered: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """One row for each assessment, one column for each item: whole numbers that it allows, null
    where it is open. Of an item recorded twice the last row counts."""
    codes = [item.code for item in instrument.items]
    groups = ordered.select(GROUP).unique(maintain_order=True)
    number = pl.col("QSTESTCD").replace_strict(codes, range(len(codes)), return_dtype=pl.Int64)
    found = ordered.select(
        *GROUP,
        NUMBER=number,
        VALUE=pl.when(~pl.col("ILLEGAL")).then(pl.col("AVAL").cast(pl.Int64)),
    ).join(groups.with_row_index("ROW"), on=GROUP, how="left", maintain_order="left")
    # all columns are parts of one: this takes a fifth of the time of a pivot
    cells = pl.Series([None], dtype=pl.Int64).new_from_index(0, groups.height * len(codes))
    cells = cells.scatter(found["NUMBER"] * groups.height + found["ROW"], found["VALUE"])
    return groups.with_columns(
        cells.slice(place * groups.height, groups.height).alias(code)
        for place, code in enumerate(codes)
    )


def _rows_of_scores(ordered: pl.DataFrame, scores: Mapping[str, Score]) -> pl.LazyFrame:
    """What the rows of the items of each score and assessment say besides their values."""
    of = pl.LazyFrame(
        [(item, code) for code, score in scores.items() for item in score.items],
        schema={"ITEM": ordered.schema["QSTESTCD"], "SCORE": pl.String},
        orient="row",
    )
    carried = [column for column in CARRIED if column in ordered.columns]
    return (
        ordered.lazy()
        .select(
            *GROUP, *carried, "QSDTC", "TIME", "SRCLINE", "SEQ", ITEM="QSTESTCD",
            WRITTEN=pl.col("SEQ").cast(pl.String),
        )
        .join(of, on="ITEM", maintain_order="left")
        .group_by(*GROUP, QSTESTCD=pl.col("SCORE"), maintain_order=True)
        .agg(
            pl.col(*carried).last(),
            pl.col("QSDTC", "TIME").max(),
            pl.col("SRCLINE").min(),
            ITEMSEQ=pl.col("SEQ").last(),
            ITEMS=pl.col("WRITTEN").str.join(" "),
        )
    )  # fmt: skip


def _open_items(score: Score, columns: Mapping[str, pl.Expr]) -> pl.Expr:
    """The codes of the items that leave a score missing, as a text."""
    is_open = score.open_columns(columns)
    named = [pl.when(missing).then(pl.lit(item)) for item, missing in is_open.items()]
    return pl.concat_list(named).list.drop_nulls().list.join(", ")
