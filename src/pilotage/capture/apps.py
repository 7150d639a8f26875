"""The application as Django installs it."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CaptureConfig(AppConfig):
    name = "pilotage.capture"
    label = "capture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_protect, sender=self)


def _protect(*, using: str, **_signal: Any) -> None:
    """Put the triggers back: a migration that rebuilds a table of SQLite drops them in silence."""
    from django.db import connections

    from pilotage.capture.triggers import install, missing_triggers

    if missing_triggers(connections[using]):  # else nothing: only the owner of the tables could
        install(connections[using])
