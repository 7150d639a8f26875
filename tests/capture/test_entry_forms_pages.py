"""The pages of forms: shown for every form, saved once, refused in words, never losing what was
typed."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from capture_records import PASSWORD
from django.conf import settings
from django.test import Client
from doors import signed_in

from pilotage.capture.actions import entries, locking, signing, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.content import answers_of, content_of
from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.planned import planned
from pilotage.forms.answer import Answer
from pilotage.instruments import instruments

SMALL = str(Path(__file__).parents[1] / "small_study")
HIDDEN = re.compile(r'<input type="hidden" name="(key|revision)" value="([^"]*)"')


@pytest.fixture(params=["lenalidomide_cle", SMALL], ids=["built-in", "small"])
def study(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each study in turn, in the place of the one of the settings."""
    before = settings.STUDY
    settings.STUDY = request.param
    planned.cache_clear()
    yield request.param
    settings.STUDY = before
    planned.cache_clear()


@pytest.fixture
def contact(subject: Subject, people: dict[str, Actor]) -> Contact:
    return subjects.open_contact(
        subject, by=people["nurse"], planned="BASELINE", label="Baseline", held_on="2026-01-19"
    )


@pytest.fixture
def nurse(contact: Contact) -> Client:
    return signed_in("nurse")


def address(contact: Contact, form: str) -> str:
    return f"/subjects/{contact.subject.usubjid}/visits/{contact.pk}/{form}/1/"


def posted(page: str, **typed: str) -> dict[str, str]:
    """What a browser sends from a page: its hidden fields and what was typed."""
    return dict(HIDDEN.findall(page)) | {
        name.replace("__", "-") if name in ("act", "reason") else f"i-{name.replace('__', '-')}": v
        for name, v in typed.items()
    }


def text(answer) -> str:
    return unescape(answer.content.decode())


def saved(contact: Contact, form: str) -> dict[str, Answer]:
    return answers_of(Entry.objects.get(contact=contact, form=form))


WEIGHT = {"weight": "70"}


# -- shown -----------------------------------------------------------------------------------------


def test_every_form_is_shown_with_nothing_filled_in(study: str, nurse: Client, contact: Contact):
    for code, form in planned().protocol.forms.items():
        where = address(contact, code)
        if form.repeating:
            where = f"/subjects/{contact.subject.usubjid}/log/{code}/new/"
        answer = nurse.get(where)
        page = answer.content.decode()
        assert answer.status_code == 200, code
        assert not re.search(r'type="radio"[^>]* checked', page), code
        assert not re.search(r"<option value=\"[^\"]+\"[^>]* selected", page), code
        assert not re.search(r'name="i-[^"]+" value="(?!\w+" data-key)[^"]+"(?! data-key)',
                             re.sub(r'type="(radio|checkbox)"[^>]*', "", page)), code  # fmt: skip
        assert "style=" not in page, code
        assert "<script>" not in page, code


def test_every_form_stands_on_the_blank_worksheets(study: str, nurse: Client):
    page = text(nurse.get("/worksheets/"))
    for form in planned().protocol.forms.values():
        for item in form.items.values():
            assert str(item.label) in page


def test_the_worksheet_of_a_visit_has_its_forms_and_conditions(nurse: Client, contact: Contact):
    where = f"/subjects/{contact.subject.usubjid}/visits/{contact.pk}/worksheet/"
    page = text(nurse.get(where))
    assert page.count('class="sheet"') == len(planned().protocol.schedule.visits[2].forms)
    assert "asked when Sex is not M" in page


