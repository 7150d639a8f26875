"""A condition as a Polars expression: whether it holds, for every row of a frame at once."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.conditions.nodes import (
    MIRRORED,
    Between,
    Comparison,
    Condition,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    Operand,
    Operator,
)

if typing.TYPE_CHECKING:  # Polars is imported when it is first needed: parsing stays light
    import polars as pl

    Schema = Mapping[str, pl.DataType]


def columns(
    condition: Condition,
    schema: "Schema | None" = None,
    *,
    stands_in: Mapping[str, str] | None = None,
) -> "pl.Expr":
    """A Boolean expression over the columns that carry the names; null is unknown.

    Agrees with `holds` on every row: null and NaN are missing, a column that the frame does not
    have is missing in every row, a column of another type than the condition needs makes its
    comparison unknown. The result is named by the text of the condition.

    With `schema`, the columns of the frame and their types, the expression fits such frames alone;
    without it, it finds its columns in any frame, which costs Polars as much as thousands of rows.
    `stands_in` names the column of such a frame in which a name is found under another name.
    """
    sources: Sources = AnyFrame() if schema is None else KnownFrame(schema, stands_in or {})
    return _expression(condition, sources).alias(str(condition))


class Sources(typing.Protocol):
    """Where the values of a name come from; of the wrong type, or absent, they are missing."""

    def number(self, name: str) -> "pl.Expr": ...
    def text(self, name: str) -> "pl.Expr": ...
    def missing(self, name: str) -> "pl.Expr": ...


@dataclass(frozen=True, slots=True)
class KnownFrame:
    """The columns of a frame whose types are known."""

    schema: "Schema"
    stands_in: Mapping[str, str]

    def number(self, name: str) -> "pl.Expr":
        import polars as pl

        name = self.stands_in.get(name, name)
        kind = self.schema.get(name)
        if kind is None or not kind.is_numeric():
            return _everywhere(None, pl.Float64)
        # Polars orders NaN above every number; here it is missing
        return pl.col(name).cast(pl.Float64).fill_nan(None)

    def text(self, name: str) -> "pl.Expr":
        import polars as pl

        name = self.stands_in.get(name, name)
        kind = self.schema.get(name)
        if not isinstance(kind, pl.String | pl.Categorical | pl.Enum):
            return _everywhere(None, pl.String)
        return pl.col(name).cast(pl.String)

    def missing(self, name: str) -> "pl.Expr":
        import polars as pl

        name = self.stands_in.get(name, name)
        kind = self.schema.get(name)
        if kind is None:
            return _everywhere(True, pl.Boolean)
        null = pl.col(name).is_null()
        return null | pl.col(name).is_nan().fill_null(False) if kind.is_float() else null


@dataclass(frozen=True, slots=True)
class AnyFrame:
    """The columns of a frame of which nothing is known.

    A selector that matches no column adds nothing to a horizontal function: an absent column, and
    one of another type, leave only what stands beside it.
    """

    def number(self, name: str) -> "pl.Expr":
        import polars as pl
        import polars.selectors as cs

        column = cs.by_name(name, require_all=False) & cs.numeric()
        return pl.coalesce(column.cast(pl.Float64).fill_nan(None), _everywhere(None, pl.Float64))

    def text(self, name: str) -> "pl.Expr":
        import polars as pl
        import polars.selectors as cs

        texts = cs.by_dtype(pl.String, pl.Categorical, pl.Enum)
        column = cs.by_name(name, require_all=False) & texts
        return pl.coalesce(column.cast(pl.String), _everywhere(None, pl.String))

    def missing(self, name: str) -> "pl.Expr":
        import polars as pl
        import polars.selectors as cs

        column = cs.by_name(name, require_all=False)
        null = pl.all_horizontal(column.is_null(), _everywhere(True, pl.Boolean))
        nan = (column & cs.float()).is_nan().fill_null(False)
        return pl.any_horizontal(null, nan)


def _expression(condition: Condition, sources: Sources) -> "pl.Expr":
    match condition:
        case Comparison(left, sign, right):
            return _comparison(left, sign, right, sources)
        case Between(name, low, high):
            value = sources.number(name.name)
            return value.is_between(_number(low, sources), _number(high, sources))
        case OneOf(Name(name), choices):
            values = [choice.value for choice in choices]
            texts = isinstance(values[0], str)
            return (sources.text(name) if texts else sources.number(name)).is_in(values)
        case IsMissing(Name(name)):
            return sources.missing(name)
        case Not(part):
            return ~_expression(part, sources)
        case Logical(word, parts):
            return _joined(word, [_expression(part, sources) for part in parts])
    raise TypeError(f"{condition!r} is not a condition")


def _joined(word: str, parts: "list[pl.Expr]") -> "pl.Expr":
    # the horizontal functions follow Kleene's logic, and a long chain stays flat
    import polars as pl

    return pl.all_horizontal(parts) if word == "and" else pl.any_horizontal(parts)


def _comparison(left: Operand, sign: Operator, right: Operand, sources: Sources) -> "pl.Expr":
    import polars as pl

    if isinstance(left, Literal):
        # Polars 2.1 gives a single row for a literal compared with a wholly null column
        left, sign, right = right, MIRRORED[sign], left
    value = right.value if isinstance(right, Literal) else None
    answers = []
    if not isinstance(value, str):
        answers.append(_compare(_number(left, sources), sign, _number(right, sources)))
    if not isinstance(value, float) and sign in ("==", "!="):
        answers.append(_compare(_text(left, sources), sign, _text(right, sources)))
    if len(answers) == 1:
        return answers[0]
    return pl.coalesce(answers) if answers else _everywhere(None, pl.Boolean)


def _compare(left: "pl.Expr", sign: Operator, right: "pl.Expr") -> "pl.Expr":
    match sign:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def _number(operand: Operand, sources: Sources) -> "pl.Expr":
    import polars as pl

    if isinstance(operand, Literal):
        return pl.lit(operand.value)
    return sources.number(operand.name)


def _text(operand: Operand, sources: Sources) -> "pl.Expr":
    import polars as pl

    if isinstance(operand, Literal):
        return pl.lit(operand.value)
    return sources.text(operand.name)


def _everywhere(value: bool | None, kind: "type[pl.DataType]") -> "pl.Expr":
    """The value in every row. (A literal would be a single row where it stands alone.)"""
    import polars as pl

    return pl.repeat(value, pl.len(), dtype=kind)
