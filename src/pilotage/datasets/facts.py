"""Facts of a subject for ADSL: the answer to an item where SDTM keeps it, or a baseline value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from pilotage.datasets.once import once_per_study
from pilotage.datasets.small_plans import as_written
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
    baselines: pl.LazyFrame,
) -> pl.DataFrame:
    """Add a column for each subject fact; missing where nothing is recorded.

    A fact is the baseline of a parameter, or the last answer to an item up to the first dose (any
    answer where nothing of the subject is dated before it), or whether an answer was ever given
    after it.
    """
    facts = protocol.subject_facts
    subject = pl.col("USUBJID").cast(adsl["USUBJID"].dtype)
    parts = [
        part
        for place, asked in _asked_at(protocol).items()
        if (part := _answers(place, asked, tables, subject)) is not None
    ]
    numbers, texts = [_based(baselines, protocol)], []
    if parts:
        ever = {name: fact.ever for name, fact in facts.items() if fact.ever is not None}
        answered = _with_days(pl.concat(parts), adsl).lazy()
        is_ever = pl.col("NAME").is_in(list(ever))
        last = _last_before_treatment(answered.filter(~is_ever))
        numbers.append(last.select(*_VALUE, VALUE="NUMBER"))
        texts.append(last.select(*_VALUE, VALUE="TEXT"))
        if ever:
            texts.append(_ever(answered.filter(is_ever), ever))
    found = adsl.drop(list(facts), strict=False).lazy()
    kinds = zip((pl.Float64, pl.String), (numbers, texts), _names(protocol), strict=True)
    for kind, long, names in kinds:
        if long and names:
            wide = pl.concat(long).pivot(
                on="NAME", on_columns=names, index="USUBJID", values="VALUE"
            )
            found = found.join(wide, on="USUBJID", how="left", maintain_order="left")
        else:
            found = found.with_columns(pl.lit(None, kind).alias(name) for name in names)
    order = [*(c for c in adsl.columns if c not in facts), *facts]
    return found.select(pl.col(order)).pipe(as_written)


_VALUE = ("USUBJID", "NAME")


def _based(baselines: pl.LazyFrame, protocol: Protocol) -> pl.LazyFrame:
    """USUBJID, NAME, VALUE of the facts that are the baseline of a parameter."""
    of = _baseline_facts(protocol).lazy()
    return baselines.join(of, on="PARAMCD").select(*_VALUE, VALUE="BASE")


@once_per_study
def _baseline_facts(protocol: Protocol) -> pl.DataFrame:
    """NAME and PARAMCD of the facts that are the baseline of a parameter."""
    facts = protocol.subject_facts.items()
    wanted = [(name, fact.baseline) for name, fact in facts if fact.baseline]
    return pl.DataFrame(wanted, schema={"NAME": pl.String, "PARAMCD": pl.String}, orient="row")


@once_per_study
def _names(protocol: Protocol) -> tuple[list[str], list[str]]:
    """The facts that are numbers, and the others."""
    facts = protocol.subject_facts
    numbers = [name for name, fact in facts.items() if _is_number(fact, protocol)]
    return numbers, [name for name in facts if name not in numbers]


def _is_number(fact: SubjectFact, protocol: Protocol) -> bool:
    if fact.baseline:
        return True
    if fact.ever is not None:
        return False
    form, _, item = (fact.item or "").partition(".")
    return protocol.forms[form].items[item].type in ("integer", "number")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the answers to several items stand: a column of a table, on rows that other columns
    tell apart."""

    domain: str
    variable: str
    told_by: tuple[str, ...]
    is_number: bool


@once_per_study
def _asked_at(protocol: Protocol) -> dict[_Place, pl.DataFrame]:
    """For each place the facts that are answered there (NAME), with the values that tell them apart
    (KEY0, KEY1…)."""
    found: dict[_Place, list[tuple[str, ...]]] = {}
    for name, fact in protocol.subject_facts.items():
        if fact.item:
            form, _, item = fact.item.partition(".")
            target = read_target(protocol.forms[form].items[item].target)
            told_by = tuple(column for column, _ in target.where)
            place = _Place(target.domain, target.variable, told_by, _is_number(fact, protocol))
            found.setdefault(place, []).append((name, *(value for _, value in target.where)))
    return {
        place: pl.DataFrame(asked, ["NAME", *_keys(place)], orient="row")
        for place, asked in found.items()
    }


def _keys(place: _Place) -> list[str]:
    return [f"KEY{number}" for number, _ in enumerate(place.told_by)]


