"""The dosing table: states without an answer, rows that never answer, rows that contradict."""

from collections.abc import Iterator, Sequence

from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.gaps import find_gaps
from pilotage.check.inputs import assessed
from pilotage.check.needs import parts_of
from pilotage.check.words import in_words
from pilotage.conditions import Comparison, Literal, Name, OneOf, holds, names_in
from pilotage.conditions.prove import Formula
from pilotage.study.protocol import DosingRow, StateKind

GIVES = ("start", "raise", "reintroduce", "maintain")


def check_dosing(examination: Examination) -> None:
    """The first row that holds answers, where every row before it is known not to hold."""
    rows = examination.stated("dosing", examination.protocol.dosing.rows)
    if not rows:
        return
    answering = _answering(examination, rows)
    if examination.protocol.dosing.otherwise == "not stated":
        place = Place(("protocol", "dosing"), "dosing", "dosing", _sources(rows))
        find_gaps(examination, place, rows, words="no row of dosing says what to do")
    else:
        _left_to_otherwise(examination, rows)
    for at in range(len(rows)):
        if not examination.space.possible(*answering[at]):
            _unreachable(examination, rows, at)
    for at in range(len(rows)):
        _overlaps(examination, rows, at, answering[at])
        _direction(examination, rows, at, answering[at])


def _sources(rows: Sequence[StatedRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for row in rows for source in row.place.source))


def _answering(examination: Examination, rows: Sequence[StatedRow]) -> list[list[Formula]]:
    """For each row, when it is the one that answers."""
    return [
        [*(before.answer.false for before in rows[:at]), row.answer.true]
        for at, row in enumerate(rows)
    ]


def _left_to_otherwise(examination: Examination, rows: Sequence[StatedRow]) -> None:
    """A response that the study declares, of which no row speaks although rows speak of others:
    what is done otherwise answers, perhaps because it was forgotten. A row that asks for the score
    itself speaks of the responses with which it can hold."""
    space = examination.space
    score = assessed(examination.protocol)
    scores = {f"{score}{part}" for part in ("", ".BASE", ".CHG", ".PCHG")}
    responses = _names(examination, "response")
    for name in (*responses, *_names(examination, "best response")):
        speaking = [row for row in rows if name in names_in(row.when)]
        asked = {str(value) for row in speaking for value in _texts(row, name)}
        if name in responses:
            speaking += [row for row in rows if scores & set(names_in(row.when))]
        for choice in space.namespace[name].choices if asked else ():
            symbol = space.symbol(name)
            own = space.z3.And(symbol.known, symbol.value == space.text(choice))
            if any(space.possible(own, row.answer.true) for row in speaking):
                continue
            if not space.possible(own, *(row.answer.false for row in rows)):
                continue
            otherwise = examination.protocol.dosing.otherwise
            example = in_words({name: choice}, space.namespace)
            place = Place(("protocol", "dosing", "otherwise"), "dosing", "dosing", _sources(rows))
            words = f"no row of dosing speaks of the case that {example}: otherwise ({otherwise})"
            key = f"dosing otherwise {name} {choice}"
            examination.found("gap", "note", place, words + " answers", key=key, example=example)


def _texts(row: StatedRow, name: str) -> Iterator[object]:
    """The texts with which a row compares a name."""
    for part in parts_of(row.when):
        match part:
            case Comparison(Name(own), _, Literal(str() as text)) if own == name:
                yield text
            case OneOf(Name(own), choices) if own == name:
                yield from (choice.value for choice in choices)


def _unreachable(examination: Examination, rows: Sequence[StatedRow], at: int) -> None:
    row, example = rows[at], ""
    if not examination.space.possible(row.answer.true):
        words = f"{row.place.words} can never hold"
    else:
        words = (
            f"{row.place.words} never answers: wherever it holds, {_shadow(examination, rows, at)}"
        )
        example = _example(examination, [], [row])
    examination.found("unreachable", "error", row.place, words, example=example)


def _shadow(examination: Examination, rows: Sequence[StatedRow], at: int) -> str:
    """The one row that answers in its stead, or that several together do."""
    space = examination.space
    for before in rows[:at]:
        if not space.possible(rows[at].answer.true, space.z3.Not(before.answer.true)):
            return f"{before.place.words} holds too and stands before it"
    return "rows before it answer, or cannot be known"


