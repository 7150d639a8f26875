"""The application as another WSGI server loads it, such as gunicorn behind a proxy with TLS.

It refuses under the same conditions as `pilotage serve`, which has to have been started once: that
makes the database, tells the first account and asks about changed study files.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from pilotage.capture.serving import refusals_of_another_server

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def from_the_browser(inner: Application, proxy: str) -> Application:
    """The application, told by the proxy who asks and whether by TLS, and by nobody else."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said_for = environ.pop("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        said_by = environ.pop("HTTP_X_FORWARDED_PROTO", "").strip()
        if environ.get("REMOTE_ADDR") == proxy:
            environ["REMOTE_ADDR"] = said_for or proxy
            environ["wsgi.url_scheme"] = "https" if said_by == "https" else "http"
        else:
            environ["wsgi.url_scheme"] = "http"
        return inner(environ, start_response)

    return answer


def safe_application() -> Application:
    """The application. Raises ImproperlyConfigured with every reason not to serve it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotage.capture.settings")
    inner = get_wsgi_application()
    reasons = refusals_of_another_server()
    if reasons:
        raise ImproperlyConfigured("not started:\n" + "\n".join(f"- {each}" for each in reasons))
    return from_the_browser(inner, settings.TLS_PROXY)


def __getattr__(name: str) -> Any:
    """`application`, made when a server asks for it, and not when something looks at this file."""
    if name != "application":
        raise AttributeError(name)
    globals()["application"] = made = safe_application()
    return made
