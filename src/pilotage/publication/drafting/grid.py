"""Rows of cells that span others, as a grid in which every place has its text."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDEST = 200
"""A table of more columns is cut."""


@dataclass(frozen=True, slots=True)
class Spanning:
    """A cell as written; `heading` where it is marked as one."""

    text: str
    across: int = 1
    down: int = 1
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of heads and the rows below them; all as wide as the widest row."""

    heads: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


def grid(rows: Sequence[Sequence[Spanning]], *, heads: int | None = None) -> Grid:
    """The grid of a table. Without a number of head rows, the first rows of which all cells are
    marked as headings are heads."""
    if heads is None:
        heads = 0
        while heads < len(rows) and rows[heads] and all(cell.heading for cell in rows[heads]):
            heads += 1
    places = _placed(rows)
    width = max((column + 1 for _, column in places), default=0)
    full = [tuple(places.get((at, c), "") for c in range(width)) for at in range(len(rows))]
    kept = [(at < heads, row) for at, row in enumerate(full) if any(row)]
    return Grid(
        tuple(row for head, row in kept if head), tuple(row for head, row in kept if not head)
    )


def _placed(rows: Sequence[Sequence[Spanning]]) -> dict[tuple[int, int], str]:
    places: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in places:
                column += 1
            across = min(max(cell.across, 1), WIDEST - column)
            for below in range(at, min(at + max(cell.down, 1), len(rows))):
                for beside in range(column, column + across):
                    places.setdefault((below, beside), cell.text)
            column += max(across, 0)
    return places


def span(written: str | None) -> int:
    """The number in a `colspan` or `rowspan`; 1 where none can be read."""
    text = (written or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and int(text) else 1
