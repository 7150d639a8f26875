"""The record for programs: read only, as far as the person behind the token may see it.

A list comes in pages of at most 500 rows, in the order of their number: `next` is what to give as
`after` for the following page, and null on the last. Each request that is answered is one event of
the audit trail; so a page of the trail has at least two rows, or its end would never be reached.
"""

import json
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import NinjaAPI, Query
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import StringConstraints

from pilotage.capture import models, permissions
from pilotage.capture.api_rows import (
    Contact,
    Cut,
    Entry,
    Event,
    ItemVersion,
    Problem,
    QueryOut,
    Rows,
    Subject,
)
from pilotage.capture.permissions import Permission
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.tokens import found_token, note_read
from pilotage.capture.trail_seen import events_seen

Text = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Query(ge=0, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=500)]
Events = Annotated[int, Query(ge=2, le=500)]


class Token(HttpBearer):
    """`Authorization: Bearer TOKEN`; a token is made on the page of one's account."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return found_token(token)


api = NinjaAPI(
    title="Pilotage",
    version="1",
    description=__doc__ or "",
    auth=Token(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


ASKED = frozenset({"usubjid", "site", "state", "form", "entry", "item", "action", "after", "limit"})
"""What a request may ask for, and the audit trail keeps; nothing else that stands in an address."""
REFUSED = {401: Problem, 403: Problem, 404: Problem}


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> dict[str, Any]:
    """What this interface offers, as OpenAPI."""
    return dict(api.get_openapi_schema())


@api.get("/subjects", response={200: Rows[Subject], **REFUSED}, tags=["record"])
def subjects(
    request: HttpRequest, site: Text = "", state: Text = "", after: Number = 0, limit: Limit = 100
) -> Any:
    found = models.Subject.objects.filter(site__in=_sites(request, "see_record"))
    found = _only(found.select_related("site"), site__code=site, state=state)
    return _page(request, found, after, limit, _subject)


@api.get("/subjects/{usubjid}", response={200: Subject, **REFUSED}, tags=["record"])
def subject(request: HttpRequest, usubjid: Text) -> Any:
    found = models.Subject.objects.filter(
        site__in=_sites(request, "see_record"), usubjid=usubjid
    ).first()
    if found is None:
        raise HttpError(404, "no such subject at your sites")
    return _read(request, 1, _subject(found))


@api.get("/contacts", response={200: Rows[Contact], **REFUSED}, tags=["record"])
def contacts(
    request: HttpRequest, usubjid: Text = "", after: Number = 0, limit: Limit = 100
) -> Any:
    found = models.Contact.objects.filter(subject__site__in=_sites(request, "see_record"))
    found = _only(found.select_related("subject"), subject__usubjid=usubjid)
    return _page(request, found, after, limit, _contact)


@api.get("/entries", response={200: Rows[Entry], **REFUSED}, tags=["record"])
def entries(
    request: HttpRequest,
    usubjid: Text = "",
    form: Text = "",
    state: Text = "",
    after: Number = 0,
    limit: Limit = 100,
) -> Any:
    found = models.Entry.objects.filter(subject__site__in=_sites(request, "see_record"))
    found = _only(found.select_related("subject"), subject__usubjid=usubjid, form=form, state=state)
    return _page(request, found, after, limit, _entry)


@api.get("/item-versions", response={200: Rows[ItemVersion], **REFUSED}, tags=["record"])
def item_versions(
    request: HttpRequest,
    usubjid: Text = "",
    entry: Number = 0,
    item: Text = "",
    after: Number = 0,
    limit: Limit = 100,
) -> Any:
    found = models.ItemVersion.objects.filter(
        entry__subject__site__in=_sites(request, "see_record")
    )
    found = _only(
        found.select_related("entry__subject"),
        entry__subject__usubjid=usubjid,
        entry=entry,
        item=item,
    )
    return _page(request, found, after, limit, _version)


@api.get("/queries", response={200: Rows[QueryOut], **REFUSED}, tags=["record"])
def queries(
    request: HttpRequest,
    usubjid: Text = "",
    state: Text = "",
    after: Number = 0,
    limit: Limit = 100,
) -> Any:
    found = models.Query.objects.filter(subject__site__in=_sites(request, "see_record"))
    found = _only(found.select_related("subject"), subject__usubjid=usubjid, state=state)
    return _page(request, found, after, limit, _query)


@api.get("/events", response={200: Rows[Event], **REFUSED}, tags=["audit trail"])
def events(
    request: HttpRequest,
    usubjid: Text = "",
    action: Text = "",
    after: Number = 0,
    limit: Events = 100,
) -> Any:
    _sites(request, "see_trail")
    found = _only(events_seen(_person(request)), subject=usubjid, action=action)
    return _page(request, found, after, limit, _event)


@api.get("/cuts", response={200: Rows[Cut], **REFUSED}, tags=["data cuts"])
def cuts(request: HttpRequest, after: Number = 0, limit: Limit = 100) -> Any:
    """A cut holds the data of every site, so it is for those who may see them all."""
    if not permissions.may_everywhere(_person(request), "see_cuts"):
        raise HttpError(403, "none of your roles allows it at every site: see_cuts")
    return _page(request, models.DataCut.objects.all(), after, limit, _cut)


def _person(request: HttpRequest) -> models.User:
    return _token(request).user


def _token(request: HttpRequest) -> ApiToken:
    token = getattr(request, "auth", None)
    if not isinstance(token, ApiToken):
        raise HttpError(401, "a token is needed")
    return token


def _sites(request: HttpRequest, permission: Permission) -> QuerySet[models.Site]:
    """The sites that the token's person may see. Refused where there is none."""
    person = _person(request)
    if not permissions.may_somewhere(person, permission):
        raise HttpError(403, f"none of your roles allows it: {permission}")
    return permissions.sites_of(person, permission)


