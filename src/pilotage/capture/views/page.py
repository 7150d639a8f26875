"""What every page needs: who asks, whether they may, and the part of a list that is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from pilotage.capture.models import Site, Subject, User
from pilotage.capture.permissions import (
    Permission,
    may,
    may_everywhere,
    may_somewhere,
    remember_roles,
    sites_of,
)
from pilotage.capture.prepared import Prepared

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

ROWS = 50
"""Rows of a long list on one page."""


def person(request: HttpRequest) -> User:
    """Who is signed in. Raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def allowed(permission: Permission, *, everywhere: bool = False) -> Callable[[View], View]:
    """The page is for those who have the permission at some site, or with `everywhere` at every
    site, because it shows the data of all; others are refused."""
    has = may_everywhere if everywhere else may_somewhere

    def of(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            remember_roles(person(request))
            if not has(person(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, shown)

    return of


def sites(request: HttpRequest, permission: Permission) -> QuerySet[Site]:
    """The sites whose data the person may see with a permission."""
    return sites_of(person(request), permission)


def subject_seen(request: HttpRequest, usubjid: str, permission: Permission) -> Subject:
    """The subject, if the person may see it. Raises Http404 for one of another site too: that it
    exists is nobody's business there."""
    subject = _subjects.first(usubjid)
    if subject is None or may(person(request), permission, subject.site) is None:
        raise Http404
    return subject


_subjects = Prepared(lambda usubjid: Subject.objects.select_related("site").filter(usubjid=usubjid))


def part(
    request: HttpRequest, template: str, context: dict[str, Any], *, heading: str
) -> HttpResponse:
    """A part of a page, for the page that asks for it later; a page of its own for a browser that
    follows the link instead."""
    if request.headers.get("HX-Request"):
        return render(request, template, context)
    whole = {**context, "part": template, "heading": heading}
    return render(request, "capture/pages/part.html", whole)


def paged(request: HttpRequest, rows: "QuerySet[Any] | list[Any]", size: int = ROWS) -> Page[Any]:
    """The page of a list that `?page=` names; the nearest one where it names none."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
