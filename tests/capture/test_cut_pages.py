"""The pages of a data cut: who reads what, and from a number back to what was typed."""

from pathlib import Path

import pytest
from capture_records import FIRST_PASSWORD, PASSWORD
from django.conf import settings
from django.urls import reverse
from doors import signed_in

from pilotage.capture import building
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.cutting import cut_data
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.models import AuditEvent, DataCut, Subject
from pilotage.forms.answer import Answer

CONSENT = {"signed": Answer("yes"), "signed_on": Answer("2026-11-01")}
PERSON = {"age": Answer("41", "years"), "sex": Answer("F"), "race": Answer("WHITE")}
FILE = "snapshot/dm.csv"


@pytest.fixture
def cut(
    subject: Subject, people: dict[str, Actor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> DataCut:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    contact = open_contact(
        subject, by=people["nurse"], planned="SCREENING", number=0, label="Screening",
        held_on="2026-11-01",
    )  # fmt: skip
    for form, answers in {"consent": CONSENT, "demography": PERSON}.items():
        save_entry(
            subject, contact=contact, form=form, answers=answers, by=people["nurse"], revision=None
        )
    return cut_data("first", by=people["data_manager"])


def person_of_another_site() -> str:
    """An investigator of a second site."""
    by = Actor.system("tests")
    site = access.add_site("02", "Second site", by=by)
    user = access.add_user(
        "elsewhere", by=by, first_name="Else", last_name="Where", password=FIRST_PASSWORD
    )
    access.set_password(user, PASSWORD, by=Actor(user), old=FIRST_PASSWORD)
    access.grant_role(user, "investigator", site, by=by)
    return user.username


def test_a_file_that_is_taken_leaves_an_event(cut: DataCut) -> None:
    client = signed_in("statistician")
    answer = client.get(reverse("cut_file", args=["first", FILE]))
    answer.close()
    assert answer.status_code == 200
    last = AuditEvent.objects.latest("seq")
    assert (last.action, last.user_name, last.place) == (
        "exported",
        "statistician",
        f"first/{FILE}",
    )
    assert client.post(reverse("cut_file", args=["first", FILE])).status_code == 405


def test_nobody_reads_the_data_of_all_sites_who_belongs_to_one(cut: DataCut) -> None:
    client = signed_in(person_of_another_site())
    for name, args in {
        "cuts": [],
        "cut": ["first"],
        "cut_file": ["first", FILE],
        "report_page": ["first"],
        "trace": ["first"],
    }.items():
        assert client.get(reverse(name, args=args)).status_code == 403, name


def test_who_may_take_data_gets_the_tables_of_the_cut(cut: DataCut) -> None:
    client = signed_in("data_manager")
    page = client.get(reverse("cut", args=["first"])).content.decode()
    assert "dm.csv" in page
    answer = client.get(reverse("cut_file", args=["first", FILE]))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[1].startswith("LEN-CLE,DM,")


@pytest.mark.parametrize("place", ["../../secret.key", "snapshot/../../../secret.key", "nothing"])
def test_no_file_outside_the_cut_is_given_away(place: str, cut: DataCut) -> None:
    client = signed_in("data_manager")
    assert client.get(f"/cuts/first/file/{place}").status_code == 404


def test_a_row_leads_to_the_answer_that_was_typed(cut: DataCut, subject: Subject) -> None:
    client = signed_in("statistician")
    row = f"ADSL {subject.usubjid}.1"
    page = client.get(reverse("trace", args=["first"]), {"row": row}).content.decode()
    assert "demography.age" in page
    assert "41 years" in page
    assert "nurse" in page


def test_what_is_no_name_of_a_row_is_told_in_words(cut: DataCut) -> None:
    client = signed_in("statistician")
    answer = client.get(reverse("trace", args=["first"]), {"row": "ADSL AGE"})
    assert "Nothing says where this comes from." in answer.content.decode()


def test_a_number_shows_what_it_counts_then_whom_it_asks(cut: DataCut, subject: Subject) -> None:
    client = signed_in("statistician")
    asked = {"result": "SCREEN_FAILURE/SCRNFL/-/-/count"}
    page = client.get(reverse("trace", args=["first"]), asked).content.decode()
    assert "Counted" not in page
    asked_of = page.partition("Of these subjects, counted or not: 1 row")[2]
    assert f"ADSL {subject.usubjid}.1" in asked_of
    assert "SCRNFL Y · ENRLFL" in asked_of


def test_a_result_that_the_plan_does_not_have_is_named(cut: DataCut) -> None:
    client = signed_in("statistician")
    page = client.get(reverse("trace", args=["first"]), {"result": "NOTHING"}).content.decode()
    assert "the plan has no such result" in page


@pytest.mark.slow
def test_the_built_report_is_read_with_a_way_back_from_each_number(cut: DataCut) -> None:
    folder = settings.DATA / cut.folder
    building._build(folder, folder / "snapshot")
    assert building.progress(folder) == "built"
    answer = signed_in("statistician").get(reverse("report_page", args=["first"]))
    page = answer.content.decode()
    assert "report_trace" in page
    assert 'data-results="' in page
    assert "unsafe-inline" not in answer["Content-Security-Policy"].partition("script-src")[2]
