"""Which inputs a table cannot do without: the states in which its answer is unknown for want of one
measurement or answer alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pilotage.check.examination import Examination, StatedRow, tables_with_any
from pilotage.check.inputs import basis
from pilotage.check.planned import Contact, Plan
from pilotage.conditions import Comparison, Condition, IsMissing, Logical, Name, Not, names_in
from pilotage.conditions.prove import Formula
from pilotage.study.protocol import Protocol, StateKind

KEPT: tuple[StateKind, ...] = ("best response", "relapses in taper", "age", "sex")
"""What stays known when a visit or a test is missed."""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table: its rows, whether the first true one answers, whether a true row settles
    the matter for all, and the contacts at which it decides."""

    name: str
    words: str
    rows: Sequence[StatedRow]
    first: bool
    settles: bool
    decides: Sequence[Contact]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for row in self.rows for name in names_in(row.when)))


class Needs:
    """The decision tables of a study, and what they need."""

    def __init__(self, examination: Examination) -> None:
        self.examination, self.plan = examination, Plan(examination.study)
        self.space, self.protocol = examination.space, examination.protocol

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        examination, protocol = self.examination, self.protocol
        eligibility = [
            *examination.stated("eligibility.inclusion", protocol.eligibility.inclusion),
            *examination.stated("eligibility.exclusion", protocol.eligibility.exclusion),
        ]
        after = [visit for visit in self.plan.visits if visit.day > 0]
        supplies = self._with_domain("DA") or [v for v in self.plan.visits if v.day >= 0]
        doses = [contact for contact in self._with_domain("EX") if contact.day > 0] or after
        dosing = examination.stated("dosing", protocol.dosing.rows)
        found = [
            Table("eligibility", "eligibility", eligibility, False, False, [_first_dose()]),
            Table("dosing", "the dosing table", dosing, True, True, doses),
        ]
        for place, rows in tables_with_any(examination):
            name = place.rpartition(".")[2]
            stated = examination.stated(place, rows)
            settles = name in ("stopping", "dispensing")
            days = supplies if name == "dispensing" else after
            found.append(Table(name, f"the table of {name}", stated, False, settles, days))
        return tuple(found)

    def _with_domain(self, domain: str) -> list[Contact]:
        """The contacts with a form that records in a table of the snapshot."""
        forms = [
            code
            for code, form in self.protocol.forms.items()
            if any(item.target.startswith(f"{domain}.") for item in form.items.values())
        ]
        return self.plan.contacts_with(*forms)

    # -- the answer is unknown for want of it ------------------------------------------------------

    def missing(self, base: str, names: Iterable[str]) -> list[str]:
        """The names that are unknown when what they rest on was not recorded."""
        state = self.protocol.state
        return [
            name
            for name in names
            if basis(name, self.protocol) == base
            and not name.endswith((".BASE", ".AGE_DAYS"))
            and not (name in state and state[name].derivation in KEPT)
        ]

    def unknown_without(self, table: Table, base: str) -> Formula:
        """The states in which the table has no answer because this alone is missing."""
        z3, space = self.space.z3, self.space
        gone = self.missing(base, table.names)
        absent = [z3.Not(space.symbol(name).known) for name in gone]
        found, earlier = [], list[Formula]()
        for row in table.rows:
            if set(names_in(row.when)) & set(gone):
                others = [n for n in names_in(row.when) if n not in gone and not self._asks(row, n)]
                known = [space.symbol(name).known for name in others]
                open_ = [z3.Not(row.answer.true), z3.Not(row.answer.false)]
                found.append(z3.And([*(earlier if table.first else ()), *known, *open_]))
            earlier.append(row.answer.false)
        settled = [z3.Not(row.answer.true) for row in table.rows] if table.settles else []
        return z3.And([z3.Or(found), *absent, *([] if table.first else settled)])

    def _asks(self, row: StatedRow, name: str) -> bool:
        return name in asked_whether_missing(row.when)

    def off_plan(self, day: int) -> list[Formula]:
        """The subject is on a day of the plan and takes no drug any more; nothing where the study
        does not tell the phases of treatment apart."""
        z3, found, phases = self.space.z3, list[Formula](), 0
        for name, state in self.protocol.state.items():
            kind, symbol = state.derivation, self.space.symbol(name)
            if kind == "treatment phase":
                phases += 1
                now = symbol.value == self.space.text("off treatment")
                found.append(z3.And(symbol.known, now))
            elif kind == "study day":
                found.append(z3.And(symbol.known, symbol.value == day + 1))
        return found if phases else []

    def on_plan(self, day: int | None) -> list[Formula]:
        """The subject is on a day of the plan, in the first cycle (None: after the start)."""
        z3, found = self.space.z3, list[Formula]()
        values: dict[StateKind, int] = {}
        if day is not None and day > 0:
            values = {"cycle": 1, "day of cycle": day + 1, "study day": day + 1}
        for name, state in self.protocol.state.items():
            kind, symbol = state.derivation, self.space.symbol(name)
            if kind == "treatment phase":
                before = symbol.value == self.space.text("before start")
                now = before if day is not None and day <= 0 else z3.Not(before)
                found.append(z3.And(symbol.known, now))
            elif kind in values:
                found.append(z3.And(symbol.known, symbol.value == values[kind]))
        return found


def _first_dose() -> Contact:
    return Contact("the first dose", 0, frozenset(), (0, 0), ("protocol", "eligibility"), ())


def asked_whether_missing(condition: Condition) -> set[str]:
    """The names of which a condition asks whether they are missing."""
    return {part.name.name for part in parts_of(condition) if isinstance(part, IsMissing)}


def parts_of(condition: Condition) -> Iterator[Condition]:
    """A condition and everything inside it."""
    yield condition
    match condition:
        case Not(part):
            yield from parts_of(part)
        case Logical(_, parts):
            for part in parts:
                yield from parts_of(part)


def speaks_of(condition: Condition, base: str, protocol: Protocol) -> bool:
    """Does a condition ask whether something is missing, or how old it is?"""
    for name in asked_whether_missing(condition):
        if basis(name, protocol) == base or _same_form(name, base, protocol):
            return True
    for part in parts_of(condition):
        if isinstance(part, Comparison):
            for side in (part.left, part.right):
                if isinstance(side, Name) and _tells_age(side.name, base, protocol):
                    return True
    return False


def _tells_age(name: str, base: str, protocol: Protocol) -> bool:
    state = protocol.state.get(name)
    if state is not None:
        return state.derivation == "days since" and _same_form(state.of or "", base, protocol)
    return name == f"{base}.AGE_DAYS"


def _same_form(name: str, base: str, protocol: Protocol) -> bool:
    """Two items of one form are recorded together."""
    first, dot, _ = name.partition(".")
    other, other_dot, _ = base.partition(".")
    return bool(dot and other_dot) and first == other and first in protocol.forms
