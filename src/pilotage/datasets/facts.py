"""Facts of a subject for ADSL: the answer to an item where SDTM keeps it, or a baseline value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pilotage.instruments.units import number_columns
from pilotage.snapshot.dates import first_day
from pilotage.study.protocol import Protocol, SubjectFact

_TARGET = re.compile(r"^(?P<domain>[A-Z]{2,6})\.(?P<variable>[A-Z0-9]+)(?: where (?P<where>.+))?$")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an item lives: FA.FAORRES where FATESTCD = SUBTYPE."""

    domain: str
    variable: str
    where: tuple[tuple[str, str], ...]


def read_target(text: str) -> Target:
    """The parts of an item's target. The loader has refused every other form."""
    parts = _TARGET.match(text)
    assert parts is not None
    pairs = (parts["where"] or "").split(" and ") if parts["where"] else []
    return Target(
        domain=parts["domain"].lower(),
        variable=parts["variable"],
        where=tuple(
            (k.strip(), v.strip()) for k, _, v in (pair.partition(" = ") for pair in pairs)
        ),
    )


def with_facts(
    adsl: pl.DataFrame,
    protocol: Protocol,
    tables: Mapping[str, pl.DataFrame],
    baselines: pl.DataFrame,
) -> pl.DataFrame:
    """Add a column for each subject fact; missing where nothing is recorded.

    A fact is the baseline of a parameter, or the last answer to an item up to the first dose (any
    answer where nothing of the subject is dated before it).
    """
    facts = protocol.subject_facts
    parameters = {name: fact.baseline for name, fact in facts.items() if fact.baseline}
    wide = baselines.filter(pl.col("PARAMCD").is_in(list(parameters.values()))).pivot(
        on="PARAMCD", index="USUBJID", values="BASE"
    )
    named = wide.select(
        "USUBJID",
        *(pl.col(code).alias(name) for name, code in parameters.items() if code in wide.columns),
    )
    answers = {
        name: _answers(name, fact, protocol, tables, adsl)
        for name, fact in facts.items()
        if fact.item
    }
    known = {name: rows for name, rows in answers.items() if rows is not None}
    found = adsl.lazy().drop(list(facts), strict=False)
    for rows in (named.lazy(), *known.values()):
        found = found.join(rows, on="USUBJID", how="left", maintain_order="left")
    return found.with_columns(
        pl.lit(None, pl.Float64 if _is_number(fact, protocol) else pl.String).alias(name)
        for name, fact in facts.items()
        if name not in known and name not in named.columns
    ).collect(engine="in-memory")


def _is_number(fact: SubjectFact, protocol: Protocol) -> bool:
    if fact.baseline:
        return True
    form, _, item = (fact.item or "").partition(".")
    return protocol.forms[form].items[item].type in ("integer", "number")


def _answers(
    name: str,
    fact: SubjectFact,
    protocol: Protocol,
    tables: Mapping[str, pl.DataFrame],
    adsl: pl.DataFrame,
) -> pl.LazyFrame | None:
    """USUBJID and the answer to the item; None where the snapshot has no place for it."""
    form, _, item = (fact.item or "").partition(".")
    target = read_target(protocol.forms[form].items[item].target)
    rows = tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    if rows is None or not wanted <= set(rows.columns):
        return None
    chosen = [_is(rows, column, value) for column, value in target.where]
    answer = pl.col(target.variable)
    if _is_number(fact, protocol) and rows.schema[target.variable] == pl.String:
        answer = number_columns(target.variable)
    domain = target.domain.upper()
    when, order = (c if c in rows.columns else None for c in (f"{domain}DTC", f"{domain}SEQ"))
    answered = (
        rows.lazy()
        .filter(pl.col(target.variable).is_not_null(), *chosen)
        .select(
            "USUBJID",
            answer.alias(name),
            DATE=first_day(pl.col(when)) if when else pl.lit(None, dtype=pl.Date),
            ORDER=pl.col(order) if order else pl.lit(0),
        )
    )
    return _last_before_treatment(answered, adsl).select("USUBJID", name)


def _is(rows: pl.DataFrame, column: str, value: str) -> pl.Expr:
    """Does a column of the source hold the value that a target names?"""
    if rows.schema[column].is_numeric():
        return pl.col(column).cast(pl.Float64) == pl.lit(value).cast(pl.Float64, strict=False)
    return pl.col(column) == value


def _last_before_treatment(answered: pl.LazyFrame, adsl: pl.DataFrame) -> pl.LazyFrame:
    """The last answer of each subject by DATE and ORDER; one dated after the first dose counts only
    where there is no other."""
    first_doses = adsl.lazy().select("USUBJID", "TRTSDT")
    late = (pl.col("DATE") > pl.col("TRTSDT")).fill_null(False)
    return (
        answered.join(first_doses, on="USUBJID", how="left")
        .sort(~late, "DATE", "ORDER", nulls_last=False)
        .unique("USUBJID", keep="last", maintain_order=True)
    )
