"""From the password on the terminal to the first page; and the pages around an account."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pilotage.capture import first_start
from pilotage.capture.sign_in.second_factor import code_at

OWN = "the heron waits in the reeds"
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1360, "height": 900}


def test_from_the_printed_password_to_the_first_page(
    empty_served: str, opened: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    first_start.open_record(demonstration=False)
    account = first_start.first_account()
    assert account is not None
    page = opened(f"{empty_served}/", viewport=TABLET)
    axe(page)
    page.get_by_label("Name of the account").fill(account.name)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    page.get_by_label("Password").fill(account.password)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("A password of your own")
    axe(page)
    page.get_by_label("Present password").fill(account.password)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("use at least 15")
    page.get_by_label("Present password").fill(account.password)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Set the second factor")
    axe(page)
    box = page.get_by_role("img", name="QR code").locator("svg").bounding_box()
    assert box
    assert box["width"] > 100
    secret = page.locator("#secret").inner_text().strip()
    page.get_by_label("Code that the app shows").fill(code_at(secret, time.time()))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    axe(page)
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Users and access")
    axe(page)

    page.get_by_label("Code", exact=True).fill("01")
    page.get_by_label("Name", exact=True).fill("First site")
    page.get_by_role("button", name="Add the site").click()
    page.get_by_label("Name of the account").fill("nadia")
    page.get_by_label("First name").fill("Nadia")
    page.get_by_label("Last name").fill("Example")
    page.get_by_role("button", name="Open an account").click()
    expect(page.locator("#password")).to_have_text(re.compile(r"^(\w{5}-){3}\w{5}$"))
    page.get_by_label("Role", exact=True).select_option("nurse")
    page.get_by_label("Site", exact=True).select_option("01")
    page.get_by_role("button", name="Grant the role").click()
    expect(page.get_by_role("cell", name="01 · First site")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("has confirmed it")
    axe(page)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You have signed out.")


@pytest.mark.parametrize(
    "role, address",
    [
        ("nurse", "/account/"),
        ("administrator", "/users/"),
        ("administrator", "/users/1/"),
        ("auditor", "/users/"),
        ("administrator", "/"),
        ("nurse", "/no-such-page/"),
    ],
)
def test_no_page_around_accounts_has_a_serious_fault(
    signed_in: Callable[..., Page], axe: Callable[[Page], None], role: str, address: str
) -> None:
    page = signed_in(role, address, viewport=DESKTOP)
    for size in (DESKTOP, TABLET):
        page.set_viewport_size(size)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]


def test_the_language_is_changed_on_the_account_page(signed_in: Callable[..., Page]) -> None:
    page = signed_in("nurse", "/account/")
    page.get_by_label("Language", exact=True).and_(page.locator("select")).select_option("es")
    page.get_by_role("button", name="Change the language").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mi cuenta")


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in_again(
    served: str, signed_in: Callable[..., Page]
) -> None:
    from browser_records import PASSWORD

    page = signed_in("administrator", "/users/")
    page.context.clear_cookies(name="pilotage")
    page.get_by_label("Code", exact=True).fill("07")
    page.get_by_label("Name", exact=True).fill("Seventh <site>")
    page.get_by_role("button", name="Add the site").click()
    expect(page.get_by_role("alert")).to_contain_text("not saved")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    other = opened.value
    other.get_by_label("Name of the account").fill("administrator")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/sign-in/code/")
    other.get_by_label("Code").fill(_later_code("administrator"))
    other.keyboard.press("Enter")
    other.wait_for_url("**/users/")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Seventh <site>")).to_be_visible()


def _later_code(name: str) -> str:
    """The code of the next half minute: the present one was used when the test signed in."""
    from doors import SECRETS

    return code_at(SECRETS[name], time.time() + 30)
