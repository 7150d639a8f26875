"""Of whom the item behind a column of ADSL was not asked: of these its answer is not unknown."""

from collections.abc import Iterable, Mapping

import polars as pl

from pilotage.conditions import Condition, columns, names_in
from pilotage.study.protocol import Item, Protocol

_ANSWERS = {"Y": "yes", "N": "no"}
"""What a form calls the answers that SDTM keeps as a letter."""


def not_asked(
    names: Iterable[str], protocol: Protocol, adsl: pl.DataFrame
) -> dict[str, frozenset[str]]:
    """For each column that comes from an item with a condition: the subjects without a value of
    whom the condition is known not to hold. An item on which it depends and that was not asked
    itself leaves nothing to ask."""
    found = {name: _left_out(name, protocol, adsl, ()) for name in names}
    return {
        name: frozenset(adsl.filter(out)["USUBJID"].to_list())
        for name, out in found.items()
        if out is not None and out.any()
    }


def _left_out(
    name: str, protocol: Protocol, adsl: pl.DataFrame, seen: tuple[str, ...]
) -> pl.Series | None:
    """Is a subject known not to have been asked? None where everybody was."""
    item = _item(name, protocol)
    if item is None or item.when is None or name not in adsl.columns or name in seen:
        return None
    stands_in = {
        used: column
        for used in names_in(item.when)
        if (column := _column(used, protocol)) in adsl.columns
    }
    holds = _holds(item.when, stands_in, protocol, adsl)
    before = [_left_out(one, protocol, adsl, (*seen, name)) for one in stands_in.values()]
    nothing = pl.Series([False] * adsl.height, dtype=pl.Boolean)
    for one in before:
        nothing = nothing if one is None else nothing | one
    return adsl[name].is_null() & ((~holds).fill_null(False) | (holds.is_null() & nothing))


def _holds(
    when: Condition, stands_in: Mapping[str, str], protocol: Protocol, adsl: pl.DataFrame
) -> pl.Series:
    """The condition over the columns in which its names are found, their answers as forms call
    them."""
    told = {c: item for c in stands_in.values() if (item := _item(c, protocol)) is not None}
    frame = adsl.with_columns(
        pl.col(column).replace(_ANSWERS) for column, item in told.items() if item.type == "yes_no"
    )
    return frame.select(HOLDS=columns(when, frame.schema, stands_in=stands_in))["HOLDS"]


def _item(column: str, protocol: Protocol) -> Item | None:
    """The item whose answer a column of ADSL is."""
    fact = protocol.subject_facts.get(column)
    if fact is None or fact.item is None:
        return None
    form, _, name = fact.item.partition(".")
    return protocol.forms[form].items.get(name)


def _column(name: str, protocol: Protocol) -> str:
    """The column of ADSL in which a name of a condition is found; the name itself where none is."""
    facts = protocol.subject_facts.items()
    return next((c for c, fact in facts if fact.item == name and fact.ever is None), name)
