"""Categories of a classification: every known assessment has one, and each can be reached."""

from collections.abc import Sequence

from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.gaps import find_gaps
from pilotage.check.words import in_words, with_values_behind
from pilotage.conditions import holds, names_in
from pilotage.conditions.prove import Formula
from pilotage.study.protocol import Category, Classification


def check_categories(examination: Examination) -> None:
    """The first category that holds is that of the assessment."""
    for name, classification in examination.protocol.classifications.items():
        _classification(examination, name, classification)
    _relapse(examination)


def _classification(examination: Examination, name: str, classification: Classification) -> None:
    space, path = examination.space, ("protocol", "classifications", name)
    rows = [
        StatedRow(
            at, category, category.when, space.answer(category.when), _place(name, at, category)
        )
        for at, category in enumerate(classification.categories)
    ]
    code = classification.parameter
    known = [space.symbol(code).known, space.symbol(f"{code}.BASE").known]
    sources = tuple(dict.fromkeys(s for row in rows for s in row.place.source))
    place = Place(path, f"classification {name}", name, sources)
    find_gaps(examination, place, rows, words=f"no category of {name} holds", also=known)
    _undecided(examination, place, rows, known)
    for at, row in enumerate(rows):
        earlier = [before.answer.false for before in rows[:at]]
        if not space.possible(*earlier, row.answer.true):
            never = not space.possible(row.answer.true)
            why = "can never hold" if never else "is never reached: earlier categories hold first"
            examination.found("unreachable", "error", row.place, f"{row.place.words} {why}")
        _overlaps(examination, row, rows[at + 1 :])


def _undecided(
    examination: Examination, place: Place, rows: Sequence[StatedRow], known: Sequence[Formula]
) -> None:
    """An assessment whose category is unknown although its value and its baseline are known: a
    change in per cent of a baseline of 0."""
    space, earlier = examination.space, list[Formula]()
    names = dict.fromkeys(name for row in rows for name in names_in(row.when))
    codes = dict.fromkeys(name.partition(".")[0] for name in names)
    order = [each for code in codes for each in (f"{code}.BASE", code)]
    for row in rows:
        open_ = [space.z3.Not(row.answer.true), space.z3.Not(row.answer.false)]
        found = space.example([*known, *earlier, *open_], order)
        if found is not None:
            example = in_words(found, space.namespace)
            words = f"whether {row.place.words} holds cannot be known where {example}"
            key = f"{place.key} unknown at {code_of(row)}"
            examination.found("gap", "error", row.place, words, key=key, example=example)
            return
        earlier.append(row.answer.false)


def _place(name: str, at: int, category: Category) -> Place:
    path = ("protocol", "classifications", name, "categories", at)
    return Place(path, f"category {category.code} of {name}", f"{name}.{category.code}",
                 category.sources)  # fmt: skip


def _overlaps(examination: Examination, row: StatedRow, following: Sequence[StatedRow]) -> None:
    """Later categories that hold too, where neither is a part of the other."""
    space, mine = examination.space, row.answer
    others = [
        later
        for later in following
        if space.possible(mine.true, later.answer.true)
        and space.possible(mine.true, later.answer.false)
        and space.possible(mine.false, later.answer.true)
    ]
    if not others:
        return
    names = dict.fromkeys((*names_in(row.when), *names_in(others[0].when)))
    codes = dict.fromkeys(name.partition(".")[0] for name in names)
    order = [each for code in codes for each in (f"{code}.BASE", code)]
    full = space.example([mine.true, others[0].answer.true], dict.fromkeys((*order, *names)))
    example = in_words(with_values_behind(names, full) if full else {}, space.namespace)
    listed = ", ".join(code_of(other) for other in others)
    examination.found(
        "overlap", "note", row.place,
        f"{row.place.words} can hold together with {listed} ({example}); only the order decides",
        example=example,
    )  # fmt: skip


def code_of(row: StatedRow) -> str:
    assert isinstance(row.row, Category)
    return row.row.code


def _relapse(examination: Examination) -> None:
    """No score is a relapse and clears it at the same time."""
    rule = examination.protocol.relapse
    if rule is None:
        return
    space = examination.space
    both = [space.answer(rule.when).true, space.answer(rule.cleared).true]
    names = dict.fromkeys((*names_in(rule.when), *names_in(rule.cleared)))
    found = examination.smallest_example(
        both, names, lambda state: bool(holds(rule.when, state) and holds(rule.cleared, state))
    )
    if found is not None:
        example = in_words(found, space.namespace)
        place = Place(("protocol", "relapse"), "relapse", "relapse", rule.sources)
        words = f"where {example} a relapse has begun and is cleared at once"
        examination.found("contradiction", "error", place, words, example=example)
