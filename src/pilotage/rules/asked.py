"""Whether a form is asked of a subject at all: where none of its items is, it is not expected."""

from functools import reduce
from operator import or_

import polars as pl

from pilotage.conditions import Condition, columns, names_in
from pilotage.rules.inputs import maximum_age
from pilotage.rules.record import Record
from pilotage.rules.states import states
from pilotage.study.protocol import Item, Protocol


def conditional_forms(protocol: Protocol) -> frozenset[str]:
    """The forms whose every item is asked under a condition only."""
    return frozenset(
        name
        for name, form in protocol.forms.items()
        if form.items and not form.instrument and all(i.when for i in form.items.values())
    )


def asked(record: Record, moments: pl.DataFrame) -> pl.DataFrame:
    """Add ASKED to rows of USUBJID, FORM, DAY: is any item of the form asked of the subject, as far
    as the answers up to that day tell? Null where that is not known.

    An answer that is older than its `max_age_days` is not known any more; one without a maximum age
    lasts. A condition that cannot
    be known for want of answers that are not asked for themselves does not hold: who is not asked
    whether she can bear children is not asked for a pregnancy test.
    """
    protocol = record.protocol
    forms = conditional_forms(protocol)
    parts = [moments.filter(~pl.col("FORM").is_in(list(forms))).with_columns(ASKED=pl.lit(True))]
    for name in sorted(forms & set(moments["FORM"].unique())):
        wanted = moments.filter(pl.col("FORM") == name)
        known = _with_answers(record, wanted, name)
        items = protocol.forms[name].items
        each = [_asked(f"{name}.{item}", protocol, known.schema, ()) for item in items]
        parts.append(known.with_columns(ASKED=reduce(or_, each)).select(*moments.columns, "ASKED"))
    return pl.concat(parts)


def _asked(name: str, protocol: Protocol, schema: pl.Schema, above: tuple[str, ...]) -> pl.Expr:
    """Is an item asked? `above` are the items whose conditions led here."""
    item = _item(name, protocol)
    condition = item.when if item is not None else None
    if not isinstance(condition, Condition) or name in above:
        return pl.lit(True)
    known = columns(condition, schema)
    excused = []
    for needed in names_in(condition):
        has = pl.col(needed).is_not_null() if needed in schema else pl.lit(False)
        if _item(needed, protocol) is not None:
            has |= ~_asked(needed, protocol, schema, (*above, name)).fill_null(True)
        excused.append(has)
    return pl.when(known.is_not_null()).then(known).when(pl.all_horizontal(excused)).then(False)


def _with_answers(record: Record, moments: pl.DataFrame, form: str) -> pl.DataFrame:
    """The moments with a column for every name that decides whether the form is asked."""
    names = sorted(_names(form, record.protocol))
    ageing = [name for name in names if isinstance(maximum_age(name, record.protocol), int)]
    days = moments.select("USUBJID", DATE="DAY")
    lasting = states(record, days, [n for n in names if n not in ageing], aged=False)
    return pl.concat(
        [
            moments,
            states(record, days, ageing).drop("USUBJID", "DATE"),
            lasting.drop("USUBJID", "DATE"),
        ],
        how="horizontal",
    )


def _names(form: str, protocol: Protocol) -> set[str]:
    """Every name that decides, directly or through another item, whether an item is asked."""
    waiting = [f"{form}.{item}" for item in protocol.forms[form].items]
    seen: set[str] = set()
    needed: set[str] = set()
    while waiting:
        item = _item(waiting.pop(), protocol)
        if item is None or not isinstance(item.when, Condition):
            continue
        new = set(names_in(item.when)) - seen
        seen |= new
        needed |= new
        waiting += new
    return needed


def _item(name: str, protocol: Protocol) -> Item | None:
    form, _, item = name.partition(".")
    return protocol.forms[form].items.get(item) if item and form in protocol.forms else None
