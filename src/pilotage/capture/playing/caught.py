"""Which slips of typing the edit checks asked about, and what they asked about besides.

Only whoever invented the entries knows the slips: `truth.jsonl` beside the file. A slip is caught
when a check that looks at its item asks after it was typed and before it was corrected. A query is
a false alarm when none of the values that its check looks at was mistyped at that moment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pilotage.capture.entry_forms import fields_of
from pilotage.capture.models import AuditEvent, ItemVersion, Query
from pilotage.capture.planned import planned
from pilotage.capture.playing.lines import Act
from pilotage.capture.playing.reading import Entries
from pilotage.conditions import names_in

Item = tuple[str, str]
"""A form and an item."""


@dataclass(frozen=True, slots=True)
class Slips:
    """How many slips were played and caught, the lines of the others, and how many queries of edit
    checks were false alarms."""

    played: int
    caught: int
    missed: tuple[int, ...]
    false_alarms: int


@dataclass(frozen=True, slots=True)
class _Slip:
    """A slip in the record: it stood from event `begun` until before event `ended` (None: it still
    stands)."""

    line: int
    subject: str
    entry: int
    about: Item
    begun: int
    ended: int | None

    def stood(self, event: int) -> bool:
        return self.begun <= event and (self.ended is None or event < self.ended)


def slips_of(entries: Entries) -> Slips | None:
    """What became of the slips; None where nobody says which they were."""
    if entries.slips is None:
        return None
    slips = list(_played(entries))
    caught, alarms = set[int](), 0
    for query in Query.objects.exclude(origin="").select_related("entry", "subject"):
        meant = {slip.line for slip in slips if _is_about(query, slip)}
        caught |= meant
        alarms += not meant
    missed = tuple(slip.line for slip in slips if slip.line not in caught)
    return Slips(len(slips), len(caught), missed, alarms)


def _played(entries: Entries) -> Iterator[_Slip]:
    """The slips that the record has: not those of a save that was refused."""
    places = dict(_places(entries))
    seqs = dict(
        AuditEvent.objects.filter(key__startswith=entries.mark).values_list("key", "seq").iterator()
    )
    for line in sorted(entries.slips or ()):
        act, item = places[line]
        event = seqs.get(f"{entries.mark}{act.line}")
        own = ItemVersion.objects.filter(event=event, item=item).first()
        if own is not None:
            later = ItemVersion.objects.filter(entry=own.entry_id, item=item, number=own.number + 1)
            ended = later.values_list("event_id", flat=True).first()
            about = (act.form, item)
            yield _Slip(line, act.subject, own.entry_id, about, own.event_id, ended)


def _places(entries: Entries) -> Iterator[tuple[int, tuple[Act, str]]]:
    """The act and the item of each line that enters something."""
    for act in entries.acts:
        for item, line in (act.lines or {}).items():
            yield line, (act, item)


def _is_about(query: Query, slip: _Slip) -> bool:
    """Does the query ask about a value that was mistyped when it was opened?"""
    if query.entry is None or query.subject.usubjid != slip.subject:
        return False
    if not slip.stood(query.event_id) or slip.about not in _looks_at(query):
        return False
    return slip.entry == query.entry_id or slip.about[0] != query.entry.form


def _looks_at(query: Query) -> frozenset[Item]:
    return _looked_at(query.origin, query.item, planned().digest)


@cache
def _looked_at(origin: str, item: str, digest: str) -> frozenset[Item]:
    """The items that a check looks at: that of its query, those that its condition names, and those
    on which it depends whether a question is asked. `digest` is that of the present study."""
    form, name, *rest = origin.split(".")
    page = fields_of(planned(), form)
    if name == "check":
        check = planned().protocol.forms[form].checks[int(rest[0]) - 1]
        return frozenset(each for n in names_in(check.holds) for each in _items(n))
    if rest == ["order"]:
        pairs = [(a.item, b.item) for a, b in page.periods if b.item == name]
        return frozenset((form, each) for pair in pairs for each in pair)
    field = page.field(name)
    asked = names_in(field.when) if field and field.when and rest == ["unasked"] else ()
    return frozenset([(form, item or name), *(each for n in asked for each in _items(n))])


def _items(name: str) -> tuple[Item, ...]:
    """The items that a name of a condition stands for."""
    form, _, item = name.partition(".")
    if item and form in planned().protocol.forms:
        return ((form, item),)
    return _givers(planned().digest).get(form, ())


@cache
def _givers(digest: str) -> Mapping[str, tuple[Item, ...]]:
    """The items by the other names under which conditions know their answers."""
    found: dict[str, tuple[Item, ...]] = {}
    for form in planned().protocol.forms:
        for field in fields_of(planned(), form).fields:
            for name, _unit in field.gives:
                found[name] = (*found.get(name, ()), (form, field.item))
    return found
