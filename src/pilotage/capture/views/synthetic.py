"""The mark of invented subjects on what leaves the application: a file has no page around it that
says so."""

from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from icalendar import vText

MARK: Final = "SYNTHETIC"


def file_name(name: str) -> str:
    """The name under which a file is handed over."""
    return f"{MARK}-{name}" if settings.SYNTHETIC else name


def marked_calendar(text: bytes) -> bytes:
    """An iCalendar file whose name and whose every event say so: a calendar program shows them
    among the appointments of real persons."""
    if not settings.SYNTHETIC or not text:
        return text
    import icalendar

    calendar = icalendar.Calendar.from_ical(text)
    calendar["X-WR-CALNAME"] = _marked(calendar["X-WR-CALNAME"])
    for event in calendar.walk("VEVENT"):
        event["SUMMARY"] = _marked(event["SUMMARY"])
    written: bytes = calendar.to_ical()
    return written


def _marked(words: object) -> "vText":
    from icalendar import vText

    return vText(f"{MARK}: {words}")
