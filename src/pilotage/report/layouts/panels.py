"""Wide tables in parts: which columns stand together, so that type stays readable on a page."""

from collections.abc import Sequence

from pilotage.report.model import Column, Row

PAGE = 112.0
"""How many characters of a table go across an upright A4 page, paddings included."""

PADDING = 1.8
WRAPPED = 16
"""Texts longer than this wrap, so they do not widen a column further."""


def panels(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[tuple[int, ...], ...]:
    """Places of the columns of each part, every part led by the first column. As few parts as the
    page allows, of nearly the same width; empty when the table fits as it is."""
    widths = [_width(place, column, rows) for place, column in enumerate(columns)]
    if sum(widths) <= PAGE:
        return ()
    lead, rest = widths[0], widths[1:]
    room = PAGE - lead
    fewest = len(_filled(rest, room))
    smallest = next(
        width
        for width in range(1, int(room) + 2)
        if len(_filled(rest, float(width))) <= fewest or width > room
    )
    parts = _filled(rest, min(float(smallest), room))
    return tuple((0, *(place + 1 for place in part)) for part in parts)


def _filled(widths: Sequence[float], room: float) -> list[list[int]]:
    """Places of the widths, in order, as many to a part as there is room for; at least one."""
    parts: list[list[int]] = []
    left = 0.0
    for place, width in enumerate(widths):
        if not parts or width > left:
            parts.append([])
            left = room
        parts[-1].append(place)
        left -= width
    return parts


def _width(place: int, column: Column, rows: Sequence[Row]) -> float:
    """The longest word of the head or the longest cell, in characters."""
    texts = [row.cells[place].text for row in rows if not row.heading]
    longest = max(map(len, texts), default=0)
    if column.align == "left":
        words = max((len(word) for text in texts for word in text.split()), default=0)
        longest = max(words, min(longest, WRAPPED))
    head = max((len(word) for word in column.label.split()), default=0)
    return max(longest, 1.1 * head) + PADDING
