"""What a decision rests on: a value with its day, its age and the rows that say it; how old it may
be; and which names the tables of a study use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotage.conditions import Condition, Value, names_in
from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Form, Item, Parameter, Protocol, Row

Problem = Literal[
    "missing", "too old", "no maximum age", "no unit or value", "date incomplete", "not computed",
    "values differ",
]  # fmt: skip
"""Why a value cannot be used. `missing`: nothing is recorded; `no unit or value`: what is recorded
is no number, has no unit, is no answer that the study knows, or has open items; `not computed`:
what it is computed from is not there; `values differ`: the latest day has several values, and
which of them is the last is not known."""

AgeLimit = int | Literal["none needed", "not stated"]

MEASURED_ANEW = ("", "CHG", "PCHG", "GRADE")
"""The names of a parameter that are as old as its last value: X, X.CHG, X.PCHG, X.GRADE."""


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a decision asks for, on a day.

    `on` is the day of the measurement or answer; None for what is timeless (age, sex), or derived
    for the day itself. `rows` are the rows of the snapshot that say it (domain, --SEQ): every item
    of a total, every dose row of a phase; a row of DM has no number and says 0. `value` is None
    where there is a `problem`; `recorded` is then what the record says all the same.
    """

    name: str
    value: Value
    unit: str | None = None
    on: date | None = None
    age_days: int | None = None
    max_age_days: int | None = None
    rows: tuple[tuple[str, int], ...] = ()
    problem: Problem | None = None
    recorded: str | None = None


def names_of_tables(protocol: Protocol) -> tuple[str, ...]:
    """Every name that a decision table or an eligibility criterion uses, in the order of use."""
    rows = (row for row in rows_of_tables(protocol) if isinstance(row.when, Condition))
    names = (name for row in rows for name in names_in(row.when))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(names))


def rows_of_tables(protocol: Protocol) -> Iterator[Row]:
    """Every row of every decision table: eligibility, dosing, stopping, dispensing, activities and
    deviations."""
    yield from protocol.eligibility.inclusion
    yield from protocol.eligibility.exclusion
    yield from protocol.dosing.rows
    yield from protocol.stopping.rows
    yield from protocol.dispensing.rows if protocol.dispensing else ()
    yield from protocol.schedule.activities.rows
    yield from protocol.deviations.rows if protocol.deviations else ()


def maximum_age(name: str, protocol: Protocol) -> AgeLimit:
    """How many days old the value of a name may be when a decision rests on it.

    None is needed for what is derived for the day itself, for a baseline, and for dates, which say
    themselves how old they are. An item of an instrument, and an item that measures a parameter,
    may be as old as the parameter; of several scores that use it the shortest age counts.
    """
    state = protocol.state.get(name)
    if state is not None:
        if state.derivation in ("response", "relapse"):
            return _stated(state.max_age_days)
        return "none needed"
    first, _, part = name.partition(".")
    parameter = protocol.parameters.get(first)
    if parameter is not None:
        return _stated(parameter.max_age_days) if part in MEASURED_ANEW else "none needed"
    form = protocol.forms.get(first)
    if form is None:
        return "not stated"
    item = form.items.get(part)
    return _of_item(item, protocol) if item else _of_instrument(form, part, protocol)


def codes_of(protocol: Protocol, name: str) -> tuple[str, ...]:
    """The codes that an item takes as answers; none for what is no choice among codes."""
    first, _, part = name.partition(".")
    form = protocol.forms.get(first)
    item = form.items.get(part) if form else None
    if item is None or item.type != "choice":
        return ()
    return tuple(protocol.codelists.get(item.codelist or "", {}))


def _of_item(item: Item, protocol: Protocol) -> AgeLimit:
    if item.max_age_days is not None:
        return _stated(item.max_age_days)
    if item.type in ("date", "datetime"):
        return "none needed"
    target = read_target(item.target)
    code = dict(target.where).get(f"{target.domain.upper()}TESTCD", "")
    parameter = protocol.parameters.get(code)
    measured = parameter is not None and parameter.domain == target.domain.upper()
    return _stated(parameter.max_age_days) if parameter and measured else "not stated"


def _of_instrument(form: Form, part: str, protocol: Protocol) -> AgeLimit:
    """The shortest age of the parameters that are the score, or whose score uses the item."""
    ages = [
        parameter.max_age_days
        for parameter in protocol.parameters.values()
        if parameter.instrument and parameter.instrument == form.instrument
        and part.upper() in _of_score(parameter)
    ]  # fmt: skip
    stated = [age for age in ages if isinstance(age, int)]
    return min(stated) if stated else "not stated"


def _of_score(parameter: Parameter) -> tuple[str, ...]:
    """The code of a parameter's score and those of its items."""
    from pilotage.instruments import instruments

    instrument = instruments.get(parameter.instrument or "")
    scores = instrument.scores if instrument else ()
    found = (score for score in scores if score.code == parameter.score)
    return next(((score.code, *score.items) for score in found), ())


def _stated(days: int | str | None) -> AgeLimit:
    return days if isinstance(days, int) else "not stated"
