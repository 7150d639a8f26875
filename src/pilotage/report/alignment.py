"""Numbers below each other on their decimal point.

Figures of one width are all it needs: the places that a number lacks are filled with hidden ones,
`7` above `10.93` becomes `(0)7(.00)` with the brackets' content invisible. A cell may hold several
numbers, `12/14 (86 %)`; cells of the same form are aligned number by number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pilotage.report.formats import NONE
from pilotage.report.model import Cell, Column, Table

SIGNS = "−<>"
NUMBER = re.compile(rf"[{SIGNS}]?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell's text; a hidden one takes its place and is not seen, read or copied."""

    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Aligned:
    """A column ready to be drawn. `right` when its cells all end at the same place."""

    right: bool
    cells: tuple[tuple[Piece, ...], ...]


def seen_and_rest(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces up to the last one that is seen, and the hidden ones behind it: marks of footnotes
    stand between the two."""
    seen = [place for place, piece in enumerate(pieces) if not piece.hidden and piece.text.strip()]
    end = seen[-1] + 1 if seen else 0
    return tuple(pieces[:end]), tuple(pieces[end:])


@dataclass(frozen=True, slots=True)
class _Form:
    """A cell taken apart: `between` is what stands before, between and after its numbers."""

    numbers: tuple[str, ...]
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """What the widest number at one place of a form needs: sign and digits, decimals."""

    whole: int
    sign: str
    decimals: int


def aligned(table: Table) -> list[Aligned]:
    """Every column of the table, in order; headings count for nothing."""
    return [
        _column(column, [row.cells[place] for row in table.rows if not row.heading])
        for place, column in enumerate(table.columns)
    ]


def _column(column: Column, cells: Sequence[Cell]) -> Aligned:
    if column.align == "left":
        return Aligned(False, tuple((Piece(cell.text),) for cell in cells))
    forms = [_form(cell.text) for cell in cells]
    longest = max((f for f in forms if f), key=lambda f: len(f.numbers), default=None)
    if longest is None:
        return Aligned(True, tuple((Piece(cell.text),) for cell in cells))
    rooms = _rooms([form for form in forms if form])
    if all(form is None or _fits(form, longest, rooms) for form in forms):
        return Aligned(
            True, tuple(_filled(c.text, f, rooms, longest) for c, f in _pairs(cells, forms))
        )
    return Aligned(
        False, tuple(_filled(c.text, f, rooms[:1], None) for c, f in _pairs(cells, forms))
    )


def _pairs(cells: Sequence[Cell], forms: Sequence[_Form | None]) -> list[tuple[Cell, _Form | None]]:
    return list(zip(cells, forms, strict=True))


def _form(text: str) -> _Form | None:
    """The form of a cell with numbers; a dash takes the place of a first number."""
    if text == NONE:
        return _Form((NONE,), ("", ""))
    numbers = tuple(NUMBER.findall(text))
    return _Form(numbers, tuple(NUMBER.split(text))) if numbers else None


def _fits(form: _Form, longest: _Form, rooms: Sequence[_Room]) -> bool:
    """Is the form the beginning of the longest one, so that hidden text can complete it? A number
    with fewer decimals than others would leave a gap before what follows it."""
    *own, last = form.between
    count = len(own)
    if tuple(own) != longest.between[:count] or not longest.between[count].startswith(last):
        return False
    followed = zip(form.numbers, form.between[1:], rooms, strict=False)
    return all(
        not after.startswith(")") or number == NONE or len(_decimals(number)) == room.decimals
        for number, after, room in followed
    )


def _decimals(number: str) -> str:
    return number.partition(".")[2]


def _rooms(forms: Sequence[_Form]) -> list[_Room]:
    rooms = []
    for place in range(max(len(form.numbers) for form in forms)):
        numbers = [form.numbers[place] for form in forms if len(form.numbers) > place]
        parts = [number.lstrip(SIGNS).partition(".") for number in numbers]
        rooms.append(
            _Room(
                whole=max(len(whole) for whole, _, _ in parts),
                sign=next((number[0] for number in numbers if number[0] in SIGNS), ""),
                decimals=max(len(decimals) for _, _, decimals in parts),
            )
        )
    return rooms


def _filled(
    text: str, form: _Form | None, rooms: Sequence[_Room], longest: _Form | None
) -> tuple[Piece, ...]:
    """The text with hidden figures where its numbers are narrower than their room. With a longest
    form, what the text lacks of it follows hidden, so that all cells end at the same place."""
    if form is None:
        return (Piece(text),)
    pieces: list[Piece] = []
    start = 0
    for place, (before, number) in enumerate(zip(form.between, form.numbers, strict=False)):
        if before != "/":
            start = len(pieces)
        lead, tail = "", ""
        if place < len(rooms):
            lead, tail = _hidden(number, rooms[place], complete=longest is not None)
        if not before or before == "/" or before.endswith("("):
            # a gap reads well before a bracket and before the whole of 7/15, not inside
            pieces.insert(start, Piece(lead, True))
            lead = ""
        pieces += [Piece(before), Piece(lead, True), Piece(number), Piece(tail, True)]
    pieces.append(Piece(form.between[-1]))
    if longest is not None:
        pieces.append(Piece(_rest(form, longest, rooms), True))
    return tuple(piece for piece in pieces if piece.text)


def _hidden(number: str, room: _Room, *, complete: bool) -> tuple[str, str]:
    """What goes before and after a number to fill its room."""
    whole, _, decimals = number.lstrip(SIGNS).partition(".")
    lead = ("" if number[0] in SIGNS else room.sign) + "0" * (room.whole - len(whole))
    missing = room.decimals - len(decimals)
    if not complete or missing == 0:
        return lead, ""
    return lead, ("" if decimals else ".") + "0" * missing


def _rest(form: _Form, longest: _Form, rooms: Sequence[_Room]) -> str:
    """The end of the longest form that a shorter one lacks, with figures for its numbers."""
    count = len(form.numbers)
    rest = longest.between[count][len(form.between[-1]) :]
    for room, after in zip(rooms[count:], longest.between[count + 1 :], strict=True):
        decimals = "." + "0" * room.decimals if room.decimals else ""
        rest += room.sign + "0" * room.whole + decimals + after
    return rest
