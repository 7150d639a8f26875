"""The calendar as an iCalendar file (RFC 5545): an all-day event on the target of each contact that
is still to be made. It names no person but the subject's identifier, and the same calendar gives
the same bytes."""

import re
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from pilotage.study import Study
from pilotage.study.protocol import text_of

MARK = "SYNTHETIC: "
TO_BE_MADE = ("upcoming", "due", "overdue")


def appointments(
    study: Study, contacts: pl.DataFrame, *, cut: date, synthetic: bool = False
) -> bytes:
    """The contacts that are upcoming, due or overdue as the bytes of a file. `cut` is the day of
    the data, which every event is stamped with. Of invented subjects (`synthetic`) the name and
    every event say so: a calendar program shows them among the appointments of real persons."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Pilotage//Calendar of a trial//EN")
    calendar.add("version", "2.0")
    mark = MARK if synthetic else ""
    calendar.add("x-wr-calname", mark + text_of(study.protocol.study.short_title))
    stamp = datetime.combine(cut, time(), tzinfo=UTC)
    known = contacts.filter(pl.col("STATUS").is_in(TO_BE_MADE) & pl.col("TARGET").is_not_null())
    for row in known.sort("TARGET", "USUBJID", "KIND", "ID", "DAY").to_dicts():
        event = icalendar.Event()
        event.add("uid", _identifier(study.protocol.study.id, row))
        event.add("dtstamp", stamp)
        event.add("dtstart", row["TARGET"])
        event.add("dtend", row["TARGET"] + timedelta(days=1))
        event.add("summary", f"{mark}{row['USUBJID']}: {row['LABEL']}")
        event.add("description", _description(study, row))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _identifier(study: str, row: dict[str, object]) -> str:
    """The same contact keeps its identifier from one data cut to the next."""
    parts = (study, row["USUBJID"], row["ID"], f"day{row['DAY']}")
    return re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(str(part) for part in parts)) + "@pilotage"


def _description(study: Study, row: dict[str, object]) -> str:
    lines = [f"Window: {row['FIRST']} to {row['LAST']}"]
    if row["FIRST"] is None or row["LAST"] is None:
        lines = ["Window: the protocol does not state it"]
    lines.append(f"Status at the data cut: {row['STATUS']}")
    if row["REMARK"]:
        lines.append(str(row["REMARK"]).capitalize())
    forms = row["FORMS"]
    assert isinstance(forms, list)
    target = row["TARGET"]
    assert isinstance(target, date)
    planned_by = study.on(target) or study  # an older version may have had other forms
    known = {**study.protocol.forms, **planned_by.protocol.forms}
    named = (text_of(known[form].label) if form in known else str(form) for form in forms)
    lines.append(f"Forms: {', '.join(named)}")
    return "\n".join(lines)
