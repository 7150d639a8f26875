"""Keeping a picture: its bytes once, by their SHA-256."""

from pilotage.capture.actions.acting import Act, Actor, acting
from pilotage.capture.entry_forms.pictures import Picture
from pilotage.capture.models import StoredFile, Subject


def store_picture(
    subject: Subject, picture: Picture, *, by: Actor, key: str | None = None
) -> StoredFile:
    """Keep a cleaned picture of a subject. The same bytes are kept once: a second time nothing is
    written. An entry refers to them by their SHA-256."""
    asked = {"subject": subject.usubjid, "sha256": picture.sha256}
    with acting("picture stored", by=by, key=key, asked=asked) as act:
        act.concern(subject, "save_entry")
        return _kept(act, picture)


def _kept(act: Act, picture: Picture) -> StoredFile:
    known = StoredFile.objects.filter(sha256=picture.sha256).first()
    if known is not None:
        act.silent = True
        return known
    act.place = picture.sha256
    return act.add(
        StoredFile(
            sha256=picture.sha256,
            name=picture.name,
            media_type=picture.media_type,
            content=picture.content,
        )
    )
