"""Ends of treatment and of participation that do not say, in the words of the study, why."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.rules.answers import is_reason
from pilotage.rules.evidence import answer_in
from pilotage.rules.query_row import Asked
from pilotage.rules.record import Record
from pilotage.snapshot.choices import SCREEN_FAILURE
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Item, Protocol, text_of


def ends_asked(record: Record, *, at: date) -> Iterator[Asked]:
    """What to ask of the ends dated up to a day: one that has no reason, and one whose reason is
    none of the codes that the study has for it. An end without a date is asked about where it has
    such a reason. Who failed screening ended participation by that, in every study."""
    ends = record.protocol.schedule.ends
    if ends.treatment is not None:
        yield from _of_form(record, ends.treatment, at, ())
    if ends.study is not None:
        yield from _of_form(record, ends.study, at, (SCREEN_FAILURE,))


def _of_form(record: Record, ended: str, at: date, accepted: tuple[str, ...]) -> Iterator[Asked]:
    code, _, name = ended.partition(".")
    form = record.protocol.forms[code]
    when = read_target(form.items[name].target)
    place = answer_in(when, record.snapshot.tables, or_empty=True)
    if place is None:
        return
    number = f"{when.domain.upper()}SEQ"
    table = record.snapshot.tables[when.domain]
    rows = with_interval(table.filter(place), when.variable)
    rows = rows.filter((pl.col(f"{when.variable}_FIRST") <= at).fill_null(True))
    for item in form.items.values():
        reason = read_target(item.target)
        if not (is_reason(item, reason, when) and reason.variable in rows.columns):
            continue
        for row in rows.sort("USUBJID", number).to_dicts():
            if row[reason.variable] in accepted:
                continue
            said = _wrong(row[reason.variable], row[when.variable], item, record.protocol)
            if said is not None:
                what = f"{text_of(form.label)} of {row[when.variable] or 'an unknown day'}: {said}"
                day = row[f"{when.variable}_FIRST"]
                yield row["USUBJID"], day, when.domain.upper(), row[number], what, "Y"


def _wrong(code: str | None, when: str | None, item: Item, protocol: Protocol) -> str | None:
    asked = f"“{text_of(item.label)}”"
    if code is None:
        return None if when is None else f"{asked} has no answer"
    codes = protocol.codelists.get(item.codelist or "", {})
    if code in codes:
        return None
    return f"'{code}' is no answer to {asked}, which has {', '.join(codes)}"
