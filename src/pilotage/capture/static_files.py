"""Style sheets and scripts: under names that carry their hash once they are collected."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

MANIFEST = "staticfiles.json"
ROOT = Path(__file__).parent / "static" / "capture" / "root"
"""What browsers and others ask for by a name of their own, such as /favicon.ico."""


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash, so that a browser never keeps an outdated file; plain names where nothing
    was collected, as in tests."""

    def url(self, name: str | None, force: bool = False) -> str:
        if name and not self.hashed_files:
            return f"{settings.STATIC_URL}{name}"
        return str(super().url(name, force))


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves what was collected; where nothing was, the files as they lie in the source."""

    def __init__(self, get_response: Any) -> None:
        collected = (settings.STATIC_ROOT / MANIFEST).is_file()
        super().__init__(get_response, settings=_Settings(collected))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = super().__call__(request)
        return response


class _Settings:
    """Django's settings with the two that depend on whether files were collected."""

    def __init__(self, collected: bool) -> None:
        self.WHITENOISE_AUTOREFRESH = self.WHITENOISE_USE_FINDERS = not collected
        self.WHITENOISE_ALLOW_ALL_ORIGINS = False
        self.WHITENOISE_ROOT = ROOT
        if not collected:
            self.STATIC_ROOT = None

    def __getattr__(self, name: str) -> Any:
        return getattr(settings, name)
