"""What a rehearsal asked of its staff: entries, queries, alerts, and what was refused."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from pilotage.capture.models import Entry, ItemVersion, Query, Subject
from pilotage.capture.playing.caught import Slips, slips_of
from pilotage.capture.playing.reading import Entries
from pilotage.capture.playing.refusals import Refusal
from pilotage.capture.present import study_record
from pilotage.capture.states import QUERY_STATES
from pilotage.capture.today import LEVELS, alerts, today
from pilotage.output import write_whole
from pilotage.plural import counted
from pilotage.rules.departures import review

FILE: Final = "burden.json"
"""File of the data directory: the same as the terminal shows, and every act that was refused."""

SHOWN: Final = 5
"""So many acts that were refused are shown; the file has them all."""


@dataclass(frozen=True, slots=True)
class Burden:
    """Counts of a record: `entries` and `items` that have an answer, `corrections` of one; `asked`
    the queries that edit checks opened, `queries` all of them by state; `alerts` by level on the
    last day. `slips` is None where nobody said which values were mistyped."""

    subjects: int
    entries: int
    items: int
    corrections: int
    asked: int
    queries: Mapping[str, int]
    alerts: Mapping[str, int]
    refused: Sequence[Refusal]
    slips: Slips | None


def burden_of(entries: Entries, refused: Sequence[Refusal]) -> Burden:
    """What stands in the record after the play."""
    versions = ItemVersion.objects.all()
    states = Counter(Query.objects.values_list("state", flat=True))
    return Burden(
        subjects=Subject.objects.count(),
        entries=Entry.objects.count(),
        items=versions.filter(number=1).count(),
        corrections=versions.filter(number__gt=1).count(),
        asked=Query.objects.exclude(origin="").count(),
        queries={state: states[state] for state in QUERY_STATES},
        alerts=_alerts(),
        refused=refused,
        slips=slips_of(entries),
    )


def _alerts() -> dict[str, int]:
    """How many alerts of each level the page *Today* shows."""
    record, day = study_record(), today()
    if record is None:
        return dict.fromkeys(LEVELS, 0)
    whole = review(record.study, record.snapshot, record.datasets, day)
    found = Counter(alert.level for alert in alerts({"": whole}, day))
    return {level: found[level] for level in LEVELS}


def keep(burden: Burden, entries: Entries) -> Path:
    """Write the burden into the data directory."""
    told = {
        "synthetic": True,
        "file_sha256": entries.digest,
        "until": entries.last_day.isoformat(),
        **asdict(burden),
    }
    path = Path(settings.DATA) / FILE
    write_whole(path, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return path


def kept(entries: Entries) -> Path | None:
    """The file that an earlier play of the same entries left; None where it left none."""
    path = Path(settings.DATA) / FILE
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return path if isinstance(told, dict) and told.get("file_sha256") == entries.digest else None


def words(burden: Burden) -> list[str]:
    """The burden, a line each."""
    queries = burden.queries
    said = [
        f"Played: {counted(burden.subjects, 'subject')}, "
        f"{counted(burden.entries, 'entry', 'entries')}, {counted(burden.items, 'item')}, "
        f"{counted(burden.corrections, 'correction')}",
        f"Queries: {sum(queries.values())} ({burden.asked} by edit checks); "
        + ", ".join(f"{number} {state}" for state, number in queries.items()),
        "Alerts on the last day: "
        + ", ".join(f"{number} {level}" for level, number in burden.alerts.items()),
    ]
    if burden.slips is not None:
        said.append(_of_slips(burden.slips))
    said.append(f"Refused: {counted(len(burden.refused), 'act')}")
    said += [f"  line {r.line}: {r.subject} {r.act}: {r.why}" for r in burden.refused[:SHOWN]]
    return said


def _of_slips(slips: Slips) -> str:
    return (
        f"Slips of typing: {slips.played}; edit checks asked about {slips.caught} of them before "
        f"their correction, not about {len(slips.missed)}; {slips.false_alarms} of their queries "
        "were about values without a slip"
    )
