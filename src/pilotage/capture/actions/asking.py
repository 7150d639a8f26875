"""The queries that edit checks open, and close again when the answer meets them."""

from dataclasses import dataclass
from typing import Final

from pilotage.capture.actions.acting import Act
from pilotage.capture.actions.looking import Looked
from pilotage.capture.models import Entry, Query, QueryMessage, Subject
from pilotage.capture.prepared import Prepared
from pilotage.capture.states import OPEN_QUERIES

CHANGED: Final = "the value was changed"
"""With these words a check closes its query; pages show them in the reader's language."""


@dataclass(frozen=True, slots=True)
class QueriesChanged:
    opened: tuple[Query, ...]
    closed: tuple[Query, ...]


def ask(
    act: Act, subject: Subject, entry: Entry, looked: Looked, *, new: bool = False
) -> QueriesChanged:
    """Open a query for each finding that has none yet, close those whose finding is gone; about
    this entry, and about the entries whose checks look at it. Nothing was asked yet about an entry
    that is `new`.

    A query that a person closed is not opened again for the same finding: it was answered.
    """
    found = [(entry, looked.findings), *looked.others]
    asked = {
        (about.pk, query.origin): query
        for about, _findings in found
        if about is not entry or not new
        for query in _of_checks(about.pk)
    }
    opened, said = [], []
    for about, findings in found:
        for finding in findings:
            earlier = asked.pop((about.pk, finding.id), None)
            if earlier is None or _was_met(earlier):
                item = finding.items[0] if len(finding.items) == 1 else ""
                query = Query(
                    subject=subject, entry=about, item=item, origin=finding.id, state="open"
                )
                opened.append(act.add(query))
                said.append(QueryMessage(query=query, text=finding.message))
    met = [query for query in asked.values() if query.state in OPEN_QUERIES]
    closed = [act.change(query, state="closed") for query in met]
    said += [QueryMessage(query=query, text=CHANGED) for query in closed]
    act.add_all(said)
    return QueriesChanged(tuple(opened), tuple(closed))


_of_checks = Prepared(
    lambda entry: Query.objects.filter(entry=entry).exclude(origin="").order_by("pk")
)


def _was_met(query: Query) -> bool:
    """Whether the check itself closed its query: then it asks anew when it fails again."""
    if query.state != "closed":
        return False
    last = query.messages.order_by("event_id", "pk").last()
    return last is not None and last.text == CHANGED
