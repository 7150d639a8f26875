"""What was recorded for each form: on which days it has data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

import polars as pl

from pilotage.datasets.facts import Target, read_target
from pilotage.instruments import instruments
from pilotage.rules.answers import HAPPENED, done, is_named
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Form, Protocol

DAYS = {"USUBJID": pl.String, "FORM": pl.String, "FROM": pl.Date, "TO": pl.Date,
        "VISITNUM": pl.Float64}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which forms have data, and when.

    `days`: USUBJID, FORM, FROM and TO (first and last possible day; both null where no date was
    recorded), VISITNUM. `nowhere` names the forms for which the snapshot has no place: of them
    nothing is known.
    """

    days: pl.DataFrame
    nowhere: frozenset[str]


def evidence(protocol: Protocol, snapshot: Snapshot, *, at: date) -> Evidence:
    """The forms with data up to a day; a date that may lie before the day counts."""
    parts, nowhere = [], set()
    for name, form in protocol.forms.items():
        found = list(_of_form(name, form, snapshot.tables))
        if not found:
            nowhere.add(name)
        parts += found
    rows = pl.concat([pl.DataFrame(schema=DAYS), *parts])
    return Evidence(rows.filter(pl.col("FROM").is_null() | (pl.col("FROM") <= at)).unique(),
                    frozenset(nowhere))  # fmt: skip


def _of_form(name: str, form: Form, tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The days of a form, table by table; nothing where the snapshot has no place for it."""
    for domain, holds in _places(form, tables).items():
        rows = tables[domain].filter(reduce(or_, holds))
        number = pl.col("VISITNUM") if "VISITNUM" in rows.columns else pl.lit(None, pl.Float64)
        when = day_column(domain, rows.columns)
        dates = pl.lit(None, pl.String) if when is None else pl.col(when)
        dated = rows.select("USUBJID", DATE=dates, VISITNUM=number).unique()
        yield with_interval(dated, "DATE").select(
            "USUBJID", FORM=pl.lit(name), FROM="DATE_FIRST", TO="DATE_LAST", VISITNUM="VISITNUM"
        )


def _places(form: Form, tables: Mapping[str, pl.DataFrame]) -> dict[str, list[pl.Expr]]:
    """For each table with items of the form: what a row must be to hold an answer. A date alone
    counts only where the form asks for nothing else that has a place."""
    found: dict[str, list[pl.Expr]] = {}
    dates: dict[str, list[pl.Expr]] = {}
    instrument = instruments.get(form.instrument or "")
    if instrument is not None and "qs" in tables:
        category = pl.col("QSCAT") == instrument.category
        found["qs"] = [category & pl.col("QSORRES").is_not_null()]
    for item in form.items.values():
        target = read_target(item.target)
        holds = answer_in(target, tables)
        if holds is not None:
            kept = dates if item.type in ("date", "datetime") else found
            kept.setdefault(target.domain, []).append(holds)
    return found or dates


def answer_in(
    target: Target, tables: Mapping[str, pl.DataFrame], *, or_empty: bool = False
) -> pl.Expr | None:
    """Does a row of the target's table hold its answer, or (with `or_empty`) the place for it? None
    where the table, or a column that the target names, is not there."""
    rows = tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    if rows is None or not wanted <= set(rows.columns):
        return None
    parts = [pl.lit(True) if or_empty else pl.col(target.variable).is_not_null()]
    parts += (is_named(rows, column, value) for column, value in target.where)
    return reduce(and_, [*parts, *done(rows, target.domain.upper())])


def day_column(domain: str, columns: Iterable[str]) -> str | None:
    """The column with the day on which a row was recorded."""
    present = set(columns)
    if domain == "dm":
        return "RFICDTC" if "RFICDTC" in present else None
    names = [f"{domain.upper()}DTC", *([f"{domain.upper()}STDTC"] if domain in HAPPENED else [])]
    return next((name for name in names if name in present), None)
