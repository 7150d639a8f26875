"""From the text of a condition to its nodes, by recursive descent. Never evaluates anything.

either     both ('or' both)*
both       negation ('and' negation)*
negation   'not' negation | '(' either ')' | relation
relation   operand (== | != | < | <= | > | >=) operand, with a name on at least one side
           name ['not'] 'in' '(' literal (',' literal)* ')'
           name 'between' number 'and' number
           name 'is' ['not'] 'missing'
"""

from pilotage.conditions import slips
from pilotage.conditions.nodes import (
    OPERATORS,
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
from pilotage.conditions.tokens import ConditionSyntaxError, Token, tokens

MOST_LEVELS = 50
"""Deepest nesting of brackets and `not`."""

_OPERATORS: dict[str, Operator] = {operator: operator for operator in OPERATORS}


def parse(text: str) -> Condition:
    """The condition that the text says.

    Raises ConditionSyntaxError, with the column, for every text that is not a condition; nothing
    else, whatever the text.
    """
    if not isinstance(text, str):
        raise ConditionSyntaxError("a condition is a text; put it in quotes", 1)
    return _Parser(tokens(text)).condition()


class _Parser:
    """Reads a list of tokens from left to right."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._level = 0

    def _next(self) -> Token:
        return self._tokens[self._place]

    def _takes(self, *texts: str) -> bool:
        """Take the next tokens when they are exactly these words or symbols."""
        ahead = self._tokens[self._place : self._place + len(texts)]
        if [token.text for token in ahead if token.kind in ("word", "symbol")] != list(texts):
            return False
        self._place += len(texts)
        return True

    def condition(self) -> Condition:
        if self._next().kind == "end":
            raise ConditionSyntaxError("the condition is empty", 1)
        condition = self._either()
        if self._next().kind != "end":
            raise slips.left_over(self._tokens[self._place - 1], self._next())
        return condition

    # -- conditions ------------------------------------------------------------------------------

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Logical("or", tuple(parts))

    def _both(self) -> Condition:
        parts = [self._negation()]
        while self._takes("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else Logical("and", tuple(parts))

    def _negation(self) -> Condition:
        start = self._next()
        condition: Condition
        if self._takes("not"):
            self._deeper(start)
            condition = Not(self._negation())
        elif self._takes("("):
            self._deeper(start)
            condition = self._either()
            self._close(start)
        else:
            return self._relation()
        self._level -= 1
        return condition

    def _deeper(self, start: Token) -> None:
        self._level += 1
        if self._level > MOST_LEVELS:
            raise ConditionSyntaxError(
                f"brackets and 'not' are nested deeper than {MOST_LEVELS} levels", start.column
            )

    def _close(self, opening: Token) -> None:
        token = self._next()
        if token.kind == "end":
            raise ConditionSyntaxError("this bracket is not closed", opening.column)
        if not self._takes(")"):
            raise slips.left_over(self._tokens[self._place - 1], token)

    # -- relations -------------------------------------------------------------------------------

    def _relation(self) -> Condition:
        start = self._next()
        left = self._operand("a condition")
        if self._operator() is not None:
            return self._comparison(left, start)
        if isinstance(left, Literal):
            raise slips.lone_value(self._tokens[: self._place], start)
        if self._takes("in"):
            return OneOf(left, self._choices(left))
        if self._takes("not", "in"):
            return Not(OneOf(left, self._choices(left)))
        if self._takes("between"):
            return self._between(left)
        if self._takes("is", "not", "missing"):
            return Not(IsMissing(left))
        if self._takes("is", "missing"):
            return IsMissing(left)
        raise slips.no_relation(left, start, self._tokens[self._place :])

    def _operator(self) -> Operator | None:
        """The operator that stands next, without taking it."""
        token = self._next()
        return _OPERATORS.get(token.text) if token.kind == "symbol" else None

    def _operand(self, wanted: str, beside: Operand | None = None) -> Operand:
        token = self._next()
        if token.kind == "name":
            self._place += 1
            return Name(token.text)
        if token.kind in ("number", "text"):
            return self._literal()
        raise slips.no_operand(wanted, token, beside)

    def _literal(self) -> Literal:
        token = self._next()
        self._place += 1
        return Literal(float(token.text) if token.kind == "number" else token.text)

    def _comparison(self, left: Operand, start: Token) -> Condition:
        sign, operator = self._next(), self._operator()
        self._place += 1
        right = self._operand(f"a value after '{sign.text}'", left)
        if self._operator() is not None:
            second, last = self._tokens[self._place : self._place + 2]
            raise slips.chained(left, sign, right, second, last)
        if operator is None or (isinstance(left, Literal) and isinstance(right, Literal)):
            raise ConditionSyntaxError(
                f"{left} {sign.text} {right} compares two values; "
                "a comparison needs a name on at least one side",
                start.column,
            )
        return Comparison(left, operator, right)

    def _between(self, name: Name) -> Condition:
        low = self._end(name)
        if not self._takes("and"):
            raise ConditionSyntaxError(
                f"'between' needs two numbers joined by 'and': {name} between {low} and …",
                self._next().column,
            )
        return Between(name, low, self._end(name))

    def _end(self, name: Name) -> Literal:
        token = self._next()
        if token.kind != "number":
            raise ConditionSyntaxError(
                f"'between' needs two numbers, as in {name} between 2 and 5, not {token}",
                token.column,
            )
        return self._literal()

    def _choices(self, name: Name) -> tuple[Literal, ...]:
        opening = self._next()
        if not self._takes("("):
            raise ConditionSyntaxError(
                f"'in' needs a list in round brackets, as in {name} in ('a', 'b')", opening.column
            )
        choices = [self._choice()]
        while self._takes(","):
            choices.append(self._choice())
        token = self._next()
        if token.kind == "end":
            raise ConditionSyntaxError("the bracket of this list is not closed", opening.column)
        if not self._takes(")"):
            raise ConditionSyntaxError(
                f"{token} does not fit in the list; commas stand between the values", token.column
            )
        if len({isinstance(choice.value, str) for choice in choices}) > 1:
            raise ConditionSyntaxError(
                "the list mixes texts and numbers; put every value in quotes, or none",
                opening.column,
            )
        return tuple(choices)

    def _choice(self) -> Literal:
        token = self._next()
        if token.kind == "name":
            raise ConditionSyntaxError(
                f"a list holds numbers or texts in quotes; write '{token.text}' with its quotes",
                token.column,
            )
        if token.kind not in ("number", "text"):
            raise ConditionSyntaxError(
                f"a value is missing in the list before {token}", token.column
            )
        return self._literal()