def _answers(
    place: _Place, asked: pl.DataFrame, tables: Mapping[str, pl.DataFrame], subject: pl.Expr
) -> pl.LazyFrame | None:
    """USUBJID (`subject`), NAME and the answers to the items, as NUMBER or TEXT, with DATE and
    ORDER; None where the snapshot has no place for them."""
    rows = tables.get(place.domain)
    if rows is None or not {place.variable, *place.told_by} <= set(rows.columns):
        return None
    kinds = tuple(
        pl.Float64() if rows[c].dtype.is_numeric() else pl.String() for c in place.told_by
    )
    written = place.is_number and rows[place.variable].dtype == pl.String
    domain, known = place.domain.upper(), rows.columns
    when, order = (c if c in known else None for c in (f"{domain}DTC", f"{domain}SEQ"))
    said = _said(place, kinds, written, when, order)
    chosen = rows.lazy().filter(pl.col(place.variable).is_not_null()).select(subject, *said)
    keys = _keys(place)
    if not keys:
        return chosen.join(asked.lazy(), how="cross")
    of = asked.lazy()
    if any(kind.is_numeric() for kind in kinds):
        of = of.cast(dict(zip(keys, kinds, strict=True)), strict=False)
    return chosen.join(of, on=keys, maintain_order="left").drop(keys)


@cache
def _said(
    place: _Place,
    kinds: tuple[pl.DataType, ...],
    written: bool,
    when: str | None,
    order: str | None,
) -> tuple[pl.Expr, ...]:
    """What a row says; `written`: its number is a text."""
    answer, none = pl.col(place.variable), pl.lit(None, dtype=pl.String)
    text, number = answer.cast(pl.String), pl.lit(None, dtype=pl.Float64)
    if place.is_number:
        number = number_columns(place.variable) if written else answer.cast(pl.Float64)
        text = none
    told = zip(place.told_by, kinds, _keys(place), strict=True)
    return (
        *(pl.col(column).cast(kind).alias(key) for column, kind, key in told),
        text.alias("TEXT"),
        number.alias("NUMBER"),
        (pl.col(when) if when else none).alias("DATE"),
        (pl.col(order).cast(pl.Int64) if order else pl.lit(0, dtype=pl.Int64)).alias("ORDER"),
    )


def _with_days(answered: pl.LazyFrame, adsl: pl.DataFrame) -> pl.DataFrame:
    """Add DATE_FIRST and DATE_LAST, the first and the last possible day, and TRTSDT of the
    subject."""
    rows = answered.join(adsl[["USUBJID", "TRTSDT"]].lazy(), on="USUBJID", how="left")
    return with_interval(rows.pipe(as_written).rechunk(), "DATE")


def _ever(answered: pl.LazyFrame, ever: Mapping[str, str]) -> pl.LazyFrame:
    """USUBJID, NAME, VALUE: 'Y' where the answer was given on a day after the first dose, 'N' where
    others were and none may be it. Missing without an answer after the first dose, and where the
    day of the only ones that count is not known."""
    given = pl.col("TEXT") == pl.col("NAME").replace_strict(ever, return_dtype=pl.String)
    return (
        answered.filter(pl.col("TRTSDT").is_not_null())
        .with_columns(GIVEN=given)
        .group_by("USUBJID", "NAME", maintain_order=True)
        .agg(_GIVEN)
        .select("USUBJID", "NAME", _WHETHER_EVER)
    )


_AFTER = pl.col("DATE_FIRST") > pl.col("TRTSDT")
_PERHAPS_AFTER = (pl.col("DATE_LAST") > pl.col("TRTSDT")).fill_null(True)
_GIVEN = [
    (pl.col("GIVEN") & _AFTER).any().alias("YES"),
    (pl.col("GIVEN") & _PERHAPS_AFTER).any().alias("OPEN"),
    _AFTER.any().alias("ASKED"),
]
_WHETHER_EVER = (
    pl.when("YES")
    .then(pl.lit("Y"))
    .when(pl.col("ASKED") & ~pl.col("OPEN"))
    .then(pl.lit("N"))
    .alias("VALUE")
)


def _last_before_treatment(answered: pl.LazyFrame) -> pl.LazyFrame:
    """The last answer of each subject by DATE and ORDER; one dated after the first dose counts only
    where there is no other."""
    early = ~_AFTER.fill_null(False)
    return answered.sort(early, "DATE_FIRST", "ORDER", nulls_last=False).unique(
        ["USUBJID", "NAME"], keep="last", maintain_order=True
    )
