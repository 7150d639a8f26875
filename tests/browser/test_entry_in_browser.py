"""A nurse at the keyboard, in a real browser: forms are filled in, saved and never lost."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from accessible import faults
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.slow


@dataclass
class Place:
    """Where the server is, and how a person opens a page there."""

    ready: dict[str, Any]
    browser: Browser

    def form(self, visit: str, form: str) -> str:
        ready = self.ready
        return (
            f"{ready['address']}/subjects/{ready['subject']}/visits/"
            f"{ready['contacts'][visit]}/{form}/1/"
        )

    def opened(self, name: str, address: str, **context: Any) -> Page:
        """The page as a person sees it; what the browser complains about is kept on it."""
        made = self.browser.new_context(**context)
        cookies = self.ready["people"][name].items()
        made.add_cookies(
            [{"name": n, "value": v, "url": self.ready["address"]} for n, v in cookies]
        )
        page = made.new_page()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("console", lambda said: _complain(said.type, said.text))
        page.goto(address)
        return page


complaints: list[str] = []
EXPECTED = ("Failed to load resource", "Response Status Error", "htmx:")


def _complain(kind: str, text: str) -> None:
    """Errors of scripts and of the content security policy; refusals of the server are expected."""
    if kind == "error" and not text.startswith(EXPECTED):
        complaints.append(text)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Place]:
    server = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("entry_server.py")),
            str(tmp_path_factory.mktemp("data")),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield Place(json.loads(server.stdout.readline()), chromium)
    finally:
        server.kill()
        server.communicate()


@pytest.fixture(autouse=True)
def nothing_to_complain_about(place: Place) -> Iterator[None]:
    complaints.clear()
    yield
    for context in place.browser.contexts:
        context.close()
    assert complaints == []


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.press(*text)


def focused(page: Page) -> str:
    """The item whose question the keyboard is at; empty outside the questions."""
    found = page.evaluate(
        "(document.activeElement.closest('[data-item]') || {dataset: {item: ''}}).dataset.item"
    )
    return str(found)


def score(page: Page, words: str) -> str:
    return page.locator(".score", has_text=words).first.locator("b").inner_text()


def until(page: Page, met: Callable[[], bool]) -> None:
    """Wait until something is so, fifteen seconds at most."""
    for _ in range(300):
        if met():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come")


def saved(page: Page, at: str = "") -> None:
    """Wait until the page was saved and the next one is there; what stands against it otherwise."""
    problem = page.locator("[data-problem]")
    until(page, lambda: f"{at}?saved=" in page.url or problem.count() > 0)
    assert f"{at}?saved=" in page.url, problem.inner_text()
    page.wait_for_load_state()


def test_a_whole_body_score_by_keyboard_alone_with_the_live_score_of_the_server(place: Place):
    page = place.opened("nurse", place.form("BASELINE", "clasi"))
    keys = Keyboard(page)
    seen = []
    for _ in range(56):
        seen.append(focused(page))
        keys.press("1" if seen[-1] != "scrscalp" else "3")
    assert len(set(seen)) == 56
    assert keys.pressed == 56  # a digit answers a question and goes on to the next
    until(page, lambda: score(page, "activity") == "29")
    assert score(page, "damage") == "41"
    assert "no question open" in page.locator("#live").inner_text()
    assert page.locator("#unsaved").is_visible()
    assert page.evaluate("document.activeElement.id") == "save-next"
    keys.press("Enter")
    saved(page, at="sledai/1/")  # the next form opens
    assert keys.pressed == 57
    assert "29" in page.locator(".saved").inner_text()
    assert page.locator("#unsaved").is_hidden()


def test_the_body_map_is_filled_in_by_keyboard(place: Place):
    page = place.opened("nurse", place.form("SCREENING", "clasi"))
    keys = Keyboard(page)
    page.locator("#region-front-SCALP").focus()
    for value in ("2", "0"):
        keys.press(value)
    assert page.evaluate("document.activeElement.dataset.region") == "NOSE"
    scalp = page.locator("#region-front-SCALP")
    assert scalp.get_attribute("aria-label") == "Erythema: scalp: 2"
    assert scalp.locator("text").first.text_content() == "2"
    assert page.locator("#region-back-SCALP").get_attribute("data-level") == "3"
    assert page.locator("[name=i-eryscalp]:checked").input_value() == "2"
    assert page.locator("[name=i-eryears]:checked").input_value() == "0"
    keys.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.region") == "EARS"
    keys.press("Backspace")
    assert page.locator("[name=i-eryears]:checked").count() == 0
    keys.press("Enter", "Tab")
    assert page.evaluate("document.activeElement.dataset.region") == "FACE"
    keys.press("9")  # not allowed: nothing happens
    assert page.locator("[name=i-eryface]:checked").count() == 0


def test_the_body_map_takes_numbers_of_several_digits(place: Place):
    page = place.opened("nurse", place.form("SCREENING", "body_surface"))
    keys = Keyboard(page)
    page.locator("#region-front-HEADF").focus()
    keys.type("45")
    keys.press("Enter")
    keys.type("101")  # 10: a hundred and one per cent is not possible
    assert page.locator("[name=i-bsaheadf]").input_value() == "45"
    assert page.locator("[name=i-bsatrnkf]").input_value() == "10"


def test_the_body_map_is_filled_in_by_touch(place: Place):
    page = place.opened(
        "nurse",
        place.form("SCREENING", "clasi"),
        viewport={"width": 820, "height": 1180},
        has_touch=True,
    )
    page.locator("#region-front-CHEST").tap()
    page.get_by_role("button", name="Erythema: chest: 3").tap()
    page.get_by_role("button", name="Scale: chest: 1").tap()
    assert page.locator("[name=i-erychest]:checked").input_value() == "3"
    assert page.locator("[name=i-sclchest]:checked").input_value() == "1"
    page.get_by_role("button", name="Erythema: chest: 3").tap()  # taken back
    assert page.locator("[name=i-erychest]:checked").count() == 0


def test_a_laboratory_sheet_by_keyboard(place: Place):
    page = place.opened("nurse", place.form("BASELINE", "haematology"))
    keys = Keyboard(page)
    keys.type("2026-01-19")
    keys.press("Enter")
    lines = {"leukocytes": "5.2", "neutrophils": "0.9"}
    for value in lines.values():
        keys.type(value)
        keys.press("Enter")
        keys.press("ArrowDown", "Enter")  # the first unit
        keys.type("2")
        keys.press("Enter")
        keys.type("7")
        keys.press("Enter")
    assert focused(page) == "lymphocytes"
    assert page.locator("[name=i-neutrophils-unit]").input_value() == "10*9/L"
    keys.press("Control+Enter")
    saved(page, at="chemistry/1/")
    told = page.locator(".saved").inner_text()
    assert "grade 3" in told
    assert "Still open: Platelets, Haemoglobin" in told


def test_questions_come_and_go_with_the_answers(place: Place):
    page = place.opened("nurse", place.form("SCREENING", "prior_treatment"))
    effect = page.locator("#q-thalidomide_no_effect")
    assert effect.is_visible()  # while it is not known, it is asked
    page.locator("[name=i-thalidomide][value=no]").check(force=True)
    until(page, effect.is_hidden)
    page.locator("[name=i-thalidomide][value=yes]").check(force=True)
    until(page, effect.is_visible)
    page.locator("[name=i-thalidomide_no_effect][value=yes]").check(force=True)
    page.locator("[name=i-thalidomide][value=no]").check(force=True)
    page.wait_for_timeout(600)
    assert effect.is_visible()  # an answer never disappears


def test_what_was_typed_outlives_a_server_that_fails(place: Place):
    page = place.opened("nurse", place.form("WEEK_4", "vital_signs"))
    page.fill("[name=i-weight]", "70")

    def fail(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("score/"):
            route.fulfill(status=502, body="")
        else:
            route.continue_()

    page.route("**/vital_signs/1/**", fail)
    page.keyboard.press("Control+Enter")
    page.locator("#server-failed").wait_for(state="visible")
    assert page.locator("#unsaved").is_visible()
    assert page.locator("[name=i-weight]").input_value() == "70"
    page.unroute("**/vital_signs/1/**")
    page.keyboard.press("Control+Enter")
    saved(page)


def test_two_editors_see_both_versions(place: Place):
    address = place.form("BASELINE", "vital_signs")
    first = place.opened("nurse", address)
    first.fill("[name=i-weight]", "70")
    first.click("button[value=stay]")
    saved(first)
    second = place.opened("investigator", address)
    for page, weight in ((second, "75"), (first, "72")):
        page.fill("[name=i-weight]", weight)
        page.fill("#reason", "read again")
        page.click("button[value=stay]")
        if page is second:
            saved(page)
    first.locator(".collision").wait_for()
    line = first.locator(".collision tbody tr").inner_text()
    assert "75 kg" in line
    assert "72 kg" in line
    assert first.locator("[name=i-weight]").input_value() == "72"
    first.click(".take")
    assert first.locator("[name=i-weight]").input_value() == "75"


def test_a_change_asks_for_its_reason_and_keeps_what_was_typed(place: Place):
    address = place.form("WEEK_4", "visit")
    page = place.opened("nurse", address)
    for day in ("2026-02-16", "2026-02-17"):
        page.goto(address)
        page.fill("[name=i-visited]", day)
        page.click("button[value=stay]")
        if day == "2026-02-16":
            saved(page)
    page.locator("#reason-part.wanted").wait_for()
    until(page, lambda: page.evaluate("document.activeElement.id") == "reason")
    assert page.locator("[name=i-visited]").input_value() == "2026-02-17"
    page.keyboard.type("typing error")
    page.keyboard.press("Control+Enter")
    until(page, lambda: "?saved=" in page.url)


def test_a_form_is_filled_in_without_scripts(place: Place):
    page = place.opened("nurse", place.form("WEEK_4", "neurology"), java_script_enabled=False)
    values = cycle(["yes", "no"])
    for item in ("paraesthesia", "numbness"):
        page.locator(f"[name=i-{item}][value={next(values)}]").check(force=True)
    page.click("button[value=stay]")
    saved(page)
    assert page.locator("[name=i-paraesthesia]:checked").get_attribute("value") == "yes"
    assert page.locator("#body-map").count() == 0


def test_a_page_goes_on_after_a_new_sign_in(place: Place):
    """The session ends while somebody types; a new one begins in another tab."""
    page = place.opened("nurse", place.form("BASELINE", "chemistry"))
    page.fill("[name=i-sampled]", "2026-01-19")
    [session] = [c for c in page.context.cookies() if c["name"] == "pilotage"]
    page.context.clear_cookies(name="pilotage")
    page.keyboard.press("Control+Enter")
    page.locator("#signed-out").wait_for(state="visible")
    assert page.locator("[name=i-sampled]").input_value() == "2026-01-19"
    page.context.add_cookies([session])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("#signed-out").wait_for(state="hidden")
    page.keyboard.press("Control+Enter")
    saved(page)


FORMS = ("clasi", "haematology", "prior_treatment", "body_surface", "childbearing", "neurology")


@pytest.mark.parametrize("form", FORMS)
def test_no_form_has_a_serious_fault_or_is_wider_than_its_window(place: Place, form: str):
    page = place.opened("nurse", place.form("WEEK_4", form))
    for width, height in ((1280, 900), (820, 1180)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert list(faults(page)) == [], width
