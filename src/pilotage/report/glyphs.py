"""Characters that the fonts of the report can draw; others are named instead of lost."""

from functools import cache
from pathlib import Path

FAMILY = "DejaVu Sans"


def drawable(text: str) -> str:
    """The text with every character that the font lacks written as its code: `[U+1F600]`."""
    if text.isascii() and text.isprintable():
        return text
    known = _characters()
    return "".join(
        char if ord(char) in known or char == "\n" else f"[U+{ord(char):04X}]" for char in text
    )


def font_folder() -> Path:
    """The fonts that Matplotlib brings along: the same on every machine."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def _characters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_folder() / "DejaVuSans.ttf")).get_charmap())