def test_a_visit_lists_its_forms_and_goes_on_with_the_first_open_one(
    nurse: Client, contact: Contact
):
    where = f"/subjects/{contact.subject.usubjid}/visits/{contact.pk}/"
    assert "Go on with Visit" in text(nurse.get(where))
    page = text(nurse.get(address(contact, "visit")))
    answer = nurse.post(address(contact, "visit"), posted(page, visited="2026-01-19"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(address(contact, "enrolment"))
    assert "Go on with Enrolment" in text(nurse.get(where))


@pytest.mark.parametrize(
    "where", ["visits/999/", "visits/999/clasi/1/", "log/no_such_form/", "entries/999/",
              "log/no_such_form/new/", "visits/999/worksheet/", f"pictures/{'0' * 64}/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(nurse: Client, subject: Subject, where: str):
    assert nurse.get(f"/subjects/{subject.usubjid}/{where}").status_code == 404


# -- saved -----------------------------------------------------------------------------------------


def test_what_was_typed_is_saved_as_it_stands(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    answer = nurse.post(where, posted(text(nurse.get(where)), act="stay", **WEIGHT))
    entry = Entry.objects.get(contact=contact)
    assert answer.headers["Location"] == f"{where}?saved={entry.pk}"
    assert answers_of(entry) == {"weight": Answer("70", unit="kg")}
    assert entry.state == "complete"
    assert "Saved: Weight and vital signs" in text(nurse.get(answer.headers["Location"]))


def test_the_same_page_sent_twice_is_one_save(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    sent = posted(text(nurse.get(where)), **WEIGHT)
    first, second = nurse.post(where, sent), nurse.post(where, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.get(contact=contact).versions.count() == 1


def test_a_mistake_saves_nothing_and_keeps_what_was_typed(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    sent = posted(text(nurse.get(where)), weight="70,5", height="172")
    answer = nurse.post(where, sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "Nothing is saved yet" in page
    assert "such as 70.5" in page
    assert 'value="70,5"' in page
    assert 'value="172"' in page
    assert not Entry.objects.exists()


def test_a_page_on_which_nothing_was_answered_is_not_saved(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    answer = nurse.post(where, posted(text(nurse.get(where))))
    assert answer.status_code == 422
    assert "Nothing was answered" in text(answer)


def test_a_change_asks_for_its_reason_and_an_addition_does_not(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    nurse.post(where, posted(text(nurse.get(where)), **WEIGHT))
    page = text(nurse.get(where))
    refused = nurse.post(where, posted(page, weight="72"))
    assert refused.status_code == 422
    assert re.search(r"Weight: <s>70 kg</s> → <b>72 kg</b>", text(refused))
    added = nurse.post(where, posted(page, height="172", **WEIGHT))
    assert added.status_code == 302
    page = text(nurse.get(where))
    sent = posted(page, weight="72", height="172", reason="typing error")
    assert nurse.post(where, sent).status_code == 302
    assert saved(contact, "vital_signs")["weight"].value == "72"


def test_two_editors_see_both_versions_and_lose_nothing(
    nurse: Client, contact: Contact, people: dict[str, Actor]
):
    where = address(contact, "vital_signs")
    nurse.post(where, posted(text(nurse.get(where)), **WEIGHT))
    page = text(nurse.get(where))
    entry = Entry.objects.get(contact=contact)
    theirs = {"weight": Answer("75", unit="kg"), "height": Answer("180", unit="cm")}
    entries.save_entry(
        contact.subject, contact=contact, form="vital_signs", answers=theirs,
        by=people["investigator"], reason="read again", revision=entry.revision,
    )  # fmt: skip
    ours = posted(page, weight="72", temperature="36.8", reason="typing error")
    answer = nurse.post(where, ours)
    shown = text(answer)
    assert answer.status_code == 409
    assert "Two versions of this form" in shown
    assert "investigator saved this form" in shown
    assert 'data-value="75"' in shown  # theirs, to be taken
    assert 'value="72"' in shown  # ours, kept
    assert 'value="36.8"' in shown
    assert "had not changed it: Height (once)." in shown
    assert saved(contact, "vital_signs") == theirs
    again = dict(HIDDEN.findall(answer.content.decode()))
    assert again["key"] != ours["key"]
    sent = posted(answer.content.decode(), weight="72", height="180", temperature="36.8",
                  reason="typing error")  # fmt: skip
    assert nurse.post(where, sent).status_code == 302
    assert saved(contact, "vital_signs")["weight"].value == "72"
    assert saved(contact, "vital_signs")["height"].value == "180"


def test_two_new_pages_of_a_log_become_two_pages(nurse: Client, subject: Subject):
    where = f"/subjects/{subject.usubjid}/log/other_condition/new/"
    first, second = text(nurse.get(where)), text(nurse.get(where))
    for page, condition in ((first, "Asthma"), (second, "Gout")):
        at = re.search(r'<form method="post" action="([^"]+)" class="entry"', page)
        assert at is not None
        assert nurse.post(at[1], posted(page, condition=condition)).status_code == 302
    pages = Entry.objects.filter(subject=subject, form="other_condition").order_by("repeat")
    assert [answers_of(page)["condition"].value for page in pages] == ["Asthma", "Gout"]
    listed = text(nurse.get(f"/subjects/{subject.usubjid}/log/other_condition/"))
    assert "Asthma" in listed
    assert "Gout" in listed


def test_the_rest_of_a_form_is_saved_without_value_for_a_reason(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    sent = posted(text(nurse.get(where)), act="no_value", **WEIGHT)
    refused = nurse.post(where, sent | {"all-missing": "not done", "all-why": ""})
    assert refused.status_code == 422
    assert 'value="70"' in text(refused)
    sent |= {"all-missing": "not done", "all-why": "no time"}
    assert nurse.post(where, sent).status_code == 302
    found = saved(contact, "vital_signs")
    assert found["weight"] == Answer("70", unit="kg")
    assert found["height"] == Answer(missing="not done", why="no time")


def test_a_locked_entry_is_shown_and_not_changed(
    nurse: Client, contact: Contact, people: dict[str, Actor]
):
    where = address(contact, "vital_signs")
    nurse.post(where, posted(text(nurse.get(where)), **WEIGHT))
    sent = posted(text(nurse.get(where)), weight="72", reason="typing error")
    entry = Entry.objects.get(contact=contact)
    signing.sign_entry(
        entry, by=people["investigator"], password=PASSWORD, meaning="review",
        seen=content_of(entry),
    )  # fmt: skip
    locking.lock_entry(Entry.objects.get(contact=contact), by=people["data_manager"])
    answer = nurse.post(where, sent)
    assert answer.status_code == 423
    assert "locked" in text(answer)
    assert 'id="save-next"' not in text(nurse.get(where))
    assert saved(contact, "vital_signs")["weight"].value == "70"


@pytest.mark.parametrize("role", ["monitor", "data_manager", "auditor", "statistician"])
def test_who_does_not_enter_data_reads_the_form_and_cannot_send_it(contact: Contact, role: str):
    browser = signed_in(role)
    where = address(contact, "vital_signs")
    page = text(browser.get(where))
    assert 'id="save-next"' not in page
    assert browser.post(where, posted(page, **WEIGHT)).status_code == 403
    assert not Entry.objects.exists()


def test_an_administrator_sees_no_form(contact: Contact):
    browser = signed_in("administrator")
    assert browser.get(address(contact, "vital_signs")).status_code == 403


def test_a_form_sent_from_within_the_page_is_told_where_to_go(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    sent = posted(text(nurse.get(where)), act="stay", **WEIGHT)
    answer = nurse.post(where, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(where)


# -- scores and checks -----------------------------------------------------------------------------


def scored(value: str) -> dict[str, str]:
    form = planned().protocol.forms["body_surface"]
    assert form.instrument == "rule_of_nines"
    codes = "HEADF HEADB TRNKF TRNKB ARMRF ARMRB ARMLF ARMLB LEGRF LEGRB LEGLF LEGLB PERIN"
    return {f"bsa{code.lower()}": value for code in codes.split()}


def test_the_live_score_is_the_total_or_what_is_open_and_writes_nothing(
    nurse: Client, contact: Contact
):
    where = address(contact, "body_surface")
    page = text(nurse.get(where))
    some = scored("50")
    some.pop("bsaperin")
    live = text(nurse.post(f"{where}score/", posted(page, **some)))
    assert "1 open" in live
    assert "perineum" in live
    assert "<b>50</b>" in text(nurse.post(f"{where}score/", posted(page, **scored("50"))))
    assert not Entry.objects.exists()


def test_the_live_answer_names_the_questions_that_are_asked_now(nurse: Client, contact: Contact):
    where = address(contact, "childbearing")
    page = text(nurse.get(where))
    live = text(nurse.post(f"{where}score/", posted(page, potential="no")))
    asked = re.search(r'data-asked="([^"]*)"', live)
    assert asked is not None
    assert "why_not" in asked[1].split()
    assert "method" not in asked[1].split()


def test_earlier_scores_stay_hidden_until_the_form_is_saved(
    nurse: Client, subject: Subject, people: dict[str, Actor], contact: Contact
):
    where = address(contact, "body_surface")
    nurse.post(where, posted(text(nurse.get(where)), **scored("40")))
    later = subjects.open_contact(
        subject, by=people["nurse"], planned="WEEK_2", label="Week 2", held_on="2026-02-02"
    )
    where = address(later, "body_surface")
    blank = text(nurse.get(where))
    assert "Baseline" not in blank
    shown = re.sub(r' (d|[xy]|value)="[^"]*"', "", blank.split('class="entry"')[1])
    assert "40" not in shown
    answer = nurse.post(where, posted(blank, act="stay", **scored("10")))
    saved = text(nurse.get(answer.headers["Location"]))
    assert "Baseline" in saved
    assert "40 (−30)" in saved


def test_a_check_that_fails_is_shown_beside_the_saved_form(nurse: Client, contact: Contact):
    where = address(contact, "vital_signs")
    sent = posted(text(nurse.get(where)), act="stay", systolic="80", diastolic="120", **WEIGHT)
    answer = nurse.post(where, sent)
    assert "The diastolic pressure is not below the systolic one" in text(
        nurse.get(answer.headers["Location"])
    )


def test_a_laboratory_line_shows_its_grade_once_it_is_saved(nurse: Client, contact: Contact):
    where = address(contact, "haematology")
    sent = posted(
        text(nurse.get(where)), act="stay", sampled="2026-01-19",
        neutrophils="900", neutrophils__unit="/uL", neutrophils__low="2000",
    )  # fmt: skip
    shown = text(nurse.get(nurse.post(where, sent).headers["Location"]))
    assert "0.9 10⁹/L" in shown
    assert "grade 3" in shown
    assert "low" in shown


def test_the_response_appears_once_the_form_is_saved(
    nurse: Client, subject: Subject, people: dict[str, Actor], contact: Contact
):
    by = people["nurse"]

    def save(at: Contact | None, form: str, **given: str) -> None:
        answers = {item: Answer(value, unit="mg" if item == "dose" else "")
                   for item, value in given.items()}  # fmt: skip
        entries.save_entry(subject, contact=at, form=form, answers=answers, by=by, revision=None)

    instrument = planned().protocol.forms["clasi"].instrument
    assert instrument is not None
    items = [item.code.lower() for item in instruments[instrument].items]
    before = dict.fromkeys(items, "0") | {"erychest": "3", "eryback": "3"}
    save(None, "exposure", began="2026-01-19", dose="5", frequency="QD", reason="START")
    save(contact, "clasi", **before)
    later = subjects.open_contact(
        subject, by=by, planned="WEEK_4", label="Week 4", held_on="2026-02-16"
    )
    where = address(later, "clasi")
    blank = text(nurse.get(where))
    assert "response" not in blank.split("<form", 2)[2].split("</form>")[0].lower()
    sent = posted(blank, act="stay", **(dict.fromkeys(items, "0") | {"erychest": "1"}))
    shown = text(nurse.get(nurse.post(where, sent).headers["Location"]))
    assert "Partial response" in shown
    assert "6 (−5)" in shown
