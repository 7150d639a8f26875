"""What a study declares about the names that its conditions may use."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the namespace: type, unit, range or choices, and its label for readers.

    `low` and `high` are the allowed ends of a number, both included; None is an open end.
    `choices` are the allowed values of a text; an empty tuple is free text.
    """

    type: typing.Literal["number", "text", "date"]
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    label: str = ""


Namespace = Mapping[str, Variable]
