"""Instrument scores: items in, totals out. Item rows of a date win over a total that was stated."""

import polars as pl

from pilotage.datasets.questions import Scales
from pilotage.datasets.remarks import remark
from pilotage.datasets.score_names import number_text
from pilotage.datasets.small_plans import improved
from pilotage.datasets.totals import GROUP, totals_of

DAY = pl.col("QSDTC").str.slice(0, 10)


def with_totals(
    rows: pl.DataFrame, stated: pl.DataFrame, scales: Scales, *, file: str
) -> tuple[pl.DataFrame, pl.DataFrame | None, list[pl.LazyFrame]]:
    """Replace stated totals by the total of the items of their date, and find the totals that no
    row states. An open item leaves the total missing; a finding names it.

    Returns the rows, in SRCITEMS the sequence numbers of the items of a total; the totals that no
    row states, None where there are no items; findings. Needs the number ITEM, AVAL, SEQ, ROW, and
    beside all rows those with a `stated` parameter of the study.
    """
    if not scales.items:
        return rows, None, []
    items = (
        rows.lazy()
        .filter(pl.col("ITEM").is_not_null())
        .with_columns(scales.scale_of_items, scales.not_allowed)
        .pipe(improved)
    )
    if items.is_empty():
        return rows, None, []
    dated, totals = totals_of(items, scales)
    replaced = _replaced(stated, totals)
    findings = [
        *_illegal_items(items, scales, file),
        *_odd_items(items, dated, len(scales.items), file),
        *_about_totals(totals, replaced, file),
    ]
    if replaced.is_empty():
        return rows, totals, findings
    unstated = totals.join(replaced, on=[*GROUP, "QSTESTCD"], how="anti", maintain_order="left")
    return _renewed(rows, replaced), unstated, findings


def _odd_items(
    items: pl.DataFrame, dated: pl.DataFrame, number: int, file: str
) -> list[pl.LazyFrame]:
    """Items that belong to no assessment, and items recorded twice in one. There are `number`
    different ones."""
    found = []
    if items["QSDTC"].null_count():
        words = pl.format("{} has no date: it belongs to no assessment", "QSTESTCD")
        undated = items.filter(pl.col("QSDTC").is_null())
        found.append(remark(undated, words, file=file))
    places = dated["ASSESSMENT"] * number + dated["ITEM"]
    if places.n_unique() < dated.height:
        again = dated.filter(places.is_duplicated())
        words = pl.format(
            "{} stands more than once in the assessment of {}: the last row counts",
            "QSTESTCD",
            "QSDTC",
        )
        found.append(remark(again, words, file=file))
    return found


def _illegal_items(items: pl.DataFrame, scales: Scales, file: str) -> list[pl.LazyFrame]:
    """Errors for values that an item does not allow, in the instrument's own words."""
    if not items["ILLEGAL"].any():
        return []
    wrong = items.filter("ILLEGAL")
    words = [
        "; ".join(scales.instruments[scale].check({code: value}))
        for scale, code, value in wrong.select("SCALE", "QSTESTCD", "AVAL").rows()
    ]
    message = pl.Series("WORDS", words, dtype=pl.String)
    return [remark(wrong.with_columns(message), pl.col("WORDS"), file=file, severity="error")]


def _renewed(rows: pl.DataFrame, replaced: pl.DataFrame) -> pl.DataFrame:
    """The rows, those that state a total with the total of the items."""
    new = replaced.lazy().select("SRCLINE", NEW="TOTAL", NEWITEMS="ITEMS", REPLACED=True)
    return (
        rows.lazy()
        .join(new, on="SRCLINE", how="left", maintain_order="left")
        .with_columns(
            AVAL=pl.when("REPLACED").then("NEW").otherwise("AVAL"),
            SRCITEMS=pl.when("REPLACED").then("NEWITEMS").otherwise("SRCITEMS"),
        )
        .drop("NEW", "NEWITEMS", "REPLACED")
        .pipe(improved)
    )


def _replaced(stated: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """The rows that state a total (SRCLINE, STATED), each with the total of the items that it goes
    with: those of the same date and time, else the last items of its day."""
    if stated.height:
        codes = totals["QSTESTCD"].unique().to_list()
        stated = stated.filter(pl.col("QSTESTCD").is_in(codes), pl.col("QSDTC").is_not_null())
    if stated.is_empty():
        return totals.clear().select(
            *GROUP, "QSTESTCD", "SRCLINE", "TOTAL", "ITEMS", STATED="TOTAL"
        )
    own = ["USUBJID", "QSTESTCD"]
    last_of_day = (
        totals.lazy()
        .sort("TIME", "ITEMSEQ", nulls_last=False)
        .group_by(*own, DAY=DAY)
        .agg(LASTED=pl.col("ASSESSED").last())
    )
    at_its_time = totals.lazy().select(*own, "ASSESSED", OWN="ASSESSED")
    return (
        stated.lazy()
        .select(*own, "QSDTC", "SRCLINE", STATED="AVAL", DAY=DAY)
        .join(at_its_time, left_on=[*own, "QSDTC"], right_on=[*own, "ASSESSED"], how="left")
        .join(last_of_day, on=[*own, "DAY"], how="left")
        .with_columns(ASSESSED=pl.coalesce("OWN", "LASTED"))
        .join(totals.lazy().select(*GROUP, "QSTESTCD", "TOTAL", "ITEMS"), on=[*GROUP, "QSTESTCD"])
        .select(*GROUP, "QSTESTCD", "SRCLINE", "STATED", "TOTAL", "ITEMS")
        .pipe(improved)
    )


def _about_totals(totals: pl.DataFrame, replaced: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Totals that differ from what was stated, and totals that an open item leaves missing."""
    found = []
    if (replaced["STATED"] != replaced["TOTAL"]).any():
        found.append(remark(replaced, _DIFFERS, when=_STATED != _TOTAL, file=file))
    if totals["TOTAL"].null_count():
        found.append(remark(totals, _IS_OPEN, when=_TOTAL.is_null(), file=file))
    return found


_STATED, _TOTAL = pl.col("STATED"), pl.col("TOTAL")
_DIFFERS = pl.format(
    "{} is stated as {}, its items give {}: the items count",
    "QSTESTCD",
    number_text(_STATED),
    number_text(_TOTAL),
)
_IS_OPEN = pl.format("{} on {} has no total: open items {}", "QSTESTCD", "QSDTC", "OPEN")
