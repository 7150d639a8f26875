"""A comparison as lines for a terminal, and as a document for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from textwrap import wrap
from typing import Any

from pilotage.amendments.comparison import Comparison, Data
from pilotage.amendments.consequences import SECTIONS, by_section
from pilotage.amendments.model import MATTERS, Change, Matter
from pilotage.amendments.past import Difference
from pilotage.plural import counted
from pilotage.study import Study

WIDTH = 80
FIRST = 5
"""So many differences of a section are told at first."""
NO_CHANGE = "no change"
NOTHING_ELSE = "no past decision, visit, dose, value or result would come out differently"


def as_text(found: Comparison, *, every: bool = False) -> list[str]:
    """Every line, at most 80 characters wide; `every` with all differences of the past."""
    if not found.changes:
        return [NO_CHANGE]
    lines = [*_wrapped(f"{study_words(found.old)} → {study_words(found.new)}"), counts(found)]
    for matter, changes in by_matter(found.changes):
        lines += ["", f"{MATTERS[matter]} ({len(changes)})"]
        for part, own in groupby(changes, lambda change: change.part):
            lines.append(f"  {part}")
            lines += [line for change in own for line in _change(change)]
    if found.past is not None and found.data is not None:
        lines += ["", *_wrapped(past_words(found.data))]
        lines += _past(found.past, every=every)
    return lines


def study_words(study: Study) -> str:
    version = study.version
    return f"{study.protocol.study.id}, protocol {version.id} of {version.date}"


def counts(found: Comparison) -> str:
    """`5 parts differ: 2 in decisions, 1 in data, 2 in words`."""
    total = len(found.changes)
    parts = [f"{len(changes)} in {matter}" for matter, changes in by_matter(found.changes)]
    return f"{total} part{' differs' if total == 1 else 's differ'}: {', '.join(parts)}"


def by_matter(changes: Sequence[Change]) -> Iterator[tuple[Matter, list[Change]]]:
    """The changes of each matter, the parts of a heading together."""
    for matter in MATTERS:
        own = [change for change in changes if change.matter == matter]
        headings = list(dict.fromkeys(change.part for change in own))
        if own:
            yield matter, sorted(own, key=lambda change: headings.index(change.part))


def past_words(data: Data) -> str:
    kind = "synthetic data, " if data.synthetic else ""
    one = counted(data.subjects, "subject")
    said = "The past, had the new study ruled from the first day on instead of the old one"
    return f"{said} ({kind}{one}, data cut {data.data_cut})"


def place(change: Change) -> str:
    """`protocol.yaml:41 → protocol.yaml:43`."""
    return " → ".join(side.where for side in (change.old, change.new) if side is not None)


def headline(change: Change) -> str:
    """`row 3 of dosing, now row 2 [P-31]`, `visit WEEK_2 added: …`."""
    sides = [side for side in (change.old, change.new) if side is not None]
    sources = list(dict.fromkeys(source for side in sides for source in side.sources))
    cited = f" [{', '.join(sources)}]" if sources else ""
    said = _name(change)
    if change.kind == "changed":
        return f"{said}{cited}"
    words = sides[-1].words
    return f"{said} {change.kind}{cited}" + (f": {words}" if words else "")


def _name(change: Change) -> str:
    names = [side.name for side in (change.old, change.new) if side is not None]
    return names[0] if len(set(names)) == 1 else f"{names[0]}, now {names[1]}"


def _change(change: Change) -> Iterator[str]:
    yield from _wrapped(headline(change), 4)
    for detail in change.details:
        old, new = (
            each if each is not None else "(not there)" for each in (detail.old, detail.new)
        )
        yield from _wrapped(f"{detail.field}: {old} → {new}", 6)
    yield from _wrapped(place(change), 6)


# -- the past --------------------------------------------------------------------------------------


def _past(found: Sequence[Difference], *, every: bool) -> Iterator[str]:
    if not found:
        yield f"  {NOTHING_ELSE}"
        return
    told = set()
    for what, own in by_section(found):
        told.add(what)
        yield f"  {SECTIONS[what]}: {how_many(own)}"
        for each in own if every else own[:FIRST]:
            yield from _wrapped(difference_words(each), 4)
        if len(own) > FIRST and not every:
            yield f"    … and {len(own) - FIRST} more (--all)"
    if same := [words for what, words in SECTIONS.items() if what not in told]:
        yield from _wrapped(f"Nothing differs in: {', '.join(same).lower()}", 2)


def how_many(own: Sequence[Difference]) -> str:
    """`12 differ, of 4 subjects`."""
    subjects = {each.subject for each in own if each.subject is not None}
    of = f", of {counted(len(subjects), 'subject')}" if subjects else ""
    return f"{len(own)} differ{'s' if len(own) == 1 else ''}{of}"


def difference_words(each: Difference) -> str:
    start = " ".join(str(part) for part in (each.subject, each.on) if part is not None)
    named = f"{each.name}: " if each.name else ""
    said = f"{named}{each.old} → {each.new}"
    why = f" ({each.why})" if each.why else ""
    return f"{start}  {said}{why}" if start else f"{said}{why}"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    space = " " * indent
    return wrap(text, WIDTH, initial_indent=space, subsequent_indent=f"{space}  ",
                break_on_hyphens=False)  # fmt: skip


# -- for programs ----------------------------------------------------------------------------------


def as_document(found: Comparison) -> dict[str, Any]:
    """Everything, as plain values; `past` is null where no snapshot was given."""
    document: dict[str, Any] = {
        "old": _study(found.old),
        "new": _study(found.new),
        "changes": [{"name": change.name, **asdict(change)} for change in found.changes],
        "past": None,
    }
    if found.past is not None and found.data is not None:
        document["past"] = {
            "data": {**asdict(found.data), "data_cut": found.data.data_cut.isoformat()},
            "counts": {what: len(own) for what, own in by_section(found.past)},
            "differences": [
                {**asdict(each), "on": each.on and each.on.isoformat()} for each in found.past
            ],
        }
    return document


def _study(study: Study) -> dict[str, str]:
    return {
        "study": study.protocol.study.id,
        "version": study.version.id,
        "date": study.version.date.isoformat(),
        "digest": study.digest,
    }
