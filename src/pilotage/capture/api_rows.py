"""The rows of the read API, as it describes them to programs."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from ninja import Schema

Row = TypeVar("Row")


class Rows(Schema, Generic[Row]):
    rows: list[Row]
    next: int | None


class Problem(Schema):
    detail: str


class Subject(Schema):
    id: int
    usubjid: str
    site: str
    state: str


class Contact(Schema):
    id: int
    usubjid: str
    planned: str
    number: float | None
    label: str
    held_on: str


class Entry(Schema):
    id: int
    usubjid: str
    contact: int | None
    form: str
    repeat: int
    state: str
    protocol_version: str
    revision: int


class ItemVersion(Schema):
    """One answer as it was once written; of an item, the highest `number` counts."""

    id: int
    usubjid: str
    entry: int
    item: str
    number: int
    value: str
    unit: str
    low: str
    high: str
    missing: str
    why: str
    event: int


class QueryOut(Schema):
    id: int
    usubjid: str
    entry: int | None
    item: str
    origin: str
    state: str
    messages: list[str]


class Event(Schema):
    seq: int
    at: datetime
    user: str
    role: str
    action: str
    site: str
    subject: str
    place: str
    reason: str
    details: Any
    hash: str


class Cut(Schema):
    id: int
    name: str
    head: int
    digest: str
    locked: bool
