"""Pictures in pairs: before treatment beside after it, each with its consent to publication."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from pilotage.capture.entry_forms import FormPage, fields_of
from pilotage.capture.models import Entry, StoredFile, Subject
from pilotage.capture.planned import planned
from pilotage.capture.views.page import allowed, sites
from pilotage.capture.views.place import Answers, answers_of_all
from pilotage.datasets.facts import read_target

PAIR, CONSENT = "PAIR", "PUBCONS"
"""The names (QNAM) under which a form of pictures says to which pair each belongs, and whether its
publication was consented to."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, what else its form says of it, and whether it may be published. `kept`: the record
    holds it; one that came with other data may be named here and lie elsewhere."""

    subject: Subject
    entry: Entry
    sha256: str
    kept: bool
    pair: str
    consented: bool
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The pictures of one subject that belong together, in the order of their days."""

    subject: Subject
    name: str
    shots: tuple[Shot, ...]

    @property
    def publishable(self) -> bool:
        """Whether every picture of the pair may be published."""
        return all(shot.consented for shot in self.shots)


@allowed("see_record")
@require_GET
def photographs(request: HttpRequest) -> HttpResponseBase:
    """The pictures of the subjects that the person may see; `?subject=` chooses one."""
    subjects = Subject.objects.filter(site__in=sites(request, "see_record")).order_by("usubjid")
    wanted = request.GET.get("subject", "")
    chosen = subjects.filter(usubjid=wanted) if wanted else subjects
    shots = [shot for form in _picture_forms() for shot in _shots(form, list(chosen))]
    pairs: dict[tuple[str, str], list[Shot]] = {}
    for shot in shots:
        if shot.pair:
            pairs.setdefault((shot.subject.usubjid, shot.pair), []).append(shot)
    context = {
        "pairs": [Pair(found[0].subject, name, tuple(found))
                  for (_subject, name), found in pairs.items()],
        "single": [shot for shot in shots if not shot.pair],
        "subjects": [each.usubjid for each in subjects],
        "subject": wanted,
        "forms": [page for page in _picture_forms() if page.repeating],
    }  # fmt: skip
    return render(request, "capture/visit/photographs.html", context)


def _picture_forms() -> list[FormPage]:
    """The forms that ask for a file."""
    study = planned()
    pages = (fields_of(study, form, get_language()) for form in study.protocol.forms)
    return [page for page in pages if any(field.kind == "file" for field in page.fields)]


def _shots(page: FormPage, subjects: list[Subject]) -> Iterator[Shot]:
    entries = Entry.objects.filter(subject__in=subjects, form=page.code).select_related("subject")
    chosen = sorted(entries, key=lambda each: (each.subject.usubjid, each.repeat))
    answers = answers_of_all(chosen)
    named, kept = _named(page), set(StoredFile.objects.values_list("sha256", flat=True))
    shots = []
    for entry in chosen:
        own = answers.get(entry.pk, {})
        for field in page.fields:
            if field.kind == "file" and field.item in own and own[field.item].value:
                shots.append(_shot(page, entry, own, own[field.item].value, named, kept))
    yield from sorted(shots, key=lambda shot: (shot.subject.usubjid, _day(page, answers, shot)))


def _shot(
    page: FormPage,
    entry: Entry,
    answers: Answers,
    sha256: str,
    named: dict[str, str],
    kept: set[str],
) -> Shot:
    def value(item: str) -> str:
        return answers[item].value if item in answers else ""

    labels = {f.item: {o.code: o.label for o in f.options} for f in page.fields}
    facts = tuple(
        (field.label, labels[field.item].get(value(field.item), value(field.item)))
        for field in page.fields
        if field.kind not in ("file", "yes_no") and field.item != named.get(PAIR)
        if value(field.item)
    )
    consented = value(named.get(CONSENT, "")) == "yes"
    pair = value(named.get(PAIR, ""))
    return Shot(entry.subject, entry, sha256, sha256 in kept, pair, consented, facts)


def _day(page: FormPage, answers: dict[int, Answers], shot: Shot) -> str:
    days = [field.item for field in page.fields if field.kind == "date"]
    own = answers.get(shot.entry.pk, {})
    return own[days[0]].value if days and days[0] in own else ""


def _named(page: FormPage) -> dict[str, str]:
    """The items that say pair and consent, by the name (QNAM) of their place in SDTM."""
    items = planned().protocol.forms[page.code].items
    return {
        dict(read_target(item.target).where).get("QNAM", ""): code for code, item in items.items()
    }
