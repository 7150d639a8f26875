"""A condition as a Polars expression: whether it holds, for every row of a frame at once."""

import typing

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


def columns(condition: Condition) -> "pl.Expr":
    """A Boolean expression over the columns that carry the names; null is unknown.

    Agrees with `holds` on every row: null and NaN are missing, a column that the frame does not
    have is missing in every row, a column of another type than the condition needs makes its
    comparison unknown. The result is named by the text of the condition.
    """
    return _expression(condition).alias(str(condition))


def _expression(condition: Condition) -> "pl.Expr":
    match condition:
        case Comparison(left, sign, right):
            return _comparison(left, sign, right)
        case Between(name, low, high):
            return _number(name).is_between(_number(low), _number(high))
        case OneOf(name, choices):
            values = [choice.value for choice in choices]
            column = _text(name) if isinstance(values[0], str) else _number(name)
            return column.is_in(values)
        case IsMissing(name):
            return _missing(name)
        case Not(part):
            return ~_expression(part)
        case Logical(word, parts):
            return _joined(word, [_expression(part) for part in parts])
    raise TypeError(f"{condition!r} is not a condition")


def _joined(word: str, parts: "list[pl.Expr]") -> "pl.Expr":
    # the horizontal functions follow Kleene's logic, and a long chain stays flat
    import polars as pl

    return pl.all_horizontal(parts) if word == "and" else pl.any_horizontal(parts)


def _comparison(left: Operand, sign: Operator, right: Operand) -> "pl.Expr":
    import polars as pl

    if isinstance(left, Literal):
        # Polars 2.1 gives a single row for a literal compared with a wholly null column
        left, sign, right = right, MIRRORED[sign], left
    value = right.value if isinstance(right, Literal) else None
    answers = []
    if not isinstance(value, str):
        answers.append(_compare(_number(left), sign, _number(right)))
    if not isinstance(value, float) and sign in ("==", "!="):
        answers.append(_compare(_text(left), sign, _text(right)))
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


# A selector that matches no column adds nothing to a horizontal function: an absent column, and one
# of another type, leave only what stands beside it. So the expression needs no schema.


def _number(operand: Operand) -> "pl.Expr":
    import polars as pl
    import polars.selectors as cs

    if isinstance(operand, Literal):
        return pl.lit(operand.value, dtype=pl.Float64)
    column = cs.by_name(operand.name, require_all=False) & cs.numeric()
    # Polars orders NaN above every number; here it is missing
    return pl.coalesce(column.cast(pl.Float64).fill_nan(None), _everywhere(None, pl.Float64))


def _text(operand: Operand) -> "pl.Expr":
    import polars as pl
    import polars.selectors as cs

    if isinstance(operand, Literal):
        return pl.lit(operand.value, dtype=pl.String)
    texts = cs.by_dtype(pl.String, pl.Categorical, pl.Enum)
    column = cs.by_name(operand.name, require_all=False) & texts
    return pl.coalesce(column.cast(pl.String), _everywhere(None, pl.String))


def _missing(name: Name) -> "pl.Expr":
    import polars as pl
    import polars.selectors as cs

    column = cs.by_name(name.name, require_all=False)
    null = pl.all_horizontal(column.is_null(), _everywhere(True, pl.Boolean))
    nan = (column & cs.float()).is_nan().fill_null(False)
    return pl.any_horizontal(null, nan)


def _everywhere(value: bool | None, kind: "type[pl.DataType]") -> "pl.Expr":
    """The value in every row. (A literal would be a single row where it stands alone.)"""
    import polars as pl

    return pl.repeat(value, pl.len(), dtype=kind)
