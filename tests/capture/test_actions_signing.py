"""Queries, verification, signatures and locks: what is refused, and what is written."""

from collections.abc import Callable
from functools import partial

import pytest
from acts import People, now, save, saved, sign, sign_eligibility
from capture_records import PASSWORD

from pilotage.capture.actions import (
    Locked,
    MissingReason,
    NotPermitted,
    Overtaken,
    Refused,
    Repeated,
    WrongPassword,
    WrongState,
    access,
    locking,
    queries,
    signing,
    subjects,
    verifying,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.unlocking import ask_to_unlock, unlock_study, unlock_subject
from pilotage.capture.content import content_of, holds
from pilotage.capture.models import AuditEvent, Entry, Query, Signature, Site, Subject
from pilotage.capture.trail import head
from pilotage.capture.verify_trail import verify


@pytest.fixture
def entry(subject: Subject, people: People) -> Entry:
    return saved(subject, people["nurse"])


@pytest.fixture
def query(entry: Entry, people: People) -> Query:
    return queries.open_query(
        entry.subject, entry=entry, item="signed", text="Is that so?", by=people["monitor"]
    )


# -- queries


@pytest.mark.both_engines
def test_a_query_goes_from_question_to_answer_to_close(query: Query, people: People) -> None:
    queries.answer_query(query, text="It is.", by=people["nurse"])
    assert now(query).state == "answered"
    queries.close_query(query, by=people["data_manager"])
    queries.reopen_query(query, text="Which paper?", by=people["data_manager"])
    assert now(query).state == "open"
    said = list(query.messages.values_list("text", flat=True))
    assert said == ["Is that so?", "It is.", "Which paper?"]


def test_a_query_needs_words(entry: Entry, query: Query, people: People) -> None:
    with pytest.raises(Refused, match="words"):
        queries.open_query(entry.subject, entry=entry, text=" ", by=people["monitor"])
    with pytest.raises(Refused, match="words"):
        queries.answer_query(query, text="", by=people["nurse"])
    with pytest.raises(Refused, match="words"):
        queries.close_query(query, by=people["monitor"])
    assert now(query).state == "open"


def test_the_site_answers_and_does_not_close(query: Query, people: People) -> None:
    with pytest.raises(NotPermitted):
        queries.close_query(query, text="done", by=people["nurse"])
    with pytest.raises(NotPermitted):
        queries.answer_query(query, text="done", by=people["monitor"])


@pytest.mark.parametrize("step", ["answer", "close"])
def test_a_closed_query_is_neither_answered_nor_closed(
    query: Query, people: People, step: str
) -> None:
    queries.close_query(query, text="seen", by=people["monitor"])
    act = queries.answer_query if step == "answer" else queries.close_query
    by = people["nurse" if step == "answer" else "monitor"]
    with pytest.raises(WrongState, match="closed"):
        act(query, text="yes", by=by)


def test_a_query_is_about_an_entry_of_its_subject(entry: Entry, people: People, site: Site) -> None:
    other = subjects.screen_subject(site, by=people["nurse"])
    with pytest.raises(Refused, match="another subject"):
        queries.open_query(other, entry=entry, text="?", by=people["monitor"])


# -- verification


def test_an_entry_is_verified_by_a_monitor_as_it_was_seen(entry: Entry, people: People) -> None:
    with pytest.raises(NotPermitted):
        verifying.verify_entry(entry, by=people["nurse"], revision=entry.revision)
    with pytest.raises(Overtaken):
        verifying.verify_entry(entry, by=people["monitor"], revision=entry.revision - 1)
    found = verifying.verify_entry(entry, by=people["monitor"], revision=entry.revision)
    assert found.state == "verified"


def test_an_entry_that_is_not_complete_is_not_verified(subject: Subject, people: People) -> None:
    entry = saved(subject, people["nurse"], values={"signed": "yes"})
    with pytest.raises(WrongState, match="started"):
        verifying.verify_entry(entry, by=people["monitor"], revision=entry.revision)


@pytest.mark.parametrize("first", ["sign", "verify"])
def test_signing_and_verifying_go_in_either_order(entry: Entry, people: People, first: str) -> None:
    for step in ("sign", "verify") if first == "sign" else ("verify", "sign"):
        if step == "sign":
            sign(now(entry), people["investigator"])
        else:
            verifying.verify_entry(entry, by=people["monitor"], revision=now(entry).revision)
    assert now(entry).state == "verified and signed"
    save(entry.subject, people["nurse"], {"version": "3"}, reason="misread")
    assert now(entry).state == "complete"


# -- signatures


@pytest.mark.both_engines
def test_a_signature_holds_name_meaning_and_content(entry: Entry, people: People) -> None:
    found = sign(entry, people["investigator"])
    assert (found.printed_name, found.meaning) == ("Investigator Person", "approval")
    assert found.content == content_of(entry)
    assert holds(found)


def test_a_signature_needs_the_right_password_meaning_and_content(
    entry: Entry, people: People
) -> None:
    by = people["investigator"]
    with pytest.raises(WrongPassword):
        sign(entry, by, password="guess")
    with pytest.raises(Refused, match="authorship, review, approval"):
        sign(entry, by, meaning="whatever")
    with pytest.raises(Overtaken, match="consent"):
        sign(entry, by, seen="0" * 64)
    assert not Signature.objects.exists()


def test_a_page_made_before_a_change_signs_nothing(entry: Entry, people: People) -> None:
    seen = content_of(entry)
    save(entry.subject, people["nurse"], {"version": "3"}, reason="misread")
    with pytest.raises(Overtaken):
        sign(entry, people["investigator"], seen=seen)


def test_nobody_signs_for_another(entry: Entry, people: People) -> None:
    for role, by in people.items():
        if role != "investigator":
            with pytest.raises(NotPermitted):
                sign(entry, by)
    with pytest.raises(NotPermitted):
        sign(entry, Actor.system("demo"))


def test_a_superuser_is_nobody(entry: Entry, people: People) -> None:
    """Django's own flags mean nothing here."""
    person = people["administrator"].person
    person.is_superuser = person.is_staff = True
    with pytest.raises(NotPermitted):
        sign(entry, Actor(person))


def test_what_is_not_complete_is_not_signed(subject: Subject, people: People) -> None:
    entry = saved(subject, people["nurse"], values={"signed": "yes"})
    with pytest.raises(WrongState, match="started"):
        sign(entry, people["investigator"])


def test_a_second_meaning_is_a_second_signature(entry: Entry, people: People) -> None:
    sign(entry, people["investigator"], meaning="review")
    sign(entry, people["investigator"])
    assert list(Signature.objects.values_list("meaning", flat=True)) == ["review", "approval"]
    assert verify().faults == ()


def test_several_entries_are_signed_at_once_or_none(
    entry: Entry, subject: Subject, people: People
) -> None:
    other = saved(subject, people["nurse"], values={"age": "x"}, form="demography", revision=None)
    contents = {each.pk: content_of(each) for each in (entry, other)}
    with pytest.raises(WrongState, match="demography is started"):
        signing.sign_entries(
            subject, contents, by=people["investigator"], password=PASSWORD, meaning="approval"
        )
    assert now(entry).state == "complete"
    second = saved(subject, people["nurse"], repeat=2, revision=None)
    contents = {each.pk: content_of(each) for each in (entry, second)}
    before = head().seq
    found = signing.sign_entries(
        subject, contents, by=people["investigator"], password=PASSWORD, meaning="approval",
        key="k",
    )  # fmt: skip
    again = signing.sign_entries(
        subject, contents, by=people["investigator"], password=PASSWORD, meaning="approval",
        key="k",
    )  # fmt: skip
    assert [each.pk for each in again] == [each.pk for each in found]
    assert head().seq == before + 1
    with pytest.raises(Repeated):
        sign(entry, people["investigator"], key="k")


def test_nothing_chosen_and_others_entries_are_not_signed(
    entry: Entry, people: People, site: Site
) -> None:
    other = subjects.screen_subject(site, by=people["nurse"])
    given = {"by": people["investigator"], "password": PASSWORD, "meaning": "approval"}
    with pytest.raises(Refused, match="Nothing"):
        signing.sign_entries(other, {}, **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="another subject"):
        signing.sign_entries(other, {entry.pk: content_of(entry)}, **given)  # type: ignore[arg-type]


# -- locks


def test_an_entry_is_locked_when_it_is_signed_and_no_query_is_open(
    query: Query, people: People
) -> None:
    assert query.entry is not None
    entry, manager = query.entry, people["data_manager"]
    with pytest.raises(WrongState, match=r"not signed.*not closed"):
        locking.lock_entry(entry, by=manager)
    sign(entry, people["investigator"])
    with pytest.raises(WrongState, match="not closed"):
        locking.lock_entry(entry, by=manager)
    queries.close_query(query, text="seen", by=manager)
    with pytest.raises(NotPermitted):
        locking.lock_entry(entry, by=people["investigator"])
    assert locking.lock_entry(entry, by=manager).locked
    with pytest.raises(WrongState, match="locked already"):
        locking.lock_entry(entry, by=manager)


def test_a_locked_entry_is_neither_signed_nor_verified(entry: Entry, people: People) -> None:
    sign(entry, people["investigator"])
    locking.lock_entry(entry, by=people["data_manager"])
    with pytest.raises(Locked):
        sign(entry, people["investigator"], meaning="review")
    with pytest.raises(Locked):
        verifying.verify_entry(entry, by=people["monitor"], revision=now(entry).revision)


def test_unlocking_an_entry_needs_a_reason_and_keeps_its_signature(
    entry: Entry, people: People
) -> None:
    signature, manager = sign(entry, people["investigator"]), people["data_manager"]
    with pytest.raises(WrongState, match="not locked"):
        locking.unlock_entry(entry, by=manager, reason="late result")
    locking.lock_entry(entry, by=manager)
    with pytest.raises(MissingReason):
        locking.unlock_entry(entry, by=manager, reason="")
    locking.unlock_entry(entry, by=manager, reason="late result")
    assert now(entry).state == "signed"
    assert holds(now(signature))


@pytest.mark.both_engines
def test_a_subject_and_then_the_study_are_locked_when_all_is_done(
    query: Query, subject: Subject, people: People
) -> None:
    manager, investigator = people["data_manager"], people["investigator"]
    with pytest.raises(WrongState, match=r"not signed: 1.*not closed: 1.*still screening"):
        locking.lock_subject(subject, by=manager)
    with pytest.raises(WrongState, match="not locked: 1"):
        locking.lock_study(by=manager)
    queries.close_query(query, text="seen", by=manager)
    sign_eligibility(subject, investigator)
    subjects.enrol(subject, by=investigator)
    subjects.complete_participation(subject, by=investigator)
    sign(Entry.objects.get(), investigator)
    assert locking.lock_subject(subject, by=manager).locked
    locking.lock_study(by=manager)
    assert locking.study_is_locked()
    with pytest.raises(WrongState):
        locking.lock_study(by=manager)
    for what in (None, subject):
        unlock = unlocks(what)
        with pytest.raises(WrongState, match="Nobody asked"):
            unlock(by=investigator, password=PASSWORD)
        with pytest.raises(MissingReason):
            ask_to_unlock(what, by=manager, password=PASSWORD, reason="")
        with pytest.raises(WrongPassword):
            ask_to_unlock(what, by=manager, password="guess", reason="late result")
        with pytest.raises(NotPermitted):
            ask_to_unlock(what, by=investigator, password=PASSWORD, reason="late result")
        ask_to_unlock(what, by=manager, password=PASSWORD, reason="late result")
        with pytest.raises(WrongState, match="another person"):
            unlock(by=manager, password=PASSWORD)
        with pytest.raises(WrongPassword):
            unlock(by=investigator, password="guess")
        with pytest.raises(NotPermitted):
            unlock(by=people["monitor"], password=PASSWORD)
        unlock(by=investigator, password=PASSWORD)
        with pytest.raises(WrongState):
            unlock(by=investigator, password=PASSWORD)
    assert (now(subject).locked, locking.study_is_locked()) == (False, False)
    event = AuditEvent.objects.get(action="subject unlocked")
    assert (event.reason, event.user_name) == ("late result", "investigator")
    assert verify().faults == ()


def test_what_was_asked_before_a_lock_opens_it_no_more(subject: Subject, people: People) -> None:
    manager, investigator = people["data_manager"], people["investigator"]
    subjects.record_screen_failure(subject, by=people["nurse"], reason="no consent")
    for _ in range(2):
        locking.lock_subject(subject, by=manager)
        with pytest.raises(WrongState, match="Nobody asked"):
            unlock_subject(subject, by=investigator, password=PASSWORD)
        ask_to_unlock(subject, by=manager, password=PASSWORD, reason="late result")
        unlock_subject(subject, by=investigator, password=PASSWORD)


def unlocks(what: Subject | None) -> Callable[..., object]:
    return unlock_study if what is None else partial(unlock_subject, what)


def test_the_lock_of_the_study_needs_a_role_at_all_sites(people: People, site: Site) -> None:
    by = Actor.system("tests")
    user = access.add_user(
        "local", by=by, first_name="L", last_name="P", password="under the old bridge again"
    )
    access.grant_role(user, "data_manager", site, by=by)
    with pytest.raises(NotPermitted):
        locking.lock_study(by=Actor(user))
