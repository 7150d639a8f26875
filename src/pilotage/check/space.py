"""The states that a subject can be in, as far as the study file tells: the space of the proofs.

What binds names to each other: a change is a value less its baseline, a grade follows from the
value by the toxicity criteria of the study, a value is not older than its maximum age, an item has
no answer where it is not asked, and what `course` says of the course of treatment. A name that is
bound to nothing takes any value of its range, or none.
"""

from collections.abc import Sequence

from pilotage.check.course import DAY_OF_CYCLE, LAST, bind_course
from pilotage.check.grades import grade_symbol
from pilotage.conditions import Namespace, Variable
from pilotage.conditions.prove import Proofs, Symbol
from pilotage.instruments.ctcae import TERMS
from pilotage.study import Study
from pilotage.study.protocol import Item, Protocol

_LIMITS = ("LLN", "ULN")


class Space(Proofs):
    """The reachable states of one study."""

    def __init__(self, study: Study) -> None:
        self.protocol = study.protocol
        super().__init__(
            {**study.namespace, **_hidden(study.protocol)}, whole=whole_names(study.protocol)
        )
        self._course_bound = False

    def define(self, name: str) -> Symbol | None:
        code, _, part = name.partition(".")
        if code not in self.protocol.parameters:
            return None
        *last, change = part.split(".")
        if change in ("CHG", "PCHG"):
            value = self.symbol(".".join((code, *last)))
            return self._change(value, self.symbol(f"{code}.BASE"), change)
        if part == "GRADE":
            return self._grade(code)
        return None

    def texts_in_order(self, name: str) -> Sequence[str]:
        """Of the doses those first that the dosing table gives."""
        choices, state = self.namespace[name].choices, self.protocol.state.get(name)
        if state is None or state.derivation != "dose step":
            return choices
        given = [row.to for row in self.protocol.dosing.rows if row.to is not None]
        return tuple(dict.fromkeys((*reversed(given), *choices)))

    def _change(self, value: Symbol, base: Symbol, part: str) -> Symbol:
        """The change of a value, or its change in per cent, which a baseline of 0 does not have."""
        z3 = self.z3
        known, difference = z3.And(value.known, base.known), value.value - base.value
        if part == "CHG":
            return Symbol("number", known, difference)
        return Symbol("number", z3.And(known, base.value != 0), 100 * difference, base.value)

    def _grade(self, code: str) -> Symbol | None:
        parameter, toxicity = self.protocol.parameters[code], self.protocol.toxicity
        if parameter.grade is None or toxicity is None:
            return None
        limits = {limit: self.symbol(f"{code}.{limit}") for limit in _LIMITS}
        base = self.symbol(f"{code}.BASE")
        rules = TERMS[parameter.grade].rules[toxicity.version]
        return grade_symbol(self, rules, {"VALUE": self.symbol(code), "BASE": base, **limits})

    def bind(self, name: str) -> None:
        code, _, part = name.partition(".")
        if name in self.protocol.state:
            self._bind_state(name)
        elif code in self.protocol.parameters:
            if not part:
                self._bind_age(code)
        elif code in self.protocol.forms:
            item = self.protocol.forms[code].items.get(part)
            if item is not None:
                self._bind_item(name, item)

    def _bind_state(self, name: str) -> None:
        state = self.protocol.state[name]
        if state.derivation == "days since":
            own, date = self.symbol(name), self.symbol(state.of or "")
            self.always(self.z3.Implies(own.known, date.known))
        elif not self._course_bound:
            self._course_bound = True
            bind_course(self)

    def _bind_age(self, code: str) -> None:
        z3, limit = self.z3, self.protocol.parameters[code].max_age_days
        own, age = self.symbol(code), self.symbol(f"{code}.AGE_DAYS")
        young = age.value <= limit if isinstance(limit, int) else z3.BoolVal(True)
        self.always(z3.Implies(own.known, z3.And(age.known, young)))

    def _bind_item(self, name: str, item: Item) -> None:
        """Never asked where its condition is known not to hold (what decided about it may be too
        old by now, and the answer still stand); age and sex are the same wherever they stand."""
        z3, own = self.z3, self.symbol(name)
        if item.when is not None:
            self.always(z3.Implies(own.known, z3.Not(self.answer(item.when).false)))
        for same, state in self.protocol.state.items():
            if (
                state.derivation in ("age", "sex")
                and item.target == f"DM.{state.derivation.upper()}"
            ):
                other = self.symbol(same)
                if other.type == own.type:
                    both = z3.And(own.known, other.known)
                    self.always(z3.Implies(both, own.value == other.value))


def whole_names(protocol: Protocol) -> frozenset[str]:
    """The numbers of the namespace that are whole."""
    found = {*protocol.state, DAY_OF_CYCLE, *(f"{code}.AGE_DAYS" for code in protocol.parameters)}
    for code, parameter in protocol.parameters.items():
        if parameter.whole_numbers:
            found |= {code, f"{code}.BASE", f"{code}.CHG", f"{code}.{LAST}"}
        if parameter.grade is not None:
            found.add(f"{code}.GRADE")
    for code, form in protocol.forms.items():
        found |= {f"{code}.{name}" for name, item in form.items.items() if item.type == "integer"}
        found |= {f"{code}.{name}" for name in _whole_of_instrument(form.instrument)}
    return frozenset(found)


def _whole_of_instrument(name: str | None) -> set[str]:
    from pilotage.instruments import instruments

    instrument = instruments.get(name or "")
    if instrument is None:
        return set()
    scores = {score.code.lower() for score in instrument.scores if score.whole}
    return {item.code.lower() for item in instrument.items} | scores


def _hidden(protocol: Protocol) -> Namespace:
    """Names that no condition can use, but that others hang on."""
    names = {DAY_OF_CYCLE: Variable("number", low=0)}
    for code, parameter in protocol.parameters.items():
        low, high = sorted(parameter.range)
        names[f"{code}.{LAST}"] = Variable("number", low=low, high=high)
        for limit in _LIMITS:
            names[f"{code}.{limit}"] = Variable("number", low=0, high=high)
    return names
