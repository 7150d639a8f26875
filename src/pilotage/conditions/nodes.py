"""The node kinds of a condition: six that are true, false or unknown, and two operands.

`str(node)` is the canonical text of a node; parsing the canonical text of a condition gives an
equal condition. Every reader of conditions is one function over these eight kinds.
"""

import math
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Operator = typing.Literal["==", "!=", "<", "<=", ">", ">="]
Word = typing.Literal["and", "or"]

OPERATORS: tuple[Operator, ...] = typing.get_args(Operator)
MIRRORED: dict[Operator, Operator] = {
    "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
"""The operator that says the same with its two sides exchanged."""

WORDS = ("and", "or", "not", "in", "between", "is", "missing")
FOREIGN_WORDS = ("null", "none", "nil", "nan", "true", "false")
"""Words of other languages. Taken as names they would make a condition silently unknown."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_NOT_IN_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Condition:
    """What can be true, false or unknown: the common base of the six kinds below."""


# -- operands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the namespace: `SCORE`, `SCORE.BASE`. No word of the language, in either case."""

    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name.lower() in WORDS + FOREIGN_WORDS:
            raise ValueError(f"{self.name!r} is not a name that a condition can use")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text that stands in the condition itself. Numbers are kept as float."""

    value: float | str

    def __post_init__(self) -> None:
        value = self.value
        if isinstance(value, str):
            if _NOT_IN_TEXT.search(value) or ("'" in value and '"' in value):
                raise ValueError(f"{value!r} cannot be written as a text of a condition")
        elif isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(f"{value!r} is not a number that a condition can hold")
        else:
            # + 0.0 turns -0.0 into 0.0, so that equal literals have one canonical text
            object.__setattr__(self, "value", float(value) + 0.0)

    def __str__(self) -> str:
        if isinstance(self.value, str):
            quote = '"' if "'" in self.value else "'"
            return f"{quote}{self.value}{quote}"
        return number_text(self.value)


Operand = Name | Literal


# -- conditions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """`left operator right`, with a name on at least one side."""

    left: Operand
    operator: Operator
    right: Operand

    def __post_init__(self) -> None:
        if not (isinstance(self.left, Name) or isinstance(self.right, Name)):
            raise ValueError("a comparison needs a name on at least one side")

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True, slots=True)
class Between(Condition):
    """`name between low and high`; both ends belong to it."""

    name: Name
    low: Literal
    high: Literal

    def __post_init__(self) -> None:
        if isinstance(self.low.value, str) or isinstance(self.high.value, str):
            raise ValueError("'between' needs two numbers")

    def __str__(self) -> str:
        return f"{self.name} between {self.low} and {self.high}"


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """`name in (…)`: equal to one of the choices, which are all texts or all numbers."""

    name: Name
    choices: tuple[Literal, ...]

    def __post_init__(self) -> None:
        if len({isinstance(choice.value, str) for choice in self.choices}) != 1:
            raise ValueError("'in' needs choices that are all texts or all numbers")

    def __str__(self) -> str:
        return f"{self.name} in {self._list()}"

    def _list(self) -> str:
        return f"({', '.join(str(choice) for choice in self.choices)})"


@dataclass(frozen=True, slots=True)
class IsMissing(Condition):
    """`name is missing`: never unknown."""

    name: Name

    def __str__(self) -> str:
        return f"{self.name} is missing"


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """True where its part is false, unknown where its part is unknown."""

    part: Condition

    def __str__(self) -> str:
        match self.part:
            case OneOf(name) as one_of:
                return f"{name} not in {one_of._list()}"
            case IsMissing(name):
                return f"{name} is not missing"
            case Logical():
                return f"not ({self.part})"
        return f"not {self.part}"


@dataclass(frozen=True, slots=True)
class Logical(Condition):
    """Two or more parts joined by `and`, or by `or`; `and` binds tighter."""

    word: Word
    parts: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise ValueError(f"{self.word!r} joins at least two conditions")

    def __str__(self) -> str:
        return f" {self.word} ".join(self._inside(part) for part in self.parts)

    def _inside(self, part: Condition) -> str:
        if isinstance(part, Logical) and (self.word == "and" or part.word == "or"):
            return f"({part})"
        return str(part)


# -- readers that need nothing else --------------------------------------------------------------


def number_text(value: float) -> str:
    """The shortest decimal text, without exponent, that reads back as the same number."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def names_in(condition: Condition) -> tuple[str, ...]:
    """The names that a condition uses, each once, in the order of their first use."""
    return tuple(dict.fromkeys(_names(condition)))


def _names(condition: Condition) -> Iterator[str]:
    match condition:
        case Comparison(left, _, right):
            yield from (side.name for side in (left, right) if isinstance(side, Name))
        case Between(name) | OneOf(name) | IsMissing(name):
            yield name.name
        case Not(part):
            yield from _names(part)
        case Logical(_, parts):
            for part in parts:
                yield from _names(part)
