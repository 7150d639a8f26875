"""What differs between two studies, as records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Matter = Literal["decisions", "data", "analysis", "words"]
"""What a change touches. A change that touches several counts as the first of them."""

Kind = Literal["added", "removed", "changed", "moved"]

MATTERS: Mapping[Matter, str] = {
    "decisions": "Changes decisions",
    "data": "Changes which data are collected, or when",
    "analysis": "Changes the analysis",
    "words": "Words only",
}
"""Every matter in words, the weightiest first."""

_CONTRARY: Mapping[Kind, Kind] = {"added": "removed", "removed": "added"}


@dataclass(frozen=True, slots=True)
class Side:
    """A part as one of the two studies has it: its name (`row 3 of stopping`), what it says, the
    file and line, and the headings of the protocol that it cites."""

    name: str
    words: str
    where: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """What differs within a part. None: the part does not say it."""

    field: str
    old: str | None
    new: str | None
    matter: Matter


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs. `moved`: only its place in an ordered list does; a part that says
    something else and stands elsewhere is `changed`, and its place is one of the details."""

    kind: Kind
    part: str
    matter: Matter
    old: Side | None
    new: Side | None
    details: tuple[Detail, ...] = ()

    @property
    def name(self) -> str:
        return (self.new or self.old or Side("", "", "")).name

    def mirrored(self) -> "Change":
        """The same change, seen from the other study."""
        return replace(
            self,
            kind=_CONTRARY.get(self.kind, self.kind),
            old=self.new,
            new=self.old,
            details=tuple(replace(d, old=d.new, new=d.old) for d in self.details),
        )


def weightiest(matters: list[Matter]) -> Matter:
    """The first in the order of MATTERS; `words` where there is none."""
    return min(matters, key=list(MATTERS).index, default="words")
