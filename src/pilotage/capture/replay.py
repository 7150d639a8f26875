"""The state of every table, made anew from the events of the audit trail alone."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pilotage.capture.models import AuditEvent
from pilotage.capture.rows import RECORDED, Row, columns, recorded, table_of

Tables = dict[str, dict[Any, Row]]
"""table -> key of the row -> its columns."""

_TABLES: Final = {table_of(model): frozenset(columns(model)) for model in RECORDED}
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Replay:
    """The tables as the events so far leave them; `faults` are events that cannot have happened."""

    tables: Tables = field(default_factory=lambda: {name: {} for name in _TABLES})
    faults: list[Fault] = field(default_factory=list)

    def follow(self, event: AuditEvent) -> None:
        """Do once more what an event says that it did."""
        try:
            rows = json.loads(event.details)["rows"]
            for row in rows:
                self._follow(event, row["table"], row["id"], row["is"], row.get("was"))
        except (ValueError, TypeError, KeyError, AttributeError):
            self.faults.append(Fault(f"event {event.seq}", "its details cannot be read"))

    def _follow(self, event: AuditEvent, table: str, key: Any, now: Row, was: Row | None) -> None:
        where = f"event {event.seq}"
        known = _TABLES.get(table)
        if known is None or not known >= now.keys():
            self.faults.append(Fault(where, f"it writes to what is not in the record ({table})"))
            return
        rows = self.tables[table]
        if was is None:
            if key in rows:
                self.faults.append(Fault(where, f"it adds {table} {key}, which was there before"))
            if known != now.keys():
                self.faults.append(Fault(where, f"it adds {table} {key} without all its columns"))
            rows[key] = dict(now)
            return
        present = rows.setdefault(key, {})
        wrong = [column for column, value in was.items() if present.get(column, _MISSING) != value]
        if wrong or now.keys() != was.keys():
            words = f"it changes {table} {key} from what was not there ({', '.join(sorted(wrong))})"
            self.faults.append(Fault(where, words))
        present |= now


def replayed(events: Iterable[AuditEvent]) -> Replay:
    """Every table as the events leave it, first to last."""
    replay = Replay()
    for event in events:
        replay.follow(event)
    return replay


def differences(by_events: Tables) -> Iterator[Fault]:
    """Where the tables of the database are not what the events made of them."""
    for model in RECORDED:
        table = table_of(model)
        left = dict(by_events[table])
        names = ("pk", *columns(model))
        for values in model._default_manager.order_by("pk").values(*names).iterator(2000):
            where = f"{table} {values['pk']}"
            then = left.pop(values["pk"], None)
            if then is None:
                yield Fault(where, "no event added this row")
                continue
            now = recorded(model, values)
            changed = [column for column in now if now[column] != then.get(column, _MISSING)]
            if changed:
                yield Fault(where, f"changed without an event: {', '.join(changed)}")
        for key in left:
            yield Fault(f"{table} {key}", "this row was deleted")
