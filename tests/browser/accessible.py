"""What axe finds on a page. Its rule of colours takes ten times as long as all others together: it
looks at one text of each make, that is of each colour, size and weight on the same grounds."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
COLOURS = "color-contrast"
MARK = "data-one-of-a-make"

ONE_OF_EACH_MAKE = """(mark) => {
  document.querySelectorAll(`[${mark}]`).forEach((node) => node.removeAttribute(mark));
  const known = new Set();
  for (const node of document.querySelectorAll("body *")) {
    const texts = [...node.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE);
    if (!texts.some((each) => each.nodeValue.trim()) && !node.placeholder) continue;
    if (!node.getClientRects().length) continue;
    const own = getComputedStyle(node);
    const make = [own.color, own.fontSize, own.fontWeight, own.textShadow];
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      make.push(style.backgroundColor, style.backgroundImage, style.opacity);
    }
    const said = make.join("|");
    if (!known.has(said)) { known.add(said); node.setAttribute(mark, ""); }
  }
  return known.size;
}"""
"""Marks one visible text of each make; how many there are."""

RUN = """([looked_at, options]) => axe.run(looked_at || document, options)
  .then((found) => found.violations)"""


def faults(page: Page, *, colours: bool = True) -> Iterator[str]:
    """The serious faults of a page, what and where. Colours do not depend on the width of a page:
    a second look at it may leave them out."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    others = {"resultTypes": ["violations"], "rules": {COLOURS: {"enabled": False}}}
    found: list[dict[str, Any]] = page.evaluate(RUN, [None, others])
    if colours and page.evaluate(ONE_OF_EACH_MAKE, MARK):
        marked = {"include": [[f"[{MARK}]"]]}
        only = {"resultTypes": ["violations"], "runOnly": [COLOURS]}
        found += page.evaluate(RUN, [marked, only])
    for fault in found:
        if fault["impact"] in SERIOUS:
            for node in fault["nodes"][:3]:
                yield f"{fault['id']}: {node['html'][:150]}"
