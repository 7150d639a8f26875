"""A condition as two Python expressions: when it is known to hold, and when it is known not to.

Neither holds where the answer is unknown. So a table can be walked without a third truth value, and
a name that is always known costs nothing. The answers are those of `conditions.holds`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pilotage.conditions import Condition
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
    Operand,
    Operator,
)

YES, NO = "True", "False"
_OPPOSITE: dict[Operator, Operator] = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """How a name stands in the kernel: an expression that is a number (NaN where it is unknown), or
    the place of a text among `codes` (below 0 where it is unknown). `sure`: it is never unknown."""

    text: str
    codes: Mapping[str, int] | None = None
    sure: bool = False


CHANGING = Term("?")
"""Stands for a name whose value may be anything by then: every comparison with it may hold, and may
not. So `truth` says when a condition may hold, and when it may fail."""

Terms = Callable[[str], Term | None]
"""The term of a name; None for a name that the simulation can never know."""

Truth = tuple[str, str]


def truth(condition: Condition, terms: Terms) -> Truth:
    """When the condition holds, and when it does not."""
    match condition:
        case Comparison(left, sign, right):
            return _comparison(left, sign, right, terms)
        case Between(name, low, high):
            ends = (_comparison(name, ">=", low, terms), _comparison(name, "<=", high, terms))
            return _and(ends)
        case OneOf(name, choices):
            return _or([_comparison(name, "==", choice, terms) for choice in choices])
        case IsMissing(name):
            if terms(name.name) is CHANGING:
                return YES, YES
            known = _known(terms(name.name))
            return _not(known), known
        case Not(part):
            holds, fails = truth(part, terms)
            return fails, holds
        case Logical("and", parts):
            return _and([truth(part, terms) for part in parts])
        case Logical(_, parts):
            return _or([truth(part, terms) for part in parts])
    raise TypeError(f"{condition!r} is not a condition")


def all_of(*parts: str) -> str:
    """`a and b`, with what is always true or false taken out."""
    rest = list(dict.fromkeys(part for part in parts if part != YES))
    if NO in rest:
        return NO
    return YES if not rest else rest[0] if len(rest) == 1 else f"({' and '.join(rest)})"


def any_of(*parts: str) -> str:
    rest = list(dict.fromkeys(part for part in parts if part != NO))
    if YES in rest:
        return YES
    return NO if not rest else rest[0] if len(rest) == 1 else f"({' or '.join(rest)})"


def _and(parts: "list[Truth] | tuple[Truth, ...]") -> Truth:
    return all_of(*(holds for holds, _ in parts)), any_of(*(fails for _, fails in parts))


def _or(parts: "list[Truth]") -> Truth:
    return any_of(*(holds for holds, _ in parts)), all_of(*(fails for _, fails in parts))


def _not(text: str) -> str:
    return {YES: NO, NO: YES}.get(text, f"not {text}")


def _known(term: Term | None) -> str:
    if term is None:
        return NO
    if term.sure:
        return YES
    return f"({term.text} >= 0)" if term.codes is not None else f"({term.text} == {term.text})"


def _comparison(left: Operand, sign: Operator, right: Operand, terms: Terms) -> Truth:
    if isinstance(left, Literal):
        left, right, sign = right, left, MIRRORED[sign]
    assert isinstance(left, Name)
    term = terms(left.name)
    if term is None:
        return NO, NO
    other = terms(right.name) if isinstance(right, Name) else term
    if CHANGING in (term, other) and other is not None:
        return YES, YES
    if isinstance(right, Name):
        return (NO, NO) if other is None else _of_two(term, sign, other)
    if isinstance(right.value, str):
        return _of_text(term, sign, right.value)
    if term.codes is not None:
        return NO, NO
    return _of_numbers(term, sign, Term(repr(float(right.value)), sure=True))


def _of_text(term: Term, sign: Operator, value: str) -> Truth:
    if term.codes is None or sign not in ("==", "!="):
        return NO, NO
    known = _known(term)
    same, other = NO, known
    if value in term.codes:
        same = f"({term.text} == {term.codes[value]})"
        other = all_of(f"({term.text} != {term.codes[value]})", known)
    return (same, other) if sign == "==" else (other, same)


def _of_numbers(first: Term, sign: Operator, second: Term) -> Truth:
    """Every comparison with NaN is false, but `!=`, which is written as below or above."""
    sure = first.sure and second.sure

    def said(sign: Operator) -> str:
        if sign == "!=" and not sure:
            return f"({first.text} < {second.text} or {first.text} > {second.text})"
        return f"({first.text} {sign} {second.text})"

    return said(sign), said(_OPPOSITE[sign])


def _of_two(first: Term, sign: Operator, second: Term) -> Truth:
    """Two names: of texts only whether they are the same can be asked."""
    if first.codes is None and second.codes is None:
        return _of_numbers(first, sign, second)
    if first.codes is None or second.codes is None or sign not in ("==", "!="):
        return NO, NO
    shared = [text for text in first.codes if text in second.codes]
    same = any_of(
        *(
            f"({first.text} == {first.codes[text]} and {second.text} == {second.codes[text]})"
            for text in shared
        )
    )
    other = all_of(_known(first), _known(second), _not(same))
    return (same, other) if sign == "==" else (other, same)
