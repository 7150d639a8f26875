"""Signatures under entries: with their meaning, bound to the content that was seen."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Act, Actor, acting, rows_written
from pilotage.capture.actions.password import sure_of
from pilotage.capture.actions.refused import Locked, Overtaken, Refused, WrongState
from pilotage.capture.actions.signatures import MEANINGS, sign_rows
from pilotage.capture.content import contents_of
from pilotage.capture.models import Entry, Signature, Subject
from pilotage.capture.states import ENTRY, SIGNED, after


def sign_entry(
    entry: Entry, *, by: Actor, password: str, meaning: str, seen: str, key: str | None = None
) -> Signature:
    """Sign an entry. `seen` is `content_of` the entry as the page showed it."""
    (signature,) = sign_entries(
        entry.subject, {entry.pk: seen}, by=by, password=password, meaning=meaning, key=key
    )
    return signature


def sign_entries(
    subject: Subject,
    seen: Mapping[int, str],
    *,
    by: Actor,
    password: str,
    meaning: str,
    key: str | None = None,
) -> Sequence[Signature]:
    """Sign several entries of one subject at once, all or none: `seen` is the content of each, by
    the key of the entry, as the page showed it."""
    sure_of(by, password)
    asked = {
        "subject": subject.usubjid,
        "meaning": meaning,
        "seen": {str(entry): content for entry, content in seen.items()},
    }
    with acting("signed", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            keys = rows_written(act.earlier, Signature)
            return list(Signature.objects.filter(pk__in=keys).order_by("pk"))
        found = act.concern(subject, "sign_entry")
        if meaning not in MEANINGS:
            words = _("A signature means one of: %(meanings)s.")
            raise Refused(words % {"meanings": ", ".join(MEANINGS)})
        if not seen:
            raise Refused(_("Nothing was chosen to be signed."))
        _sign(act, found, seen)
        act.told = {"meaning": meaning}
        return sign_rows(act, found, {entry: seen[entry] for entry in seen}, meaning)


def _sign(act: Act, subject: Subject, seen: Mapping[int, str]) -> None:
    """Bring the entries into the state of being signed."""
    entries = list(
        Entry.objects.filter(subject=subject, pk__in=list(seen)).select_related(
            "subject", "contact"
        )
    )
    if len(entries) != len(seen):
        raise Refused(_("An entry to be signed is another subject's."))
    contents = contents_of(entries)
    labels = [f"{e.contact.label}: {e.form}" if e.contact else e.form for e in entries]
    act.place = labels[0] if len(labels) == 1 else _("%(n)s entries") % {"n": len(labels)}
    for entry, label in zip(entries, labels, strict=True):
        if entry.locked:
            raise Locked(_("This entry is locked: %(place)s") % {"place": label})
        if contents[entry.pk] != seen[entry.pk]:
            words = _("%(place)s changed since the page was made; look again.")
            raise Overtaken(words % {"place": label})
        # a second signature, of another person or meaning, leaves the state as it is
        state = entry.state if entry.state in SIGNED else after(ENTRY, entry.state, "sign")
        if state is None:
            words = _("%(place)s is %(state)s; it cannot be signed.")
            raise WrongState(words % {"place": label, "state": entry.state})
        if state != entry.state:
            act.change(entry, state=state, revision=act.seq)
