"""Which claims say something of an unknown cohort, and of whom and what they speak.

Claims that say the same stand as one fact. A claim of a group that is not stated speaks of some
group, the same for all claims of one sentence.
"""

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from pilotage.publication.arithmetic import Printed, Rounding, Spread
from pilotage.publication.audit.joint.relations import Lattice, relations_of
from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    ChangeClaim,
    ComparisonClaim,
    CountClaim,
    PercentageClaim,
    Published,
    RangeClaim,
    StatisticClaim,
    ThresholdClaim,
    ValueClaim,
)
from pilotage.publication.groups import Group
from pilotage.publication.units import factor

Key = tuple[str, str | None]
"""A variable at a time."""

OPEN = "not stated"
_ASIDE = frozenset({
    "id", "place", "sentence", "printed", "about", "reading", "same_fact_as", "not_a_result",
    "not_computable", "remark", "result", "digits",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """What one claim says, or several alike. The first of `ids` stands for all. How its number was
    rounded and which spread it is are a reading."""

    ids: tuple[str, ...]
    claim: AnyClaim
    groups: frozenset[str]
    keys: frozenset[Key]
    per: Fraction = Fraction(1)
    decimals: Rounding = "rounded"
    spread: Spread = "sample SD"
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        said = (getattr(self.claim, "value", None), self.groups, self.decimals, self.spread)
        object.__setattr__(self, "_hash", hash((self.ids, said)))

    def __hash__(self) -> int:
        return self._hash

    @property
    def id(self) -> str:
        return self.ids[0]

    def printed(self, value: float) -> Printed:
        """A number of the claim, as printed and as it is read."""
        digits: int = getattr(self.claim, "printed_digits", 0)
        return Printed.of(value, digits, self.decimals)

    def saying(self, **changes: Any) -> "Fact":
        """The fact with other words: a changed claim."""
        claim = self.claim.model_copy(update=changes)
        return replace(self, claim=claim, groups=_groups(claim))


class NotModelled(Exception):
    """The claim says nothing of a cohort that could be looked for; why."""


@dataclass(slots=True)
class Facts:
    """All facts of a paper, the groups they speak of, and the claims left out, with why."""

    published: Published
    facts: tuple[Fact, ...] = field(init=False)
    not_modelled: dict[str, str] = field(init=False)
    groups: dict[str, Group] = field(init=False)
    lattice: Lattice = field(init=False)
    root: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.groups = {n: g for n, g in self.published.groups.items() if g.things is None}
        self.not_modelled = {}
        self.lattice = Lattice(relations_of(self.groups))
        claims = self._modelled()
        named = {name for claim, _ in claims for name in _groups(claim) if name in self.groups}
        self.root = self.lattice.root(sorted(self.lattice.closure(named)))
        open_ = {name for claim, _ in claims for name in _groups(claim)} - set(self.groups)
        for name in open_:
            within = self.root or ()
            self.groups[name] = Group(label=f"Those whom {name[1:]} speaks of", subset_of=within)
        self.lattice = Lattice(relations_of(self.groups))
        self.facts = _alike(claims)

    def _modelled(self) -> list[tuple[AnyClaim, Fraction]]:
        found = []
        for claim in sorted(self.published.claims, key=lambda each: each.id):
            try:
                found.append(self._one(claim))
            except NotModelled as why:
                self.not_modelled[claim.id] = str(why)
        return found

    def _one(self, claim: AnyClaim) -> tuple[AnyClaim, Fraction]:
        if claim.about != "trial":
            raise NotModelled("about other studies")
        if getattr(claim, "comparator", "=") == "about":
            raise NotModelled("a number that is about so")
        own: AnyClaim
        match claim:
            case CountClaim():
                own = claim.model_copy(update={"of": None if claim.of == OPEN else claim.of})
            case PercentageClaim() | AllOrNoneClaim():
                own = _with_some_whole(claim)
            case StatisticClaim() | ValueClaim() | RangeClaim():
                return self._measured(claim)
            case ThresholdClaim(role="definition") if claim.group is not None:
                return self._measured(claim)
            case ChangeClaim() | ComparisonClaim():
                own = self._direction(claim)
            case _:
                raise NotModelled(f"claims of the kind '{claim.kind}' are checked on their own")
        self._subjects(own)
        return own, Fraction(1)

    def _subjects(self, claim: AnyClaim) -> None:
        for name in _groups(claim):
            if not name.startswith("?") and name not in self.groups:
                raise NotModelled("it counts things, not subjects")

    def _measured(self, claim: Any) -> tuple[AnyClaim, Fraction]:
        """A claim about whole numbers, at a time that is plain."""
        self._whole(claim.variable)
        per = factor(claim.unit, self.published.variables[claim.variable].unit)
        if per is None:
            raise NotModelled("its unit is not that of the variable")
        if (
            isinstance(claim, StatisticClaim | RangeClaim)
            and getattr(claim, "comparator", "=") != "="
        ):
            raise NotModelled("a statistic that is only limited")
        if isinstance(claim, ThresholdClaim) and claim.group == OPEN:
            raise NotModelled("it does not say whom it defines")
        group = _someone(claim) if claim.group == OPEN else claim.group
        own = claim.model_copy(update={"group": group, "at": self._moment(claim)})
        self._subjects(own)
        return own, per

    def _whole(self, variable: str) -> None:
        """Raises NotModelled where no subject has one whole number of it."""
        if not self.published.variables[variable].whole_numbers:
            raise NotModelled(f"{variable} is no whole number of each subject")

    def _moment(self, claim: Any) -> str | None:
        """The time of a claim. A statistic of which no time is said, while others say one, is of a
        moment that only its own sentence knows. Values and limits may be of several moments."""
        timed = {getattr(other, "at", None) for other in self._about(claim.variable)} - {None}
        if claim.at is not None or not timed:
            at: str | None = claim.at
            return at
        if isinstance(claim, StatisticClaim | RangeClaim):
            return f"no time, {claim.place}"
        raise NotModelled(f"it does not say at which time {claim.variable} is meant")

    def _about(self, variable: str) -> list[AnyClaim]:
        return [c for c in self.published.claims if getattr(c, "variable", None) == variable]

    def _direction(self, claim: ChangeClaim | ComparisonClaim) -> AnyClaim:
        if isinstance(claim, ChangeClaim):
            if claim.direction == "none":
                raise NotModelled("that nothing changed is no statement about a number")
            if claim.since is None or claim.at is None:
                raise NotModelled("it does not say between which times")
            self._whole(claim.variable)
            measured = {c.at for c in self._about(claim.variable) if isinstance(c, StatisticClaim)}
            if not {claim.since, claim.at} <= measured:
                raise NotModelled("no statistic is printed at its times")
            group = _someone(claim) if claim.group == OPEN else claim.group
            return claim.model_copy(update={"group": group})
        if claim.variable is not None:
            self._whole(claim.variable)
            if any(getattr(other, "at", None) for other in self._about(claim.variable)):
                raise NotModelled(f"it does not say at which time {claim.variable} is meant")
            if claim.comparator == "=":
                raise NotModelled("that two groups have alike is no statement about a number")
        return claim

    # -- what variables can be --------------------------------------------------------------------

    def domain(self, key: Key, most: int) -> range:
        """The whole numbers looked at: those of the declared range, else from 0 (or the lowest
        number printed) to well beyond all that is printed, the wider the more subjects."""
        variable = self.published.variables[key[0]]
        if variable.range is not None:
            return range(math.ceil(variable.range[0]), math.floor(variable.range[1]) + 1)
        numbers, spread = [0.0], 0.0
        for claim in self._about(key[0]):
            if getattr(claim, "kind", "") in ("sd", "sem"):
                per = math.sqrt(most) if claim.kind == "sem" else 1.0
                spread = max(spread, getattr(claim, "value", 0.0) * per)
                continue
            for end in ("value", "low", "high"):
                value = getattr(claim, end, None)
                if isinstance(value, int | float):
                    numbers.append(float(value))
        low, high = min(numbers), max(numbers)
        wide = max((high - low + 10) * most / 15, spread * math.sqrt(most))
        return range(math.floor(low - (wide if low < 0 else 0)), math.ceil(high + wide) + 1)


def _groups(claim: AnyClaim) -> frozenset[str]:
    names = (getattr(claim, key, None) for key in ("group", "of", "than", "share"))
    return frozenset(name for name in names if name is not None)


def _keys(claim: AnyClaim) -> frozenset[Key]:
    variable = getattr(claim, "variable", None)
    if variable is None:
        return frozenset()
    times = {getattr(claim, "at", None)}
    if isinstance(claim, ChangeClaim):
        times.add(claim.since)
    return frozenset((variable, at) for at in times)


def _someone(claim: AnyClaim) -> str:
    return f"?{claim.place}"


def _with_some_whole(claim: PercentageClaim | AllOrNoneClaim) -> AnyClaim:
    if claim.of != OPEN:
        return claim
    if isinstance(claim, AllOrNoneClaim):
        raise NotModelled("it does not say of whom")
    return claim.model_copy(update={"of": f"?{claim.id}"})


def _alike(claims: list[tuple[AnyClaim, Fraction]]) -> tuple[Fact, ...]:
    """One fact for all claims that say the same; the claim of the fullest place stands first."""
    same: dict[str, list[tuple[AnyClaim, Fraction]]] = {}
    for claim, per in claims:
        said = {k: v for k, v in claim.model_dump().items() if k not in _ASIDE}
        said["digits"], said["per"] = getattr(claim, "printed_digits", 0), per
        said.pop("unit", None)
        same.setdefault(repr(sorted(said.items())), []).append((claim, per))
    found = []
    for each in same.values():
        each.sort(key=lambda pair: (pair[0].same_fact_as is not None, pair[0].id))
        claim, per = each[0]
        ids = tuple(one.id for one, _ in each)
        found.append(Fact(ids, claim, _groups(claim), _keys(claim), per))
    return tuple(sorted(found, key=lambda fact: fact.id))
