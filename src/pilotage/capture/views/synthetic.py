"""The mark of invented subjects on what leaves the application: a file has no page around it that
says so."""

from typing import Final

from django.conf import settings

MARK: Final = "SYNTHETIC"


def file_name(name: str) -> str:
    """The name under which a file is handed over."""
    return f"{MARK}-{name}" if settings.SYNTHETIC else name
