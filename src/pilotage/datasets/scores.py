"""Instrument scores: items in, totals out. Item rows of a date win over a total that was stated."""

import polars as pl

from pilotage.datasets.remarks import remark
from pilotage.instruments import Instrument, Score, instruments
from pilotage.study.protocol import Protocol

GROUP = ["USUBJID", "ASSESSED"]
"""One assessment: the rows of an instrument on one day; where an item occurs more than once on
the day, the rows with the same time."""


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
    findings.

    Needs AVAL, ADT and SEQ; adds SRCITEMS (the sequence numbers of the items of a total).
    """
    rows = qs.with_columns(SRCITEMS=pl.lit(None, dtype=pl.String))
    findings: list[pl.LazyFrame] = []
    totals: dict[str, pl.DataFrame] = {}
    for instrument in {i.name: i for i, _ in scored_parameters(protocol).values()}.values():
        items = rows.filter(
            (pl.col("QSCAT") == instrument.category)
            & pl.col("QSTESTCD").is_in([item.code for item in instrument.items])
        )
        if items.height:
            dated = _with_assessment(items.filter(pl.col("QSDTC").is_not_null()))
            findings += [_illegal_items(items, instrument, file), *_odd_items(items, dated, file)]
            totals |= _totals(dated, instrument, protocol)
    for code, total in totals.items():
        rows, found = _settle(rows, total, code, file)
        findings += found
    return rows, findings


def _with_assessment(items: pl.DataFrame) -> pl.DataFrame:
    """Add ASSESSED, the day of the assessment, or its day and time where the day has several."""
    day = pl.col("QSDTC").str.slice(0, 10)
    repeated = pl.len().over("USUBJID", day, "QSTESTCD") > 1
    several = repeated.any().over("USUBJID", day)
    return items.with_columns(ASSESSED=pl.when(several).then("QSDTC").otherwise(day))


def _odd_items(items: pl.DataFrame, dated: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Items that belong to no assessment, and items recorded twice in one."""
    again = pl.len().over(*GROUP, "QSTESTCD") > 1
    return [
        remark(
            items,
            when=pl.col("QSDTC").is_null(),
            message=pl.format("{} has no date: it belongs to no assessment", "QSTESTCD"),
            file=file,
        ),
        remark(
            dated.lazy().with_columns(AGAIN=again),
            when=pl.col("AGAIN"),
            message=pl.format(
                "{} stands more than once in the assessment of {}: the last row counts",
                "QSTESTCD",
                "QSDTC",
            ),
            file=file,
        ),
    ]


def _illegal_items(items: pl.DataFrame, instrument: Instrument, file: str) -> pl.LazyFrame:
    """Errors for values that an item does not allow, in the instrument's own words."""
    wrong = items.filter(instrument.illegal_rows(value="AVAL"))
    words = [
        "; ".join(instrument.check({code: value}))
        for code, value in wrong.select(pl.col("QSTESTCD").cast(pl.String), "AVAL").rows()
    ]
    message = pl.Series("WORDS", words, dtype=pl.String)
    return remark(wrong.with_columns(message), pl.col("WORDS"), file=file, severity="error")


