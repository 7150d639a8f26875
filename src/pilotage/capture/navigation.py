"""What stands around every page: the study, the person, and the pages that are theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pilotage.capture import permissions
from pilotage.capture.models import Query, User
from pilotage.capture.planned import planned
from pilotage.capture.states import OPEN_QUERIES
from pilotage.capture.templatetags.in_words import in_words
from pilotage.study.protocol import text_of


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str
    here: bool
    count: int = 0


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of the page, for every template."""
    study = planned().protocol.study
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) and user.is_authenticated else None
    return {
        "shell": {
            "study": study.id,
            "title": text_of(study.short_title, get_language()),
            "synthetic": settings.SYNTHETIC,
            "not_live": settings.NOT_LIVE,
            "links": list(_links(request, person)) if person else [],
            "first": first_page(person) if person else reverse("home"),
            "roles": ", ".join(_roles(person)) if person else "",
        }
    }


def first_page(user: User) -> str:
    """Where the work of a person begins: not everybody may see clinical data."""
    if permissions.may_somewhere(user, "see_record"):
        return reverse("home")
    return reverse("users" if permissions.may_somewhere(user, "see_access") else "account")


def _roles(user: User) -> list[str]:
    return sorted(in_words(role) for role in permissions.roles_of(user))


def _links(request: HttpRequest, user: User) -> Iterator[Link]:
    pages: list[tuple[str, str, permissions.Permission]] = [
        ("home", _("Today"), "see_record"),
        ("subjects", _("Subjects"), "see_record"),
        ("screening", _("Screening"), "see_record"),
        ("calendar", _("Calendar"), "see_record"),
        ("queries", _("Queries"), "see_record"),
        ("deviations", _("Deviations"), "see_record"),
        ("photographs", _("Photographs"), "see_record"),
        ("files", _("Import"), "import_rows"),
        ("trail", _("Audit trail"), "see_trail"),
        ("cuts", _("Data cuts"), "see_cuts"),
        ("study", _("Study"), "see_study"),
        ("users", _("Users and access"), "see_access"),
    ]
    for name, label, permission in pages:
        whole = name == "cuts"
        allowed = permissions.may_everywhere if whole else permissions.may_somewhere
        if not allowed(user, permission):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        here = request.path == address or (address != "/" and request.path.startswith(address))
        yield Link(label, address, here, _open_queries(user) if name == "queries" else 0)


def _open_queries(user: User) -> int:
    seen = permissions.sites_of(user, "see_record")
    return Query.objects.filter(state__in=OPEN_QUERIES, subject__site__in=seen).count()
