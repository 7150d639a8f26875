"""Pictures of a form: taken in with the form, shown to those who may see the subject."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.pictures import store_picture
from pilotage.capture.entry_forms import Field, Mistake
from pilotage.capture.entry_forms.pictures import LARGEST, Unusable, cleaned
from pilotage.capture.entry_forms.reading import name_of
from pilotage.capture.models import ItemVersion, StoredFile, Subject
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.capture.views.place import Answers, Place
from pilotage.forms.answer import Answer


def with_pictures(
    request: HttpRequest, place: Place, answers: Answers
) -> tuple[Answers, tuple[Mistake, ...]]:
    """The answers, with every uploaded picture kept and named by its SHA-256; and what could not be
    kept. A picture stays kept when something else on the page has to be put right first."""
    found, mistakes = dict(answers), []
    for field in place.page.fields:
        if field.kind != "file":
            continue
        try:
            sha256 = _kept(request, place, field, answers[field.item].value)
        except (Unusable, Refused) as problem:
            mistakes.append(Mistake(field.item, str(problem)))
            sha256 = ""
        found[field.item] = Answer(
            value=sha256, missing=answers[field.item].missing, why=answers[field.item].why
        )
    return found, tuple(mistakes)


def _kept(request: HttpRequest, place: Place, field: Field, posted: str) -> str:
    """The SHA-256 of the picture of a field: the new upload, else the one that was there."""
    upload = request.FILES.get(name_of(field.item))
    if upload is None or isinstance(upload, list):
        if posted and not _of_subject(place.subject, posted):
            raise Unusable(_("This picture is not one of this subject: upload it again."))
        return posted
    if (upload.size or 0) > LARGEST:
        raise Unusable(_("The file is larger than 20 MB: save the picture smaller."))
    picture = cleaned(upload.read())
    return store_picture(place.subject, picture, by=Actor(person(request))).sha256


def _of_subject(subject: Subject, sha256: str) -> bool:
    """Whether the picture was kept for this subject."""
    stored = StoredFile.objects.filter(sha256=sha256, event__subject=subject.usubjid)
    used = ItemVersion.objects.filter(value=sha256, entry__subject=subject)
    return stored.exists() or used.exists()


@allowed("see_record")
@require_GET
def picture(request: HttpRequest, usubjid: str, sha256: str) -> HttpResponse:
    """The bytes of a picture, for those who may see its subject."""
    subject = subject_seen(request, usubjid, "see_record")
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or not _of_subject(subject, sha256):
        raise Http404
    answer = HttpResponse(bytes(stored.content), content_type=stored.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
