"""The pictures of the manual that show a rehearsal and a simulation, taken of the real commands, a
real server and a real browser; those of the story are taken while its test runs
(`make screenshots` makes both).

    python tools/manual_pictures.py

The seeds, the size of the window and the colours are fixed, and a rehearsal keeps its own days: a
picture changes when what it shows does. It takes two minutes.
"""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "images"
STUDY = "lenalidomide_cle"
CHROMIUM = "/usr/bin/chromium"
PILOTAGE = str(Path(sys.executable).with_name("pilotage"))
WIDE, HIGH = 1280, 860
COLOURS = 256
"""With a palette a picture stays well below 150 KB; nearly all colours that are left out are shades
at the edges of letters."""
WORKED_OUT = 180_000
"""Milliseconds for the server to hold the record of a rehearsal against the protocol."""

DRAWN = "() => [...document.images].every((image) => image.complete)"
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #12171b; }}
pre {{ margin: 0; padding: 18px 22px; color: #e7ebee; }}
pre {{ font: 15px/1.45 "Liberation Mono", "DejaVu Sans Mono", monospace; }}
b {{ color: #7cc4ef; }}
</style><pre><b>$ {command}</b>
{said}</pre>"""


def keep(taken: bytes, name: str) -> None:
    """A picture of the manual, of a page as the browser photographed it."""
    points = np.asarray(Image.open(io.BytesIO(taken)).convert("RGB")).astype(np.int32)
    packed = points @ np.array([1 << 16, 1 << 8, 1], np.int32)
    found, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    palette = colours[_chosen(colours, counts)]
    nearest = _apart(colours, palette).argmin(axis=1)[which.ravel()].reshape(points.shape[:2])
    image = Image.fromarray(nearest.astype(np.uint8), mode="L").convert("P")
    image.putpalette(palette.astype(np.uint8).tobytes())
    FOLDER.mkdir(exist_ok=True)
    image.save(FOLDER / f"{name}.png", optimize=True)


def _chosen(colours: Any, counts: Any) -> list[int]:
    """Three quarters of the palette are the most frequent colours; then come, one by one, those
    that it would change most: a small red mark keeps its red."""
    chosen: list[int] = np.argsort(-counts, kind="stable")[: COLOURS * 3 // 4].tolist()
    changed = _apart(colours, colours[chosen]).min(axis=1)
    while len(chosen) < COLOURS and changed.any():
        chosen.append(int((changed * counts).argmax()))
        changed = np.minimum(changed, _apart(colours, colours[chosen[-1:]])[:, 0])
    return chosen


def _apart(colours: Any, others: Any) -> Any:
    """The squared distance of each colour from each of the others."""
    return ((colours[:, None] - others) ** 2).sum(axis=2)


def settled(page: Page) -> None:
    """Everything has arrived and is drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(DRAWN)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        of_a_simulation(browser, Path(folder))
        of_a_rehearsal(browser, Path(folder))
        browser.close()


def said_by(*arguments: str, where: Path) -> str:
    """What a command of Pilotage prints."""
    run = subprocess.run(
        [PILOTAGE, *arguments], cwd=where, text=True, capture_output=True, check=True
    )
    return run.stdout


# -- a simulation ---------------------------------------------------------------------------------


def of_a_simulation(browser: Browser, folder: Path) -> None:
    """`pilotage simulate` in the terminal, and the design report that it writes."""
    given = ("simulate", STUDY, "--trials", "10000", "--seed", "1", "--out", "base")
    terminal(browser, "simulate", " ".join(["pilotage", *given]), said_by(*given, where=folder))
    page = browser.new_page(viewport={"width": WIDE, "height": 1110})
    page.goto((folder / "base" / "design.html").as_uri())
    settled(page)
    keep(page.screenshot(), "design-report")
    keep(page.locator("#power .drawing").screenshot(), "design-chance")
    page.close()


def terminal(browser: Browser, name: str, command: str, said: str) -> None:
    """A command and its answer, as a terminal shows them."""
    page = browser.new_page(viewport={"width": WIDE, "height": 200})
    page.set_content(TERMINAL.format(command=escape(command), said=escape(said)))
    keep(page.locator("pre").screenshot(), name)
    page.close()


# -- a rehearsal ----------------------------------------------------------------------------------


class Served(NamedTuple):
    """A server: its address, and the password of each account."""

    address: str
    passwords: dict[str, str]


def of_a_rehearsal(browser: Browser, folder: Path) -> None:
    """The application after `pilotage serve --load`: what waits, what was asked, what deviated."""
    said_by("rehearse", STUDY, "--seed", "1", "--no-report", "--out", "rehearsal", where=folder)
    with served(folder) as server:
        page = signed_in(browser, server, "data_manager")
        taken(page, server, "/", "rehearsal-today", height=1000)
        taken(page, server, "/calendar/?subject=SYN-004&show=all", "calendar", height=640)
        page.goto(f"{server.address}/queries/?state=all")
        asked = page.locator("tbody tr", has_text="edit check").filter(has_text="Weight is").first
        taken(page, server, asked.locator("a").first.get_attribute("href") or "", "rehearsal-query",
              height=640)  # fmt: skip
        page.context.close()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The rehearsal, played and served on a free port."""
    given = ("serve", STUDY, "--load", "rehearsal/entries.jsonl", "--port", "0")
    with subprocess.Popen(
        [PILOTAGE, *given], cwd=folder, text=True, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        passwords: dict[str, str] = {}
        try:
            for line in server.stdout:
                if account := re.match(r"account (\S+)  password (\S+)", line):
                    passwords[account[1]] = account[2]
                if address := re.match(r"Open (\S+?)/ ", line):
                    yield Served(address[1], passwords)
                    break
        finally:
            server.terminate()


def signed_in(browser: Browser, server: Served, name: str) -> Page:
    """A page of somebody who has come in; an invented person is shown the code of the second
    factor."""
    page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
    page.goto(f"{server.address}/sign-in/")
    page.get_by_label("Name of the account").fill(name)
    page.get_by_label("Password").fill(server.passwords[name])
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(page.locator("#demonstration-code").inner_text())
    page.keyboard.press("Enter")
    expect(page.locator("nav.pages")).to_be_visible()
    return page


def taken(page: Page, server: Served, address: str, name: str, *, height: int) -> None:
    page.set_viewport_size({"width": WIDE, "height": height})
    page.goto(server.address + address)
    expect(page.get_by_text("being worked out")).to_have_count(0, timeout=WORKED_OUT)
    settled(page)
    keep(page.screenshot(), name)


if __name__ == "__main__":
    main()
