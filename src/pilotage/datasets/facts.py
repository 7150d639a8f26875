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
    answer where nothing of the subject is dated before it), or whether an answer was ever given
    after it.
    """
    facts = protocol.subject_facts
    parameters = {name: fact.baseline for name, fact in facts.items() if fact.baseline}
    based = baselines.filter(pl.col("PARAMCD").is_in(list(parameters.values()))).pivot(
        on="PARAMCD", index="USUBJID", values="BASE"
    )
    named = based.select(
        "USUBJID",
        *(pl.col(code).alias(name) for name, code in parameters.items() if code in based.columns),
    )
    parts = [
        part
        for name, fact in facts.items()
        if fact.item and (part := _answers(name, fact, protocol, tables, adsl)) is not None
    ]
    answered = _with_days(pl.concat(parts, how="vertical_relaxed"), adsl) if parts else None
    found = (
        adsl.drop(list(facts), strict=False)
        .lazy()
        .join(named.lazy(), on="USUBJID", how="left", maintain_order="left")
    )
    known = set(named.columns)
    if answered is not None and answered.height:
        for rows in _wide(answered, facts, protocol):
            known |= set(rows.columns)
            found = found.join(rows.lazy(), on="USUBJID", how="left", maintain_order="left")
    absent = [
        pl.lit(None, pl.Float64 if _is_number(fact, protocol) else pl.String).alias(name)
        for name, fact in facts.items()
        if name not in known
    ]
    order = [*(c for c in adsl.columns if c not in facts), *facts]
    return found.with_columns(absent).select(order).collect(engine="in-memory")


def _wide(
    answered: pl.DataFrame, facts: Mapping[str, SubjectFact], protocol: Protocol
) -> list[pl.DataFrame]:
    """Numbers, texts and answers ever given, each as one row a subject and one column a fact."""
    ever = {name: fact.ever for name, fact in facts.items() if fact.ever is not None}
    numbers = [name for name, fact in facts.items() if _is_number(fact, protocol)]
    is_ever, is_number = pl.col("NAME").is_in(list(ever)), pl.col("NAME").is_in(numbers)
    last = _last_before_treatment(answered.filter(~is_ever))
    long = [
        last.filter(is_number).select("USUBJID", "NAME", VALUE="NUMBER"),
        last.filter(~is_number).select("USUBJID", "NAME", VALUE="TEXT"),
        _ever(answered.filter(is_ever), ever) if ever else answered.clear(),
    ]
    return [rows.pivot(on="NAME", index="USUBJID", values="VALUE") for rows in long if rows.height]


def _is_number(fact: SubjectFact, protocol: Protocol) -> bool:
    if fact.baseline:
        return True
    if fact.ever is not None:
        return False
    form, _, item = (fact.item or "").partition(".")
    return protocol.forms[form].items[item].type in ("integer", "number")


def _answers(
    name: str,
    fact: SubjectFact,
    protocol: Protocol,
    tables: Mapping[str, pl.DataFrame],
    adsl: pl.DataFrame,
) -> pl.LazyFrame | None:
    """USUBJID and the answers to the item, as NUMBER or TEXT, with DATE and ORDER; None where the
    snapshot has no place for it."""
    form, _, item = (fact.item or "").partition(".")
    target = read_target(protocol.forms[form].items[item].target)
    rows = tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    if rows is None or not wanted <= set(rows.columns):
        return None
    chosen = [_is(rows, column, value) for column, value in target.where]
    answer, none = pl.col(target.variable), pl.lit(None, dtype=pl.String)
    text, number = answer.cast(pl.String), pl.lit(None, dtype=pl.Float64)
    if _is_number(fact, protocol):
        written = rows.schema[target.variable] == pl.String
        number = number_columns(target.variable) if written else answer.cast(pl.Float64)
        text = none
    domain = target.domain.upper()
    when, order = (c if c in rows.columns else None for c in (f"{domain}DTC", f"{domain}SEQ"))
    return (
        rows.lazy()
        .filter(answer.is_not_null(), *chosen)
        .select(
            pl.col("USUBJID").cast(adsl.schema["USUBJID"]),
            NAME=pl.lit(name),
            TEXT=text,
            NUMBER=number,
            DATE=pl.col(when) if when else none,
            ORDER=pl.col(order).cast(pl.Int64) if order else pl.lit(0, dtype=pl.Int64),
        )
    )


def _with_days(answered: pl.LazyFrame, adsl: pl.DataFrame) -> pl.DataFrame:
    """DATE as the first possible day, LAST as the last, and TRTSDT of the subject."""
    rows = answered.join(adsl.lazy().select("USUBJID", "TRTSDT"), on="USUBJID", how="left")
    dated = with_interval(rows.collect(engine="in-memory"), "DATE")
    return dated.drop("DATE", "DATE_TIME").rename({"DATE_FIRST": "DATE", "DATE_LAST": "LAST"})


def _ever(answered: pl.DataFrame, ever: Mapping[str, str]) -> pl.DataFrame:
    """USUBJID, NAME, VALUE: 'Y' where the answer was given on a day after the first dose, 'N' where
    others were and none may be it. Missing without an answer after the first dose, and where the
    day of the only ones that count is not known."""
    after = pl.col("DATE") > pl.col("TRTSDT")
    perhaps = (pl.col("LAST") > pl.col("TRTSDT")).fill_null(True)
    given = pl.col("TEXT") == pl.col("NAME").replace_strict(ever, return_dtype=pl.String)
    return (
        answered.filter(pl.col("TRTSDT").is_not_null())
        .group_by("USUBJID", "NAME", maintain_order=True)
        .agg(YES=(given & after).any(), OPEN=(given & perhaps).any(), ASKED=after.any())
        .select(
            "USUBJID",
            "NAME",
            VALUE=pl.when("YES")
            .then(pl.lit("Y"))
            .when(pl.col("ASKED") & ~pl.col("OPEN"))
            .then(pl.lit("N")),
        )
    )


def _is(rows: pl.DataFrame, column: str, value: str) -> pl.Expr:
    """Does a column of the source hold the value that a target names?"""
    if rows.schema[column].is_numeric():
        return pl.col(column).cast(pl.Float64) == pl.lit(value).cast(pl.Float64, strict=False)
    return pl.col(column) == value


def _last_before_treatment(answered: pl.DataFrame) -> pl.DataFrame:
    """The last answer of each subject by DATE and ORDER; one dated after the first dose counts only
    where there is no other."""
    late = (pl.col("DATE") > pl.col("TRTSDT")).fill_null(False)
    return answered.sort(~late, "DATE", "ORDER", nulls_last=False).unique(
        ["USUBJID", "NAME"], keep="last", maintain_order=True
    )