def _overlaps(
    examination: Examination, rows: Sequence[StatedRow], at: int, answers: list[Formula]
) -> None:
    """Later rows that hold too and do something else. One that always does is the general rule to
    which this row is an exception; where drug is given although a later row stops, they contradict.
    """
    row, space = rows[at], examination.space
    others: list[StatedRow] = []
    for later in rows[at + 1 :]:
        if _action(later) == _action(row) or not space.possible(*answers, later.answer.true):
            continue
        if _action(row)[0] in GIVES and _action(later)[0] == "stop":
            _gives_and_stops(examination, rows, at, later)
        elif space.possible(*answers, later.answer.false):
            others.append(later)
    if not others:
        return
    example = _example(examination, rows[:at], [row, others[0]])
    numbers = ", ".join(str(other.at + 1) for other in others)
    named = f"row {numbers}" if len(others) == 1 else f"rows {numbers}"
    do = ", ".join(dict.fromkeys(_said(other) for other in others))
    examination.found(
        "overlap", "note", row.place,
        f"{row.place.words} and {named} can hold together ({example}); only their order decides "
        f"between {_said(row)} and {do}",
        example=example,
    )  # fmt: skip


def _gives_and_stops(
    examination: Examination, rows: Sequence[StatedRow], at: int, later: StatedRow
) -> None:
    row = rows[at]
    example = _example(examination, rows[:at], [row, later])
    examination.found(
        "contradiction", "error", row.place,
        f"where {example}, {row.place.words} says {_said(row)} although {later.place.words} says "
        "stop; the row that stops must stand first",
        key=f"{row.place.key} / {later.place.key}",
        example=example,
    )  # fmt: skip


def _direction(
    examination: Examination, rows: Sequence[StatedRow], at: int, answers: list[Formula]
) -> None:
    """A raise goes to a higher step of the ladder than the present one, a lowering to a lower."""
    row = rows[at]
    step = next(iter(_names(examination, "dose step")), None)
    do, to = _action(row)
    if step is None or do not in ("raise", "lower"):
        return
    ladder = [each.step for each in examination.protocol.treatment.ladder]
    end = ladder.index(to) if to else (len(ladder) - 1 if do == "raise" else 0)
    wrong = ladder[end:] if do == "raise" else ladder[: end + 1]
    space, symbol = examination.space, examination.space.symbol(step)
    on_step = space.z3.Or([symbol.value == space.text(each) for each in wrong])
    found = space.example([*answers, symbol.known, on_step], [step])
    if found is None:
        return
    example = _example(examination, rows[:at], [row], extra=(step, str(found[step])))
    examination.found(
        "contradiction", "error", row.place,
        f"{row.place.words} says {_said(row)} where {example}: that does not {do} the dose",
        key=f"{row.place.key} at {found[step]}",
        example=example,
    )  # fmt: skip


def _example(
    examination: Examination,
    false: Sequence[StatedRow],
    true: Sequence[StatedRow],
    extra: tuple[str, str] | None = None,
) -> str:
    """The smallest state in words in which some rows are false and others true."""
    space = examination.space
    formulas = [*(row.answer.false for row in false), *(row.answer.true for row in true)]
    names = dict.fromkeys(name for row in (*true, *false) for name in names_in(row.when))
    if extra is not None:
        names.setdefault(extra[0])
        symbol = space.symbol(extra[0])
        formulas += [symbol.known, symbol.value == space.text(extra[1])]
    found = examination.smallest_example(
        formulas,
        names,
        lambda state: (
            all(holds(row.when, state) for row in true)
            and all(holds(row.when, state) is False for row in false)
            and (extra is None or state.get(extra[0]) == extra[1])
        ),
    )
    return in_words(found or {}, space.namespace)


def _action(row: StatedRow) -> tuple[str, str | None]:
    assert isinstance(row.row, DosingRow)
    return row.row.do, row.row.to


def _said(row: StatedRow) -> str:
    do, to = _action(row)
    return f"{do} to {to}" if to else do


def _names(examination: Examination, kind: StateKind) -> list[str]:
    return [name for name, s in examination.protocol.state.items() if s.derivation == kind]
