"""What leaves the server to vouch for the record: a checkpoint of the trail as a file, and the copy
of a subject for printing, with every signature and a checkpoint on it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.checkpoints import leave_checkpoint
from pilotage.capture.content import answers_by_entry, holds
from pilotage.capture.entry_forms import FormPage, fields_of
from pilotage.capture.models import Contact, Entry, Signature, Subject
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned, planned_form
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.capture.views.sheet import answer_words
from pilotage.forms.answer import Answer


@allowed("leave_checkpoint")
@require_POST
def checkpoint_file(request: HttpRequest) -> HttpResponse:
    """The hash of the last event, as a file to be kept elsewhere."""
    by = Actor(person(request))
    said, key = f"file of {by.user_name}", request.POST.get("key")
    try:
        left = leave_checkpoint(left_as=said, by=by, key=key)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("trail")
    answer = HttpResponse(left.text(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="checkpoint-{left.seq}.json"'
    return answer


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def subject_copy(request: HttpRequest, usubjid: str) -> HttpResponse:
    """All that stands in the record of a subject, to be printed; by POST with a checkpoint."""
    who = subject_seen(request, usubjid, "see_record")
    user = person(request)
    left, may_leave = None, may(user, "leave_checkpoint", who.site) is not None
    if request.method == "POST":
        if not may_leave:
            raise PermissionDenied
        said, key = f"signed page of {usubjid}", request.POST.get("key")
        try:
            left = leave_checkpoint(left_as=said, by=Actor(user), key=key)
        except Refused as refused:
            messages.error(request, str(refused))
    context = {
        "subject": who,
        "version": planned().version.id,
        "digest": planned().digest,
        "contacts": list(_contacts(who)),
        "of_subject": [_signature(each) for each in _signatures(who).get(None, [])],
        "left": left,
        "may_leave": may_leave,
        "key": new_key(),
    }
    return render(request, "capture/pages/subject_copy.html", context)


def _contacts(who: Subject) -> list[dict[str, Any]]:
    """The contacts in their order, then the logs, each with its entries."""
    entries = list(Entry.objects.filter(subject=who).select_related("contact").order_by("pk"))
    answers, signatures = answers_by_entry([each.pk for each in entries]), _signatures(who)
    rows: dict[int | None, list[dict[str, Any]]] = {}
    for entry in entries:
        page = fields_of(
            planned_form(entry.form, entry.protocol_version), entry.form, get_language()
        )
        given, alike = _answers(page, answers.get(entry.pk, {}))
        rows.setdefault(entry.contact_id, []).append(
            {
                "entry": entry,
                "label": page.label,
                "answers": given,
                "alike": alike,
                "signatures": [_signature(each) for each in signatures.get(entry.pk, [])],
                "queries": entry.queries.prefetch_related("messages__event").order_by("pk"),
            }
        )
    chosen = [
        (contact, rows.get(contact.pk, [])) for contact in Contact.objects.filter(subject=who)
    ]
    return [
        {"contact": contact, "rows": of_it, "signatures": _common(of_it)}
        for contact, of_it in [*chosen, (None, rows.get(None, []))]
        if of_it
    ]


def _common(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The signatures that each of several forms has alike, taken from them to be told once."""
    told = [
        [(each["signature"].printed_name, each["signature"].meaning, each["said"],
          f"{each['signature'].event.at:%Y-%m-%d %H:%M}") for each in row["signatures"]]
        for row in rows
    ]  # fmt: skip
    if len(rows) < 2 or not told[0] or any(each != told[0] for each in told):
        return []
    common: list[dict[str, Any]] = rows[0]["signatures"]
    for row in rows:
        row["signatures"] = []
    return common


def _answers(
    page: FormPage, answers: Mapping[str, Answer]
) -> tuple[list[tuple[str, str]], list[tuple[str, list[str]]]]:
    """Label and answer in the order of the form, an item that it does not have last, by its name;
    and, of the items of a scale, each answer that several have, once, with their labels, those of
    one group (an aspect scored in many regions) together."""
    order = {field.item: at for at, field in enumerate(page.fields)}
    given: list[tuple[str, str]] = []
    scored: dict[str, list[str]] = {}
    for item, answer in sorted(answers.items(), key=lambda each: order.get(each[0], len(order))):
        field, label = page.field(item), page.label_of(item)
        plain = f"{answer.value} {answer.unit}".strip() or answer.missing
        words = answer_words(field, answer) if field else plain
        if field is not None and field.kind == "points":
            scored.setdefault(words, []).append(label)
        else:
            given.append((label, words))
    alike = sorted(scored.items(), key=lambda each: len(each[1]))
    return given, [(words, _by_group(labels)) for words, labels in alike]


def _by_group(labels: list[str]) -> list[str]:
    """Labels such as "Aspect: region", those of one aspect together; all others together, first."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        group, colon, region = label.partition(": ")
        groups.setdefault(group if colon else "", []).append(region if colon else label)
    alone = groups.pop("", [])
    told = [f"{group}: {'; '.join(of_it)}" for group, of_it in groups.items()]
    return ["; ".join(alone), *told] if alone else told


def _signatures(who: Subject) -> dict[int | None, list[Signature]]:
    """The signatures of a subject by entry; None for those about the subject as a whole."""
    found: dict[int | None, list[Signature]] = {}
    for each in who.signatures.select_related("event", "entry__contact", "subject").order_by("pk"):
        found.setdefault(each.entry_id, []).append(each)
    return found


def _signature(signature: Signature) -> dict[str, Any]:
    """Name, meaning and time of a signature, and whether what was signed still stands there."""
    if signature.voided_by_id is not None:
        said = _("voided by a later change")
    elif holds(signature):
        said = _("valid")
    else:
        said = _("INVALID: the content is not what was signed")
    return {"signature": signature, "said": said}
