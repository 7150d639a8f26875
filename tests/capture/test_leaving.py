"""What leaves the server vouches for the record: a checkpoint, and the signed copy of a subject."""

import re
from html import escape

import pytest
from acts import People, saved, sign
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions import queries
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.checkpoints import read_checkpoint
from pilotage.capture.entry_forms import fields_of
from pilotage.capture.models import AuditEvent, Checkpoint, Subject
from pilotage.capture.planned import planned
from pilotage.capture.verify_trail import verify
from pilotage.forms.answer import Answer


@pytest.mark.parametrize("role", ["investigator", "monitor", "data_manager", "auditor"])
def test_who_vouches_for_the_record_takes_a_checkpoint_away(people: People, role: str) -> None:
    browser = signed_in(role)
    answer = browser.post(reverse("checkpoint_file"), {"key": "k"})
    left = read_checkpoint(answer.content)
    assert verify([left]).proven == left.seq
    again = browser.post(reverse("checkpoint_file"), {"key": "k"})
    assert (again.content, Checkpoint.objects.count()) == (answer.content, 1)


def test_the_copy_of_a_subject_shows_answers_queries_and_signatures(
    people: People, subject: Subject
) -> None:
    entry = saved(subject, people["nurse"])
    queries.open_query(subject, entry=entry, text="Is that so?", by=people["monitor"])
    signature = sign(entry, people["investigator"])
    address, browser = reverse("subject_copy", args=[subject.usubjid]), signed_in("investigator")
    text = browser.get(address).content.decode()
    for words in ("2026-01-01", "Is that so?", "Investigator Person", "approval", "valid"):
        assert words in text, words
    assert f"{signature.event.at:%Y-%m-%d %H:%M} UTC" in text
    assert "SHA-256" not in text
    last = AuditEvent.objects.latest("seq")
    printed = browser.post(address, {"key": "k"}).content.decode()
    assert f"event {last.seq} of" in printed
    assert last.hash in printed
    assert Checkpoint.objects.get().left_as == f"signed page of {subject.usubjid}"
    assert text.index("Date of consent") < text.index("Version of the consent document")


def test_the_copy_says_each_item_of_a_scale_once_and_each_score_once(
    people: People, subject: Subject
) -> None:
    """A whole-body score has dozens of zeros: they stand in one line."""
    page = fields_of(planned(), "clasi", "en")
    scores = [field for field in page.fields if field.kind == "points"]
    answers = {field.item: Answer(value="0") for field in scores} | {
        scores[0].item: Answer(value="3"),
        scores[1].item: Answer(missing="not done", why="bandaged"),
    }
    save_entry(
        subject, contact=None, form="clasi", answers=answers, by=people["nurse"], revision=None
    )
    address = reverse("subject_copy", args=[subject.usubjid])
    text = signed_in("investigator").get(address).content.decode()
    lines = re.findall(r'<p class="alike"><b>(.*?)</b>: (.*?)</p>', text)
    assert ("3", scores[0].label) in lines
    assert ("not done (bandaged)", scores[1].label) in lines
    told = [part for _words, labels in lines for part in re.split("; | · |: ", labels)]
    parts = [part for field in scores for part in field.label.split(": ")]
    assert [part for part in parts if escape(part) not in told] == []
    regions = [field.label.partition(": ")[2] for field in scores if ": " in field.label]
    assert [told.count(escape(part)) - regions.count(part) for part in set(regions)] == [0] * len(
        set(regions)
    ), "each region once for each aspect that is scored there"
    assert len(lines) == 4, "3, not done, 0, and the 0 of what is present or not"


def test_the_signature_of_a_whole_visit_is_printed_once(people: People, subject: Subject) -> None:
    """Where one form of it was signed otherwise, each has its own again."""
    investigator = people["investigator"]
    address, browser = reverse("subject_copy", args=[subject.usubjid]), signed_in("monitor")
    consent = saved(subject, people["nurse"])
    sign(consent, investigator)
    visit = {"visited": Answer(value="2026-01-01")}
    visited = saved(subject, people["nurse"], form="visit", answers=visit, revision=None)
    text = browser.get(address).content.decode()
    assert ("Each of these forms:" in text, text.count("Investigator Person")) == (False, 1)
    sign(visited, investigator)
    text = browser.get(address).content.decode()
    assert (text.count("Each of these forms:"), text.count("Investigator Person")) == (1, 1)
    sign(visited, investigator, meaning="review")
    text = browser.get(address).content.decode()
    assert ("Each of these forms:" in text, text.count("Investigator Person")) == (False, 3)


def test_a_page_of_another_site_is_named_to_nobody(people: People, subject: Subject) -> None:
    address = reverse("subject_copy", args=[subject.usubjid])
    signed_in("monitor").post(address, {"key": "k"})
    trail = reverse("trail")
    assert "signed page of" not in signed_in("investigator").get(trail).content.decode()
    assert "signed page of" in signed_in("auditor").get(trail).content.decode()


def test_a_key_that_was_used_for_something_else_is_a_message(
    people: People, subject: Subject
) -> None:
    browser = signed_in("monitor")
    copied = reverse("subject_copy", args=[subject.usubjid])
    browser.post(reverse("checkpoint_file"), {"key": "k"})
    assert "sent before with other content" in browser.post(copied, {"key": "k"}).content.decode()
    browser.post(copied, {"key": "k2"})
    assert browser.post(reverse("checkpoint_file"), {"key": "k2"}).status_code == 302
    assert Checkpoint.objects.count() == 2
