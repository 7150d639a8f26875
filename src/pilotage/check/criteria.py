"""Eligibility criteria that nobody can meet, alone or together; edit checks that no form passes."""

from collections.abc import Sequence
from itertools import combinations

from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.words import in_words
from pilotage.conditions import Condition, names_in
from pilotage.conditions.prove import Formula
from pilotage.study.protocol import StateKind, text_of

BEFORE_START = "before start"


def check_criteria(examination: Examination) -> None:
    """Somebody can be included; each exclusion excludes somebody and not everybody."""
    eligibility = examination.protocol.eligibility
    inclusion = examination.stated("eligibility.inclusion", eligibility.inclusion)
    exclusion = examination.stated("eligibility.exclusion", eligibility.exclusion)
    entry = at_entry(examination)
    passes = [(row, row.answer.true) for row in inclusion]
    passes += [(row, row.answer.false) for row in exclusion]
    alone = [row for row, passed in passes if not examination.space.possible(*entry, passed)]
    for row in alone:
        kind = "can never be met" if row in inclusion else "always holds"
        words = f"{row.place.words} {kind}: it excludes everybody"
        refused = row.answer.false if row in inclusion else row.answer.true
        example = _somebody(examination, [*entry, refused], [row])
        examination.found("contradiction", "error", row.place, words, example=example)
    for row in exclusion:
        if not examination.space.possible(*entry, row.answer.true):
            words = f"{row.place.words} can never hold: it excludes nobody"
            examination.found("unreachable", "error", row.place, words)
    _together(examination, [each for each in passes if each[0] not in alone], entry)
    _never_known(examination)


def _never_known(examination: Examination) -> None:
    """A criterion without a condition is never known: where it must be, nobody is ever signed."""
    eligibility = examination.protocol.eligibility
    for table, rows in (("inclusion", eligibility.inclusion), ("exclusion", eligibility.exclusion)):
        for at, row in enumerate(rows):
            if row.must_be_known and not isinstance(row.when, Condition):
                place = examination.place_of_row(f"eligibility.{table}", at, row)
                words = (
                    f"{place.words} must be known before eligibility is signed, and the protocol "
                    "does not say when it holds: it excludes everybody"
                )
                examination.found("contradiction", "error", place, words)


def at_entry(examination: Examination) -> list[Formula]:
    """Eligibility is judged before the first dose."""
    space, found = examination.space, list[Formula]()
    kind: StateKind = "treatment phase"
    for name, state in examination.protocol.state.items():
        if state.derivation == kind:
            symbol = space.symbol(name)
            found.append(space.z3.Implies(symbol.known, symbol.value == space.text(BEFORE_START)))
    return found


def _together(
    examination: Examination,
    passes: Sequence[tuple[StatedRow, Formula]],
    entry: Sequence[Formula],
) -> None:
    space, pairs = examination.space, 0
    if space.possible(*entry, *(passed for _, passed in passes)):
        return
    for one, other in combinations(passes, 2):
        if not space.possible(*entry, one[1], other[1]):
            pairs += 1
            _nobody(examination, [one, other], entry)
    if not pairs:
        _nobody(examination, _core(examination, passes, entry), entry)


def _core(
    examination: Examination,
    passes: Sequence[tuple[StatedRow, Formula]],
    entry: Sequence[Formula],
) -> list[tuple[StatedRow, Formula]]:
    """So few of the criteria that nobody meets all of them: each one is needed for that."""
    needed = list(passes)
    for each in passes:
        without = [other for other in needed if other is not each]
        if not examination.space.possible(*entry, *(passed for _, passed in without)):
            needed = without
    return needed


def _nobody(
    examination: Examination, passes: Sequence[tuple[StatedRow, Formula]], entry: Sequence[Formula]
) -> None:
    """The example passes all of the criteria but the last."""
    rows = [row for row, _ in passes]
    words = " and ".join(row.place.words for row in rows)
    key = " / ".join(row.place.key for row in rows)
    message = f"nobody can pass {words}"
    others = [*entry, *(passed for _, passed in passes[:-1])]
    example = _somebody(examination, others, rows[:-1])
    examination.found("contradiction", "error", rows[0].place, message, key=key, example=example)


def _somebody(
    examination: Examination, formulas: Sequence[Formula], rows: Sequence[StatedRow]
) -> str:
    """A state of the names of some criteria, in words; empty where there is none."""
    names = dict.fromkeys(name for row in rows for name in names_in(row.when))
    found = examination.space.example(formulas, names)
    known = {name: value for name, value in (found or {}).items() if value is not None}
    return in_words(known, examination.space.namespace) if known else ""


def check_edit_checks(examination: Examination) -> None:
    """Some complete form passes all of its edit checks; every dose of the ladder can be entered."""
    for code, form in examination.protocol.forms.items():
        space = examination.space
        checks = [space.answer(check.holds) for check in form.checks]
        place = Place(("protocol", "forms", code), f"form {code}", code, form.sources)
        if checks and not space.possible(*(check.true for check in checks)):
            words = f"no complete form passes the edit checks of {code} ({text_of(form.label)})"
            examination.found("contradiction", "error", place, words)
        for name, item in form.items.items():
            if item.target == "EX.EXDOSE":
                _doses(examination, f"{code}.{name}", place)
            if item.when is not None and not space.possible(space.answer(item.when).true):
                here = Place(("protocol", "forms", code, "items", name), f"item {code}.{name}",
                             f"{code}.{name}", form.sources)  # fmt: skip
                words = f"{here.words} ({text_of(item.label)}) is never asked"
                examination.found("unreachable", "error", here, words)


def _doses(examination: Examination, name: str, place: Place) -> None:
    space, symbol = examination.space, examination.space.symbol(name)
    checks = [space.answer(check.holds) for check in examination.protocol.forms[place.key].checks]
    for step in examination.protocol.treatment.ladder:
        entered = space.z3.And(symbol.known, symbol.value == space.number(step.dose))
        failing = [check.false for check in checks]
        if not space.possible(entered, *(space.z3.Not(each) for each in failing)):
            words = f"the dose of step {step.step} cannot be entered in {name}"
            examination.found(
                "contradiction", "error", place, words,
                key=f"{name} {step.step}", example=f"dose {step.dose:g}",
            )  # fmt: skip
