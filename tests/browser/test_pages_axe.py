"""Every page of the application, filled with the demonstration: axe finds no serious fault on it,
and it is not wider than a desktop, a tablet or a phone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from accessible import faults
from keyboard import QUIET
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from pilotage.capture import building, demo, first_start
from pilotage.capture.actions.access import set_password
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.cutting import cut_data
from pilotage.capture.cuts import SNAPSHOT
from pilotage.capture.models import Contact, Entry, Query, User
from pilotage.capture.planned import planned
from pilotage.capture.secret import make_secret_key
from pilotage.capture.urls import urlpatterns

SIZES = ({"width": 1280, "height": 900}, {"width": 820, "height": 1180})
PHONE = {"width": 390, "height": 844}
SUBJECT, OTHERS = "SYN-06", ("SYN-04", "SYN-15")
CUT = "cut-1"
TRACED = "result=CR/EVALFL/-/-/count"

ELSEWHERE = {
    "sign_in_password": "test_first_start looks at it: it needs somebody on the way in",
    "sign_in_second_factor": "the same",
    "sign_in_code": "the same",
    "entry_acts": "a part of the form, which shows it",
    "report_progress": "a part of the page of the cut",
    "score": "a part of the form",
}
NO_PAGE = ("sign_out", "language", "alive", "subject_drawing", "calendar_file", "trail_file",
           "checkpoint_file",
           "build_report", "cut_file", "report_file", "picture")  # fmt: skip
"""Files, and what is only sent to."""

People = dict[str, User]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, People]]:
    """A server on some subjects of the demonstration, with a data cut and its report."""
    from browser_records import PASSWORD, Server, records
    from django.conf import settings

    engine = records.started("sqlite")
    data = tmp_path_factory.mktemp("pages")
    name = str(data / "pilotage.sqlite3")
    engine.copy(engine.template("empty"), name)
    engine.connect(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", data)
        patch.setattr(settings, "SYNTHETIC", True)
        patch.setattr(demo, "filled_of", _some(demo.filled_of))
        make_secret_key(data)
        first_start.open_record(demonstration=True)
        account = first_start.first_account()
        assert account
        people = demo.staff()
        demo.enter_cohort(people, lambda _done, _of: None)
        _report_built(people["data_manager"].actor, data)
        for each in people.values():
            set_password(each.actor.user, PASSWORD, by=each.actor, old=each.password)
        administrator = User.objects.get(username=account.name)
        set_password(administrator, PASSWORD, by=Actor(administrator), old=account.password)
        server = Server()
        yield server.address, {user.username: user for user in User.objects.all()}
        server.stop()
        engine.drop(name)


def _some(filled_of: Callable[..., Any]) -> Callable[..., Any]:
    """A few subjects of the cohort: one with pictures and a course, one of the last, unsigned."""

    def some(*given: Any) -> Any:
        cohort = filled_of(*given)
        chosen = (SUBJECT, *OTHERS)
        return replace(
            cohort,
            subjects=tuple(each for each in cohort.subjects if each.usubjid in chosen),
            forms=tuple(each for each in cohort.forms if each.subject in chosen),
        )

    return some


def _report_built(by: Actor, data: Path) -> None:
    folder = data / cut_data(CUT, by=by).folder
    building.build(folder, folder / SNAPSHOT)
    for _ in range(240):
        if building.progress(folder) != "building":
            break
        time.sleep(0.5)
    assert building.progress(folder) == "built"


def addresses() -> dict[str, list[str]]:
    """The addresses of the pages, by the name of the address."""
    visit = Contact.objects.filter(subject__usubjid=SUBJECT).order_by("order", "pk").first()
    entry = Entry.objects.filter(subject__usubjid=SUBJECT, form="clasi").first()
    query = Query.objects.first()
    assert visit
    assert entry
    assert query
    subject, at = f"/subjects/{SUBJECT}", f"/subjects/{SUBJECT}/visits/{visit.pk}"
    forms = planned().protocol.forms
    logs = [code for code, form in forms.items() if form.repeating]
    return {
        "sign_in": ["/sign-in/"],
        "account": ["/account/"],
        "users": ["/users/"],
        "user": [f"/users/{User.objects.get(username='nurse').pk}/"],
        "home": ["/"],
        "subjects": ["/subjects/"],
        "subject": [f"{subject}/", *(f"/subjects/{other}/" for other in OTHERS)],
        "subject_laboratory": [f"{subject}/laboratory/"],
        "subject_life": [f"{subject}/life/"],
        "eligibility": [f"{subject}/eligibility/"],
        "closing": [f"{subject}/closing/", f"/subjects/{OTHERS[1]}/closing/"],
        "release": [f"{subject}/release/"],
        "subject_copy": [f"{subject}/copy/"],
        "study_lock": ["/study/lock/"],
        "identity": ["/identity/"],
        "screening": ["/screening/"],
        "calendar": ["/calendar/"],
        "queries": ["/queries/", "/queries/?state=all"],
        "query": [f"/queries/{query.pk}/"],
        "deviations": ["/deviations/"],
        "files": ["/import/"],
        "trail": ["/trail/"],
        "cuts": ["/cuts/"],
        "cut": [f"/cuts/{CUT}/"],
        "report_page": [f"/cuts/{CUT}/report/"],
        "trace": [f"/cuts/{CUT}/trace/?{TRACED}"],
        "study": ["/study/"],
        "study_check": ["/study/check/"],
        "new_contact": [f"{subject}/visits/new/"],
        "visit": [f"{at}/"],
        "worksheet": [f"{at}/worksheet/"],
        "entry": [f"{subject}/entries/{entry.pk}/"],
        "entry_at": [f"{at}/{code}/1/" for code in forms if code not in logs],
        "log": [f"{subject}/log/{code}/" for code in logs],
        "new_entry": [f"{subject}/log/{code}/{page}/" for code in logs for page in (1, "new")],
        "photographs": ["/photographs/"],
        "blank_forms": ["/worksheets/"],
        "visit_worksheet": ["/worksheets/BASELINE/"],
    }


BEYOND = """
[...document.querySelectorAll('.card *')].filter((node) => {
  const card = node.closest('.card').getBoundingClientRect();
  return node.getClientRects().length && !node.closest('.scroll, .hidden, svg, .pop, .drawing')
    && node.getBoundingClientRect().right > card.right + 1;
}).slice(0, 3).map((node) => node.outerHTML.slice(0, 120))
"""
"""What stands out of its card to the right, where nobody can scroll to it."""

FORMS = ("entry_at", "log", "new_entry")
"""There are many of one make: axe looks at each once, at the size of a desktop."""
WHO = {"users": "administrator", "user": "administrator", "sign_in": "",
       "cut": "data_manager", "cuts": "data_manager",
       "study_lock": "data_manager", "identity": "data_manager"}  # fmt: skip
"""Who opens a page, by its name; the investigator opens the others."""


def test_every_address_of_the_application_is_looked_at(
    demonstration: tuple[str, People],
) -> None:
    known = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)}
    assert known == {*addresses(), *ELSEWHERE, *NO_PAGE}


def test_no_page_has_a_serious_fault_or_is_wider_than_its_window(
    demonstration: tuple[str, People], chromium: Browser
) -> None:
    served, _people = demonstration
    pages = {who: _page(chromium, served, who) for who in {*WHO.values(), "investigator"}}
    found: list[str] = []
    for name, places in addresses().items():
        page = pages[WHO.get(name, "investigator")]
        for place in places:
            looked_at = SIZES[:1] if name in FORMS else SIZES
            found += [f"{place}: {words}" for words in _faults(page, served + place, looked_at)]
    for page in pages.values():
        page.context.close()
    assert found == []


FAINT = """(place) => {
  const text = document.createElement("p");
  text.textContent = "Hardly to be read";
  text.animate([{ color: "#bbb", background: "#fff" }], { fill: "forwards" });
  document.querySelector(place).append(text);
}"""
"""Puts one faint text where there are many texts that can be read."""


def test_one_faint_text_among_many_is_found(
    demonstration: tuple[str, People], chromium: Browser
) -> None:
    page = _page(chromium, demonstration[0], "investigator")
    page.goto(f"{demonstration[0]}/subjects/")
    assert list(faults(page)) == []
    for number, place in enumerate(("main", "td:last-of-type", "footer"), 1):
        page.evaluate(FAINT, place)
        found = list(faults(page))
        assert len(found) == number, place
        assert {words.partition(":")[0] for words in found} == {"color-contrast"}
    page.context.close()


def test_the_copy_of_a_whole_course_is_printed_on_a_few_pages(
    demonstration: tuple[str, People], chromium: Browser
) -> None:
    """A year with some thirty visits, each item that was answered once, and a signature that stands
    under a whole visit once."""
    page = _page(chromium, demonstration[0], "investigator")
    page.goto(f"{demonstration[0]}/subjects/{SUBJECT}/copy/")
    printed = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    page.context.close()
    assert 5 < len(printed.pages) <= 20


def _page(chromium: Browser, served: str, who: str) -> Page:
    from browser_records import _cookie
    from doors import signed_in

    page = chromium.new_context().new_page()
    if who:
        cookies = signed_in(who).cookies.values()
        page.context.add_cookies([_cookie(morsel, served) for morsel in cookies])
    return page


def _faults(page: Page, address: str, looked_at: tuple[dict[str, int], ...]) -> Iterator[str]:
    """The page is opened once and looked at in every size, that of a phone too; axe looks in those
    of `looked_at`."""
    said: list[str] = []
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.set_viewport_size(SIZES[0])
    answer = page.goto(address)
    assert answer
    if answer.status != 200:
        yield f"answers {answer.status}"
        return
    page.wait_for_function(QUIET)
    expect(page.locator("h1").first).to_be_visible()
    for size in (*SIZES, PHONE):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            yield f"{wide} pixels wide"
        for words in page.evaluate(BEYOND):
            yield f"at {size['width']}: {words} stands out of its card"
        if size in looked_at:
            yield from faults(page, colours=size == SIZES[0])
    yield from said
