"""A person at the keyboard: every key is pressed in the browser, one after another, and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

FOCUS = """() => {
  const node = document.activeElement;
  const group = node.type === "radio" ? node.closest(".points") : null;
  return {
    id: node.id, name: node.name || "", kind: node.type === "radio" ? "radio" : node.localName,
    keys: group ? [...group.querySelectorAll("input")].map((r) => [r.value, r.dataset.key]) : [],
    options: node.localName === "select" ? [...node.options].map((o) => o.value) : [],
  };
}"""
"""Where the keyboard is: the name of the field, and what may be chosen there."""

QUIET = """() => !document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping")"""
AFTER_TYPING = 150
"""Milliseconds after which the page has asked the server which questions are to be asked now."""

Lines = Mapping[str, str | tuple[str, ...]]
"""What is typed, by item. A laboratory line has value, unit and the limits of normal."""


@dataclass
class Keyboard:
    """`pause` is the time between two keys, in milliseconds."""

    page: Page
    pause: float = 0
    pressed: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1
            if self.pause:
                self.page.wait_for_timeout(self.pause)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=self.pause)
        self.pressed += len(text)

    def go_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab (or Shift+Tab) until the keyboard is at an element."""
        at = "selector => document.activeElement.matches(selector)"
        for _ in range(120):
            if self.page.evaluate(at, selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is not reached by Tab on {self.page.url}")

    def skip_to(self, selector: str) -> None:
        """The same by way of the link that skips the navigation; as on a page just opened."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip", self.page.url
        self.press("Enter")
        self.go_to(selector)

    def follow(self) -> None:
        """Enter on a link or in a small form, and the page after it."""
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, lines: Lines, *, rest: str = "", asking: bool = False) -> None:
        """Answer the questions of the form in their order, up to the button that saves.

        `rest` is the answer to every choice that offers it and that `lines` does not name; what
        there is no answer for is passed over. `asking` waits after each choice, where further
        questions depend on it.
        """
        wanted = dict(_parts(lines))
        done: set[str] = set()
        while (at := self.page.evaluate(FOCUS))["id"] != "save-next":
            name = at["name"].removeprefix("i-")
            assert name, f"the keyboard is nowhere on {self.page.url}, after {sorted(done)}"
            assert name not in done, f"the keyboard comes back to {name} on {self.page.url}"
            done.add(name)
            offered = dict(at["keys"])
            self._answer(at, wanted.get(name, rest if rest in offered else ""))
            if asking and at["kind"] == "radio":
                self.page.wait_for_timeout(AFTER_TYPING)
                self.page.wait_for_function(QUIET)
        left = sorted(wanted.keys() - done)
        assert not left, f"{left} never had the keyboard on {self.page.url}"

    def _answer(self, at: dict[str, Any], wanted: str) -> None:
        if at["kind"] == "radio":
            key = dict(at["keys"]).get(wanted) if wanted else "Enter"
            assert key, f"{at['name']}: no key for {wanted!r} among {at['keys']}"
            self.press(key)
        elif at["kind"] == "select":
            self.press(*["ArrowDown"] * (at["options"].index(wanted) if wanted else 0), "Enter")
        else:
            self.type(wanted)
            self.press("Enter")

    def save(self) -> None:
        """Ctrl+Enter, and the page after it."""
        with self.page.expect_navigation(url="**saved=*"):
            self.press("Control+Enter")


def _parts(lines: Lines) -> list[tuple[str, str]]:
    found = []
    for item, answer in lines.items():
        if isinstance(answer, str):
            found.append((item, answer))
        else:
            parts = ("", "-unit", "-low", "-high")
            told = zip(parts, answer, strict=False)
            found += [(f"{item}{part}", text) for part, text in told if text]
    return found
