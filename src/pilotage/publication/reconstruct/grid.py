"""Every variable of every subject as unknowns of the solver, and conditions about them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pilotage.conditions import Condition, names_in
from pilotage.conditions.nodes import (
    MIRRORED,
    Between,
    Comparison,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    Operator,
)
from pilotage.publication.reconstruct.models import Unknown

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpModel, IntVar, LinearExprT

SUBJECT = "SUBJECT"
"""In conditions: the number of the subject, as text."""


@dataclass(slots=True)
class Grid:
    """The unknowns. `subjects` are the numbers of the subjects; conditions are about one of them,
    counted from 0, and become literals of the model."""

    model: "CpModel"
    subjects: tuple[str, ...]
    unknowns: Mapping[str, Unknown]
    numbers: dict[tuple[str, int], "IntVar"] = field(default_factory=dict)
    chosen: dict[tuple[str, int, str], "BoolVarT"] = field(default_factory=dict)
    _found: dict[tuple[object, ...], "BoolVarT"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, unknown in self.unknowns.items():
            for at in self.every:
                if unknown.choices:
                    options = [self.model.new_bool_var(f"{name} {at} {c}") for c in unknown.choices]
                    self.model.add_exactly_one(options)
                    pairs = zip(unknown.choices, options, strict=True)
                    self.chosen.update({(name, at, choice): made for choice, made in pairs})
                else:
                    self.numbers[name, at] = self._number(name, unknown, at)

    @property
    def every(self) -> range:
        return range(len(self.subjects))

    def _number(self, name: str, unknown: Unknown, at: int) -> "IntVar":
        from ortools.sat.python.cp_model import Domain

        domain = Domain.from_values(list(domain_of(unknown)))
        return self.model.new_int_var_from_domain(domain, f"{name} {at}")

    def knows(self, condition: Condition) -> bool:
        return all(name == SUBJECT or name in self.unknowns for name in names_in(condition))

    # -- literals ---------------------------------------------------------------------------------

    def constant(self, value: bool) -> "BoolVarT":
        return self._once((value,), lambda: self.model.new_constant(int(value)))

    def holds(self, condition: Condition, at: int) -> "BoolVarT":
        """The literal that is true where the condition holds of the subject."""
        return self._once((str(condition), at), lambda: self._reified(condition, at))

    def equals(self, name: str, at: int, value: int) -> "BoolVarT":
        low, high = self.at_least(name, at, value), self.at_least(name, at, value + 1)
        return self.both([low, ~high], ("==", name, at, value))

    def at_least(self, name: str, at: int, bound: int) -> "BoolVarT":
        """Is the number of the subject at least so much?"""
        values = domain_of(self.unknowns[name])
        if bound <= values[0] or bound > values[-1]:
            return self.constant(bound <= values[0])
        number = self.numbers[name, at]
        return self._linear((">=", name, at, bound), number - bound)

    def both(self, parts: Sequence["BoolVarT"], key: tuple[object, ...]) -> "BoolVarT":
        """True where all parts are."""

        def made() -> "BoolVarT":
            found = self.model.new_bool_var("")
            self.model.add_bool_and(parts).only_enforce_if(found)
            self.model.add_bool_or([found, *(~part for part in parts)])
            return found

        return self._once(("all", *key), made)

    def any_of(self, parts: Sequence["BoolVarT"], key: tuple[object, ...]) -> "BoolVarT":
        return ~self.both([~part for part in parts], ("none", *key))

    def one_of(self, expression: "LinearExprT", allowed: Sequence[int], *when: "BoolVarT") -> None:
        """The expression has one of the values where all the literals are true."""
        from ortools.sat.python.cp_model import Domain

        if not len(allowed):
            self.model.add_bool_or([~literal for literal in when])
            return
        domain = Domain.from_values(list(allowed))
        self.model.add_linear_expression_in_domain(expression, domain).only_enforce_if(*when)

    def sizes(self, group: Sequence["BoolVarT"]) -> list[tuple[int, "BoolVarT"]]:
        """A literal for each number of members that the group may have; none is not among them."""
        found: list[tuple[int, BoolVarT]] = []
        for n in range(len(group) + 1):
            size = self.model.new_bool_var("")
            self.model.add(total(group) == n).only_enforce_if(size)
            found.append((n, size))
        self.model.add_exactly_one([size for _, size in found])
        return found[1:]

    def _once(self, key: tuple[object, ...], make: Callable[[], "BoolVarT"]) -> "BoolVarT":
        if key not in self._found:
            self._found[key] = make()
        return self._found[key]

    def _linear(self, key: tuple[object, ...], expression: "LinearExprT") -> "BoolVarT":
        """True exactly where the expression is at least 0."""

        def made() -> "BoolVarT":
            found = self.model.new_bool_var("")
            self.model.add(expression >= 0).only_enforce_if(found)
            self.model.add(expression <= -1).only_enforce_if(~found)
            return found

        return self._once(key, made)

    # -- conditions -------------------------------------------------------------------------------

    def _reified(self, condition: Condition, at: int) -> "BoolVarT":
        key = (str(condition), at)
        match condition:
            case Comparison(left, operator, right):
                return self._compared(left, operator, right, at)
            case Between(name, low, high):
                ends = (Comparison(name, ">=", low), Comparison(name, "<=", high))
                return self.both([self.holds(end, at) for end in ends], key)
            case OneOf(name, choices):
                each = [self.holds(Comparison(name, "==", choice), at) for choice in choices]
                return self.any_of(each, key)
            case IsMissing():
                return self.constant(False)
            case Not(part):
                return ~self.holds(part, at)
            case Logical(word, parts):
                each = [self.holds(part, at) for part in parts]
                return self.both(each, key) if word == "and" else self.any_of(each, key)
        raise TypeError(f"{condition!r} is no kind of condition")

    def _compared(
        self, left: Name | Literal, operator: Operator, right: Name | Literal, at: int
    ) -> "BoolVarT":
        if isinstance(left, Literal):
            left, operator, right = right, MIRRORED[operator], left
        name = cast(Name, left).name
        if isinstance(right, Name):
            return self._two_numbers(name, operator, right.name, at)
        if isinstance(right.value, str):
            same = self._is(name, right.value, at)
            return same if operator == "==" else ~same
        bound = right.value
        match operator:
            case ">=" | "<":
                found = self.at_least(name, at, _ceiling(bound))
                return found if operator == ">=" else ~found
            case ">" | "<=":
                found = self.at_least(name, at, _floor(bound) + 1)
                return found if operator == ">" else ~found
        whole = self.equals(name, at, int(bound)) if bound == int(bound) else self.constant(False)
        return whole if operator == "==" else ~whole

    def _is(self, name: str, choice: str, at: int) -> "BoolVarT":
        if name == SUBJECT:
            return self.constant(self.subjects[at] == choice)
        return self.chosen.get((name, at, choice), self.constant(False))

    def _two_numbers(self, name: str, operator: Operator, other: str, at: int) -> "BoolVarT":
        one, two = self.numbers[name, at], self.numbers[other, at]
        above = self._linear((">=", name, other, at), one - two)
        below = self._linear((">=", other, name, at), two - one)
        match operator:
            case ">=" | "<":
                return above if operator == ">=" else ~above
            case "<=" | ">":
                return below if operator == "<=" else ~below
        same = self.both([above, below], ("same", name, other, at))
        return same if operator == "==" else ~same


def domain_of(unknown: Unknown) -> Sequence[int]:
    """The whole numbers that a variable can be, in their order."""
    if unknown.values:
        return sorted(unknown.values)
    assert unknown.range is not None
    return range(unknown.range[0], unknown.range[1] + 1, unknown.step)


def total(literals: Iterable["BoolVarT"]) -> "LinearExprT":
    """How many of the literals are true."""
    from ortools.sat.python.cp_model import LinearExpr

    return LinearExpr.sum(list(literals))


def _ceiling(value: float) -> int:
    return -_floor(-value)


def _floor(value: float) -> int:
    return int(value // 1)
