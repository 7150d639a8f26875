"""A subject's way through the trial, from screening to the end of participation."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from pilotage.capture import policies
from pilotage.capture.actions.acting import (
    Act,
    Actor,
    acting,
    refuse_when_study_locked,
    rows_written,
)
from pilotage.capture.actions.entries import version_of
from pilotage.capture.actions.password import sure_of
from pilotage.capture.actions.refused import Overtaken, Refused, WrongState
from pilotage.capture.actions.signatures import sign_rows, void_signatures
from pilotage.capture.clock import now
from pilotage.capture.content import content_of_subject
from pilotage.capture.models import Contact, Signature, Site, Subject
from pilotage.capture.permissions import Permission
from pilotage.capture.states import SUBJECT, after

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
AHEAD: Final = timedelta(days=1)
"""The server's day is that of UTC; that of a site can be the next one."""
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def screen_subject(site: Site, *, by: Actor, usubjid: str = "", key: str | None = None) -> Subject:
    """Begin to screen a person, known by a code alone; "" gives the next number of the site."""
    asked = {"site": site.code, "usubjid": usubjid}
    with acting("subject screened", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Subject.objects.get(pk=rows_written(act.earlier, Subject)[0])
        act.permit("screen_subject", site)
        refuse_when_study_locked()
        code = usubjid or _next_number(site)
        if not _CODE.fullmatch(code):
            words = _("A subject's code has letters, digits and . _ - (at most 40): %(code)s")
            raise Refused(words % {"code": code})
        if Subject.objects.filter(usubjid__iexact=code).exists():
            raise Refused(_("There is a subject %(code)s already.") % {"code": code})
        act.subject = code
        return act.add(Subject(site=site, usubjid=code, state=_next(SUBJECT, "", "screen")))


def open_contact(
    subject: Subject,
    *,
    by: Actor,
    planned: str = "",
    number: float | None = None,
    label: str,
    held_on: str,
    order: int = 0,
    key: str | None = None,
) -> Contact:
    """Open a visit, or a test on a calendar of its own, that took place on `held_on`."""
    given = {"planned": planned, "number": number, "label": label}
    given |= {"held_on": held_on, "order": order}
    asked = {"subject": subject.usubjid, **given}
    with acting("contact opened", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Contact.objects.get(pk=rows_written(act.earlier, Contact)[0])
        found = act.concern(subject, "open_contact")
        act.place = label
        _refuse_contact(label, held_on)
        return act.add(Contact(subject=found, **given))


def change_contact(
    contact: Contact,
    *,
    by: Actor,
    label: str,
    held_on: str,
    reason: str,
    key: str | None = None,
) -> Contact:
    """Correct the day or the name of a contact. Signatures under its entries are void, and the
    entries belong to the version of the protocol that was in force on the day."""
    asked = {"contact": contact.pk, "label": label, "held_on": held_on, "reason": reason}
    with acting("contact changed", by=by, key=key, asked=asked) as act:
        found = Contact.objects.select_related("subject").get(pk=contact.pk)
        if act.earlier is not None:
            return found
        subject = act.concern(found.subject, "open_contact")
        act.place = label
        _refuse_contact(label, held_on)
        entries = list(found.entries.select_related("subject"))
        if any(entry.locked for entry in entries):
            raise WrongState(_("An entry of this contact is locked."))
        if (found.label, found.held_on) == (label, held_on):
            act.silent = True
            return found
        act.because(reason, of=_("to change a contact"))
        void_signatures(act, subject, entries, corrected=found.event_id)
        act.change(found, label=label, held_on=held_on)
        for entry in entries:
            state = "started" if entry.state == "started" else "complete"
            version = version_of(found)
            act.change(entry, state=state, revision=act.seq, protocol_version=version)
        return found


def sign_eligibility(
    subject: Subject,
    *,
    by: Actor,
    password: str,
    seen: str,
    verdict: str,
    unknown: Sequence[str] = (),
    reason: str = "",
    key: str | None = None,
) -> Signature:
    """Sign that a subject may enter. `seen` is `content_of_subject` of what the page showed,
    `verdict` what the protocol's criteria say of it (`policies.Verdict`), `unknown` the criteria
    that are not known."""
    sure_of(by, password)
    asked: dict[str, Any] = {"subject": subject.usubjid, "seen": seen, "verdict": verdict}
    asked |= {"unknown": list(unknown), "reason": reason}
    with acting("eligibility signed", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Signature.objects.get(pk=rows_written(act.earlier, Signature)[0])
        found = act.concern(subject, "sign_eligibility")
        state = _next(SUBJECT, found.state, "sign eligibility")
        _refuse(policies.against_eligibility(verdict, reason, unknown))
        content = content_of_subject(found)
        if seen != content:
            raise Overtaken(_("The subject's data changed since the page was made; look again."))
        act.reason, act.told = reason.strip(), {"verdict": verdict, "unknown": list(unknown)}
        act.change(found, state=state)
        return sign_rows(act, found, {None: content}, "eligibility")[0]


def enrol(subject: Subject, *, by: Actor, key: str | None = None) -> Subject:
    """Enter a subject into the trial, once its eligibility was signed."""
    with acting("subject enrolled", by=by, key=key, asked={"subject": subject.usubjid}) as act:
        if act.earlier is not None:
            return Subject.objects.get(pk=subject.pk)
        found = act.concern(subject, "enrol_subject")
        state = _next(SUBJECT, found.state, "enrol")
        _refuse(policies.against_enrolment(found))
        return act.change(found, state=state)


def record_screen_failure(
    subject: Subject, *, by: Actor, reason: str, key: str | None = None
) -> Subject:
    """Record that a subject does not enter, and why."""
    return _move(subject, "fail screening", "screen_subject", by, reason, key)


def complete_participation(
    subject: Subject, *, by: Actor, reason: str = "", key: str | None = None
) -> Subject:
    """Record that a subject took part to the end that the protocol plans."""
    words = reason or _("as the protocol plans")
    return _move(subject, "complete", "end_participation", by, words, key)


def withdraw(subject: Subject, *, by: Actor, reason: str, key: str | None = None) -> Subject:
    """Record that a subject left the trial, and why. What was recorded stays."""
    return _move(subject, "withdraw", "end_participation", by, reason, key)


def take_back(subject: Subject, *, by: Actor, reason: str, key: str | None = None) -> Subject:
    """Take back a screen failure or an end of participation that was recorded by mistake."""
    return _move(subject, "take back", "take_back", by, reason, key)


def release_treatment(
    subject: Subject,
    *,
    by: Actor,
    verdict: str,
    told: Sequence[str] = (),
    contact: Contact | None = None,
    key: str | None = None,
) -> None:
    """Record that the treatment may be handed out today. `verdict` is what the protocol's rules say
    (`policies.Release`), `told` its reasons as they were shown."""
    asked = {
        "subject": subject.usubjid,
        "verdict": verdict,
        "told": list(told),
        "contact": contact.pk if contact else None,
    }
    with acting("treatment released", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return
        found = act.concern(subject, "release_treatment")
        act.place = contact.label if contact else ""
        if contact is not None and contact.subject_id != found.pk:
            raise Refused(_("This contact is another subject's."))
        _refuse(
            [*policies.against_release(found, verdict), *(told if verdict != "allowed" else ())]
        )
        act.told = {"verdict": verdict, "told": list(told)}


_DONE: Final = {
    "fail screening": "screen failure recorded",
    "complete": "participation completed",
    "withdraw": "subject withdrawn",
    "take back": "end taken back",
}


def _move(
    subject: Subject, step: str, permission: Permission, by: Actor, reason: str, key: str | None
) -> Subject:
    """One step of a subject's way for which a reason is given."""
    asked: dict[str, Any] = {"subject": subject.usubjid, "step": step, "reason": reason}
    with acting(_DONE[step], by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Subject.objects.get(pk=subject.pk)
        found = act.concern(subject, permission)
        state = _next(SUBJECT, found.state, step)
        act.because(reason, of=f"{found.usubjid}: {step}")
        if step == "fail screening":
            _void_eligibility(act, found)
        return act.change(found, state=state)


def _void_eligibility(act: Act, subject: Subject) -> None:
    for signature in subject.signatures.filter(entry=None, voided_by=None):
        act.change(signature, voided_by_id=act.seq)


def _next(table: Any, state: str, step: str) -> str:
    """The state after a step. Raises WrongState where it cannot follow."""
    following = after(table, state, step)
    if following is None:
        words = _("The subject is %(state)s; this cannot follow: %(step)s.")
        raise WrongState(words % {"state": state, "step": step})
    return following


def _next_number(site: Site) -> str:
    """The next number of a site: its code and three digits."""
    used = [
        int(code[len(site.code) + 1 :])
        for code in Subject.objects.filter(site=site).values_list("usubjid", flat=True)
        if re.fullmatch(re.escape(site.code) + r"-\d{1,9}", code)
    ]
    return f"{site.code}-{max(used, default=0) + 1:03d}"


def _refuse(against: Sequence[str]) -> None:
    if against:
        raise WrongState(" ".join(against))


def _refuse_contact(label: str, held_on: str) -> None:
    if not label.strip():
        raise Refused(_("A contact needs a name."))
    if len(label) > 200:
        raise Refused(_("A name has at most %(most)s characters.") % {"most": 200})
    if not held_on:
        return
    first = _first_day(held_on)
    if first is None:
        words = _("The day of a contact is written as 2026-11-23, 2026-11 or 2026: %(day)s")
        raise Refused(words % {"day": held_on})
    if first > now().date() + AHEAD:
        words = _("The day of a contact cannot lie in the future: %(day)s")
        raise Refused(words % {"day": held_on})


def _first_day(day: str) -> date | None:
    """The earliest day that a day, month or year can be; None where it is written otherwise, or
    there is none such."""
    if not _DAY.fullmatch(day):
        return None
    try:
        return date.fromisoformat(day + "-01-01"[len(day) - 4 :])
    except ValueError:
        return None
