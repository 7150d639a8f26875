"""The pictures of the manual, taken while a story runs where PILOTAGE_SCREENSHOTS=1 asks for it."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs" / "images"
SIZE = {"width": 1280, "height": 860}
COLOURS = 64
"""A page has few colours; with a palette a picture stays well below 150 KB."""

DRAWN = "() => [...document.images].every((image) => image.complete)"


def picture(page: Page, name: str, *, height: int = SIZE["height"], press: str = "") -> None:
    """The upper part of a page, `height` pixels of it, after the button `press` was clicked."""
    if os.environ.get("PILOTAGE_SCREENSHOTS") != "1":
        return
    page.set_viewport_size({"width": SIZE["width"], "height": height})
    if press:
        page.get_by_role("button", name=press, exact=True).click()
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(DRAWN)
    keep(page, name)
    page.set_viewport_size(SIZE)


def keep(page: Page, name: str) -> None:
    """What the window shows of a page, as a picture of the manual."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FOLDER.mkdir(exist_ok=True)
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
