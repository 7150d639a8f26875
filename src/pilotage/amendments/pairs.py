"""Which parts of one list are which of the other, and which of them moved. Both answers are the
same whichever list comes first."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pilotage.amendments.units import Unit
from pilotage.conditions import Condition

Pair = tuple[Unit | None, Unit | None]

TELLING, ALIKE = 3.0, 0.5
"""How much more a condition or a text tells than another field; the share of what two parts say
that must be alike for one to be the other, renamed or reworded."""


def paired(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Every part with its counterpart: by name, else by saying the same, else by likeness; None
    where there is none. In the order of the new list, then what is only in the old one."""
    found: dict[int, int] = {}
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    for matches in (_by_name, _by_content, _by_likeness):
        for a, b in matches(old, new, left_old, left_new):
            found[b] = a
        left_old = [a for a in left_old if a not in found.values()]
        left_new = [b for b in left_new if b not in found]
    both: list[Pair] = [(old[found[b]] if b in found else None, new[b]) for b in range(len(new))]
    return [*both, *((old[a], None) for a in left_old)]


Numbers = Sequence[int]
Matches = Iterator[tuple[int, int]]


def _by_name(
    old: Sequence[Unit], new: Sequence[Unit], left_old: Numbers, left_new: Numbers
) -> Matches:
    if old and old[0].kind.by == "likeness":
        return
    waiting: dict[str, list[int]] = defaultdict(list)
    for a in left_old:
        waiting[old[a].key].append(a)
    for b in left_new:
        if waiting[new[b].key]:
            yield waiting[new[b].key].pop(0), b


def _by_content(
    old: Sequence[Unit], new: Sequence[Unit], left_old: Numbers, left_new: Numbers
) -> Matches:
    waiting: dict[str, list[int]] = defaultdict(list)
    for a in left_old:
        waiting[content(old[a])].append(a)
    for b in left_new:
        same = waiting[content(new[b])]
        if same:
            yield same.pop(0), b


def _by_likeness(
    old: Sequence[Unit], new: Sequence[Unit], left_old: Numbers, left_new: Numbers
) -> Matches:
    """The most alike first; among equals those whose places are nearest, then by what they say."""
    ranked = []
    for a in left_old:
        for b in left_new:
            score = likeness(old[a], new[b])
            if score >= ALIKE:
                said = sorted((content(old[a]), content(new[b])))
                ranked.append((-score, abs(a - b), said, a, b))
    taken: tuple[set[int], set[int]] = (set(), set())
    for *_, a, b in sorted(ranked):
        if a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            yield a, b


def content(unit: Unit) -> str:
    """All that a part says of itself, and what is inside it."""
    own = {name: _text(value.plain) for name, value in unit.fields.items()}
    whole = unit.held.model_dump_json() if hasattr(unit.held, "model_dump_json") else ""
    return f"{own} {whole}"


def likeness(one: Unit, other: Unit) -> float:
    """The share of what two parts say that is alike, from 0 to 1."""
    total = same = 0.0
    for name in one.fields.keys() | other.fields.keys():
        a, b = one.fields.get(name), other.fields.get(name)
        held = [each.plain for each in (a, b) if each is not None]
        telling = any(isinstance(h, Condition) for h in held) or any(
            each is not None and each.is_label for each in (a, b)
        )
        weight = TELLING if telling else 1.0
        if not any(each not in (None, (), {}) for each in held):
            continue
        total += weight
        if len(held) == 2:
            same += weight * _alike(*held, telling=telling)
    return same / total if total else 1.0


def _alike(one: Any, other: Any, *, telling: bool) -> float:
    if one == other:
        return 1.0
    if not telling:
        return 0.0
    words = [set(re.findall(r"[\w.%]+", _text(each))) for each in (one, other)]
    return len(words[0] & words[1]) / max(1, len(words[0] | words[1]))


def _text(value: Any) -> str:
    return str(value)


def moved(pairs: Sequence[tuple[Unit, Unit]]) -> list[bool]:
    """Which of the pairs stand elsewhere among the others: as few as possible. Of several ways to
    choose as few, the one that what the parts say decides, so that it is the same from both
    sides."""
    by_old = sorted(range(len(pairs)), key=lambda at: pairs[at][0].number)
    places = [pairs[at][1].number for at in by_old]
    if places == sorted(places):
        return [False] * len(pairs)
    texts = {at: sorted((content(pairs[at][0]), content(pairs[at][1]))) for at in by_old}
    ranks = {at: rank for rank, at in enumerate(sorted(by_old, key=lambda at: texts[at]))}
    weights = [(1 << (len(pairs) + 1)) + (1 << ranks[at]) for at in by_old]
    stays = _heaviest_rise(places, weights)
    kept = {by_old[at] for at in stays}
    return [at not in kept for at in range(len(pairs))]


def _heaviest_rise(places: Sequence[int], weights: Sequence[int]) -> list[int]:
    """The rising subsequence of the greatest weight, as positions."""
    best: list[tuple[int, int | None]] = []
    for at, place in enumerate(places):
        before = [(best[b][0], b) for b in range(at) if places[b] < place]
        weight, last = max(before, default=(0, None), key=lambda each: each[0])
        best.append((weight + weights[at], last))
    end: int | None = max(range(len(places)), key=lambda at: best[at][0])
    found = []
    while end is not None:
        found.append(end)
        end = best[end][1]
    return found[::-1]
