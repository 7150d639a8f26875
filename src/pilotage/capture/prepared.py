"""Query sets and rows that become SQL once.

Django builds the SQL of a query anew each time, which takes ten times as long as the database takes
to answer it. What every save asks is therefore built once for each kind of database, by Django from
an ordinary query set, and asked again with other values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from pilotage.capture.statements import ask

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of a value in the SQL."""

    number: int


@dataclass(frozen=True, slots=True)
class _Statement(Generic[R]):
    sql: str
    values: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    row: Callable[[Sequence[Any]], R]

    def answer(self, values: Sequence[Any]) -> list[R]:
        present = connections[DEFAULT_DB_ALIAS]
        wanted = [
            _known_to(present, values[v.number]) if type(v) is _Slot else v for v in self.values
        ]
        rows = ask(self.sql, wanted)
        if not self.converters:
            return [self.row(each) for each in rows]
        return [self.row(self._converted(each, present)) for each in rows]

    def _converted(self, row: Sequence[Any], present: BaseDatabaseWrapper) -> list[Any]:
        found = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                found[place] = convert(found[place], expression, present)
        return found


class Prepared(Generic[R]):
    """A query set with open places, which the arguments of a call fill in order.

        entries = Prepared(lambda subject, form: Entry.objects.filter(subject=subject, form=form))
        entries(3, "visit")

    A value is a text, a number or a time, never None (that is another query) and never a list. The
    query set is made once: nothing in it may depend on anything but its arguments.
    """

    def __init__(self, made: Callable[..., "QuerySet[Any, R]"]) -> None:
        self._made = made
        self._statements: dict[str, _Statement[R]] = {}

    def __call__(self, *values: Any) -> list[R]:
        """The rows, as the query set gives them."""
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        statement = self._statements.get(vendor)
        if statement is None:
            statement = self._statements[vendor] = self._statement(len(values))
        return statement.answer(values)

    def first(self, *values: Any) -> R | None:
        """The first row, None where there is none. The query set itself says how many are read."""
        return next(iter(self(*values)), None)

    def _statement(self, places: int) -> _Statement[R]:
        asked = self._made(*(RawSQL("%s", (_Slot(place),)) for place in range(places)))
        compiler = asked.query.get_compiler(using=asked.db)
        sql, values = compiler.as_sql()
        columns = [each[0] for each in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns).items()
        return _Statement(
            sql,
            tuple(values),
            tuple((place, tuple(found), column) for place, (found, column) in converters),
            _row_of(asked, compiler),
        )


def _row_of(asked: "QuerySet[Any, R]", compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes the rows that the query set would give."""
    kind = asked._iterable_class
    if kind is ModelIterable:
        return _as_model(asked.db, compiler)
    if kind is FlatValuesListIterable:
        return itemgetter(0)
    if kind is ValuesListIterable:
        return tuple
    raise TypeError("rows of a model, or of values_list")


def _as_model(using: str, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """The row of a model with what it selects beside itself."""
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [each[0].target.attname for each in compiler.select[first:last]]
    # the types are those of Django 6, which asks for one more
    related = get_related_populators(compiler.klass_info, compiler.select, using)  # type: ignore[call-arg]
    besides = tuple(compiler.annotation_col_map.items())

    def row(values: Sequence[Any]) -> Any:
        found = model.from_db(using, names, values[first:last])
        for each in related:
            each.populate(values, found)
        for name, place in besides:
            setattr(found, name, values[place])
        return found

    return row


def _known_to(present: BaseDatabaseWrapper, value: Any) -> Any:
    """The value as the database takes it."""
    if isinstance(value, datetime):
        return present.ops.adapt_datetimefield_value(value)
    return value
