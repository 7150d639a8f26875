"""The people of the story: each comes in through the pages, on a clock that the story sets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pictures import picture
from playwright.sync_api import Page, expect

from pilotage.capture import clock
from pilotage.capture.sign_in.second_factor import code_at

Opened = Callable[..., Page]


class Clock:
    """The server's clock: a day of the story, and the seconds that have really passed since."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        patch.setattr(clock, "system_time", lambda: datetime.now(UTC) + self.ahead)

    def set(self, day: str, hour: int = 9) -> None:
        wanted = datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)
        self.ahead = wanted - datetime.now(UTC)


class Person:
    """Somebody with an account, a password, an app for the second factor, and a page."""

    def __init__(self, name: str, once: str) -> None:
        self.name, self.password, self.secret = name, once, ""
        self.page: Page

    def comes_first(self, page: Page) -> None:
        """The first sign-in: a password of one's own and a second factor."""
        self._password(page)
        own = f"{self.name} keeps a sentence of her own"
        page.get_by_label("Present password").fill(self.password)
        page.get_by_label("New password", exact=True).fill(own)
        page.get_by_label("New password again").fill(own)
        page.keyboard.press("Enter")
        self.password = own
        self.secret = page.locator("#secret").inner_text().strip()
        page.get_by_label("Code that the app shows").fill(self.code())
        page.keyboard.press("Enter")
        page.get_by_role("link", name="I have kept them").click()
        self.page = page

    def comes_again(self, address: str) -> Page:
        """A sign-in on a later day, in the same browser; the page is the one that was asked for."""
        self.page.goto(f"{address}/sign-in/")
        self._password(self.page)
        self.page.get_by_label("Code").fill(self.code())
        self.page.keyboard.press("Enter")
        expect(self.page.locator("nav.pages")).to_be_visible()
        return self.page

    def code(self) -> str:
        return code_at(self.secret, clock.now().timestamp())

    def _password(self, page: Page) -> None:
        page.get_by_label("Name of the account").fill(self.name)
        page.get_by_label("Password").fill(self.password)
        page.keyboard.press("Enter")


STAFF = {
    "iris": ("Iris", "Investigator", "investigator"),
    "nadia": ("Nadia", "Nurse", "nurse"),
    "paul": ("Paul", "Pharmacist", "pharmacist"),
    "dora": ("Dora", "Data", "data_manager"),
    "marc": ("Marc", "Monitor", "monitor"),
    "stella": ("Stella", "Statistics", "statistician"),
}
AT_THE_SITE = ("investigator", "nurse", "pharmacist")


def account_opened(page: Page, served: str, name: str) -> Person:
    """The administrator opens an account with its role; its password is shown once."""
    first, last, role = STAFF[name]
    page.goto(f"{served}/users/")
    page.get_by_label("Name of the account").fill(name)
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_role("button", name="Open an account").click()
    once = page.locator("#password").inner_text()
    page.get_by_label("Role", exact=True).select_option(role)
    site = "01" if role in AT_THE_SITE else "*"
    page.get_by_label("Site", exact=True).select_option(site)
    page.get_by_role("button", name="Grant the role").click()
    expect(page.get_by_role("button", name="End the role").first).to_be_visible()
    return Person(name, once)


def access_confirmed(by: Person, served: str, how: str) -> None:
    """The roles that wait for a second person are confirmed by one who may."""
    page = by.page
    page.goto(f"{served}/identity/")
    for _ in range(len(STAFF)):
        button = page.get_by_role("button", name="I confirm the role").first
        if not button.count():
            break
        card = page.locator("section.card").filter(has=button).first
        card.get_by_label("How did you make sure?").fill(how)
        card.get_by_label("Your password").fill(by.password)
        card.get_by_role("button").click()
        expect(page.get_by_role("status")).to_contain_text("It is confirmed")


def all_come(served: str, opened: Opened, first: Any) -> dict[str, Person]:
    """From the password on the terminal to everybody's first page."""
    administrator = Person(first.name, first.password)
    administrator.comes_first(opened(f"{served}/"))
    page = administrator.page
    page.get_by_label("Code", exact=True).fill("01")
    page.get_by_label("Name", exact=True).fill("First site")
    page.get_by_role("button", name="Add the site").click()
    people = {name: account_opened(page, served, name) for name in STAFF}
    page.goto(f"{served}/users/")
    picture(page, "users")
    for name, person in people.items():
        person.comes_first(opened(f"{served}/"))
        if name == "iris":  # the first one; she confirms the others, and one of them confirms her
            access_confirmed(person, served, "I know them all in person")
        elif name == "dora":
            access_confirmed(person, served, "Seen at the opening of the site")
    return {"administrator": administrator, **people}
