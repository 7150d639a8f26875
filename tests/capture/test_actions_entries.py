"""Saving a form: versions, reasons, revisions, keys, edit checks."""

import pytest
from acts import COMPLETE, People, now, save, saved, sign, sign_eligibility
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pilotage.capture.actions import (
    Locked,
    MissingReason,
    NotPermitted,
    Overtaken,
    Refused,
    Repeated,
    queries,
    subjects,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.locking import lock_entry
from pilotage.capture.entry_forms import fields_of
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Query, Signature, Site, Subject
from pilotage.capture.planned import planned
from pilotage.capture.trail import head
from pilotage.forms.answer import Answer


@pytest.mark.both_engines
def test_only_what_differs_becomes_a_version(subject: Subject, people: People) -> None:
    save(subject, people["nurse"], {"signed": "yes", "version": "2"})
    second = save(subject, people["nurse"], {"signed": "yes", "version": "3"}, reason="misread")
    assert second.changed == ("version",)
    found = ItemVersion.objects.values_list("item", "number", "value")
    assert list(found) == [("signed", 1, "yes"), ("version", 1, "2"), ("version", 2, "3")]


def test_a_save_that_changes_nothing_writes_nothing(subject: Subject, people: People) -> None:
    entry = saved(subject, people["nurse"])
    before = head()
    again = save(subject, people["nurse"])
    assert (again.entry, again.event, again.changed) == (entry, None, ())
    assert head() == before


def test_two_who_write_the_same_do_not_stand_in_each_other_s_way(
    subject: Subject, people: People
) -> None:
    entry = saved(subject, people["nurse"])
    again = save(subject, people["investigator"], revision=None)
    assert (again.entry, again.changed) == (entry, ())


def test_open_answers_to_a_new_form_write_nothing(subject: Subject, people: People) -> None:
    before = head()
    found = save(subject, people["nurse"], {"signed": "", "version": ""})
    assert (found.entry, head()) == (None, before)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_change_needs_a_reason(subject: Subject, people: People, reason: str) -> None:
    saved(subject, people["nurse"])
    before = head()
    with pytest.raises(MissingReason, match="version"):
        save(subject, people["nurse"], {"version": "3"}, reason=reason)
    assert head() == before


def test_taking_an_answer_back_needs_a_reason(subject: Subject, people: People) -> None:
    saved(subject, people["nurse"])
    with pytest.raises(MissingReason):
        save(subject, people["nurse"], {"version": ""})


def test_a_first_answer_needs_no_reason(subject: Subject, people: People) -> None:
    save(subject, people["nurse"], {"signed": "yes"})
    assert save(subject, people["nurse"], {"version": "2"}).changed == ("version",)


def test_an_answer_given_after_one_was_taken_back_needs_no_reason(
    subject: Subject, people: People
) -> None:
    save(subject, people["nurse"])
    save(subject, people["nurse"], {"version": ""}, reason="other subject")
    assert save(subject, people["nurse"], {"version": "4"}).changed == ("version",)


@pytest.mark.both_engines
def test_the_second_of_two_editors_is_overtaken_and_sees_both_versions(
    subject: Subject, people: People
) -> None:
    opened = saved(subject, people["nurse"]).revision
    save(subject, people["nurse"], {"version": "3"}, reason="misread", revision=opened)
    before = head()
    with pytest.raises(Overtaken) as found:
        save(
            subject, people["investigator"], {"version": "4", "signed": "yes"},
            reason="misread", revision=opened,
        )  # fmt: skip
    assert found.value.theirs == {"version": Answer("3")}
    assert found.value.ours == {"version": Answer("4")}
    assert head() == before


def test_two_who_begin_the_same_form_do_not_overwrite(subject: Subject, people: People) -> None:
    save(subject, people["nurse"], {"signed": "yes"}, revision=None)
    with pytest.raises(Overtaken):
        save(subject, people["nurse"], {"signed": "no"}, revision=None, reason="late")
    with pytest.raises(Overtaken):
        save(subject, people["nurse"], {"signed": "no"}, form="demography", revision=3)


@pytest.mark.both_engines
def test_the_same_key_gives_the_same_answer_and_writes_nothing(
    subject: Subject, people: People
) -> None:
    first = save(subject, people["nurse"], revision=None, key="k1")
    save(subject, people["nurse"], {"version": "3"}, reason="misread")
    before = head()
    again = save(subject, people["nurse"], revision=None, key="k1")
    assert head() == before
    assert first.event is not None
    assert again.event is not None
    assert again.event.seq == first.event.seq
    assert (again.changed, again.queries_opened) == (first.changed, first.queries_opened)


@pytest.mark.parametrize("other", ["values", "person", "revision"])
def test_a_key_does_not_come_again_with_something_else(
    subject: Subject, people: People, other: str
) -> None:
    save(subject, people["nurse"], revision=None, key="k1")
    with pytest.raises(Repeated):
        save(
            subject,
            people["investigator" if other == "person" else "nurse"],
            {"signed": "no"} if other == "values" else COMPLETE,
            revision=3 if other == "revision" else None,
            key="k1",
        )


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_key_has_1_to_64_characters(subject: Subject, people: People, key: str) -> None:
    with pytest.raises(Repeated):
        save(subject, people["nurse"], key=key)


@pytest.mark.parametrize(
    "role", ["data_manager", "monitor", "statistician", "auditor", "administrator"]
)
def test_only_the_site_enters_data(subject: Subject, people: People, role: str) -> None:
    with pytest.raises(NotPermitted):
        save(subject, people[role])


def test_nobody_enters_data_of_another_site(people: People, record_db: str) -> None:
    other = Site.objects.create(code="02", name="Second")
    theirs = subjects.screen_subject(other, by=Actor.system("tests"))
    with pytest.raises(NotPermitted):
        save(theirs, people["nurse"])


@pytest.mark.parametrize(
    "wrong",
    [{"form": "nothing"}, {"repeat": 0}, {"answers": {"": Answer("x")}},
     {"answers": {"signed": Answer("yes", missing="unknown")}},
     {"answers": {"signed": Answer(missing="never")}}],
)  # fmt: skip
def test_what_no_page_asks_is_refused(
    subject: Subject, people: People, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        save(subject, people["nurse"], **wrong)


def test_a_contact_of_another_subject_is_refused(
    subject: Subject, people: People, site: Site
) -> None:
    nurse = people["nurse"]
    other = subjects.screen_subject(site, by=nurse)
    theirs = subjects.open_contact(other, by=nurse, label="Visit", held_on="2026-01-01")
    with pytest.raises(Refused, match="another subject"):
        save(subject, nurse, contact=theirs)


def test_a_form_is_complete_when_no_required_item_is_open(subject: Subject, people: People) -> None:
    nurse = people["nurse"]
    assert saved(subject, nurse, values={"signed": "yes"}).state == "started"
    assert saved(subject, nurse, values={"signed_on": "2026-01-01"}).state == "complete"
    assert saved(subject, nurse, values={"signed_on": ""}, reason="unsure").state == "started"


def test_a_reason_for_no_value_is_an_answer(subject: Subject, people: People) -> None:
    why = Answer(missing="unknown", why="the paper was lost")
    answers = {"signed": Answer("yes"), "signed_on": why}
    entry = save(subject, people["nurse"], answers=answers).entry
    assert entry is not None
    assert entry.state == "complete"
    found = ItemVersion.objects.get(item="signed_on")
    assert (found.missing, found.why, found.value) == ("unknown", "the paper was lost", "")


def test_a_change_takes_back_what_was_signed_and_voids_the_signature(
    subject: Subject, people: People
) -> None:
    entry = saved(subject, people["nurse"])
    signature = sign(entry, people["investigator"])
    assert now(entry).state == "signed"
    again = save(subject, people["nurse"], {"version": "3"}, reason="misread")
    assert again.event is not None
    assert now(signature).voided_by_id == again.event.seq
    assert again.voided == (signature.printed_name,)
    assert now(entry).state == "complete"


def test_an_added_answer_voids_a_signature_too(subject: Subject, people: People) -> None:
    required = {"signed": "yes", "signed_on": "2026-01-01"}
    signature = sign(saved(subject, people["nurse"], values=required), people["investigator"])
    save(subject, people["nurse"], {"version": "3"})
    assert now(signature).voided_by_id is not None


def test_nothing_is_saved_under_a_lock(subject: Subject, people: People) -> None:
    entry = saved(subject, people["nurse"])
    sign(entry, people["investigator"])
    lock_entry(entry, by=people["data_manager"])
    with pytest.raises(Locked):
        save(subject, people["nurse"], {"version": "3"}, reason="misread")


def aged(years: str) -> dict[str, Answer]:
    return {"age": Answer(years, unit="years")}


def test_an_edit_check_asks_and_never_refuses(subject: Subject, people: People) -> None:
    found = save(subject, people["nurse"], answers=aged("200"), form="demography", revision=None)
    (query,) = found.queries_opened
    assert (query.item, query.state, query.origin) == ("age", "open", "demography.age.range")
    assert "200" in query.messages.get().text


def test_an_answer_that_meets_the_check_closes_its_query(subject: Subject, people: People) -> None:
    first = save(subject, people["nurse"], answers=aged("200"), form="demography", revision=None)
    assert first.entry is not None
    second = save(
        subject, people["nurse"], answers=aged("20"), form="demography", reason="misread",
        revision=first.entry.revision,
    )  # fmt: skip
    (query,) = second.queries_closed
    assert (query.state, query.messages.last().text) == ("closed", "the value was changed")
    assert second.entry is not None
    third = save(
        subject, people["nurse"], answers=aged("201"), form="demography", reason="misread",
        revision=second.entry.revision,
    )  # fmt: skip
    assert len(third.queries_opened) == 1, "it fails again, and asks again"


def test_what_a_person_closed_is_not_asked_again(subject: Subject, people: People) -> None:
    first = save(subject, people["nurse"], answers=aged("200"), form="demography", revision=None)
    queries.close_query(first.queries_opened[0], text="she is 200", by=people["data_manager"])
    assert first.entry is not None
    again = save(
        subject, people["nurse"], {"sex": "F"}, form="demography", revision=first.entry.revision
    )
    assert again.queries_opened == ()
    assert Query.objects.get().state == "closed"


def test_a_check_of_another_form_asks_when_this_form_brings_what_it_looks_at(
    subject: Subject, people: People
) -> None:
    """The diagnosis says that systemic lupus is there; the criteria, filled in later, say no."""
    nurse = people["nurse"]
    save(subject, nurse, {"sle": "yes"}, form="diagnosis", revision=None)
    assert not Query.objects.filter(origin__startswith="diagnosis.check").exists()
    none = {field.item: "0" for field in fields_of(planned(), "acr").fields}
    found = save(subject, nurse, none, form="acr", revision=None)
    (query,) = found.queries_opened
    assert query.entry is not None
    assert query.entry.form == "diagnosis"


def test_data_entered_after_the_eligibility_was_signed_asks_for_it_again(
    subject: Subject, people: People
) -> None:
    signature = sign_eligibility(subject, people["investigator"])
    save(subject, people["nurse"])
    assert now(subject).state == "screening"
    assert now(signature).voided_by_id is not None


def test_after_enrolment_only_a_correction_voids_the_eligibility(
    subject: Subject, people: People
) -> None:
    save(subject, people["nurse"])
    signature = sign_eligibility(subject, people["investigator"])
    subjects.enrol(subject, by=people["investigator"])
    nurse = people["nurse"]
    later = save(subject, nurse, {"age": "30"}, form="demography", revision=None).entry
    assert later is not None
    save(subject, nurse, {"age": "31"}, form="demography", revision=later.revision, reason="slip")
    assert now(signature).voided_by_id is None, "what was not known then is corrected"
    save(subject, nurse, {"version": "3"}, reason="misread")
    assert now(signature).voided_by_id is not None
    assert now(subject).state == "enrolled"


def test_an_entry_carries_the_protocol_version_of_its_day(subject: Subject, people: People) -> None:
    nurse = people["nurse"]
    first = planned().protocol.versions[0]
    visit = subjects.open_contact(subject, by=nurse, label="V", held_on=first.date.isoformat())
    found = save_entry(
        subject, contact=visit, form="visit", answers={"visited": Answer("2026-01-01")},
        by=nurse, revision=None,
    )  # fmt: skip
    assert found.entry is not None
    assert found.entry.protocol_version == first.id


def test_a_save_takes_few_queries_and_one_commit(subject: Subject, people: People) -> None:
    """Whatever the number of items."""
    with CaptureQueriesContext(connection) as asked:
        save(subject, people["nurse"], revision=None, key="k1")
    statements = [query["sql"] for query in asked.captured_queries]
    assert len(statements) <= 14, "\n".join(statements)
    assert statements.count("COMMIT") == 1


def test_an_event_and_its_entry_name_each_other(subject: Subject, people: People) -> None:
    found = save(subject, people["nurse"])
    assert found.event is not None
    assert found.entry is not None
    event = AuditEvent.objects.get(seq=found.event.seq)
    assert (found.entry.revision, found.entry.event_id) == (event.seq, event.seq)
    assert set(Entry.objects.values_list("revision", flat=True)) == {event.seq}
    assert not Signature.objects.exists()
