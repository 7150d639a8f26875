"""Pages for what went wrong. They show nothing of the request: it may quote the record."""

from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, 400, _("This cannot be read"), _("Go back, load the page again and try anew.")
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Your roles do not allow this. An administrator can tell you which role is needed.")
    return _page(request, 403, _("Not permitted"), words)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _(
        "The form was made for another session, so nothing was saved. Go back, load the page "
        "again and send it once more."
    )
    return _page(request, 403, _("Not saved"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("It does not exist, or it belongs to a site that is not yours.")
    return _page(request, 404, _("No such page"), words)


def failed(request: HttpRequest) -> HttpResponse:
    words = _(
        "The server made a mistake. What you sent was not saved, unless a page said so. Try it "
        "once more; sending the same form again never saves it twice."
    )
    return _page(request, 500, _("That did not work"), words)


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    """Within the frame of every page; alone where the session or the database is out of order."""
    context = {"status": status, "heading": title, "words": words, "back": _back(request)}
    try:
        page = render_to_string("capture/pages/error.html", context, request)
    except Exception:  # whatever it is: the page about the first mistake must not fail over it
        page = render_to_string("capture/account/error.html", context)
    return HttpResponse(page, status=status)


def _back(request: HttpRequest) -> str:
    """The page of ours from which somebody came; "" where that is not known, or is no other."""
    came = request.headers.get("Referer", "")
    try:
        here = request.get_host()
    except DisallowedHost:
        return ""
    where = urlsplit(came) if url_has_allowed_host_and_scheme(came, {here}) else None
    if where is None or where.netloc != here:
        return ""
    address = where.path + (f"?{where.query}" if where.query else "")
    return "" if request.method == "GET" and address == request.get_full_path() else address
