"""Answers of a snapshot that are none of those that the study's forms offer: kept as they are, and
not known to any rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import polars as pl

from pilotage.findings import Finding, warning
from pilotage.plural import counted
from pilotage.snapshot.order import in_file_order
from pilotage.snapshot.read import Snapshot
from pilotage.snapshot.tables import LINE, Problem, shown
from pilotage.study.names import did_you_mean, listed
from pilotage.study.protocol import Item, Protocol, text_of

YES_NO = {"Y": "yes", "N": "no"}
MANY = 8
"""So many allowed answers are told."""

SCREEN_FAILURE = "SCREEN FAILURE"
"""The disposition by which SDTM says that a subject did not enter (ADSL reads it so): an answer in
every study, also where no form offers it, since the subject has left no other."""

Codes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An item, on which rows its answers stand (`where`, all of them), and its answers with their
    labels; None where it may be answered with anything."""

    label: str
    where: tuple[tuple[str, str], ...]
    codes: Codes | None


def answers_outside(protocol: Protocol, snapshot: Snapshot) -> list[Finding]:
    """A warning for each answer that is not among those of its item: place, value, what is allowed
    and the nearest. Of rows that do not say which of several items they answer, only an answer that
    looks like one of theirs is told."""
    found: list[Finding] = []
    for (table, column), asked in _by_place(protocol).items():
        rows = snapshot.tables.get(table)
        if rows is not None and rows.schema.get(column) == pl.String:
            told = sorted(_outside(rows, column, asked))
            found += [warning(f"{snapshot.file(table)}:{line}", what) for line, what in told]
    return in_file_order(found)


def _by_place(protocol: Protocol) -> dict[tuple[str, str], list[_Asked]]:
    """The items by table and column; only places at which some item has a list of answers."""
    found: dict[tuple[str, str], list[_Asked]] = {}
    for form in protocol.forms.values():
        for item in form.items.values():
            place, _, where = item.target.partition(" where ")
            table, _, column = place.partition(".")
            told_by = [pair.partition(" = ") for pair in where.split(" and ")] if where else []
            pairs = tuple((name, value) for name, _, value in told_by)
            asked = _Asked(text_of(item.label), pairs, _codes(item, protocol))
            found.setdefault((table.lower(), column), []).append(asked)
    return {at: asked for at, asked in found.items() if any(each.codes for each in asked)}


def _codes(item: Item, protocol: Protocol) -> Codes | None:
    if item.type == "yes_no":
        return YES_NO
    if item.type != "choice":
        return None
    choices = protocol.codelists.get(item.codelist or "", {})
    return {code: text_of(label) for code, label in choices.items()}


def _outside(rows: pl.DataFrame, column: str, asked: Sequence[_Asked]) -> Iterator[Problem]:
    """One problem for each answer: the first line, and how many rows have it."""
    names = dict.fromkeys(name for each in asked for name, _ in each.where)
    present = [name for name in names if rows.schema.get(name) == pl.String]
    chosen = [_may_answer(each, present) for each in asked if each.codes]
    answers = (
        rows.filter(pl.col(column).is_not_null() & reduce(or_, chosen))
        .group_by(column, *present, maintain_order=True)
        .agg(pl.col(LINE).min().alias(LINE), pl.len().alias("ROWS"))
    )
    for answer in answers.iter_rows(named=True):
        words = _words(column, answer[column], {name: answer[name] for name in present}, asked)
        more = answer["ROWS"] - 1
        if words:
            also = f" (and {counted(more, 'more row')})" if more else ""
            yield answer[LINE], words + also


def _may_answer(asked: _Asked, present: Sequence[str]) -> pl.Expr:
    """Rows that say that they answer the item, or nothing against it."""
    said = [(pl.col(n) == value) | pl.col(n).is_null() for n, value in asked.where if n in present]
    return reduce(and_, said, pl.lit(True))


def _words(
    column: str, answer: str, told_by: Mapping[str, str | None], asked: Sequence[_Asked]
) -> str:
    """What is wrong with an answer; empty where it is one of its items, or may be anything."""
    possible = [
        each for each in asked if all(told_by.get(n) in (value, None) for n, value in each.where)
    ]
    exact = [each for each in possible if all(told_by.get(n) == value for n, value in each.where)]
    items = exact or possible
    codes: dict[str, str] = {}
    for each in items:
        codes |= each.codes or {}
    if answer in codes or not all(each.codes for each in items):
        return ""
    if (column, answer) == ("DSDECOD", SCREEN_FAILURE):
        return ""
    meant = _meant(answer, codes)
    if not exact and not meant:
        return ""
    labels = " or ".join(dict.fromkeys(f"'{each.label}'" for each in items))
    more = f" and {len(codes) - MANY} more" if len(codes) > MANY else ""
    allowed = ", ".join([*codes][:MANY]) + more if more else listed(codes).replace("'", "")
    return f"{column} is {shown(answer)}, which is no answer to {labels}: {allowed}{meant}"


def _meant(answer: str, codes: Codes) -> str:
    """The answer in other letters, or by its label, or the nearest."""
    plain = answer.strip().casefold()
    for code, label in codes.items():
        if plain in (code.casefold(), label.casefold()):
            return f"; did you mean '{code}'?"
    return did_you_mean(answer, codes)
