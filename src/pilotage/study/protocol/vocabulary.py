"""The words that every part of a study file is written in: labels, names, dates, conditions, and
what it means to be a part."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PlainSerializer,
    Strict,
)
from pydantic.json_schema import WithJsonSchema

from pilotage.conditions import Condition, parse

NotStated = Literal["not stated"]
Label = str | dict[str, str]
"""A text in the study's first language, or one text by language code."""


def text_of(label: Label, language: str | None = None) -> str:
    """The label in a language; where it is not translated, in the study's first language."""
    if isinstance(label, str):
        return label
    return label.get(language or "") or next(iter(label.values()))


def _parsed(text: object) -> object:
    return parse(text) if isinstance(text, str) else text


When = Annotated[
    InstanceOf[Condition],
    BeforeValidator(_parsed),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "a condition, see docs/reference/conditions"}),
]
"""A condition written in the language of conditions; parsed when it is read."""


def _calendar_date(written: object) -> object:
    """YAML 1.2 knows no dates: a date is text of the form 2024-03-31, and nothing else is one."""
    if isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return date.fromisoformat(written)
    return written


CalendarDate = Annotated[date, Strict(), BeforeValidator(_calendar_date)]

Name = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
"""A name of the study's namespace: upper case, as CDISC variables are."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name of a form, item or codelist: lower case."""

Range = Annotated[tuple[float, float], Field(description="[lowest, highest], both allowed")]


class Part(BaseModel):
    """A part of the study file. Frozen; a key that the schema does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sourced(Part):
    """A part that says where in the protocol it comes from: the id of a heading of protocol.md."""

    source: str | tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source
