"""Answering requests once everything is made, and what belongs to the begin and the end of it."""

from typing import Any

from pilotage.findings import InputErrors, error


def review_all() -> None:
    """Begin to hold every subject against the protocol, so that the first page need not wait."""
    from pilotage.capture.models import Subject
    from pilotage.capture.reviewing import reviews_of, work_apart
    from pilotage.capture.today import today

    work_apart()
    reviews_of(Subject.objects.all(), today(), patience=0)


def settle() -> None:
    """Once the server stopped: end what it started, and put what SQLite still keeps beside the
    database into it, so that its file alone is the whole record."""
    from django.db import connection

    from pilotage.capture.reviewing import work_here

    work_here()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def listen(host: str, port: int) -> Any:
    """The server, bound to its port; `run()` answers until it is interrupted.

    Raises InputErrors where the port is taken or may not be used.
    """
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    proxy: dict[str, Any] = {}
    if settings.TLS_PROXY:
        proxy = {
            "trusted_proxy": settings.TLS_PROXY,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    application = get_wsgi_application()
    _keep_what_stays()
    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=16,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=64 * 1024 * 1024,
            **proxy,
        )
    except OSError as problem:
        words = f"cannot be opened: {problem.strerror or problem}; choose another --port"
        raise InputErrors([error(f"{host}:{port}", words)]) from None


def _keep_what_stays() -> None:
    """Take the study and the code out of what the garbage collector looks through again and again,
    in the middle of somebody's save."""
    from gc import collect, freeze

    collect()
    freeze()
