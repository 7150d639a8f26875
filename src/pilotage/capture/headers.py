"""What a browser is told beside every page: run nothing but our own files, keep nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

CONTENT = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""No script and no style within a page, nothing from elsewhere, never inside another page."""

ALWAYS = {
    "Content-Security-Policy": CONTENT,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""A response that sets one of these itself keeps its own. Static files, which hold no data, set
Cache-Control; HSTS comes from Django where there is TLS."""


def refused(request: HttpRequest) -> HttpResponse | None:
    """A short refusal of an address with a character that no database keeps and no browser sends:
    whoever types it looks for an error page that says more than it should."""
    if request.method == "TRACE":
        return HttpResponse("405 Method Not Allowed\n", status=405, content_type="text/plain")
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return HttpResponse("400 Bad Request\n", status=400, content_type="text/plain")
    return None


class Headers:
    """Puts the headers on every response, those of errors and static files too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = refused(request) or self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response
