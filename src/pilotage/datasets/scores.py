"""Instrument scores: items in, totals out. Item rows of a date win over a total that was stated."""

import polars as pl

from pilotage.datasets.remarks import remark
from pilotage.datasets.score_names import number_text, restated, unrecognised
from pilotage.datasets.totals import GROUP, assessments, totals_of
from pilotage.instruments import Instrument, Score, instruments
from pilotage.study.protocol import Protocol

DAY = pl.col("QSDTC").str.slice(0, 10)


def scored_parameters(protocol: Protocol) -> dict[str, tuple[Instrument, Score]]:
    """The parameters of the study that are scores of an instrument."""
    found = {}
    for code, parameter in protocol.parameters.items():
        if parameter.instrument and parameter.score:
            instrument = instruments[parameter.instrument]
            scores = {score.code: score for score in instrument.scores}
            found[code] = (instrument, scores[parameter.score])
    return found


def with_totals(
    qs: pl.DataFrame, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Replace stated totals by the total of the items of their date, and add the totals that no row
    states. An open item leaves the total missing; a finding names it. Returns the rows and
    findings, also about names that are nearly those of an instrument.

    Needs AVAL, ADT and SEQ; adds SRCITEMS (the sequence numbers of the items of a total).
    """
    rows = qs.with_columns(SRCITEMS=pl.lit(None, dtype=pl.String))
    scored = scored_parameters(protocol)
    used = {instrument.name: instrument for instrument, _ in scored.values()}
    names = qs.lazy().select("QSCAT", "QSTESTCD").unique().collect(engine="in-memory").rows()
    findings = unrecognised(qs, names, tuple(used.values()), protocol, file=file)
    findings += restated(qs, tuple(used.values()), protocol, file=file)
    totals = []
    for instrument in used.values():
        codes = {item.code for item in instrument.items}
        present = {code for category, code in names if category == instrument.category} & codes
        if not present:
            continue
        items = rows.filter(
            pl.col("QSCAT") == instrument.category, pl.col("QSTESTCD").is_in(sorted(present))
        ).with_columns(ILLEGAL=instrument.illegal_rows(value="AVAL"))
        dated = assessments(items.filter(pl.col("QSDTC").is_not_null()))
        own = {code: score for code, (owner, score) in scored.items() if owner is instrument}
        findings += [*_illegal_items(items, instrument, file), *_odd_items(items, dated, file)]
        totals.append(totals_of(dated, instrument, own))
    if not totals:
        return rows, findings
    settled, found = _settled(rows, pl.concat(totals), file)
    return settled, findings + found


def _odd_items(items: pl.DataFrame, dated: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Items that belong to no assessment, and items recorded twice in one."""
    found = []
    undated = items.filter(pl.col("QSDTC").is_null())
    if undated.height:
        words = pl.format("{} has no date: it belongs to no assessment", "QSTESTCD")
        found.append(remark(undated, words, file=file))
    again = dated.filter(dated.select(*GROUP, "QSTESTCD").is_duplicated())
    if again.height:
        words = pl.format(
            "{} stands more than once in the assessment of {}: the last row counts",
            "QSTESTCD",
            "QSDTC",
        )
        found.append(remark(again, words, file=file))
    return found


def _illegal_items(items: pl.DataFrame, instrument: Instrument, file: str) -> list[pl.LazyFrame]:
    """Errors for values that an item does not allow, in the instrument's own words."""
    wrong = items.filter("ILLEGAL")
    if wrong.is_empty():
        return []
    words = [
        "; ".join(instrument.check({code: value}))
        for code, value in wrong.select(pl.col("QSTESTCD").cast(pl.String), "AVAL").rows()
    ]
    message = pl.Series("WORDS", words, dtype=pl.String)
    return [remark(wrong.with_columns(message), pl.col("WORDS"), file=file, severity="error")]


def _settled(
    rows: pl.DataFrame, totals: pl.DataFrame, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Put the totals of the items on the rows that state them; add a row where none does."""
    replaced = _replaced(rows, totals)
    unstated = totals.lazy().join(
        replaced.lazy(), on=[*GROUP, "QSTESTCD"], how="anti", maintain_order="left"
    )
    renewed = rows.lazy()
    if replaced.height:
        new = replaced.lazy().select("SRCLINE", NEW="TOTAL", NEWITEMS="ITEMS", REPLACED=True)
        renewed = (
            renewed.join(new, on="SRCLINE", how="left", maintain_order="left")
            .with_columns(
                AVAL=pl.when("REPLACED").then("NEW").otherwise("AVAL"),
                SRCITEMS=pl.when("REPLACED").then("NEWITEMS").otherwise("SRCITEMS"),
            )
            .drop("NEW", "NEWITEMS", "REPLACED")
        )
    added = unstated.with_columns(
        AVAL=pl.col("TOTAL"),
        SEQ=pl.col("ITEMSEQ"),
        SRCITEMS=pl.col("ITEMS"),
        SRCLINE=pl.lit(None, dtype=pl.Int64),
    ).drop("ASSESSED", "TOTAL", "OPEN", "ITEMS", "ITEMSEQ")
    settled = pl.concat([renewed, added], how="diagonal_relaxed").collect(engine="in-memory")
    return settled, _about_totals(totals, replaced, file)


def _replaced(rows: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """The rows that state a total (SRCLINE, STATED), each with the total of the items that it goes
    with: those of the same date and time, else the last items of its day."""
    codes = totals["QSTESTCD"].unique().to_list()
    stated = rows.lazy().filter(pl.col("QSTESTCD").is_in(codes), pl.col("QSDTC").is_not_null())
    own = ["USUBJID", "QSTESTCD"]
    last_of_day = (
        totals.lazy()
        .sort("TIME", "ITEMSEQ", nulls_last=False)
        .group_by(*own, DAY=DAY)
        .agg(LASTED=pl.col("ASSESSED").last())
    )
    at_its_time = totals.lazy().select(*own, "ASSESSED", OWN="ASSESSED")
    return (
        stated.select(*own, "QSDTC", "SRCLINE", STATED="AVAL", DAY=DAY)
        .join(at_its_time, left_on=[*own, "QSDTC"], right_on=[*own, "ASSESSED"], how="left")
        .join(last_of_day, on=[*own, "DAY"], how="left")
        .with_columns(ASSESSED=pl.coalesce("OWN", "LASTED"))
        .join(totals.lazy().select(*GROUP, "QSTESTCD", "TOTAL", "ITEMS"), on=[*GROUP, "QSTESTCD"])
        .select(*GROUP, "QSTESTCD", "SRCLINE", "STATED", "TOTAL", "ITEMS")
        .collect(engine="in-memory")
    )


def _about_totals(totals: pl.DataFrame, replaced: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Totals that differ from what was stated, and totals that an open item leaves missing."""
    other = replaced.filter(pl.col("STATED") != pl.col("TOTAL"))
    differs = pl.format(
        "{} is stated as {}, its items give {}: the items count",
        "QSTESTCD",
        number_text(pl.col("STATED")),
        number_text(pl.col("TOTAL")),
    )
    missing = totals.filter(pl.col("TOTAL").is_null())
    is_open = pl.format("{} on {} has no total: open items {}", "QSTESTCD", "QSDTC", pl.col("OPEN"))
    return [
        remark(rows, words, file=file)
        for rows, words in ((other, differs), (missing, is_open))
        if rows.height
    ]
