"""How much room a text takes, measured with the font that draws it."""

from functools import lru_cache

from pilotage.report.glyphs import FAMILY, drawable

POINTS = 72.0
"""Points in an inch."""

LINE = 1.25
"""Height of a line, in sizes of the type."""


@lru_cache(maxsize=4096)
def width(text: str, size: float = 8.0) -> float:
    """Inches that a text of a size in points takes on a line."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    shown = drawable(text)
    font = FontProperties(family=[FAMILY], size=size)
    across, _, _ = text_to_path.get_text_width_height_descent(shown, font, ismath=False)
    return float(across) / POINTS


def height(size: float = 8.0) -> float:
    """Inches from one line to the next."""
    return size * LINE / POINTS


def lines(text: str, room: float, size: float = 8.0) -> list[str]:
    """The text in lines that fit into so many inches; a word that is too long is broken."""
    made = [""]
    for word in text.split():
        joined = f"{made[-1]} {word}" if made[-1] else word
        if width(joined, size) <= room:
            made[-1] = joined
            continue
        *full, rest = _pieces(word, room, size)
        made += [*full, rest]
    return [line for line in made if line]


def cut(text: str, room: float, size: float = 8.0) -> str:
    """The text, or as much of its beginning as fits into so many inches, and an ellipsis."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def ending(text: str, room: float, size: float = 8.0) -> str:
    """The name of a subject, or an ellipsis and as much of its end as fits: there it differs."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(f"…{kept}", size) > room:
        kept = kept[1:]
    return f"…{kept.lstrip()}"


def _pieces(word: str, room: float, size: float) -> list[str]:
    """A word in pieces that fit, each of one character at least."""
    pieces = [""]
    for char in word:
        if pieces[-1] and width(pieces[-1] + char, size) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces
