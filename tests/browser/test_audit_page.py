"""The page of an audit in a browser: no fault of accessibility, nothing too wide, and the card of a
number opens without a click, by mouse and by keyboard."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import keep
from playwright.sync_api import Browser, Locator, Page, expect

from pilotage.publication import read_published
from pilotage.publication.audit import AuditFinding, by_arithmetic
from pilotage.publication.audit.html import page as page_of
from pilotage.publication.audit.html.standing import STANDINGS
from pilotage.publication.audit.joint import Cohort
from pilotage.publication.audit.joint.cohort import Subject
from pilotage.study import study_folder

SIZES = ({"width": 1280, "height": 900}, {"width": 820, "height": 1180})
PAPER = Path(__file__).parents[1] / "papers/two_trials_pooled.yaml"
STUDY = study_folder("lenalidomide_cle")
BEYOND = """
() => [...document.querySelectorAll('main *')].filter((node) => node.getClientRects().length
  && !node.closest('.scroll, .unseen')
  && node.getBoundingClientRect().right > document.documentElement.clientWidth)
  .slice(0, 3).map((node) => node.outerHTML.slice(0, 120))
"""
"""What stands out of the window to the right, where nobody can scroll to it."""


@pytest.fixture(scope="module")
def every_verdict(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A small paper of which every verdict is said, with a set of claims and an example cohort."""
    found = by_arithmetic(read_published(PAPER))
    first, second, third = (claim.id for claim in found.published.claims[:3])
    said = (
        AuditFinding("grim", (first, second), "impossible", "How?", ("1 + 1 = 2",), ("2, not 3",)),
        AuditFinding("joint", (third, first), "inconsistent", "How can both be true?"),
        *(each for each in found.findings if each.verdict != "inconsistent"),
    )
    group = found.published.claims[0].named("group") or ""
    cohort = Cohort((Subject("1", frozenset({group}), ()),) * 40, (group,), ())
    left_out = {third: "nothing to model"}
    audit = replace(found, findings=said, cohort=cohort, not_modelled=left_out)
    file = tmp_path_factory.mktemp("audit") / "audit.html"
    file.write_text(page_of(audit), encoding="utf-8")
    page = chromium.new_page()
    page.goto(file.as_uri())
    yield page
    page.close()


