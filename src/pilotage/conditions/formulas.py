"""A condition as two formulas of Z3, one for true and one for false; where neither holds the answer
is unknown, as `holds` says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilotage.conditions.namespace import Namespace, Variable
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
    number_text,
)

Formula = Any
"""A formula or a term of Z3, which has no types of its own."""


class SolverMissing(Exception):
    """Z3 is not installed."""

    def __str__(self) -> str:
        return "the proofs need z3-solver; install it with: pip install 'pilotage[check]'"


def solver_module() -> Any:
    """Z3, imported when it is first needed. Raises SolverMissing."""
    try:
        import z3
    except ImportError as problem:
        raise SolverMissing from problem
    return z3


@dataclass(frozen=True, slots=True)
class Answer:
    """When a condition is true and when it is false; otherwise it is unknown."""

    true: Formula
    false: Formula


@dataclass(frozen=True, slots=True)
class Symbol:
    """The value of a name: whether it is known, and the term that it is. A text is the number of
    the text; a quotient is `value` over `over`, which is not 0 where it is known."""

    type: str
    known: Formula
    value: Formula = None
    over: Formula = None


class Formulas:
    """Conditions over a namespace as formulas.

    A name that the namespace does not have is missing in every state; `whole` are the numbers that
    are whole. A subclass says how names hang together: `define` gives the symbol of a derived name,
    `bind` adds what always holds of one.
    """

    def __init__(self, namespace: Namespace, *, whole: Collection[str] = ()) -> None:
        self.z3 = solver_module()
        self.namespace = namespace
        self.whole = whole
        self._symbols: dict[str, Symbol] = {}
        self.texts: dict[str, int] = {}
        self._cuts: dict[str, dict[float, None]] = {}
        self.facts: list[Formula] = []

    # -- names ------------------------------------------------------------------------------------

    def define(self, name: str) -> Symbol | None:
        """The symbol of a name that follows from others; None for a name of its own."""
        return None

    def bind(self, name: str) -> None:
        """Add what always holds of a name that is asked for the first time."""

    def always(self, *formulas: Formula) -> None:
        """What holds in every state."""
        self.facts.extend(formulas)

    def symbol(self, name: str) -> Symbol:
        if name not in self._symbols:
            defined = self.define(name)
            self._symbols[name] = defined or self._new(name, self.namespace.get(name))
            self.bind(name)
        return self._symbols[name]

    def _new(self, name: str, variable: Variable | None) -> Symbol:
        z3 = self.z3
        if variable is None:
            return Symbol("absent", z3.BoolVal(False))
        known = z3.Bool(f"{name} known")
        if variable.type == "date":
            return Symbol("date", known)
        if variable.type == "text":
            value = z3.Int(name)
            numbers = [self.text(choice) for choice in variable.choices]
            inside = z3.Or([value == n for n in numbers]) if numbers else value >= 0
            self.always(inside)
            return Symbol("text", known, value)
        value = z3.Int(name) if name in self.whole else z3.Real(name)
        if variable.low is not None:
            self.always(value >= self.number(variable.low))
        if variable.high is not None:
            self.always(value <= self.number(variable.high))
        return Symbol("number", known, value)

    def text(self, text: str) -> int:
        """The number that stands for a text."""
        return self.texts.setdefault(text, len(self.texts))

    def number(self, number: float) -> Formula:
        """The number as it is written, exactly."""
        written = number_text(float(number))
        return self.z3.IntVal(written) if "." not in written else self.z3.RealVal(written)

    # -- conditions -------------------------------------------------------------------------------

    def answer(self, condition: Condition, stands_for: Mapping[str, str] | None = None) -> Answer:
        """The condition as formulas; `stands_for` gives a name the value of another one."""
        z3, names = self.z3, stands_for or {}
        match condition:
            case Comparison(left, sign, right):
                return self._comparison(left, sign, right, names)
            case Between(name, low, high):
                ends = [self._comparison(name, ">=", low, names)]
                return self._all([*ends, self._comparison(name, "<=", high, names)])
            case OneOf(name, choices):
                found = [self._comparison(name, "==", choice, names) for choice in choices]
                return self._any(found)
            case IsMissing(Name(name)):
                known = self.symbol(names.get(name, name)).known
                return Answer(z3.Not(known), known)
            case Not(part):
                inner = self.answer(part, names)
                return Answer(inner.false, inner.true)
            case Logical(word, parts):
                answers = [self.answer(part, names) for part in parts]
                return self._all(answers) if word == "and" else self._any(answers)
        raise TypeError(f"{condition!r} is not a condition")

    def _all(self, answers: Sequence[Answer]) -> Answer:
        z3 = self.z3
        return Answer(z3.And([a.true for a in answers]), z3.Or([a.false for a in answers]))

    def _any(self, answers: Sequence[Answer]) -> Answer:
        z3 = self.z3
        return Answer(z3.Or([a.true for a in answers]), z3.And([a.false for a in answers]))

    def _comparison(
        self, left: Operand, sign: Operator, right: Operand, names: Mapping[str, str]
    ) -> Answer:
        z3 = self.z3
        if isinstance(left, Literal):
            left, sign, right = right, MIRRORED[sign], left
        first, second = self._operand(left, names), self._operand(right, names)
        if isinstance(right, Literal) and isinstance(right.value, float) and isinstance(left, Name):
            self._cuts.setdefault(names.get(left.name, left.name), {})[right.value] = None
        ordered = sign not in ("==", "!=")
        types = {first.type, second.type}
        if types != {"number"} and (types != {"text"} or ordered):
            return Answer(z3.BoolVal(False), z3.BoolVal(False))
        known = z3.And(first.known, second.known)
        holds_ = self._compared(first, sign, second)
        return Answer(z3.And(known, holds_), z3.And(known, z3.Not(holds_)))

    def _operand(self, operand: Operand, names: Mapping[str, str]) -> Symbol:
        if isinstance(operand, Name):
            return self.symbol(names.get(operand.name, operand.name))
        known = self.z3.BoolVal(True)
        if isinstance(operand.value, str):
            return Symbol("text", known, self.z3.IntVal(self.text(operand.value)))
        return Symbol("number", known, self.number(operand.value))

    def _compared(self, first: Symbol, sign: Operator, second: Symbol) -> Formula:
        """Two quotients are compared without a division."""
        one = self.z3.IntVal(1)
        below, above = first.over, second.over
        left = first.value if above is None else first.value * above
        right = second.value if below is None else second.value * below
        positive = (one if below is None else below) * (one if above is None else above) > 0
        if below is None and above is None:
            return _signed(left, sign, right)
        mirrored = _signed(left, MIRRORED[sign], right)
        return self.z3.If(positive, _signed(left, sign, right), mirrored)

    def cuts(self, name: str) -> Sequence[float]:
        """The numbers with which the conditions so far compare a name."""
        return tuple(self._cuts.get(name, ()))


def _signed(left: Formula, sign: Operator, right: Formula) -> Formula:
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
