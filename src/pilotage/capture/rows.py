"""Rows of the record as the audit trail keeps them: by column, in values that JSON has."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db.models import Model

from pilotage.capture.models import (
    Checkpoint,
    Contact,
    DataCut,
    Entry,
    ItemVersion,
    Membership,
    Query,
    QueryMessage,
    Signature,
    Site,
    StoredFile,
    StudyState,
    Subject,
    User,
)
from pilotage.capture.trail import moment

RECORDED: Final[tuple[type[Model], ...]] = (
    *(Site, User, Membership),
    *(Subject, Contact, Entry, ItemVersion, StoredFile),
    *(Query, QueryMessage, Signature, StudyState, DataCut, Checkpoint),
)
"""The tables that follow from the events alone. A table comes after those it points to."""

NOT_RECORDED: Final[Mapping[str, frozenset[str]]] = {"user": frozenset({"last_login"})}
"""Columns that are no part of the record."""

BY_DIGEST: Final[Mapping[str, frozenset[str]]] = {
    "user": frozenset({"password"}),
    "storedfile": frozenset({"content"}),
}
"""Columns of which the trail keeps the SHA-256: what is already a salted hash, and large files."""

Row = dict[str, Any]


def table_of(model: type[Model] | Model) -> str:
    """The name of a table in the trail."""
    return str(model._meta.model_name)


@cache
def columns(model: type[Model]) -> tuple[str, ...]:
    """The columns of a table that are recorded, without its primary key."""
    left_out = NOT_RECORDED.get(table_of(model), frozenset())
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in left_out
    )


def recorded(model: type[Model], values: Mapping[str, Any]) -> Row:
    """The values of a row as the trail keeps them."""
    digested = BY_DIGEST.get(table_of(model), frozenset())
    return {
        column: _digest(values[column]) if column in digested else _plain(values[column])
        for column in columns(model)
    }


def row_of(row: Model) -> Row:
    """A row as the trail keeps it."""
    return recorded(type(row), row.__dict__)


def _plain(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value


def _digest(value: Any) -> str:
    content = value.encode() if isinstance(value, str) else bytes(value)
    return hashlib.sha256(content).hexdigest()