@pytest.fixture(scope="module")
def real(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The audit of the built-in paper, by arithmetic."""
    file = tmp_path_factory.mktemp("audit") / "audit.html"
    published = read_published(STUDY / "published.yaml")
    file.write_text(page_of(by_arithmetic(published)), encoding="utf-8")
    page = chromium.new_page()
    page.goto(file.as_uri())
    yield page
    page.close()


def number(page: Page, claim: str) -> tuple[Locator, Locator]:
    """The marked number of a claim, and its card."""
    own = page.locator(f"[id='{claim}']")
    return own.locator("> .number"), own.locator("> .card")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(SIZES[0], "light"), (SIZES[0], "dark"), (SIZES[1], "light")],
    ids=["1280 light", "1280 dark", "820 light"],
)
def test_the_page_has_no_fault_of_accessibility(
    every_verdict: Page, size: dict[str, int], scheme: str
) -> None:
    """The slowest rule is that of colours, which do not depend on the size."""
    from axe_playwright_python.sync_playwright import Axe

    every_verdict.set_viewport_size(size)  # type: ignore[arg-type]
    every_verdict.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    shown = every_verdict.locator("main .claim").evaluate_all("all => all.map(e => e.className)")
    assert {name.removeprefix("claim ").replace("-", " ") for name in shown} == set(STANDINGS)
    number(every_verdict, "A-01")[0].hover()
    colours = {"color-contrast": {"enabled": size == SIZES[0]}}
    options = {"resultTypes": ["violations"], "rules": colours}
    found = Axe().run(every_verdict, options=options)
    faults = [
        f"{fault['id']}: {node['html'][:150]}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]
    assert faults == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_no_part_of_the_page_is_wider_than_its_window(real: Page, size: dict[str, int]) -> None:
    real.set_viewport_size(size)  # type: ignore[arg-type]
    assert real.evaluate(BEYOND) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_word_without_an_end_makes_nothing_wider(
    chromium: Browser, tmp_path: Path, size: dict[str, int]
) -> None:
    word = "W" * 400
    found = by_arithmetic(read_published(PAPER))
    first = found.published.claims[0]
    claims = (first.model_copy(update={"sentence": word}), *found.published.claims[1:])
    paper = found.published.paper.model_copy(update={"title": word, "citation": word})
    long = replace(
        found,
        published=found.published.model_copy(update={"claims": claims, "paper": paper}),
        findings=(AuditFinding("joint", (first.id,), "impossible", word, (word,), (word,)),),
        not_checked={first.id: word},
        not_modelled={first.id: word},
        together=word,
    )
    (tmp_path / "long.html").write_text(page_of(long), encoding="utf-8")
    page = chromium.new_page(viewport=size)  # type: ignore[arg-type]
    page.goto((tmp_path / "long.html").as_uri())
    assert page.evaluate(BEYOND) == []
    page.close()


def test_a_card_opens_under_the_mouse_and_closes_again(real: Page) -> None:
    real.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
    marked, card = number(real, "R-24")
    expect(card).to_be_hidden()
    marked.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("49 / 15 = 3.2667")
    card.hover()  # one can go to it with the mouse, to follow its links
    expect(card).to_be_visible()
    real.mouse.move(2, 2)
    expect(card).to_be_hidden()


def test_a_card_opens_with_the_tab_key_and_its_links_can_be_reached(real: Page) -> None:
    before, _ = number(real, "R-23")
    marked, card = number(real, "R-24")
    before.focus()
    while real.evaluate("document.activeElement.getAttribute('href')") != "#R-24":
        real.keyboard.press("Tab")
    expect(marked).to_be_focused()
    expect(card).to_be_visible()
    real.keyboard.press("Tab")
    expect(card.locator("a").first).to_be_focused()
    expect(card).to_be_visible()


def test_a_long_card_is_no_higher_than_half_the_window_and_is_read_by_keys(real: Page) -> None:
    """Chromium goes to the first link of the card; from there the arrow keys move its text."""
    real.set_viewport_size({"width": 820, "height": 500})
    cards = real.locator(".card")
    assert max(cards.evaluate_all("all => all.map(e => e.offsetHeight)")) <= 250
    longer = "all => all.filter(e => e.scrollHeight > e.clientHeight)"
    long = cards.evaluate_all(f"{longer}.map(e => [e.parentElement.id, e.querySelector('a') && 1])")
    assert long
    assert [name for name, link in long if not link] == []
    marked, card = number(real, long[0][0])
    marked.focus()
    real.keyboard.press("Tab")
    expect(card.locator("a").first).to_be_focused()
    card.evaluate("e => e.scrollTo(0, 0)")
    for _ in range(60):
        real.keyboard.press("ArrowDown")
    real.wait_for_function(
        "e => e.scrollTop > 0 && e.scrollTop + e.clientHeight > e.scrollHeight - 2",
        arg=card.element_handle(),
        timeout=5000,
    )


def test_the_page_works_on_paper(real: Page) -> None:
    """The cards are left out; what they say stands in the list of findings."""
    real.emulate_media(media="print")
    marked, card = number(real, "R-24")
    marked.focus()
    expect(card).to_be_hidden()
    expect(real.locator("[id='finding-grim-R-24-A-02']")).to_contain_text("49 / 15 = 3.2667")
    real.emulate_media(media="screen")


def test_the_picture_of_the_tutorial_can_be_taken(real: Page) -> None:
    """Of the results, with the card of a number open; kept where somebody asks for it."""
    real.set_viewport_size({"width": 1280, "height": 920})
    real.evaluate("document.activeElement.blur()")
    real.get_by_role("heading", name="Results", exact=True).evaluate("e => e.scrollIntoView()")
    marked, card = number(real, "R-24")
    marked.hover()
    expect(card).to_be_visible()
    if os.environ.get("PILOTAGE_SCREENSHOTS") == "1":
        keep(real, "audit")
