"""Locks: under one nothing changes any more. An entry is unlocked by one person for a reason; a
subject and the study by two (`unlocking.py`)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from pilotage.capture import policies
from pilotage.capture.actions.acting import Act, Actor, acting, refuse_when_study_locked
from pilotage.capture.actions.refused import WrongState
from pilotage.capture.models import Entry, StudyState, Subject
from pilotage.capture.permissions import Permission
from pilotage.capture.states import STUDY, after


def lock_entry(entry: Entry, *, by: Actor, key: str | None = None) -> Entry:
    """Lock an entry that is signed and has no open query."""
    with acting("entry locked", by=by, key=key, asked={"entry": entry.pk}) as act:
        found = _entry(act, entry, "lock_record")
        if act.earlier is None:
            _refuse(found.locked, _("The entry is locked already."))
            _refuse_for(policies.against_locking_entry(found))
            act.change(found, locked=True, revision=act.seq)
        return found


def unlock_entry(entry: Entry, *, by: Actor, reason: str, key: str | None = None) -> Entry:
    """Unlock an entry for a reason."""
    asked = {"entry": entry.pk, "reason": reason}
    with acting("entry unlocked", by=by, key=key, asked=asked) as act:
        found = _entry(act, entry, "unlock_record")
        if act.earlier is None:
            act.because(reason, of=_("to unlock an entry"))
            _refuse(not found.locked, _("The entry is not locked."))
            act.change(found, locked=False, revision=act.seq)
        return found


def lock_subject(subject: Subject, *, by: Actor, key: str | None = None) -> Subject:
    """Lock a subject: every entry signed, no query open, the end of participation recorded."""
    with acting("subject locked", by=by, key=key, asked={"subject": subject.usubjid}) as act:
        found = _subject(act, subject, "lock_record")
        if act.earlier is None:
            _refuse(found.locked, _("The subject is locked already."))
            _refuse_for(policies.against_locking_subject(found))
            act.change(found, locked=True)
        return found


def lock_study(*, by: Actor, key: str | None = None) -> None:
    """Lock the study: every subject is locked. What is analysed last is cut from this."""
    with acting("study locked", by=by, key=key, asked={}) as act:
        if act.earlier is None:
            act.permit("lock_record", None)
            state = _study_after("lock")
            _refuse_for(policies.against_locking_study())
            _put(act, state)


def study_is_locked() -> bool:
    """Whether the study is locked. One query."""
    return StudyState.objects.filter(state="locked").exists()


def _entry(act: Act, entry: Entry, permission: Permission) -> Entry:
    """The entry as it stands; for a new act with everything that a lock of it needs."""
    found = Entry.objects.select_related("subject", "contact").get(pk=entry.pk)
    if act.earlier is None:
        act.concern(found.subject, permission)
        act.place = f"{found.contact.label}: {found.form}" if found.contact else found.form
    return found


def _subject(act: Act, subject: Subject, permission: Permission) -> Subject:
    if act.earlier is not None:
        return Subject.objects.get(pk=subject.pk)
    found = act.concern(subject, permission, locked=True)
    refuse_when_study_locked()
    return found


def _study_after(step: str) -> str:
    present = StudyState.objects.first()
    state = after(STUDY, present.state if present else "open", step)
    _refuse(state is None, _("The study is in that state already."))
    assert state is not None
    return state


def _put(act: Act, state: str) -> None:
    present = StudyState.objects.first()
    if present is None:
        act.add(StudyState(state=state))
    else:
        act.change(present, state=state, event_id=act.seq)


def _refuse(wrong: bool, words: str) -> None:
    if wrong:
        raise WrongState(words)


def _refuse_for(against: Sequence[str]) -> None:
    if against:
        raise WrongState(" ".join(against))
