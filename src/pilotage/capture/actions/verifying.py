"""Source verification: a monitor has held an entry beside the source."""

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.actions.refused import Locked, Overtaken, WrongState
from pilotage.capture.models import Entry
from pilotage.capture.states import ENTRY, after


def verify_entry(entry: Entry, *, by: Actor, revision: int, key: str | None = None) -> Entry:
    """Record that an entry agrees with the source, as it stood at `revision`."""
    with acting(
        "entry verified", by=by, key=key, asked={"entry": entry.pk, "revision": revision}
    ) as act:
        found = Entry.objects.select_related("subject", "contact").get(pk=entry.pk)
        if act.earlier is not None:
            return found
        act.concern(found.subject, "verify_entry")
        act.place = f"{found.contact.label}: {found.form}" if found.contact else found.form
        if found.locked:
            raise Locked(_("This entry is locked: %(place)s") % {"place": act.place})
        if found.revision != revision:
            raise Overtaken(_("The entry changed since the page was made; look again."))
        state = after(ENTRY, found.state, "verify")
        if state is None:
            words = _("The entry is %(state)s; it cannot be verified.")
            raise WrongState(words % {"state": found.state})
        return act.change(found, state=state, revision=act.seq)
