"""Questions to the site: the list, and one of them with all that was said and may be done."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.queries import answer_query, close_query, reopen_query
from pilotage.capture.models import Query
from pilotage.capture.permissions import Permission, may
from pilotage.capture.planned import planned
from pilotage.capture.states import OPEN_QUERIES
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, paged, person, sites
from pilotage.study.protocol import text_of

QUERY_STATES = ("open", "answered", "closed")

ACTS: Mapping[str, tuple[Permission, Callable[..., Any]]] = {
    "answer": ("answer_query", answer_query),
    "close": ("close_query", close_query),
    "reopen": ("reopen_query", reopen_query),
}


@allowed("see_record")
def queries(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    found = _seen(request)
    if state in QUERY_STATES:
        chosen = found.filter(state=state)
    elif state == "all":
        chosen = found
    else:
        state, chosen = "open", found.filter(state__in=OPEN_QUERIES)
    page = paged(request, chosen.order_by("-event_id"))
    context = {
        "page": page,
        "rows": [_row(query) for query in page.object_list],
        "state": state,
        "states": QUERY_STATES,
        "query": f"state={state}&",
    }
    return render(request, "capture/pages/queries.html", context)


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def query(request: HttpRequest, number: int) -> HttpResponse:
    found = _seen(request).filter(pk=number).first()
    if found is None:
        raise Http404
    text = request.POST.get("text", "").strip()
    if request.method == "POST":
        _permission, act = ACTS.get(request.POST.get("act", ""), (None, None))
        if act is None:
            raise Http404
        try:
            act(found, by=Actor(person(request)), text=text, key=request.POST.get("key"))
            messages.success(request, _("Saved."))
            return redirect("query", number)
        except Refused as refused:
            messages.error(request, str(refused))
    site = found.subject.site
    context = {
        "row": _row(found),
        "said": found.messages.select_related("event"),
        "text": text,
        "may_answer": may(person(request), "answer_query", site) and found.state == "open",
        "may_close": may(person(request), "close_query", site) and found.state in OPEN_QUERIES,
        "may_reopen": may(person(request), "reopen_query", site) and found.state == "closed",
        "key": new_key(),
    }
    return render(request, "capture/pages/query.html", context)


def _seen(request: HttpRequest) -> QuerySet[Query]:
    found = Query.objects.filter(subject__site__in=sites(request, "see_record"))
    return found.select_related("subject", "subject__site", "entry", "entry__contact", "event")


def _row(query: Query) -> dict[str, Any]:
    """The query with its place in words."""
    forms, language = planned().protocol.forms, get_language()
    form = forms.get(query.entry.form) if query.entry else None
    item = form.items.get(query.item) if form else None
    first = query.messages.first()
    return {
        "query": query,
        "form": text_of(form.label, language) if form else "",
        "item": text_of(item.label, language) if item else query.item,
        "contact": query.entry.contact.label if query.entry and query.entry.contact else "",
        "first": first.text if first else "",
    }
