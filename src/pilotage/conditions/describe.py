"""A condition in words, for reports and queries, from a message catalogue per language."""

import re
from collections.abc import Mapping
from typing import overload

from pilotage.conditions.namespace import Namespace
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
    Word,
)

Catalogue = Mapping[str, str]

MESSAGES: dict[str, Catalogue] = {
    "en": {
        "==": "{name} is {value}",
        "!=": "{name} is not {value}",
        "<": "{name} is below {value}",
        "<=": "{name} is at most {value}",
        ">": "{name} is above {value}",
        ">=": "{name} is at least {value}",
        "== name": "{name} is the same as {value}",
        "!= name": "{name} is not the same as {value}",
        "between": "{name} is from {low} to {high}",
        "not between": "{name} is not from {low} to {high}",
        "in": "{name} is one of ({choices})",
        "not in": "{name} is none of ({choices})",
        "missing": "{name} is missing",
        "not missing": "{name} is not missing",
        "and": "{first} and {second}",
        "or": "{first} or {second}",
        "text": "“{text}”",
        "decimal": ".",
    },
    "es": {
        "==": "{name} es {value}",
        "!=": "{name} no es {value}",
        "<": "{name} es inferior a {value}",
        "<=": "{name} es como máximo {value}",
        ">": "{name} es superior a {value}",
        ">=": "{name} es como mínimo {value}",
        "== name": "{name} es igual a {value}",
        "!= name": "{name} no es igual a {value}",
        "between": "{name} está entre {low} y {high}, ambos incluidos",
        "not between": "{name} no está entre {low} y {high}, ambos incluidos",
        "in": "{name} es uno de ({choices})",
        "not in": "{name} no es ninguno de ({choices})",
        "missing": "{name} no consta",
        "not missing": "{name} consta",
        "and": "{first} y {second}",
        "or": "{first} o {second}",
        "text": "«{text}»",
        "decimal": ",",
    },
}
"""The words of each language. A further language is a further entry with the same keys."""

_OPPOSITE: dict[Operator, Operator] = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip

_CONTRARY: dict[Word, Word] = {"and": "or", "or": "and"}

_PLAIN_TEXT = re.compile(r"[\w%/+*.-]+(?: [\w%/+*.-]+)*")
_POWER = re.compile(r"10\*(-?\d+)")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def describe(condition: Condition, namespace: Namespace, *, language: str = "en") -> str:
    """A part of a sentence: "systolic pressure is at least 140 mmHg and age is above 65 years".

    Uses the label and the unit of each name (the name itself where the namespace has none).
    `language` is a code such as "es" or "es-ES"; one without catalogue is answered in English.
    Brackets stand where "and" and "or" meet.
    """
    words = MESSAGES.get(language) or MESSAGES.get(language.split("-")[0]) or MESSAGES["en"]
    return _Sentence(namespace, words).part(condition, negated=False)


class _Sentence:
    """The words of one language over one namespace."""

    def __init__(self, namespace: Namespace, words: Catalogue) -> None:
        self._namespace = namespace
        self._words = words

    def part(self, condition: Condition, *, negated: bool) -> str:
        """The condition, or its contrary: a negation is carried down to the comparisons (exact
        in three-valued logic), where each language has words for it."""
        no = "not " if negated else ""
        match condition:
            case Comparison(left, sign, right):
                return self._comparison(left, _OPPOSITE[sign] if negated else sign, right)
            case Between(name, low, high):
                ends = {"low": self._number(low), "high": self._value(name, high)}
                return self._said(f"{no}between", name, **ends)
            case OneOf(name, (only,)):
                return self._comparison(name, "!=" if negated else "==", only)
            case OneOf(name, choices):
                listed = ", ".join(self._value(name, choice) for choice in choices)
                return self._said(f"{no}in", name, choices=listed)
            case IsMissing(name):
                return self._said(f"{no}missing", name)
            case Not(inner):
                return self.part(inner, negated=not negated)
            case Logical():
                return self._joined(condition, negated=negated)
        return str(condition)

    def _joined(self, condition: Logical, *, negated: bool) -> str:
        word = _word(condition, negated=negated)
        said = ""
        for part in condition.parts:
            words = self.part(part, negated=negated)
            if _word(part, negated=negated) not in (None, word):
                words = f"({words})"
            said = self._words[word].format(first=said, second=words) if said else words
        return said

    def _comparison(self, left: Operand, sign: Operator, right: Operand) -> str:
        if isinstance(left, Literal) and isinstance(right, Name):
            left, sign, right = right, MIRRORED[sign], left
        if isinstance(left, Name) and isinstance(right, Literal):
            return self._said(sign, left, value=self._value(left, right))
        message = f"{sign} name" if sign in ("==", "!=") else sign
        return self._words[message].format(name=self._label(left), value=self._label(right))

    def _said(self, message: str, name: Name, **values: str) -> str:
        return self._words[message].format(name=self._label(name), **values)

    def _label(self, operand: Operand) -> str:
        variable = self._namespace.get(operand.name) if isinstance(operand, Name) else None
        return variable.label if variable and variable.label else str(operand)

    def _number(self, literal: Literal) -> str:
        return str(literal).replace(".", self._words["decimal"])

    def _value(self, name: Name, literal: Literal) -> str:
        if isinstance(literal.value, str):
            if _PLAIN_TEXT.fullmatch(literal.value):
                return literal.value
            return self._words["text"].format(text=literal.value)
        variable = self._namespace.get(name.name)
        unit = _unit_text(variable.unit) if variable and variable.unit else ""
        return f"{self._number(literal)} {unit}".rstrip()


@overload
def _word(condition: Logical, *, negated: bool) -> Word: ...
@overload
def _word(condition: Condition, *, negated: bool) -> Word | None: ...
def _word(condition: Condition, *, negated: bool) -> Word | None:
    """The word that joins the parts once the negations are carried down; None without parts."""
    match condition:
        case Not(part):
            return _word(part, negated=not negated)
        case Logical(word):
            return _CONTRARY[word] if negated else word
    return None


def _unit_text(unit: str) -> str:
    """A UCUM unit as people write it: powers of ten raised, no "1" and no annotation in braces."""
    if unit == "1" or (unit.startswith("{") and unit.endswith("}")):
        return ""
    return _POWER.sub(lambda power: f"× 10{power[1].translate(_SUPERSCRIPT)}", unit)
