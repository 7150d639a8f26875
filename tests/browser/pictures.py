"""The pictures of the manual, taken while a story runs where PILOTAGE_SCREENSHOTS=1 asks for it."""

import os

from playwright.sync_api import Page

import manual_pictures

SIZE = {"width": manual_pictures.WIDE, "height": manual_pictures.HIGH}


def picture(page: Page, name: str, *, height: int = SIZE["height"], press: str = "") -> None:
    """The upper part of a page, `height` pixels of it, after the button `press` was clicked."""
    if os.environ.get("PILOTAGE_SCREENSHOTS") != "1":
        return
    page.set_viewport_size({"width": SIZE["width"], "height": height})
    if press:
        page.get_by_role("button", name=press, exact=True).click()
    page.evaluate("window.scrollTo(0, 0)")
    manual_pictures.settled(page)
    keep(page, name)
    page.set_viewport_size(SIZE)


def keep(page: Page, name: str) -> None:
    """What the window shows of a page, as a picture of the manual."""
    manual_pictures.keep(page.screenshot(), name)
