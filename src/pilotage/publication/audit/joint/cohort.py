"""A cohort of which all claims that are modelled are true: an example, not the one that was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pilotage.publication.audit.joint.facts import Facts, Key
from pilotage.publication.audit.joint.population import Found

Values = dict[Key, int]
Placed = tuple[int, tuple[frozenset[str], Values]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its number in the paper, if it has one, its groups and its values."""

    number: str | None
    groups: frozenset[str]
    values: tuple[tuple[Key, int], ...]

    def value(self, variable: str, at: str | None = None) -> int | None:
        """None where no claim speaks of it."""
        return dict(self.values).get((variable, at))


@dataclass(frozen=True, slots=True)
class Cohort:
    """The subjects of an example; the groups and the variables that the claims speak of."""

    subjects: tuple[Subject, ...]
    groups: tuple[str, ...]
    variables: tuple[Key, ...]

    def rows(self) -> list[tuple[str, ...]]:
        """A table: its head, then a row for each subject. `x` marks that the subject belongs to
        the group."""
        names = [name if at is None else f"{name} ({at})" for name, at in self.variables]
        table = [("subject", *self.groups, *names)]
        for place, subject in enumerate(self.subjects, 1):
            own = ["x" if name in subject.groups else "" for name in self.groups]
            values = [subject.value(*key) for key in self.variables]
            shown = ["" if value is None else str(value) for value in values]
            table.append((subject.number or f"#{place}", *own, *shown))
        return table


def cohort_of(parts: Sequence[Found], facts: Facts) -> Cohort:
    """The parts of a cohort put together: which subject of one is which of the other is open, and
    any order does."""
    numbered = sorted(facts.lattice.subjects)
    size = max((len(part) for part in parts), default=0) + len(numbered)
    merged: list[tuple[set[str], dict[Key, int]]] = [(set(), {}) for _ in range(size)]
    for part in parts:
        for at, (groups, values) in _placed(part, numbered):
            merged[at][0].update(groups)
            merged[at][1].update(values)
    subjects = [_subject(groups, values, facts) for groups, values in merged if groups]
    named = {name for fact in facts.facts for name in fact.groups if not name.startswith("?")}
    keys = sorted({key for fact in facts.facts for key in fact.keys}, key=str)
    return Cohort(tuple(subjects), tuple(sorted(named)), tuple(keys))


def _placed(part: Found, numbered: list[str]) -> Iterator[Placed]:
    """Each subject with its place: a numbered one has the same place in every part."""
    rows = sorted(part, key=lambda row: (sorted(row[0]), str(row[1])))
    own = {numbered.index(n): row for row in rows for n in sorted(row[0]) if n in numbered}
    yield from own.items()
    free = (at for at in range(len(rows) + len(numbered)) if at not in own)
    yield from zip(free, (row for row in rows if not row[0] & set(numbered)), strict=False)


def _subject(groups: set[str], values: dict[Key, int], facts: Facts) -> Subject:
    numbers = [g.subject for name in sorted(groups) if (g := facts.groups[name]).subject]
    own = frozenset(name for name in groups if not name.startswith("?"))
    held = tuple(sorted(values.items(), key=str))
    return Subject(numbers[0] if numbers else None, own, held)
