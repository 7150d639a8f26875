"""Facts of a subject for ADSL: the answer to an item where SDTM keeps it, or a baseline value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pilotage.instruments.units import number_columns
from pilotage.snapshot.dates import with_interval
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
    found = adsl.drop(named.columns[1:], strict=False).join(
        named, on="USUBJID", how="left", maintain_order="left"
    )
    for name, fact in facts.items():
        answers = _answers(name, fact, protocol, tables, adsl) if fact.item else None
        if answers is not None:
            found = found.drop(name, strict=False).join(
                answers, on="USUBJID", how="left", maintain_order="left"
            )
    return found.with_columns(
        pl.lit(None, pl.Float64 if _is_number(fact, protocol) else pl.String).alias(name)
        for name, fact in facts.items()
        if name not in found.columns
    )


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
) -> pl.DataFrame | None:
    """USUBJID and the answer to the item; None where the snapshot has no place for it."""
    form, _, item = (fact.item or "").partition(".")
    target = read_target(protocol.forms[form].items[item].target)
    rows = tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    if rows is None or not wanted <= set(rows.columns):
        return None
    chosen = [_is(rows, column, value) for column, value in target.where]
    domain = target.domain.upper()
    keys = [key for key in (f"{domain}DTC", f"{domain}SEQ") if key in rows.columns]
    answered = rows.filter(pl.col(target.variable).is_not_null(), *chosen).select(
        *dict.fromkeys(["USUBJID", target.variable, *keys])
    )
    last = _last_before_treatment(answered, domain, adsl)
    answer = pl.col(target.variable)
    if _is_number(fact, protocol) and rows.schema[target.variable] == pl.String:
        answer = number_columns(target.variable)
    return last.select("USUBJID", answer.alias(name))


def _is(rows: pl.DataFrame, column: str, value: str) -> pl.Expr:
    """Does a column of the source hold the value that a target names?"""
    if rows.schema[column].is_numeric():
        return pl.col(column).cast(pl.Float64) == pl.lit(value).cast(pl.Float64, strict=False)
    return pl.col(column) == value


def _last_before_treatment(rows: pl.DataFrame, domain: str, adsl: pl.DataFrame) -> pl.DataFrame:
    date, sequence = f"{domain}DTC", f"{domain}SEQ"
    if date not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias(date))
    if sequence not in rows.columns:
        rows = rows.with_columns(pl.lit(0).alias(sequence))
    dated = with_interval(rows, date).join(
        adsl.select("USUBJID", "TRTSDT"), on="USUBJID", how="left"
    )
    late = (pl.col(f"{date}_FIRST") > pl.col("TRTSDT")).fill_null(False)
    return dated.sort(~late, f"{date}_FIRST", sequence, nulls_last=False).unique(
        "USUBJID", keep="last", maintain_order=True
    )