def _only(found: QuerySet[Any], **values: str | int) -> QuerySet[Any]:
    """Only the rows that have these values; a value that was not given asks for nothing."""
    return found.filter(**{name: value for name, value in values.items() if value})


def _page(
    request: HttpRequest, found: QuerySet[Any], after: int, limit: int, told: Any
) -> dict[str, Any]:
    rows = list(found.filter(pk__gt=after).order_by("pk")[: limit + 1])
    following = rows[limit - 1].pk if len(rows) > limit else None
    page = {"rows": [told(row) for row in rows[:limit]], "next": following}
    return _read(request, min(len(rows), limit), page)


def _read(request: HttpRequest, rows: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, once the audit trail says that it was given."""
    asked = {name: request.GET.get(name, "") for name in sorted(ASKED & request.GET.keys())}
    note_read(_token(request), request.path.removeprefix("/api"), asked, rows)
    return answer


def _subject(row: models.Subject) -> dict[str, Any]:
    return {"id": row.pk, "usubjid": row.usubjid, "site": row.site.code, "state": row.state}


def _contact(row: models.Contact) -> dict[str, Any]:
    names = ("planned", "number", "label", "held_on")
    return {"id": row.pk, "usubjid": row.subject.usubjid, **_named(row, names)}


def _entry(row: models.Entry) -> dict[str, Any]:
    names = ("form", "repeat", "state", "protocol_version", "revision")
    own = {"id": row.pk, "usubjid": row.subject.usubjid, "contact": row.contact_id}
    return {**own, **_named(row, names)}


def _version(row: models.ItemVersion) -> dict[str, Any]:
    names = ("item", "number", "value", "unit", "low", "high", "missing", "why")
    own = {"id": row.pk, "usubjid": row.entry.subject.usubjid, "entry": row.entry_id}
    return {**own, "event": row.event_id, **_named(row, names)}


def _query(row: models.Query) -> dict[str, Any]:
    own = {"id": row.pk, "usubjid": row.subject.usubjid, "entry": row.entry_id}
    words = [message.text for message in row.messages.all()]
    return {**own, **_named(row, ("item", "origin", "state")), "messages": words}


def _event(row: models.AuditEvent) -> dict[str, Any]:
    names = ("seq", "at", "role", "action", "site", "subject", "place", "reason", "hash")
    return {**_named(row, names), "user": row.user_name, "details": json.loads(row.details or "{}")}


def _cut(row: models.DataCut) -> dict[str, Any]:
    return {"id": row.pk, **_named(row, ("name", "head", "digest", "locked"))}


def _named(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
