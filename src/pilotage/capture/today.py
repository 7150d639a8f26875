"""What the protocol asks of somebody on a day, subject by subject, in three levels of alert.

| Level | Meaning |
|---|---|
| `stop` | the protocol says to stop, or not to dispense; a serious event is not reported in time |
| `ask` | somebody has to answer: a deviating dose, a question, something overdue or unknown |
| `note` | good to know: what is due |
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from pilotage.capture import clock
from pilotage.capture.planned import planned
from pilotage.rules.departures import Review
from pilotage.snapshot.manifest import MANIFEST, load

Level = Literal["stop", "ask", "note"]
LEVELS: Mapping[Level, int] = {"stop": 0, "ask": 1, "note": 2}

RECENT = timedelta(days=28)
"""How long a departure stands among the alerts; the lists keep it for good."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that somebody should know: of whom, since when, what the protocol says."""

    level: Level
    subject: str
    day: date | None
    what: str
    why: str = ""
    source: str = ""


def today() -> date:
    """The day of the questions; in a demonstration the day of the cohort's data cut, in a rehearsal
    the last day of its entries."""
    rehearsed = clock.invented()
    if rehearsed is not None:
        return rehearsed.day or rehearsed.present().date()
    return (_demonstrated() if settings.SYNTHETIC else None) or clock.now().date()


@cache
def _demonstrated() -> date | None:
    manifest = planned().folder / "cohort" / MANIFEST
    return load(manifest.read_bytes()).data_cut if manifest.is_file() else None


def rows(found: Mapping[str, Review], matter: str) -> list[dict[str, Any]]:
    """The rows of one matter of all reviews, each subject's together."""
    frames = [getattr(each, matter) for each in found.values()]
    return pl.concat(frames, how="diagonal_relaxed").to_dicts() if frames else []


def alerts(found: Mapping[str, Review], day: date) -> list[Alert]:
    """All alerts, the gravest first."""
    said = [alert for usubjid, each in found.items() for alert in _alerts(usubjid, each, day)]
    return sorted(said, key=lambda a: (LEVELS[a.level], a.subject, a.day or day))


def _alerts(usubjid: str, found: Review, day: date) -> Iterator[Alert]:
    for row in found.stops.filter(pl.col("WENTON") == "Y").to_dicts():
        what = _("Reason to stop: %(reason)s") % {"reason": row["REASON"]}
        yield Alert("stop", usubjid, row["DATE"], what, _("the drug is still taken"), row["SOURCE"])
    for row in found.serious_events.to_dicts():
        level: Level = "note" if row["STATUS"] == "reported" else "stop"
        what = _("Serious adverse event: %(term)s") % {"term": row["AETERM"]}
        yield Alert(level, usubjid, None, what, row["REMARK"] or row["STATUS"] or "")
    for row in _recent(found.supplies, day).to_dicts():
        if row["VERDICT"] != "conforms":
            what = _("Supply: %(verdict)s") % {"verdict": row["VERDICT"]}
            why = row["REASON"] or row["MISSING"] or ""
            yield Alert("ask", usubjid, row["DATE"], what, why, row["SOURCE"] or "")
    for row in _recent(found.doses, day).to_dicts():
        if row["VERDICT"] != "conforms":
            what = f"{row['ENTERED']}: {row['VERDICT']}"
            why = row["REASON"] or row["MISSING"] or ""
            yield Alert("ask", usubjid, row["DATE"], what, why, row["SOURCE"] or "")
    for row in found.queries.to_dicts():
        yield Alert("ask", usubjid, row["DATE"], row["QUERY"])
    for row in found.contacts.filter(pl.col("STATUS").is_in(["due", "overdue"])).to_dicts():
        late = row["STATUS"] == "overdue"
        what = f"{row['LABEL']}: {_('overdue') if late else _('due')}"
        window = _("until %(day)s") % {"day": row["LAST"]} if row["LAST"] else ""
        yield Alert("ask" if late else "note", usubjid, row["TARGET"], what, window)


def _recent(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    return frame.filter(pl.col("DATE").is_between(day - RECENT, day))
