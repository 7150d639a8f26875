"""Cutting the data: the record is frozen as it stands, and a cut that is to be kept is locked."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from pilotage.capture import trail
from pilotage.capture.actions.acting import Actor, acting, rows_written
from pilotage.capture.actions.refused import NotPermitted, Refused, WrongState
from pilotage.capture.cuts import CUTS, SNAPSHOT, digest_of, write_cut
from pilotage.capture.models import AuditEvent, DataCut
from pilotage.capture.permissions import may
from pilotage.capture.today import today
from pilotage.findings import Finding, InputErrors
from pilotage.snapshot import read_snapshot

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
SHOWN: Final = 10
"""So many lines say why a record cannot be cut; the others are counted."""


def cut_data(
    name: str,
    *,
    by: Actor,
    day: date | None = None,
    head: int | None = None,
    key: str | None = None,
) -> DataCut:
    """Write the record as a snapshot below the data directory: as it stood after event `head`, or
    as it stands.

    `day` is the data cut of the snapshot, today where none is given. The tables are written before
    the act, as of the last event then: nobody who enters data has to wait for it. The event tells
    which values the datasets refuse: such a cut can be kept, and not be analysed.
    """
    day = day or today()
    asked = {"name": name, "day": day.isoformat(), "head": head}
    _permit(by)
    last = trail.head().seq
    if head is not None and not 0 < head <= last:
        raise Refused(_("The trail has the events 1 to %(last)s.") % {"last": last})
    done = key is not None and AuditEvent.objects.filter(key=key).exists()
    head = head or last
    folder = Path(settings.DATA) / CUTS / name
    digest, refused = ("", ()) if done else _write(name, folder, head, day)
    try:
        with acting("data cut", by=by, key=key, asked=asked) as act:
            if act.earlier is not None:
                return DataCut.objects.get(pk=rows_written(act.earlier, DataCut)[0])
            act.permit("cut_data", None)
            act.place = name
            act.told = {"head": head, "digest": digest, "day": day.isoformat()}
            act.told["refused"] = [str(finding) for finding in refused]
            return act.add(DataCut(name=name, head=head, folder=f"{CUTS}/{name}", digest=digest))
    except Exception:
        if not done:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def lock_cut(cut: DataCut, *, by: Actor, key: str | None = None) -> DataCut:
    """Lock a cut: it is the one that was analysed. Its files must be those that were written."""
    with acting("data cut locked", by=by, key=key, asked={"name": cut.name}) as act:
        found = DataCut.objects.get(pk=cut.pk)
        if act.earlier is not None:
            return found
        act.permit("cut_data", None)
        act.place = found.name
        if found.locked:
            raise WrongState(_("The data cut %(name)s is locked already.") % {"name": found.name})
        _refuse_changed(found)
        act.told = {"digest": found.digest}
        return act.change(found, locked=True)


def _permit(by: Actor) -> None:
    """Raise NotPermitted before anything is written for somebody who may not cut."""
    if by.user is not None and may(by.user, "cut_data", None) is None:
        words = _("%(name)s has no role that allows it here: %(permission)s")
        raise NotPermitted(words % {"name": by.user_name, "permission": "cut data"})


def _write(name: str, folder: Path, head: int, day: date) -> tuple[str, tuple[Finding, ...]]:
    if not _NAME.fullmatch(name):
        raise Refused(_("The name of a cut has letters, digits and . _ - (at most 80)."))
    if folder.exists() or DataCut.objects.filter(name__iexact=name).exists():
        raise Refused(_("There is a data cut %(name)s already.") % {"name": name})
    try:
        return write_cut(folder / SNAPSHOT, head=head, day=day, synthetic=_is_synthetic())
    except InputErrors as wrong:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused(_refusal(wrong)) from None


def _is_synthetic() -> bool:
    """The record itself says that its subjects are invented, whatever the settings say."""
    from pilotage.capture.first_start import is_demonstration

    return settings.SYNTHETIC or is_demonstration()


def _refusal(wrong: InputErrors) -> str:
    lines = [str(finding) for finding in wrong.findings]
    rest = len(lines) - SHOWN
    more = [_("and %(n)s more") % {"n": rest}] if rest > 0 else []
    return "\n".join([_("The record cannot be cut:"), *lines[:SHOWN], *more])


def _refuse_changed(cut: DataCut) -> None:
    """Raise Refused where the files are not those of the cut."""
    folder = Path(settings.DATA) / cut.folder / SNAPSHOT
    words = _("The files of the data cut %(name)s are not those that were written.")
    try:
        whole = digest_of(folder) == cut.digest
        read_snapshot(folder)
    except (OSError, InputErrors):
        whole = False
    if not whole:
        raise Refused(words % {"name": cut.name})
