"""As in English."""

from pilotage.capture.formats.en.formats import *  # noqa: F403
