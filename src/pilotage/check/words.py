"""Concrete states in words, and the part of the states that they stand for, as a condition."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from pilotage.conditions import (
    Between,
    Comparison,
    Condition,
    IsMissing,
    Literal,
    Logical,
    Name,
    Namespace,
    Not,
    OneOf,
    describe,
    holds,
)
from pilotage.conditions.holds import Value
from pilotage.conditions.plain import number_parts
from pilotage.conditions.prove import Proofs

State = Mapping[str, Value]
_NEITHER = {"<": "below {}", "<=": "{} or less", ">": "above {}", ">=": "{} or more",
            "==": "exactly {}"}  # fmt: skip


def in_words(state: State, namespace: Namespace) -> str:
    """The state as a part of a sentence: "age is 17 years and sex is F". A change is left out where
    the value and the baseline that it follows from are there."""
    parts = [exactly(name, value) for name, value in state.items() if not _follows(name, state)]
    return describe(joined(parts), namespace) if parts else "any state"


def _follows(name: str, state: State) -> bool:
    code, _, part = name.partition(".")
    return part in ("CHG", "PCHG") and {code, f"{code}.BASE"} <= state.keys()


def with_values_behind(names: Iterable[str], full: State) -> dict[str, Value]:
    """The names as `full` has them, each change after the value and the baseline behind it."""
    found: dict[str, Value] = {}
    for name in names:
        code, _, part = name.partition(".")
        if part in ("CHG", "PCHG"):
            for behind in (code, f"{code}.BASE"):
                if full.get(behind) is not None:
                    found[behind] = full[behind]
        found[name] = full[name]
    return found


def joined(parts: Sequence[Condition]) -> Condition:
    """The parts joined by "and", without brackets."""
    flat: list[Condition] = []
    for part in parts:
        together = isinstance(part, Logical) and part.word == "and"
        flat += part.parts if isinstance(part, Logical) and together else [part]
    return flat[0] if len(flat) == 1 else Logical("and", tuple(flat))


def neither_nor(state: State, conditions: Sequence[Condition], namespace: Namespace) -> str:
    """ "weight 31 kg is neither below 30 nor above 32": for a state with a single number, on which
    alone two conditions or more fail; empty where that is not so."""
    numbers = [name for name, value in state.items() if isinstance(value, int | float)]
    if len(numbers) != 1:
        return ""
    (name,) = numbers
    said: list[str] = []
    for condition in conditions:
        parts = condition.parts if isinstance(condition, Logical) else (condition,)
        failing = [part for part in parts if holds(part, state) is False]
        words = [_compared(part, name) for part in failing]
        if failing and all(words):
            said += [each for each in words if each]
    said = list(dict.fromkeys(said))
    if len(said) < 2:
        return ""
    subject = describe(exactly(name, state[name]), namespace).replace(" is ", " ", 1)
    others = {other: value for other, value in state.items() if other != name}
    before = f"{in_words(others, namespace)} and " if others else ""
    return f"{before}{subject} is neither {', '.join(said[:-1])} nor {said[-1]}"


def _compared(condition: Condition, name: str) -> str:
    """What a condition asks of a number: "below 30"; empty where it asks for anything else."""
    match condition:
        case Comparison(Name(own), sign, Literal() as value) if own == name and sign in _NEITHER:
            return _NEITHER[sign].format(value)
        case Between(Name(own), low, high) if own == name:
            return f"from {low} to {high}"
    return ""


# -- the part of the states around an example ---------------------------------------------------


@dataclass(slots=True)
class Region:
    """The largest part around a state, name by name, whose every state fits: texts become lists,
    numbers ranges. Texts that cannot be together with the rest are not listed."""

    space: Proofs
    fits: Callable[[State], bool]
    reachable: Callable[[Condition], bool]

    def around(self, state: State) -> Condition:
        sets: dict[str, list[Value]] = {name: [value] for name, value in state.items()}
        shown: dict[str, Condition] = {name: exactly(name, value) for name, value in state.items()}
        for name, value in state.items():
            variable = self.space.namespace.get(name)
            if variable is None or value is None or variable.type == "date":
                continue
            if variable.type == "text":
                rest = [condition for other, condition in shown.items() if other != name]
                sets[name] = self._texts(name, value, sets, rest)
                shown[name] = one_of(name, sets[name])
            else:
                shown[name] = self._numbers(name, value, sets)
        return joined(list(shown.values()))

    def _texts(
        self, name: str, own: Value, sets: Mapping[str, list[Value]], rest: list[Condition]
    ) -> list[Value]:
        choices: list[Value] = []
        for choice in self.space.namespace[name].choices:
            together = joined([*rest, exactly(name, choice)])
            if choice == own or (self._all_fit(name, choice, sets) and self.reachable(together)):
                choices.append(choice)
        return choices or [own]

    def _numbers(self, name: str, own: Value, sets: dict[str, list[Value]]) -> Condition:
        variable, cuts = self.space.namespace[name], self.space.cuts(name)
        whole = name in self.space.whole
        parts = number_parts(cuts, variable.low, variable.high, whole=whole)
        mine = _part_of(own, parts, cuts)
        fitting = [part for part in parts if part == mine or self._all_fit(name, part, sets)]
        sets[name] = _run(fitting, parts, mine)
        return between(name, sets[name], parts, set(cuts))

    def _all_fit(self, name: str, value: Value, sets: Mapping[str, list[Value]]) -> bool:
        values = [each if other != name else [value] for other, each in sets.items()]
        return all(self.fits(dict(zip(sets, each, strict=True))) for each in product(*values))


def exactly(name: str, value: Value) -> Condition:
    """The condition that holds for one value of a name, or for none."""
    if value is None:
        return IsMissing(Name(name))
    if isinstance(value, date):
        return Not(IsMissing(Name(name)))
    return Comparison(Name(name), "==", Literal(value))


def one_of(name: str, values: Sequence[Value]) -> Condition:
    if len(values) == 1:
        return exactly(name, values[0])
    return OneOf(Name(name), tuple(Literal(str(value)) for value in values))


def _part_of(value: Value, parts: Sequence[float], cuts: Sequence[float]) -> Value:
    """The number that stands for the part in which a value lies."""
    assert isinstance(value, int | float)
    if value in parts:
        return value
    for part in parts:
        if part not in cuts and not any(
            min(part, value) <= cut <= max(part, value) for cut in cuts
        ):
            return part
    return value


def _run(fitting: Sequence[Value], parts: Sequence[float], value: Value) -> list[Value]:
    """The unbroken run of parts around a value; the value itself where it is none of the parts."""
    if value not in parts:
        return [value]
    at = parts.index(value)
    first = last = at
    while first > 0 and parts[first - 1] in fitting:
        first -= 1
    while last + 1 < len(parts) and parts[last + 1] in fitting:
        last += 1
    return list(parts[first : last + 1])


def between(name: str, run: Sequence[Value], parts: Sequence[float], cuts: set[float]) -> Condition:
    """The condition for a run of the parts of a range."""
    first, last = run[0], run[-1]
    assert isinstance(first, int | float)
    assert isinstance(last, int | float)
    if first not in parts or (first == last and first in cuts):
        return exactly(name, first)
    if first in cuts and last in cuts:
        return Between(Name(name), Literal(first), Literal(last))
    found: list[Condition] = []
    at_first, at_last = list(parts).index(first), list(parts).index(last)
    if at_first > 0:
        low = first if first in cuts else parts[at_first - 1]
        found.append(Comparison(Name(name), ">=" if first in cuts else ">", Literal(low)))
    if at_last + 1 < len(parts):
        high = last if last in cuts else parts[at_last + 1]
        found.append(Comparison(Name(name), "<=" if last in cuts else "<", Literal(high)))
    return joined(found) if found else Comparison(Name(name), ">=", Literal(first))
