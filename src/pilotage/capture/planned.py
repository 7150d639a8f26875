"""The study that is conducted: its folder, read once."""

from datetime import date
from functools import cache

from django.conf import settings

from pilotage.study import Study, load_study, version_on


@cache
def planned() -> Study:
    """The study named in the settings. Raises InputErrors where its folder has mistakes."""
    return load_study(settings.STUDY)


def planned_form(form: str, version: str) -> Study:
    """The study under the version of the protocol to which an entry of a form belongs. The present
    one where the folder does not keep that version, or where it did not have the form yet."""
    older = planned().under(version)
    return older if older is not None and form in older.protocol.forms else planned()


def version_on_day(held_on: str) -> str:
    """The version in force on the day of a contact; the present one where the day is not known to
    the day, before the first version, and for a log ("")."""
    try:
        day = date.fromisoformat(held_on)
    except ValueError:
        return planned().version.id
    return (version_on(planned().protocol, day) or planned().version).id
