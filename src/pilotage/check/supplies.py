"""The dispensing table: states in which no row blocks a supply that another row speaks against."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pilotage.check.criteria import at_entry
from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.inputs import basis, follows_doses
from pilotage.check.needs import parts_of
from pilotage.check.words import State, in_words
from pilotage.conditions import (
    Between,
    Comparison,
    Condition,
    Literal,
    Logical,
    Name,
    OneOf,
    holds,
    names_in,
)
from pilotage.conditions.prove import Formula
from pilotage.study.protocol import Protocol


@dataclass(frozen=True, slots=True)
class _Against:
    """A row of another table that speaks against drug where its condition is `when`: a row that
    stops or a criterion that keeps out, the latter `at` the start alone."""

    row: StatedRow
    when: bool
    verb: str
    at: Sequence[Formula] = ()

    @property
    def formula(self) -> Formula:
        return self.row.answer.true if self.when else self.row.answer.false


def check_supplies(examination: Examination) -> None:
    """What stops or keeps out, and rests on a parameter or a form that dispensing reads, blocks the
    supply; a test that may be so many days old at some times may not be of any age at others."""
    protocol = examination.protocol
    if protocol.dispensing is None:
        return
    rows = examination.stated("dispensing", protocol.dispensing.rows)
    if len(rows) < len(protocol.dispensing.rows):
        return  # of a row that does not say when it holds nobody can say what it leaves open
    read = {each for row in rows for each in _read(_compared(row.when), protocol)}
    for against in _against(examination):
        if read & _read(names_in(against.row.when), protocol):
            _blocked(examination, rows, against)
    for name in dict.fromkeys(name for row in rows for name, _ in _ages(row.when)):
        _old_at_any_time(examination, rows, name)


def _against(examination: Examination) -> Iterator[_Against]:
    protocol, entry = examination.protocol, at_entry(examination)
    for row in examination.stated("stopping", protocol.stopping.rows):
        yield _Against(row, True, "stops")
    for row in examination.stated("eligibility.inclusion", protocol.eligibility.inclusion):
        yield _Against(row, False, "keeps out", entry)
    for row in examination.stated("eligibility.exclusion", protocol.eligibility.exclusion):
        yield _Against(row, True, "keeps out", entry)


def _compared(when: Condition) -> set[str]:
    """The names whose values a condition reads, not only whether they are missing or how old."""
    return {
        name
        for part in parts_of(when)
        if isinstance(part, Comparison | Between | OneOf)
        for name in names_in(part)
        if not name.endswith(".AGE_DAYS")
    }


def _read(names: Iterable[str], protocol: Protocol) -> set[str]:
    """The parameters, and the forms of the other items, that names stand for; not doses, age, sex
    and times."""
    bases = {basis(name, protocol) for name in names if name not in protocol.state}
    return {base.partition(".")[0] for base in bases}


def _blocked(examination: Examination, rows: Sequence[StatedRow], against: _Against) -> None:
    """Wherever a row speaks against drug, some row blocks it or cannot be known."""
    row = against.row
    names = dict.fromkeys(name for each in (row, *rows) for name in names_in(each.when))
    found = examination.smallest_example(
        [*against.at, against.formula, *(each.answer.false for each in rows)],
        names,
        lambda state: (
            holds(row.when, state) is against.when
            and all(holds(each.when, state) is False for each in rows)
        ),
    )
    if found is None:
        return
    why = f", although {row.place.words} {against.verb}"
    _gap(examination, rows, found, names_in(row.when), why, key=row.place.key)


def _old_at_any_time(examination: Examination, rows: Sequence[StatedRow], name: str) -> None:
    """A test that several rows limit in age, each for its own time, has a limit at every time."""
    space, symbol = examination.space, examination.space.symbol(name)
    limits = [(row, days) for row in rows for own, days in _ages(row.when) if own == name]
    if len(limits) < 2:
        return
    too_old = max(days for _, days in limits) + 1
    guards = [_guards(row.when, examination.protocol) for row, _ in limits]
    shared = [part for part in guards[0] if all(part in others for others in guards[1:])]
    names = dict.fromkeys((*(n for part in shared for n in names_in(part)), name))
    names |= dict.fromkeys(n for row in rows for n in names_in(row.when))
    formulas = [space.answer(part).true for part in shared]
    formulas += [symbol.known, symbol.value == space.number(too_old)]
    found = examination.smallest_example(
        [*formulas, *(row.answer.false for row in rows)],
        names,
        lambda state: (
            state.get(name) == too_old
            and all(holds(part, state) for part in shared)
            and all(holds(row.when, state) is False for row in rows)
        ),
    )
    if found is None:
        return
    protocol = examination.protocol
    course = [each for row, _ in limits for each in names_in(row.when)]
    told = [name, *(each for each in course if follows_doses(each, protocol))]
    others = " and ".join(str(row.at + 1) for row, _ in limits)
    why = f": rows {others} limit it at other times only"
    _gap(examination, rows, found, told, why, key=name)


def _ages(when: Condition) -> Iterator[tuple[str, float]]:
    """The names that a condition limits from above together with all else that it says."""
    for part in _joined(when):
        match part:
            case Comparison(Name(name), ">" | ">=", Literal(float() | int() as days)):
                if name.endswith(".AGE_DAYS") or "." not in name:
                    yield name, days


def _guards(when: Condition, protocol: Protocol) -> list[Condition]:
    """What a row says of the subject, and not of the time in the course of treatment or of ages."""
    ages = {name for name, _ in _ages(when)}
    return [
        part
        for part in _joined(when)
        if not any(name in ages or follows_doses(name, protocol) for name in names_in(part))
    ]


def _joined(when: Condition) -> Sequence[Condition]:
    return when.parts if isinstance(when, Logical) and when.word == "and" else (when,)


def _gap(
    examination: Examination,
    rows: Sequence[StatedRow],
    state: State,
    told: Iterable[str],
    why: str,
    *,
    key: str,
) -> None:
    """The message tells of the state what the finding is about, its example the whole state."""
    namespace = examination.space.namespace
    sources = tuple(dict.fromkeys(source for row in rows for source in row.place.source))
    place = Place(("protocol", "dispensing"), "dispensing", "dispensing", sources)
    about = {name: state[name] for name in dict.fromkeys(told) if state.get(name) is not None}
    words = f"no row of dispensing blocks the supply where {in_words(about, namespace)}{why}"
    key, example = f"dispensing / {key}", in_words(state, namespace)
    examination.found("gap", "error", place, words, key=key, example=example)
