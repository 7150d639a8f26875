"""How many subjects each group has, by what the paper states and by what follows from that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit.finding import unique
from pilotage.publication.audit.lying import Lying, Why, counts_subjects
from pilotage.publication.audit.words import in_english, printed
from pilotage.publication.claims import CountClaim, PercentageClaim, Published
from pilotage.publication.groups import as_tuple

LARGEST = 1000
"""In search of a denominator that nothing states, no more subjects than this are tried."""


@dataclass(frozen=True, slots=True)
class Size:
    """A number of subjects, the claims that say it, and how it follows from them in words."""

    n: int
    claims: Why
    how: str


@dataclass(slots=True)
class Sizes:
    """Every size of every group: those that a claim states, and those that follow."""

    published: Published
    lying: Lying
    stated: dict[str, list[Size]] = field(init=False)
    known: dict[str, list[Size]] = field(init=False)

    def __post_init__(self) -> None:
        self.stated = {}
        for claim in self.published.claims:
            if isinstance(claim, CountClaim) and self._says_the_size(claim):
                self._add(self.stated, claim.group, Size(claim.value, (claim.id,), claim.id))
        self.known = {name: list(sizes) for name, sizes in self.stated.items()}
        for name, group in self.published.groups.items():
            if group.subject is not None:
                self._add(self.known, name, Size(1, (), "one subject"))
        for _ in range(4):
            for name, size in list(self._following()):
                self._add(self.known, name, size)

    def of(self, group: str | None) -> list[Size]:
        """The sizes of a group, those that a claim states first."""
        return self.known.get(group or "", [])

    def one(self, group: str | None) -> Size | None:
        """The size of a group, where there is only one."""
        sizes = self.of(group)
        return sizes[0] if len({size.n for size in sizes}) == 1 else None

    def at_most(self, group: str) -> Size | None:
        """The largest number of subjects of a group: its own size, or that of the smallest group
        known to hold it. None where neither is known."""
        if own := self.of(group):
            return max(own, key=lambda size: size.n)
        best: Size | None = None
        for other, why in self.lying.above.get(group, {}).items():
            most = max(self.of(other), key=lambda size: size.n, default=None)
            if most is not None and (best is None or most.n < best.n):
                how = f"{self.text(other)}: {most.how}"
                best = Size(most.n, unique(why + most.claims), how)
        return best

    @property
    def all_subjects(self) -> Size | None:
        """The largest group of the trial's own subjects; None where a group that would hold it has
        no size."""
        own = {c.named("group") for c in self.published.claims if c.about == "trial"}
        found = [
            size
            for name in own
            for size in self.stated.get(name or "", [])
            if all(self.of(wider) for wider in self.lying.above[name or ""])
        ]
        return max(found, key=lambda size: size.n, default=None)

    def text(self, group: str) -> str:
        """The label of a group."""
        return in_english(self.published.groups[group].label)

    def _says_the_size(self, claim: CountClaim) -> bool:
        group = self.published.groups[claim.group]
        if claim.comparator != "=" or not counts_subjects(group):
            return False
        if claim.of is None or claim.of == "not stated":
            return True
        return self.lying.inside(claim.group, claim.of) is not None

    def _add(self, sizes: dict[str, list[Size]], group: str, size: Size) -> None:
        there = sizes.setdefault(group, [])
        if size.n >= 0 and all(other.n != size.n for other in there):
            there.append(size)

    # -- what follows -----------------------------------------------------------------------------

    def _following(self) -> Iterator[tuple[str, Size]]:
        yield from self._rests()
        yield from self._shares()
        for name in self.published.groups:
            if not self.of(name):
                yield from self._same_as_another(name)

    def _rests(self) -> Iterator[tuple[str, Size]]:
        """A group without some of it: what is left."""
        for name, group in self.published.groups.items():
            whole, taken = as_tuple(group.subset_of), as_tuple(group.without)
            if len(whole) != 1 or len(taken) != 1 or self.of(name):
                continue
            if self.lying.inside(taken[0], whole[0]) is None:
                continue
            for size in self.of(whole[0]):
                for less in self.of(taken[0]):
                    how = f"{size.n} − {less.n} = {size.n - less.n}"
                    yield name, Size(size.n - less.n, unique(size.claims + less.claims), how)

    def _shares(self) -> Iterator[tuple[str, Size]]:
        """A percentage of a known whole that only one count gives."""
        for claim in self.published.claims:
            if not isinstance(claim, PercentageClaim) or claim.comparator != "=":
                continue
            inside = self.lying.inside(claim.group, claim.of)
            whole = self.one(claim.of)
            if whole is None or self.stated.get(claim.group) or inside is None:
                continue
            counts = counts_with(printed(claim, claim.value), whole.n)
            if len(counts) == 1:
                how = f"{claim.printed} of {whole.n} is {counts[0]}"
                yield claim.group, Size(counts[0], unique((claim.id, *whole.claims)), how)

    def _same_as_another(self, name: str) -> Iterator[tuple[str, Size]]:
        """A group within another that lies within it."""
        for other, why in self.lying.above[name].items():
            back = self.lying.inside(other, name)
            if other != name and back is not None:
                for size in self.of(other):
                    yield name, Size(size.n, unique(size.claims + why + back), size.how)


def counts_with(percent: Printed, n: int) -> list[int]:
    """The counts out of n that print this percentage."""
    if n < 1:
        return []
    found = percent.whole_numbers(Fraction(n, 100))
    return [count for count in found if 0 <= count <= n]


def share_of(count: int, n: int) -> Fraction:
    """The share in per cent."""
    return Fraction(100 * count, n)


def denominators(share: Printed, count: int, most: int) -> list[int]:
    """The wholes of which the count is this share, up to the largest."""
    return [n for n in range(max(count, 1), most + 1) if share.fits(share_of(count, n))]
