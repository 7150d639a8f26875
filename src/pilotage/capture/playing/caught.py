"""Which slips of typing the edit checks asked about, and what they asked about besides.

Only whoever invented the entries knows the slips: `truth.jsonl` beside the file. A slip is caught
when a check that looks at its value asks after it was typed and before it was corrected. A query is
a false alarm when none of the values that its check looked at was mistyped at that moment. A check
of another form looks at one page of many: the one whose value it found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pilotage.capture.actions.looking import nearness
from pilotage.capture.content import answer_of, last_versions
from pilotage.capture.entry_forms import fields_of
from pilotage.capture.entry_forms.values import state_of
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Query
from pilotage.capture.planned import planned
from pilotage.capture.playing.lines import Act
from pilotage.capture.playing.reading import Entries
from pilotage.conditions import names_in

Item = tuple[str, str]
"""A form and an item."""

Value = tuple[int, str]
"""An entry and an item of it."""


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
    if query.subject.usubjid != slip.subject or not slip.stood(query.event_id):
        return False
    return (slip.entry, slip.about[1]) in _values_seen(query)


def _values_seen(query: Query) -> frozenset[Value]:
    """The values that the check of a query looked at when it opened the query."""
    entry = query.entry
    if entry is None:
        return frozenset()
    own, names = _looked_at(query.origin, query.item, planned().digest)
    found = {(entry.pk, item) for item in own}
    for name in names:
        items = _items(name)
        here = {(entry.pk, item) for form, item in items if form == entry.form}
        found |= here or _given(name, entry, query.event_id)
    return frozenset(found)


def _given(name: str, at: Entry, event: int) -> set[Value]:
    """The values of other pages that gave a name its value for the checks of an entry, as of an
    event: the page is found as the checks find it."""
    items = _items(name)
    pages = Entry.objects.filter(subject=at.subject_id, form__in={form for form, _item in items})
    pages = pages.select_related("contact")
    versions = last_versions([page.pk for page in pages], until=event)  # none of a later page
    for page in sorted(pages, key=lambda p: (*nearness(p.contact, at.contact), p.pk), reverse=True):
        answers = {item: answer_of(v) for item, v in versions.get(page.pk, {}).items()}
        if name in state_of(fields_of(planned(), page.form), answers):
            return {(page.pk, item) for form, item in items if form == page.form}
    return set()


@cache
def _looked_at(origin: str, item: str, digest: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a check looks at: items of its own form, and names of conditions. They are those of its
    condition, or the item of its query with those on which it depends whether it is asked. `digest`
    is that of the present study."""
    form, name, *rest = origin.split(".")
    page = fields_of(planned(), form)
    if name == "check":
        check = planned().protocol.forms[form].checks[int(rest[0]) - 1]
        return frozenset(), frozenset(names_in(check.holds))
    if rest == ["order"]:
        pairs = [(a.item, b.item) for a, b in page.periods if b.item == name]
        return frozenset(each for pair in pairs for each in pair), frozenset()
    field = page.field(name)
    asked = names_in(field.when) if field and field.when and rest == ["unasked"] else ()
    return frozenset([item or name]), frozenset(asked)


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
