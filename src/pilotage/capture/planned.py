"""The study that is conducted: its folder, read once."""

from functools import cache

from django.conf import settings

from pilotage.study import Study, load_study


@cache
def planned() -> Study:
    """The study named in the settings. Raises InputErrors where its folder has mistakes."""
    return load_study(settings.STUDY)
