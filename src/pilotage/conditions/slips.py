"""What to tell a writer whose tokens do not make a condition: the slip and the way out."""

from collections.abc import Sequence

from pilotage.conditions.nodes import Literal, Name, Operand
from pilotage.conditions.tokens import NO_CALCULATION, ConditionSyntaxError, Token

_VALUES = ("name", "number", "text")


def left_over(before: Token, token: Token) -> ConditionSyntaxError:
    """A token after a complete condition."""
    advice = "join conditions with 'and' or 'or', and put texts in quotes"
    if token.is_symbol(")"):
        return ConditionSyntaxError("this bracket was never opened", token.column)
    if token.is_symbol(","):
        advice = "write decimals with a point (0.5) and thousands without a separator"
    elif token.kind == "number" and token.text.startswith("-"):
        advice = NO_CALCULATION
    elif before.kind == "number" and token.kind == "name":
        advice = f"after {before.text} stands no unit; two conditions are joined by 'and' or 'or'"
    elif before.kind == "name" and token.kind == "name":
        advice = f"a text of several words stands in quotes: '{before.text} {token.text}'"
    return ConditionSyntaxError(f"{token} does not fit here; {advice}", token.column)


def no_operand(wanted: str, token: Token, name: Operand | None = None) -> ConditionSyntaxError:
    """Something else where a name, a number or a text must stand."""
    if isinstance(name, Name) and token.is_word("missing"):
        message = f"to ask whether {name} is known, write {name} is missing"
    elif isinstance(name, Name) and token.is_symbol("("):
        message = "a value stands without brackets; a list stands after 'in'"
    else:
        message = f"{wanted} is missing before {token}"
    return ConditionSyntaxError(message, token.column)


def lone_value(earlier: Sequence[Token], token: Token) -> ConditionSyntaxError:
    """A number or a text that is compared with nothing: `SCORE == 1 or 2`."""
    names = [before.text for before in earlier if before.kind == "name"]
    name = names[-1] if names else "NAME"
    return ConditionSyntaxError(
        f"{token} alone is not a condition; write the whole comparison: "
        f"{name} == {token.as_written()}",
        token.column,
    )


def no_relation(name: Name, start: Token, rest: Sequence[Token]) -> ConditionSyntaxError:
    """A name that is followed by no comparison. `rest` begins with the token after it."""
    token = rest[0]
    if token.is_symbol("("):
        message = f"{start} is followed by a bracket, but conditions call no functions"
    elif token.is_word("is"):
        message = "'is' stands only in 'is missing' and 'is not missing'"
        sign = "!=" if rest[1].is_word("not") else "=="
        value = rest[2] if sign == "!=" else rest[1]
        if value.kind in _VALUES:
            message += f"; write {name} {sign} {value.as_written()}"
    elif token.is_word("not"):
        message = f"'not' stands before the whole condition: not {name} …"
    elif token.is_word("missing"):
        message = f"write {name} is missing"
    elif token.kind == "number" and token.text.startswith("-"):
        message = NO_CALCULATION
    elif token.kind in _VALUES:
        message = (
            f"an operator is missing between {start} and {token}; "
            "a text of several words stands in quotes"
        )
    else:
        return ConditionSyntaxError(
            f"{start} alone is not a condition; compare it, as in {name} == 'yes' or {name} > 0",
            start.column,
        )
    return ConditionSyntaxError(message, token.column)


def chained(
    left: Operand, sign: Token, middle: Operand, second: Token, last: Token
) -> ConditionSyntaxError:
    """`1 < SCORE < 5`. The advice is written out when the end of the chain is a plain value."""
    if isinstance(middle, Literal) or last.kind not in _VALUES:
        advice = "join two comparisons with 'and'"
    elif (sign.text, second.text) == ("<=", "<=") and _two_numbers(left, last):
        advice = f"write {middle} between {left} and {last.text}"
    else:
        advice = f"write {left} {sign.text} {middle} and {middle} {second.text} {last.as_written()}"
    return ConditionSyntaxError(f"comparisons cannot be chained; {advice}", second.column)


def _two_numbers(left: Operand, last: Token) -> bool:
    return isinstance(left, Literal) and isinstance(left.value, float) and last.kind == "number"
