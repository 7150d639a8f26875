"""Opening what was locked for analysis, a subject or the study: one person asks and says why, and
another agrees; each gives the password again."""

from typing import Final

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Act, Actor, acting, refuse_when_study_locked
from pilotage.capture.actions.locking import study_is_locked
from pilotage.capture.actions.password import sure_of
from pilotage.capture.actions.refused import NotPermitted, WrongState
from pilotage.capture.models import AuditEvent, StudyState, Subject
from pilotage.capture.permissions import Permission, may_everywhere, role_somewhere
from pilotage.capture.states import STUDY, after

ASKED: Final = "unlock asked"
_SUBJECT: Final = (ASKED, "subject locked", "subject unlocked")
_STUDY: Final = (ASKED, "study locked", "study unlocked")


def ask_to_unlock(
    subject: Subject | None, *, by: Actor, password: str, reason: str, key: str | None = None
) -> None:
    """Ask for the unlocking of a subject, or (None) of the study, and say why."""
    sure_of(by, password)
    asked = {"subject": subject.usubjid if subject else "", "reason": reason}
    with acting("unlock asked", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return
        _permit(act, subject, "unlock_record")
        _refuse_unlocked(subject)
        act.because(reason, of=_("to unlock"))


def unlock_subject(
    subject: Subject, *, by: Actor, password: str, key: str | None = None
) -> Subject:
    """Agree to what another person asked for; entries with a lock of their own stay locked."""
    sure_of(by, password)
    asked = {"subject": subject.usubjid}
    with acting("subject unlocked", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Subject.objects.get(pk=subject.pk)
        found = _permit(act, subject, "agree_to_unlock")
        assert found is not None  # a subject was given
        _agree(act, found)
        return act.change(found, locked=False)


def unlock_study(*, by: Actor, password: str, key: str | None = None) -> None:
    """Agree to what another person asked for; the subjects of the study stay locked."""
    sure_of(by, password)
    with acting("study unlocked", by=by, key=key, asked={}) as act:
        if act.earlier is not None:
            return
        _permit(act, None, "agree_to_unlock")
        _agree(act, None)
        present = StudyState.objects.get()
        state = after(STUDY, present.state, "unlock")
        assert state is not None  # it is locked
        act.change(present, state=state, event_id=act.seq)


def asked_for(subject: Subject | None) -> AuditEvent | None:
    """The event by which the unlocking of a subject, or (None) of the study, was asked for since it
    was locked."""
    actions, code = (_SUBJECT, subject.usubjid) if subject else (_STUDY, "")
    found = AuditEvent.objects.filter(subject=code, action__in=actions)
    last = found.order_by("-seq").first()
    return last if last is not None and last.action == ASKED else None


def _permit(act: Act, subject: Subject | None, permission: Permission) -> Subject | None:
    """The subject as it stands. Of the study decides who has the role at every site."""
    if subject is not None:
        found = act.concern(subject, permission, locked=True)
        refuse_when_study_locked()
        return found
    if not may_everywhere(act.by.person, permission):
        words = _("%(name)s has no role that allows it here: %(permission)s")
        said = {"name": act.by.user_name, "permission": permission.replace("_", " ")}
        raise NotPermitted(words % said)
    act.role = role_somewhere(act.by.person, permission) or ""
    return None


def _agree(act: Act, subject: Subject | None) -> None:
    """Raise WrongState unless somebody else asked for it."""
    _refuse_unlocked(subject)
    asked = asked_for(subject)
    if asked is None:
        raise WrongState(_("Nobody asked for the unlocking yet."))
    if asked.user_id == act.by.person.pk:
        raise WrongState(_("You asked for it yourself: another person has to agree."))
    act.reason, act.told = asked.reason, {"asked_by": asked.user_name, "asked_in": asked.seq}


def _refuse_unlocked(subject: Subject | None) -> None:
    if subject is None and not study_is_locked():
        raise WrongState(_("The study is in that state already."))
    if subject is not None and not Subject.objects.get(pk=subject.pk).locked:
        raise WrongState(_("The subject is not locked."))
