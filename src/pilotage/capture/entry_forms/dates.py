"""Days and moments as they are typed: strict, as early in the text as they are known."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from pilotage.capture.entry_forms.page import FormPage
from pilotage.forms.answer import Answer
from pilotage.snapshot.dates import PartialDate, partial_date

About = tuple[str, tuple[str, ...], str]
"""The id of a question about answers, the items, and the words."""

_DAY: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")
_BY_LOCAL_HABIT: Final = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}")


def date_mistake(text: str, *, with_time: bool = False) -> str:
    """What is wrong with a typed day or moment, and how to write it; nothing where it is right."""
    expected = (
        _("write 2009-03-14T09:30, or as much of the date as is known: 2009-03-14, 2009-03, 2009")
        if with_time
        else _("write 2009-03-14, or as much of it as is known: 2009-03, or 2009")
    )
    if _BY_LOCAL_HABIT.fullmatch(text):
        return _("“%(text)s” can be read in more than one way; %(expected)s") % {
            "text": text,
            "expected": expected,
        }
    if not (_DAY.fullmatch(text) or (with_time and _MOMENT.fullmatch(text))):
        return _("“%(text)s” is not a date as it is written here; %(expected)s") % {
            "text": text,
            "expected": expected,
        }
    if _read(as_iso(text)) is None:
        return _("“%(text)s” is no day of the calendar; %(expected)s") % {
            "text": text,
            "expected": expected,
        }
    return ""


def as_iso(text: str) -> str:
    """A moment typed with a space between day and time, with the T of ISO 8601."""
    return text.replace(" ", "T") if _MOMENT.fullmatch(text) else text


def about_dates(
    page: FormPage, answers: Mapping[str, Answer], today: date | None
) -> Iterator[About]:
    """Days that lie in the future, and ends that lie before their beginning."""
    days = {
        field.item: read
        for field in page.fields
        if field.kind in ("date", "datetime")
        and (read := _read(answers.get(field.item, Answer()).value)) is not None
    }
    for item, read in days.items():
        if today is not None and read.first is not None and read.first > today:
            words = _("%(label)s is %(day)s, which lies in the future: is it right?")
            said = words % {"label": page.label_of(item), "day": answers[item].value}
            yield f"{page.code}.{item}.future", (item,), said
    for begun, ended in page.periods:
        first, last = days.get(begun.item), days.get(ended.item)
        if first and last and first.first and last.last and last.last < first.first:
            words = _("%(end)s (%(last)s) lies before %(start)s (%(first)s): which one is right?")
            said = words % {
                "end": ended.label,
                "last": answers[ended.item].value,
                "start": begun.label,
                "first": answers[begun.item].value,
            }
            yield f"{page.code}.{ended.item}.order", (begun.item, ended.item), said


def _read(text: str) -> PartialDate | None:
    try:
        return partial_date(text) if text else None
    except ValueError:
        return None
