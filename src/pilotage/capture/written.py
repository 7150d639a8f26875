"""Rows written by SQL that is made once for a table and a kind of database.

What Django's `save` and `bulk_create` do besides (signals, defaults computed by the database,
parent tables) no table of the record has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models
from django.db.models import Model

from pilotage.capture.statements import write

M = TypeVar("M", bound=Model)
T = TypeVar("T")

PLAIN: Final = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.FloatField,
    models.ForeignKey,
)
"""Fields whose values go to every database as they are."""


def insert(rows: Sequence[M]) -> None:
    """Write new rows of one table; those that the database numbers learn their number."""
    if not rows:
        return
    numbered = rows[0].pk is None
    for some in _parts(rows, len(_names(type(rows[0]), numbered))):
        _insert(some, numbered=numbered)


def _insert(rows: Sequence[M], *, numbered: bool) -> None:
    model = type(rows[0])
    names, prepare = _names(model, numbered), _prepare(model)
    values = [row.__dict__[name] for row in rows for name in names]
    for place, name in enumerate(names):
        if name in prepare:
            for each in range(place, len(values), len(names)):
                values[each] = prepare[name](values[each], connection)
    if numbered:
        for row, number in zip(rows, _numbers(model, values, len(rows)), strict=True):
            row.pk = number
    else:
        write(_insertion(model, False, len(rows)), values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_columns(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write new rows of a table that the database numbers, each by its columns, and tell the
    numbers. A model is not made of them: of the many answers of a form that takes the most time."""
    names, prepare = _names(model, True), _prepare(model)
    assert not prepare, "columns that every database takes as they are"
    return [
        number
        for some in _parts(rows, len(names))
        for number in _numbers(model, [row[name] for row in some for name in names], len(some))
    ]


def _numbers(model: type[Model], values: list[Any], rows: int) -> list[int]:
    _done, found = write(_insertion(model, True, rows), values, answers=True)
    return [number for (number,) in found]


def _parts(rows: Sequence[T], columns: int) -> Iterator[Sequence[T]]:
    """So many rows at once as the database takes values."""
    most = max(1, (connection.features.max_query_params or 10_000) // columns)
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def update(row: Model, columns: Sequence[str]) -> None:
    """Write some columns of a row that exists. Raises DatabaseError where it does not."""
    model, prepare = type(row), _prepare(type(row))
    values = [row.__dict__[name] for name in columns]
    values = [
        prepare[name](value, connection) if name in prepare else value
        for name, value in zip(columns, values, strict=True)
    ]
    done, _found = write(_change(model, tuple(columns)), [*values, row.pk])
    if done != 1:
        raise DatabaseError("the row to be changed does not exist")


@cache
def _names(model: type[Model], numbered: bool) -> tuple[str, ...]:
    """The attributes that are written."""
    fields = model._meta.concrete_fields
    return tuple(field.attname for field in fields if not (numbered and field.primary_key))


@cache
def _prepare(model: type[Model]) -> dict[str, Callable[[Any, Any], Any]]:
    """How the values are made that do not go to this database as they are."""
    fields = model._meta.concrete_fields
    return {f.attname: f.get_db_prep_save for f in fields if not isinstance(f, PLAIN)}


@cache
def _insertion(model: type[Model], numbered: bool, rows: int) -> str:
    columns = [_quoted(model, name) for name in _names(model, numbered)]
    places = f"({', '.join(['%s'] * len(columns))})"
    sql = f"INSERT INTO {_table(model)} ({', '.join(columns)}) VALUES {', '.join([places] * rows)}"
    return f"{sql} RETURNING {_quoted(model, 'pk')}" if numbered else sql


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{_quoted(model, name)} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {changes} WHERE {_quoted(model, 'pk')} = %s"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(model: type[Model], name: str) -> str:
    """The column of an attribute."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    field = model._meta.pk if name == "pk" else fields[name]
    assert field is not None
    return str(connection.ops.quote_name(str(field.column)))
