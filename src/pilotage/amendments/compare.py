"""What differs between two studies: not lines of text, but parts, in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from pilotage.amendments.model import MATTERS, Change, Detail, Kind, Matter, Side, weightiest
from pilotage.amendments.pairs import moved, paired
from pilotage.amendments.parts import (
    FIELDS,
    PLAN_PARTS,
    PROTOCOL_PARTS,
    TEXT_PARTS,
    PartKind,
    decides,
)
from pilotage.amendments.prose import sections
from pilotage.amendments.units import Unit, Value, follow, inner_units, units
from pilotage.amendments.words import differing, field_words, unit_words, value_words
from pilotage.study import Study


def changes(old: Study, new: Study) -> tuple[Change, ...]:
    """Every part that differs, once; the weightiest first, each matter in the order of the files.

    A part inside a part that was added or removed is not told apart. What is only written
    otherwise (order of keys, spaces, brackets of a condition) is no change.
    """
    compared = _Comparison(old, new)
    found = [
        *compared.files(PROTOCOL_PARTS, "protocol", old.protocol, new.protocol),
        *compared.files(PLAN_PARTS, "sap", old.sap, new.sap),
        *compared.files(TEXT_PARTS, "results_text", old.results_text, new.results_text),
    ]
    texts = sections(old), sections(new)
    for file in texts[0]:
        found += compared.lists(texts[0][file], texts[1][file])
    order = list(MATTERS)
    return tuple(sorted(found, key=lambda change: order.index(change.matter)))


class _Comparison:
    def __init__(self, old: Study, new: Study) -> None:
        self.old, self.new = old, new
        self.decides = decides(old, new)

    def files(self, kinds: Sequence[PartKind], name: str, old: Any, new: Any) -> Iterator[Change]:
        for kind in kinds:
            if follow(old, kind.path) == follow(new, kind.path):
                continue
            first = units(kind, self.old, old, (name,), others=kinds)
            yield from self.lists(first, units(kind, self.new, new, (name,), others=kinds))

    def lists(
        self, old: Sequence[Unit], new: Sequence[Unit], around: Matter | None = None
    ) -> Iterator[Change]:
        pairs = paired(old, new)
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        kind = both[0][0].kind if both else None
        shifts = moved(both) if kind and kind.order else [False] * len(both)
        shifted = dict(zip(map(id, (b for _, b in both)), shifts, strict=True))
        for a, b in pairs:
            if a is not None and b is not None:
                yield from self._both(a, b, around, moved=shifted[id(b)])
            else:
                yield self._one(a, b, around)

    def _one(self, old: Unit | None, new: Unit | None, around: Matter | None) -> Change:
        """A part that only one of the studies has."""
        unit = new or old
        assert unit is not None
        kind: Kind = "added" if new else "removed"
        return Change(
            kind,
            unit.kind.heading,
            self._matter(unit, around),
            _side(old, full=True) if old else None,
            _side(new, full=True) if new else None,
        )

    def _both(
        self, old: Unit, new: Unit, around: Matter | None, *, moved: bool
    ) -> Iterator[Change]:
        matter = weightiest([self._matter(old, around), self._matter(new, around)])
        details = list(self._details(old, new, matter))
        order = new.kind.order or "words"
        if moved and details:
            details.append(Detail("place", str(old.number), str(new.number), order))
        if details or moved:
            yield Change(
                "changed" if details else "moved",
                new.kind.heading,
                weightiest([detail.matter for detail in details] if details else [order]),
                _side(old, full=False),
                _side(new, full=False),
                tuple(details),
            )
        for (_, first), (_, second) in zip(inner_units(old), inner_units(new), strict=True):
            yield from self.lists(first, second, matter)

    def _details(self, old: Unit, new: Unit, matter: Matter) -> Iterator[Detail]:
        if old.kind.by == "key" and old.key != new.key:
            yield Detail("name", old.key, new.key, matter)
        places = [{name: at for at, name in enumerate(unit.fields)} for unit in (old, new)]
        in_order = sorted(
            (min(p[n] for p in places if n in p), n) for n in {*places[0], *places[1]}
        )
        for _, name in in_order:
            a, b = old.fields.get(name), new.fields.get(name)
            if a is None or b is None or not _same(name, a, b):
                then, now = value_words(name, a, old), value_words(name, b, new)
                if then is not None and now is not None:
                    then, now = differing(then, now)
                touches = self._touches(name, a, b, old, matter)
                yield Detail(field_words(name), then, now, touches)

    def _touches(
        self, name: str, old: Value | None, new: Value | None, unit: Unit, matter: Matter
    ) -> Matter:
        """What it touches that a field differs."""
        labels = [each.is_label for each in (old, new) if each is not None]
        key = name.partition(" ")[0].rpartition(".")[2]
        if (all(labels) and len(labels) == 2) or (all(labels) and key in FIELDS):
            return "words"
        if key == "max_age_days" and not self._has_a_say(unit):
            return "data"
        if unit.kind.path == () and key in ("languages", "pilotage", "headlines"):
            return "words" if key != "headlines" else "analysis"
        return FIELDS.get(key, matter)

    def _matter(self, unit: Unit, around: Matter | None) -> Matter:
        """What it touches that a part of this kind changes."""
        last = unit.kind.path[-1:]
        if last == ("categories",) and around is not None:
            return around
        if last in (("classifications",), ("relapse",)) and self._has_a_say(unit):
            return "decisions"
        if unit.kind.heading in ("Parameters", "State") and not self._has_a_say(unit):
            return "analysis" if unit.kind.heading == "Parameters" else "data"
        return unit.kind.matter

    def _has_a_say(self, unit: Unit) -> bool:
        name = unit.key or unit.kind.path[-1]
        if unit.kind.path == ("items",):
            name = f"{unit.path[-3]}.{unit.key}"
        return self.decides(unit.kind.heading, name)


def _same(name: str, old: Value, new: Value) -> bool:
    """A label says the same in one language as in a group of one; one source the same as a list of
    one."""
    if old.held == new.held:
        return True
    if name == "source":
        return _listed(old.held) == _listed(new.held)
    return old.plain == new.plain and isinstance(old.held, str) != isinstance(new.held, str)


def _listed(held: Any) -> tuple[str, ...]:
    return (held,) if isinstance(held, str) else held or ()


def _side(unit: Unit, *, full: bool) -> Side:
    return Side(unit.name, unit_words(unit, full=full), unit.where, unit.sources)
