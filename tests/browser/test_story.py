"""The whole story of a small trial in a real browser, on both engines: from the first account to a
number of the report that leads back to the key that somebody pressed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from keyboard import Keyboard
from pictures import SIZE, picture
from playwright.sync_api import Page, expect
from staff import Clock, all_come
from story_forms import (
    BASELINE,
    BEFORE_WEEK_4,
    BEGAN,
    FIRST_DOSE,
    FIRST_TEST,
    LOWERED,
    SCREENED,
    SCREENING,
    TESTED,
    WEEK_4,
    WEEK_4_FORMS,
)
from visits import PAUSE, SUBJECT, Story, begun, entered

from pilotage.capture import first_start
from pilotage.capture.secret import make_secret_key

expect.set_options(timeout=20_000)
COUNTED = "NO_RESPONSE_WEEK_12/EVALFL/-/-/count"
KEYS_PER_SECOND, TWO_MINUTES = 2, 120
"""A person who reads the next line of a sheet of paper between two keys; a whole visit with a CLASI
takes two minutes at most."""


@pytest.fixture
def story(
    empty_served: str, opened: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Story:
    from django.conf import settings

    monkeypatch.setattr(settings, "DATA", tmp_path)
    make_secret_key(tmp_path)
    clock = Clock(monkeypatch)
    clock.set(SCREENED)
    first_start.open_record(demonstration=False)
    first = first_start.first_account()
    return Story(
        empty_served,
        clock,
        all_come(empty_served, lambda address: opened(address, viewport=SIZE), first),
    )


@pytest.mark.both_engines
def test_a_trial_from_the_first_account_to_a_number_of_the_report(story: Story) -> None:
    a_subject_is_screened(story)
    a_question_is_asked_answered_and_closed(story)
    the_first_dose_is_given(story)
    the_dose_is_held_against_the_protocol(story)
    two_people_change_the_same_form(story)
    the_source_is_verified_and_everything_signed(story)
    the_subject_is_locked(story)
    a_number_leads_back_to_what_was_typed(story)
    for visit, (keys, seconds) in story.strokes.items():
        print(f"{visit}: {keys} keys, {seconds:.0f} s with {PAUSE} ms between them")
    keys, seconds = story.strokes["Week 4"]
    assert keys / KEYS_PER_SECOND < TWO_MINUTES
    assert seconds < TWO_MINUTES


def a_subject_is_screened(story: Story) -> None:
    page = story.page("nadia", "/subjects/")
    keys = Keyboard(page, PAUSE)
    keys.skip_to("#usubjid")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
    entered(story, "Screening", SCREENED, SCREENING)


def a_question_is_asked_answered_and_closed(story: Story) -> None:
    """The edit check asks about the height; the nurse answers, the data manager closes."""
    page = story.page("nadia", "/queries/")
    page.get_by_role("link", name="Height").first.click()
    page.get_by_label("Your words").fill("Measured twice: 232 cm is right")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("answered")
    expect(page.get_by_role("button", name="Close")).to_have_count(0)
    number = page.url.rstrip("/").rpartition("/")[2]
    page = story.page("dora", f"/queries/{number}/")
    page.get_by_label("Your words").fill("Accepted")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("closed")
    picture(page, "query", height=620)


def the_first_dose_is_given(story: Story) -> None:
    """In the middle of the visit the investigator judges and enrols, and the drug is released."""
    story.on(TESTED, "nadia")
    entered(story, "First pregnancy test", TESTED, FIRST_TEST)
    story.on(BEGAN, "iris", "nadia", "paul")
    page = story.of_subject("paul", "release/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("BLOCKED")
    expect(page.get_by_text("There is no negative pregnancy test")).to_be_visible()
    expect(page.get_by_role("button", name="Record the release")).to_be_disabled()
    picture(page, "release-blocked", height=700)
    page = story.of_subject("iris", "eligibility/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Eligibility not known")

    def enrolled_and_released() -> None:
        enrolled(story)
        released(story)

    entered(story, "Baseline", BEGAN, BASELINE, {"pregnancy_test": enrolled_and_released})
    begun(story, FIRST_DOSE)


def enrolled(story: Story) -> None:
    page = story.of_subject("iris", "eligibility/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Eligibility eligible")
    picture(page, "eligibility")
    page.get_by_label("Your password").fill("not her password")
    page.get_by_role("button", name="Sign eligibility").click()
    expect(page.get_by_role("alert")).to_contain_text("password")
    page.get_by_label("Your password").fill(story.people["iris"].password)
    page.get_by_role("button", name="Sign eligibility").click()
    page.get_by_role("button", name="Enrol the subject").click()
    expect(page.get_by_text("The subject is enrolled.")).to_be_visible()


def released(story: Story) -> None:
    page = story.of_subject("paul", "release/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("the rules allow it")
    page.get_by_role("button", name="Record the release").click()
    expect(page.get_by_text("The release is recorded.")).to_be_visible()


def the_dose_is_held_against_the_protocol(story: Story) -> None:
    """Not known while a form of the day is missing; then in words, with the paragraph."""
    story.on(WEEK_4, "nadia", "iris", "marc", "dora", "stella")
    entered(story, "Week 4", WEEK_4, WEEK_4_FORMS)
    page = story.of_subject("nadia", "log/exposure/1/")
    page.locator("[name=i-ended]").fill(BEFORE_WEEK_4)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**saved=*")
    begun(story, LOWERED)
    told(story, "5 mg QOD: CANNOT ADVISE")
    entered(story, "Reasons to stop", WEEK_4, {"stopping_review": {}})
    page = told(story, "5 mg QOD: deviates")
    expect(page.get_by_text("No clinical improvement").first).to_be_visible()
    picture(page, "subject", height=1250)


def told(story: Story, words: str) -> Page:
    """The page of the subject, once it says something; it works that out beside the pages."""
    page = story.of_subject("iris")
    for _ in range(40):
        if page.get_by_text(words).count():
            return page
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{words!r} is not on the page of the subject")


def two_people_change_the_same_form(story: Story) -> None:
    """Neither overwrites the other: the later one sees both versions, and decides with a reason."""
    nurse, investigator = (_opened_form(story, name) for name in ("nadia", "iris"))
    for page, weight in ((investigator, "79"), (nurse, "82")):
        page.locator("[name=i-weight]").fill(weight)
        page.locator("#reason").fill("typing error")
        page.get_by_role("button", name="Save", exact=True).click()
        if page is investigator:
            page.wait_for_url("**saved=*")
    both = nurse.locator(".collision tbody tr")
    expect(both).to_contain_text("79 kg")
    expect(both).to_contain_text("82 kg")
    picture(nurse, "two-versions")
    nurse.get_by_role("button", name="Take the other's").click()
    expect(nurse.locator("[name=i-weight]")).to_have_value("79")
    nurse.locator("[name=i-systolic]").fill("120")
    nurse.get_by_role("button", name="Save", exact=True).click()
    nurse.wait_for_url("**saved=*")


def _opened_form(story: Story, name: str) -> Page:
    page = story.of_subject(name)
    week_4 = page.locator("tr", has=page.get_by_role("link", name="Week 4", exact=True))
    week_4.get_by_role("link", name="Weight and vital signs").click()
    expect(page.locator("[name=i-weight]")).to_have_value("80")
    return page


def the_source_is_verified_and_everything_signed(story: Story) -> None:
    page = story.of_subject("marc")
    screening = page.locator("tr", has=page.get_by_role("link", name="Screening", exact=True))
    screening.locator("summary").click()
    screening.get_by_role("link", name="Informed consent").click()
    page.get_by_role("button", name="Verified: it agrees with the source").click()
    expect(page.get_by_text("The entry is verified against the source.")).to_be_visible()
    own = story.people["iris"].password
    page = story.page("iris", page.url.removeprefix(story.served))
    page.get_by_label("I sign for").select_option("review")
    page.get_by_label("Your password").fill(own)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("The entry is signed.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("verified and signed")
    picture(page, "signed", height=920)
    page = story.of_subject("iris", "closing/")
    page.get_by_role("link", name="Open and tick all").click()
    expect(page.get_by_role("checkbox").last).to_be_checked()
    expect(page.get_by_text("Erythema: scalp").first).to_be_visible()
    page.get_by_label("I sign for").select_option("review")
    page.get_by_label("Your password").fill(own)
    page.get_by_role("button", name="Sign the chosen entries").click()
    expect(page.get_by_text("Every complete entry is signed.")).to_be_visible()


def the_subject_is_locked(story: Story) -> None:
    page = story.of_subject("dora", "closing/")
    expect(page.get_by_text("nothing says how its participation ended")).to_be_visible()
    expect(page.get_by_role("button", name="Lock")).to_be_disabled()
    page = story.of_subject("iris", "closing/")
    page.get_by_label("Reason, where it is not the planned end").fill("Moved to another country")
    page.get_by_role("button", name="Withdrew").click()
    page = story.of_subject("dora", "closing/")
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_text("The subject is locked.")).to_be_visible()
    page = story.of_subject("nadia", "log/exposure/1/")
    expect(page.get_by_text("Locked: nothing can be changed.")).to_be_visible()
    page = story.page("marc", f"/trail/?subject={SUBJECT}")
    expect(page.get_by_role("cell", name="subject locked")).to_be_visible()
    picture(page, "audit-trail")


def a_number_leads_back_to_what_was_typed(story: Story) -> None:
    """Data cut, report, the median score at baseline, and the answers of the nurse behind it."""
    page = story.page("stella", "/cuts/")
    page.get_by_label("Name of the new cut").fill("first-look")
    page.get_by_role("button", name="Cut the data now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("first-look")
    page.get_by_role("button", name="Build the report").click()
    page.get_by_role("link", name="Read the report").click(timeout=120_000)
    number = page.locator(f"td[data-results='{COUNTED}']").first
    expect(number).to_have_text("1/1 (100 %)")
    picture(page, "report")
    number.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where it comes from")
    typed = page.get_by_role("row", name="clasi.eryscalp 2 ").first
    expect(typed).to_contain_text("nadia")
    expect(typed).to_contain_text(WEEK_4)
    picture(page, "trace")