def _number(value: pl.Expr) -> pl.Expr:
    """A number in a message: 4, not 4.0."""
    whole = value == value.round(0)
    return (
        pl.when(whole)
        .then(value.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(value.cast(pl.String))
    )


def _totals(
    items: pl.DataFrame, instrument: Instrument, protocol: Protocol
) -> dict[str, pl.DataFrame]:
    """By parameter: one row for each assessment with items of the score, with TOTAL and OPEN."""
    ordered = items.sort("SEQ")
    missing = {item.code for item in instrument.items} - set(items["QSTESTCD"].unique().to_list())
    carried = [c for c in ("STUDYID", "DOMAIN", "VISIT", "VISITNUM") if c in items.columns]
    wide = (
        ordered.with_columns(pl.col("QSTESTCD").cast(pl.String))
        .pivot(on="QSTESTCD", index=GROUP, values="AVAL", aggregate_function="last")
        .with_columns(pl.lit(None, dtype=pl.Float64).alias(code) for code in sorted(missing))
    )
    found = {}
    for code, (owner, score) in scored_parameters(protocol).items():
        if owner.name != instrument.name:
            continue
        own = ordered.filter(pl.col("QSTESTCD").is_in(list(score.items)))
        groups = own.group_by(GROUP).agg(
            *[pl.col(column).last() for column in carried],
            pl.col("QSDTC").max(),
            pl.col("TIME").max(),
            pl.col("SRCLINE").min(),
            ITEMSEQ=pl.col("SEQ").max(),
            ITEMS=pl.col("SEQ").unique().sort().cast(pl.String).str.join(" "),
        )
        totals = wide.select(
            *GROUP,
            TOTAL=instrument.score_columns(score.code).cast(pl.Float64),
            OPEN=instrument.open_columns(score.code).list.join(", "),
        )
        found[code] = groups.join(totals, on=GROUP, how="left").with_columns(
            QSCAT=pl.lit(instrument.category)
        )
    return found


def _settle(
    rows: pl.DataFrame, total: pl.DataFrame, code: str, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Put the totals of the items on the rows that state them; add a row where none does.

    A stated total goes with the items of the same date and time, else with the last items of its
    day.
    """
    day = pl.col("QSDTC").str.slice(0, 10)
    stated = rows.filter(pl.col("QSTESTCD") == code).with_columns(DAY=day)
    no_total = remark(
        total,
        when=pl.col("TOTAL").is_null(),
        message=pl.format(f"{code} on {{}} has no total: open items {{}}", "QSDTC", "OPEN"),
        file=file,
    )
    if stated.is_empty():
        return _with_added(rows, total, code), [no_total]
    last_of_day = (
        total.with_columns(DAY=day)
        .sort("TIME", "ITEMSEQ", nulls_last=False)
        .unique(["USUBJID", "DAY"], keep="last", maintain_order=True)
        .select("USUBJID", "DAY", LASTED="ASSESSED")
    )
    own_time = total.select(*GROUP, OWN="ASSESSED")
    matched = (
        stated.join(own_time, left_on=["USUBJID", "QSDTC"], right_on=GROUP, how="left")
        .join(last_of_day, on=["USUBJID", "DAY"], how="left")
        .with_columns(ASSESSED=pl.coalesce("OWN", "LASTED"))
        .filter(pl.col("ASSESSED").is_not_null())
    )
    replaced = matched.select(*GROUP, "SRCLINE", STATED="AVAL").join(
        total.select(*GROUP, "TOTAL", "OPEN", "ITEMS", "ITEMSEQ"), on=GROUP
    )
    unstated = total.join(replaced.select(GROUP), on=GROUP, how="anti")
    findings = [
        remark(
            replaced,
            when=pl.col("STATED") != pl.col("TOTAL"),
            message=pl.format(
                f"{code} is stated as {{}}, its items give {{}}: the items count",
                _number(pl.col("STATED")),
                _number(pl.col("TOTAL")),
            ),
            file=file,
        ),
        no_total,
    ]
    renewed = (
        rows.join(
            replaced.select("SRCLINE", NEW="TOTAL", NEWITEMS="ITEMS", REPLACED=pl.lit(True)),
            on="SRCLINE",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            AVAL=pl.when("REPLACED").then(pl.col("NEW")).otherwise(pl.col("AVAL")),
            SRCITEMS=pl.when("REPLACED").then(pl.col("NEWITEMS")).otherwise(pl.col("SRCITEMS")),
        )
        .drop("NEW", "NEWITEMS", "REPLACED")
    )
    return _with_added(renewed, unstated, code), findings


def _with_added(rows: pl.DataFrame, totals: pl.DataFrame, code: str) -> pl.DataFrame:
    """The rows, and one for each total that no row states."""
    added = totals.with_columns(
        QSTESTCD=pl.lit(code),
        AVAL=pl.col("TOTAL"),
        SEQ=pl.col("ITEMSEQ"),
        SRCITEMS=pl.col("ITEMS"),
        SRCLINE=pl.lit(None, dtype=pl.Int64),
    ).drop("ASSESSED", "TOTAL", "OPEN", "ITEMS", "ITEMSEQ")
    return pl.concat([rows, added], how="diagonal_relaxed")
