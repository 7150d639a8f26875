"""Is there a state, among those that can be, in which conditions hold? (Z3)

A name is a value that may be missing: a number within its range, whole or decimal, a text among its
choices, a date of which only its presence counts. What is found is always a concrete state, and a
plain one: few names, round numbers, boundaries.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from pilotage.conditions.formulas import (
    Answer,
    Formula,
    Formulas,
    SolverMissing,
    Symbol,
    solver_module,
)
from pilotage.conditions.holds import State, Value, holds
from pilotage.conditions.namespace import Namespace
from pilotage.conditions.nodes import Condition, names_in
from pilotage.conditions.plain import plain_numbers

__all__ = [
    "Answer", "Formula", "Proofs", "SolverMissing", "Symbol", "satisfiable", "smallest",
    "solver_module",
]  # fmt: skip

OTHER_TEXT = "another text"
MOST_MILLISECONDS = 2_000
"""So long may one question take; all but comparisons of two relative changes take a few."""
SOME_DAY = date(2000, 1, 1)
"""Stands for any known date: conditions ask only whether there is one."""


def satisfiable(
    *conditions: Condition, namespace: Namespace, whole: Collection[str] = ()
) -> State | None:
    """A smallest state in which every condition is true; None where there is none.

    A name that the namespace does not have is missing in every state. `whole` are the numbers that
    are whole.
    """
    proofs = Proofs(namespace, whole=whole)
    names = dict.fromkeys(name for condition in conditions for name in names_in(condition))
    found = proofs.example([proofs.answer(each).true for each in conditions], names)
    if found is None:
        return None
    return smallest(found, lambda state: all(holds(each, state) for each in conditions))


def smallest(state: State, fits: Callable[[State], bool]) -> dict[str, Value]:
    """The state without the names that it does not need in order to fit, the last ones first."""
    kept = dict(state)
    for name in reversed(list(state)):
        without = {other: value for other, value in kept.items() if other != name}
        if fits(without):  # a name that was needed before may be needed no more
            return smallest(without, fits)
    return kept


class Proofs(Formulas):
    """Formulas, and the solver that answers questions about them."""

    def __init__(self, namespace: Namespace, *, whole: Collection[str] = ()) -> None:
        super().__init__(namespace, whole=whole)
        self._solver = self.z3.Solver()
        self._solver.set("random_seed", 0)
        self._solver.set("timeout", MOST_MILLISECONDS)

    def texts_in_order(self, name: str) -> Sequence[str]:
        """The texts that a name can be, the plainest first; none where any text will do."""
        return self.namespace[name].choices

    def possible(self, *formulas: Formula) -> bool:
        """Is there a state in which all of these hold? Yes, too, where the solver cannot tell in
        its time: only what is proven impossible is."""
        self._solver.add(*self._news())
        return bool(self._solver.check(*formulas) != self.z3.unsat)

    def _news(self) -> list[Formula]:
        """What always holds and the solver was not told yet."""
        news, self.facts = self.facts, []
        return news

    def example(self, formulas: Iterable[Formula], names: Iterable[str]) -> dict[str, Value] | None:
        """A plain state of these names in which all formulas hold; a missing one stands as None.

        Name by name the plainest value that is still possible is taken, so that the answer does not
        depend on the way in which the solver searches.
        """
        names = list(names)
        symbols = [self.symbol(name) for name in names]
        self._solver.add(*self._news())
        self._solver.push()
        try:
            self._solver.add(*formulas)
            if self._solver.check() != self.z3.sat:
                return None
            for name, symbol in zip(names, symbols, strict=True):
                self._settle(name, symbol)
            if self._solver.check() != self.z3.sat:
                return None
            model = self._solver.model()
        finally:
            self._solver.pop()
        return {
            name: self._read(name, symbol, model)
            for name, symbol in zip(names, symbols, strict=True)
        }

    def _settle(self, name: str, symbol: Symbol) -> None:
        """Fix the plainest possible value of a name for the rest of this question."""
        for wish in self._wishes(name, symbol):
            if self._solver.check(wish) == self.z3.sat:
                self._solver.add(wish)
                return
        if self._solver.check(symbol.known) != self.z3.sat:
            self._solver.add(self.z3.Not(symbol.known))
            return
        self._solver.add(symbol.known)
        if symbol.value is not None and symbol.over is None:
            self._solver.check()
            value = self._solver.model().eval(symbol.value, model_completion=True)
            self._solver.add(symbol.value == value)

    def _wishes(self, name: str, symbol: Symbol) -> Iterator[Formula]:
        z3, variable = self.z3, self.namespace.get(name)
        if symbol.value is None or variable is None:
            return
        if symbol.type == "text":
            for choice in self.texts_in_order(name) or tuple(self.texts):
                yield z3.And(symbol.known, symbol.value == self.text(choice))
            return
        if symbol.over is not None:
            return
        for number in plain_numbers(
            self._cuts.get(name, ()), variable.low, variable.high, whole=name in self.whole
        ):
            yield z3.And(symbol.known, symbol.value == self.number(number))

    def _read(self, name: str, symbol: Symbol, model: Any) -> Value:
        def value_of(term: Formula) -> Fraction:
            found = model.eval(term, model_completion=True)
            return Fraction(str(found.as_fraction() if hasattr(found, "as_fraction") else found))

        if not self.z3.is_true(model.eval(symbol.known, model_completion=True)):
            return None
        if symbol.value is None:
            return SOME_DAY
        number = value_of(symbol.value)
        if symbol.type == "text":
            texts = list(self.texts)
            return texts[int(number)] if number < len(texts) else f"{OTHER_TEXT} {number}"
        if symbol.over is not None:
            number /= value_of(symbol.over)
        return int(number) if number.denominator == 1 else float(number)
