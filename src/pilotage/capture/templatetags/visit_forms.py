"""The forms of a visit as steps: how far the work on it is, and the way to each of them."""

from typing import Any

from django import template
from django.utils.translation import get_language

from pilotage.capture.models import Entry
from pilotage.capture.planned import planned
from pilotage.capture.views.after_saving import forms_at
from pilotage.capture.views.place import Place
from pilotage.study.protocol import text_of

register = template.Library()


@register.inclusion_tag("capture/entry/steps.html")
def steps(place: Place) -> dict[str, Any]:
    """A step for each planned form of the visit that the form belongs to; none for a log, and for
    a form that the plan does not ask for there. One query."""
    contact = place.contact
    forms = () if contact is None else forms_at(contact)
    if contact is None or place.form not in forms:
        return {"steps": []}
    language, declared = get_language(), planned().protocol.forms
    states = dict(
        Entry.objects.filter(contact=contact, repeat=1).order_by().values_list("form", "state")
    )
    found = [
        {
            "form": form,
            "label": text_of(declared[form].label, language),
            "state": states.get(form, ""),
            "here": form == place.form,
        }
        for form in forms
    ]
    return {
        "steps": found,
        "subject": place.subject.usubjid,
        "contact": contact.pk,
        "number": forms.index(place.form) + 1,
        "left": sum(step["state"] in ("", "started") for step in found),
    }
