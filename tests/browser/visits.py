"""Visits of the story, entered by keyboard alone: opened, and every form filled in and saved."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from keyboard import Keyboard, Lines
from pictures import picture
from playwright.sync_api import Page, expect
from staff import Clock, Person
from story_forms import REST

from pilotage.capture.planned import planned

SUBJECT = "01-001"
PAUSE = 5
"""Milliseconds between two keys."""


@dataclass
class Story:
    """Where the server is, who there is, and how many keys each visit took."""

    served: str
    clock: Clock
    people: dict[str, Person]
    strokes: dict[str, tuple[int, float]] = field(default_factory=dict)

    def page(self, name: str, address: str) -> Page:
        page = self.people[name].page
        page.goto(f"{self.served}{address}")
        return page

    def of_subject(self, name: str, place: str = "") -> Page:
        return self.page(name, f"/subjects/{SUBJECT}/{place}")

    def on(self, day: str, *names: str) -> None:
        """Another day: whoever comes signs in again."""
        self.clock.set(day)
        for name in names:
            self.people[name].comes_again(self.served)


def begun(story: Story, lines: Lines) -> Page:
    """A new page of the log of doses, by keyboard."""
    page = story.of_subject("nadia", "log/exposure/new/")
    keys = Keyboard(page, PAUSE)
    keys.fill(lines, asking=True)
    keys.save()
    return page


def entered(
    story: Story,
    visit: str,
    day: str,
    forms: dict[str, Lines],
    after: Mapping[str, Callable[[], None]] = MappingProxyType({}),
) -> Page:
    """A whole visit by keyboard alone: opened, and every form of it filled in and saved."""
    page = story.of_subject("nadia", "visits/new/")
    expect(page.locator("#held_on")).to_be_focused()
    keys, began = Keyboard(page, PAUSE), time.monotonic()
    keys.type(day)
    keys.press("Tab")
    choices = page.locator("[name=planned]")
    labels = [text.strip() for text in page.locator("fieldset th").all_inner_texts()]
    at = next(n for n, text in enumerate(labels) if text.startswith(visit))
    keys.press("Space", *["ArrowDown"] * at)
    expect(choices.nth(at)).to_be_checked()
    keys.follow()
    keys.skip_to("#go-on")
    keys.follow()
    for form, lines in forms.items():
        if f"/{form}/1/" not in page.url:
            _by_way_of_the_visit(keys, form)
        asking = any(item.when for item in planned().protocol.forms[form].items.values())
        keys.fill(lines, rest=REST.get(form, "no"), asking=asking)
        if (visit, form) == ("Week 4", "clasi"):
            picture(page, "body-map", press="Erythema")
        keys.save()
        if (visit, form) == ("Week 4", "clasi"):
            picture(page, "saved")
        if form in after:
            after[form]()
    story.strokes[visit] = (keys.pressed, time.monotonic() - began)
    return page


def _by_way_of_the_visit(keys: Keyboard, form: str) -> None:
    """To another form than the next one: back to the visit, and on from its list."""
    keys.go_to("nav.crumbs a:last-child", "Shift+Tab")
    keys.follow()
    keys.skip_to(f"th a[href$='/{form}/1/']")
    keys.follow()
