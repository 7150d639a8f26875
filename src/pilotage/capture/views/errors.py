"""Pages for what went wrong. They show nothing of the request: it may quote the record."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(400, _("This cannot be read"), _("Go back, load the page again and try anew."))


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Your roles do not allow this. An administrator can tell you which role is needed.")
    return _page(403, _("Not permitted"), words)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _(
        "The form was made for another session, so nothing was saved. Go back, load the page "
        "again and send it once more."
    )
    return _page(403, _("Not saved"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("It does not exist, or it belongs to a site that is not yours.")
    return _page(404, _("No such page"), words)


def failed(request: HttpRequest) -> HttpResponse:
    words = _(
        "The server made a mistake. What you sent was not saved, unless a page said so. Try it "
        "once more; sending the same form again never saves it twice."
    )
    return _page(500, _("That did not work"), words)


def _page(status: int, title: str, words: str) -> HttpResponse:
    """Made without the request, the session and the database: none of them may be in order."""
    context = {"status": status, "heading": title, "words": words}
    return HttpResponse(render_to_string("capture/account/error.html", context), status=status)
