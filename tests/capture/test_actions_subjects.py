"""A subject's way through the trial: what is refused, and what is written."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from acts import COMPLETE, People, now, save, saved, sign, sign_eligibility
from capture_records import PASSWORD

from pilotage.capture import clock
from pilotage.capture.actions import (
    Locked,
    MissingReason,
    NotPermitted,
    Overtaken,
    Refused,
    WrongPassword,
    WrongState,
    access,
    confirming,
    locking,
    subjects,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.unlocking import ask_to_unlock, unlock_subject
from pilotage.capture.content import holds
from pilotage.capture.models import AuditEvent, Contact, Site, Subject, User
from pilotage.capture.trail import head


def test_subjects_are_numbered_site_by_site(site: Site, people: People) -> None:
    found = [subjects.screen_subject(site, by=people["nurse"]).usubjid for _ in range(2)]
    assert found == ["01-001", "01-002"]


def test_a_given_code_stands_and_is_used_once(site: Site, people: People) -> None:
    assert subjects.screen_subject(site, by=people["nurse"], usubjid="LEN-7").usubjid == "LEN-7"
    with pytest.raises(Refused, match="already"):
        subjects.screen_subject(site, by=people["nurse"], usubjid="len-7")


@pytest.mark.parametrize("code", ["a b", "../x", "-1", "é", "x" * 41, "a/b"])
def test_a_code_is_safe_in_addresses_and_file_names(site: Site, people: People, code: str) -> None:
    with pytest.raises(Refused, match="letters, digits"):
        subjects.screen_subject(site, by=people["nurse"], usubjid=code)


@pytest.mark.both_engines
def test_screening_twice_with_one_key_makes_one_subject(site: Site, people: People) -> None:
    first = subjects.screen_subject(site, by=people["nurse"], key="k")
    assert subjects.screen_subject(site, by=people["nurse"], key="k") == first
    assert Subject.objects.count() == 1


@pytest.mark.parametrize(
    "day", ["1 May 2026", "2026-13", "2026-1-1", "26", "2026-02-45", "2026-02-30", "٢٠٢٦"]
)
def test_the_day_of_a_contact_is_written_in_one_way(
    subject: Subject, people: People, day: str
) -> None:
    with pytest.raises(Refused, match="2026-11-23"):
        subjects.open_contact(subject, by=people["nurse"], label="Visit", held_on=day)


def test_a_contact_is_not_held_in_the_future(subject: Subject, people: People) -> None:
    """One day ahead may be today where the site is; a month or year counts from its first day."""
    present = clock.now().date()
    ahead = present + timedelta(days=2)
    for day in (str(ahead), f"{present.year + 2}", f"{present.year + 2}-01"):
        with pytest.raises(Refused, match="future"):
            subjects.open_contact(subject, by=people["nurse"], label="Visit", held_on=day)
    for day in (str(present + timedelta(days=1)), str(present)[:7], f"{present.year}"):
        held = subjects.open_contact(subject, by=people["nurse"], label="Visit", held_on=day)
        with pytest.raises(Refused, match="future"):
            subjects.change_contact(
                held, by=people["nurse"], label="Visit", held_on=str(ahead), reason="moved"
            )


def test_a_contact_needs_a_name(subject: Subject, people: People) -> None:
    with pytest.raises(Refused, match="name"):
        subjects.open_contact(subject, by=people["nurse"], label=" ", held_on="2026-01-01")


def moved(contact: Contact, by: Actor, **rest: str) -> Contact:
    given = {"label": "Visit", "held_on": "2026-01-02", "reason": "misread"}
    return subjects.change_contact(contact, by=by, **{**given, **rest})


def test_a_corrected_day_needs_a_reason_and_voids_what_was_signed(
    subject: Subject, people: People
) -> None:
    nurse = people["nurse"]
    contact = subjects.open_contact(subject, by=nurse, label="Visit", held_on="2026-01-01")
    entry = saved(subject, nurse, contact=contact)
    signature = sign(entry, people["investigator"])
    with pytest.raises(MissingReason):
        moved(contact, nurse, reason="")
    moved(contact, nurse)
    assert now(signature).voided_by_id == AuditEvent.objects.order_by("-seq")[0].seq
    assert now(entry).state == "complete"
    before = head()
    moved(contact, nurse)
    assert head() == before, "what stands there already is no change"


def test_a_corrected_day_binds_the_entries_to_the_protocol_of_that_day(
    subject: Subject, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse = people["nurse"]
    contact = subjects.open_contact(subject, by=nurse, label="Visit", held_on="2026-01-01")
    entry = saved(subject, nurse, contact=contact)
    monkeypatch.setattr(
        subjects, "version_of", lambda found: f"in force on {found.held_on}", raising=True
    )
    moved(contact, nurse)
    assert now(entry).protocol_version == "in force on 2026-01-02"


def test_a_contact_of_a_locked_entry_does_not_move(subject: Subject, people: People) -> None:
    nurse = people["nurse"]
    contact = subjects.open_contact(subject, by=nurse, label="Visit", held_on="2026-01-01")
    entry = saved(subject, nurse, contact=contact)
    sign(entry, people["investigator"])
    locking.lock_entry(entry, by=people["data_manager"])
    with pytest.raises(WrongState, match="locked"):
        moved(contact, nurse)


@pytest.mark.both_engines
def test_eligibility_is_signed_before_enrolment(subject: Subject, people: People) -> None:
    investigator = people["investigator"]
    with pytest.raises(WrongState, match="screening"):
        subjects.enrol(subject, by=investigator)
    signature = sign_eligibility(subject, investigator)
    assert holds(signature)
    assert now(subject).state == "eligible"
    assert subjects.enrol(subject, by=investigator).state == "enrolled"


def test_nobody_but_an_investigator_signs_eligibility(subject: Subject, people: People) -> None:
    for role, by in people.items():
        if role != "investigator":
            with pytest.raises(NotPermitted):
                sign_eligibility(subject, by)


def test_the_application_itself_signs_nothing(subject: Subject, people: People) -> None:
    with pytest.raises(NotPermitted, match="Only a person"):
        sign_eligibility(subject, Actor.system("demo"))


@pytest.mark.parametrize(
    "verdict, unknown, reason, refused",
    [
        ("eligible", (), "", False),
        ("eligible", ("EX05",), "", True),
        ("not eligible", (), "", True),
        ("not eligible", (), "the sponsor agrees", True),
        ("not known", ("EX05",), "", True),
        ("not known", (), "the letter of the clinic of 2026-01-01", True),
        ("not known", ("EX05",), "the letter of the clinic of 2026-01-01", False),
        ("not known", ("EX05", "IN08"), "she told me that she agrees", True),
        ("not known", ("EX01A",), "she told me that she is not pregnant", True),
        ("", (), "whatever", True),
    ],
)
def test_what_the_criteria_say_binds_the_signature(
    subject: Subject,
    people: People,
    verdict: str,
    unknown: tuple[str, ...],
    reason: str,
    refused: bool,
) -> None:
    given = {"verdict": verdict, "unknown": unknown, "reason": reason}
    if refused:
        with pytest.raises(WrongState):
            sign_eligibility(subject, people["investigator"], **given)
    else:
        sign_eligibility(subject, people["investigator"], **given)
    assert now(subject).state == ("screening" if refused else "eligible")


def test_eligibility_is_signed_for_what_was_seen(subject: Subject, people: People) -> None:
    with pytest.raises(Overtaken):
        sign_eligibility(subject, people["investigator"], seen="0" * 64)


def test_eligibility_needs_the_password_again(subject: Subject, people: People) -> None:
    with pytest.raises(WrongPassword):
        sign_eligibility(subject, people["investigator"], password="guess")
    assert now(subject).state == "screening"


def test_a_screen_failure_needs_a_reason_and_ends_the_eligibility(
    subject: Subject, people: People
) -> None:
    signature = sign_eligibility(subject, people["investigator"])
    with pytest.raises(MissingReason):
        subjects.record_screen_failure(subject, by=people["nurse"], reason="")
    subjects.record_screen_failure(subject, by=people["nurse"], reason="moved away")
    assert now(subject).state == "screen failure"
    assert now(signature).voided_by_id is not None
    with pytest.raises(WrongState):
        subjects.enrol(subject, by=people["investigator"])


def enrolled(subject: Subject, people: People) -> Subject:
    sign_eligibility(subject, people["investigator"])
    return subjects.enrol(subject, by=people["investigator"])


def test_an_end_recorded_by_mistake_is_taken_back_for_a_reason(
    subject: Subject, people: People
) -> None:
    enrolled(subject, people)
    subjects.withdraw(subject, by=people["investigator"], reason="her wish")
    with pytest.raises(MissingReason):
        subjects.take_back(subject, by=people["data_manager"], reason="")
    with pytest.raises(NotPermitted):
        subjects.take_back(subject, by=people["nurse"], reason="another subject")
    found = subjects.take_back(subject, by=people["data_manager"], reason="another subject")
    assert found.state == "enrolled"


@pytest.mark.parametrize("verdict", ["blocked", "not known", "", "eligible"])
def test_the_treatment_is_not_released_unless_the_rules_allow_it(
    subject: Subject, people: People, verdict: str
) -> None:
    enrolled(subject, people)
    with pytest.raises(WrongState):
        subjects.release_treatment(subject, by=people["pharmacist"], verdict=verdict)


def test_the_treatment_is_released_to_an_enrolled_subject_only(
    subject: Subject, people: People
) -> None:
    with pytest.raises(WrongState, match="not enrolled"):
        subjects.release_treatment(subject, by=people["pharmacist"], verdict="allowed")
    enrolled(subject, people)
    subjects.release_treatment(subject, by=people["pharmacist"], verdict="allowed", key="k")
    before = head()
    subjects.release_treatment(subject, by=people["pharmacist"], verdict="allowed", key="k")
    assert head() == before
    with pytest.raises(NotPermitted):
        subjects.release_treatment(subject, by=people["nurse"], verdict="allowed")


def test_data_are_entered_whatever_the_rules_say(subject: Subject, people: People) -> None:
    subjects.record_screen_failure(subject, by=people["nurse"], reason="no consent")
    assert save(subject, people["nurse"]).changed == tuple(COMPLETE)


Act = Callable[[Subject, People], object]
LOCKED_ACTS: dict[str, Act] = {
    "save": lambda s, p: save(s, p["nurse"]),
    "contact": lambda s, p: subjects.open_contact(s, by=p["nurse"], label="V", held_on="2026"),
    "eligibility": lambda s, p: sign_eligibility(s, p["investigator"]),
    "enrol": lambda s, p: subjects.enrol(s, by=p["investigator"]),
    "failure": lambda s, p: subjects.record_screen_failure(s, by=p["nurse"], reason="x"),
    "release": lambda s, p: subjects.release_treatment(s, by=p["nurse"], verdict="allowed"),
    "take back": lambda s, p: subjects.take_back(s, by=p["data_manager"], reason="x"),
}


@pytest.mark.parametrize("name", LOCKED_ACTS)
def test_nothing_of_a_locked_subject_changes(subject: Subject, people: People, name: str) -> None:
    subjects.record_screen_failure(subject, by=people["nurse"], reason="no consent")
    locking.lock_subject(subject, by=people["data_manager"])
    before = head()
    with pytest.raises((Locked, NotPermitted)):
        LOCKED_ACTS[name](subject, people)
    assert head() == before


def test_nothing_changes_in_a_locked_study(subject: Subject, people: People, site: Site) -> None:
    subjects.record_screen_failure(subject, by=people["nurse"], reason="no consent")
    locking.lock_subject(subject, by=people["data_manager"])
    locking.lock_study(by=people["data_manager"])
    with pytest.raises(Locked, match="study"):
        subjects.screen_subject(site, by=people["nurse"])
    with pytest.raises(Locked, match="study"):
        ask_to_unlock(subject, by=people["data_manager"], password=PASSWORD, reason="late result")
    with pytest.raises(Locked, match="study"):
        unlock_subject(subject, by=people["investigator"], password=PASSWORD)


def test_people_whose_password_another_one_set_sign_nothing(
    subject: Subject, people: People
) -> None:
    investigator = people["investigator"]
    access.set_password(investigator.person, "a password from afar", by=people["administrator"])
    with pytest.raises(WrongState, match="password of your own"):
        sign_eligibility(subject, investigator, password="a password from afar")


def test_whoever_resets_a_password_cannot_sign_as_its_person_alone(
    subject: Subject, people: People
) -> None:
    """The administrator who resets it may take the account over; it takes another person to let it
    sign again, neither the administrator nor whoever now uses the account."""
    investigator, administrator = people["investigator"], people["administrator"]
    taken = "the administrator took it over"
    access.set_password(investigator.person, "one time password", by=administrator)
    access.set_password(
        User.objects.get(username="investigator"), taken, by=investigator, old="one time password"
    )
    with pytest.raises(WrongState, match="confirm first"):
        sign_eligibility(subject, investigator, password=taken)
    confirm = partial(confirming.confirm_identity, investigator.person, reason="called her")
    with pytest.raises(NotPermitted, match="no role"):
        confirm(by=administrator, password=PASSWORD)
    with pytest.raises(WrongState, match="confirm first"):
        confirm(by=investigator, password=taken)
    with pytest.raises(NotPermitted):
        confirm(by=people["pharmacist"], password=PASSWORD)
    with pytest.raises(MissingReason):
        confirming.confirm_identity(
            investigator.person, by=people["monitor"], password=PASSWORD, reason=" "
        )
    confirm(by=people["monitor"], password=PASSWORD)
    with pytest.raises(WrongState, match="Nobody else"):
        confirm(by=people["monitor"], password=PASSWORD)
    assert sign_eligibility(subject, investigator, password=taken).printed_name


def test_where_everybody_was_reset_one_of_them_begins(people: People) -> None:
    """As after a restore under a new key. Otherwise whoever waits for it confirms nobody."""
    administrator, own = people["administrator"], "a new one of my own"
    for role in ("data_manager", "monitor", "investigator", "nurse"):
        person = people[role]
        access.set_password(person.person, "one time password", by=administrator)
        changed = User.objects.get(username=role)
        access.set_password(changed, own, by=person, old="one time password")
        told = {"by": person, "password": own, "reason": "seen"}
        if role == "monitor":
            with pytest.raises(WrongState, match="confirm first"):
                confirming.confirm_identity(people["data_manager"].person, **told)  # type: ignore[arg-type]
    assert AuditEvent.objects.filter(action="identity confirmed").count() == 0
    confirming.confirm_identity(people["investigator"].person, **told)  # type: ignore[arg-type]
    with pytest.raises(WrongState, match="confirm first"):
        confirming.confirm_identity(people["nurse"].person, **told)  # type: ignore[arg-type]


def test_a_person_is_asked_to_wait_after_many_wrong_passwords(
    subject: Subject, people: People
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_eligibility(subject, people["investigator"], password="guess")
    with pytest.raises(Refused, match="quarter of an hour"):
        sign_eligibility(subject, people["investigator"], password=PASSWORD)
    assert AuditEvent.objects.filter(action="password refused").count() == 5
