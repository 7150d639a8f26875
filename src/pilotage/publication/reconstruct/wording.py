"""What the paper speaks of, in the variables of the reconstruction: its groups, its measures."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from pilotage.conditions import names_in
from pilotage.publication.claims import AnyClaim, Published, PValueClaim, StatisticClaim
from pilotage.publication.groups import as_tuple
from pilotage.publication.reconstruct.grid import SUBJECT, Grid
from pilotage.publication.reconstruct.models import Choice, Reconstruction
from pilotage.publication.reconstruct.reading import read
from pilotage.publication.units import factor

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT


class NotModelled(Exception):
    """The claim is about something that the reconstruction has no variable for."""


@dataclass(slots=True)
class Wording:
    """The words of the paper over the unknowns of one model."""

    grid: Grid
    published: Published
    made: Reconstruction
    _members: dict[str, list["BoolVarT"]] = field(default_factory=dict)

    # -- what a claim depends on ------------------------------------------------------------------

    def variables_of(self, claim: AnyClaim, choice: Choice | None) -> frozenset[str]:
        """The variables that the claim, as it is read, speaks of. Raises NotModelled."""
        reading = read(claim, choice)
        found: set[str] = set()
        for name in (reading.group, reading.of):
            if name is not None:
                found |= self._names_in(name)
        variable = getattr(claim, "variable", None)
        if variable is not None:
            at, unit = getattr(claim, "at", None), getattr(claim, "unit", None)
            times = [claim.since, at] if isinstance(claim, PValueClaim) else [at]
            found |= {self.variable(variable, time, unit)[0] for time in times}
        return frozenset(found)

    def _names_in(self, name: str) -> set[str]:
        group = self.published.groups.get(name)
        own = self.made.groups.get(name) or (group.where if group else None)
        if name in self.made.nobody:
            return set()
        if own is not None and self.grid.knows(own):
            return set(names_in(own)) - {SUBJECT}
        if group is None:
            raise NotModelled(f"the group {name}")
        parts = (group.union_of, group.intersection_of, group.without, group.subset_of)
        others = [other for part in parts for other in as_tuple(part)]
        if group.subject is not None:
            return set()
        if not others:
            raise NotModelled(f"the group {name}")
        return set().union(*(self._names_in(other) for other in others))

    # -- groups -----------------------------------------------------------------------------------

    def members(self, name: str) -> list["BoolVarT"]:
        """For each subject the literal of belonging to the group. Raises NotModelled."""
        if name not in self._members:
            group, grid = self.published.groups.get(name), self.grid
            own = self.made.groups.get(name) or (group.where if group else None)
            if name in self.made.nobody:
                self._members[name] = [grid.constant(False) for _ in grid.every]
            elif own is not None and grid.knows(own):
                self._members[name] = [grid.holds(own, at) for at in grid.every]
            elif group is None:
                raise NotModelled(f"the group {name}")
            elif group.subject is not None:
                number = group.subject
                self._members[name] = [grid.constant(each == number) for each in grid.subjects]
            else:
                self._members[name] = self._related(name)
        return self._members[name]

    def whose(self, name: str | None) -> list["BoolVarT"]:
        """The members of a group that the claim has to name. Raises NotModelled."""
        if name is None:
            raise NotModelled("whom it speaks of")
        return self.members(name)

    def _related(self, name: str) -> list["BoolVarT"]:
        """A group that is defined by others."""
        group, grid = self.published.groups[name], self.grid
        joined = [self.members(other) for other in as_tuple(group.union_of)]
        common = [self.members(other) for other in as_tuple(group.intersection_of)]
        away = [self.members(other) for other in as_tuple(group.without)]
        if away:
            common += [self.members(other) for other in as_tuple(group.subset_of)]
        if not (joined or common):
            raise NotModelled(f"the group {name}")
        found = []
        for at in grid.every:
            parts = [each[at] for each in common] + [~each[at] for each in away]
            if joined:
                parts.append(grid.any_of([each[at] for each in joined], ("union", name, at)))
            found.append(grid.both(parts, ("group", name, at)))
        return found

    def bind_relations(self) -> None:
        """How groups lie to each other by the meaning of the words holds always."""
        for name, group in self.published.groups.items():
            own = self._perhaps(name)
            if own is None:
                continue
            for other in as_tuple(group.subset_of):
                for one, two in zip(own, self._perhaps(other) or (), strict=False):
                    self.grid.model.add_implication(one, two)
            for other in as_tuple(group.apart_from):
                for one, two in zip(own, self._perhaps(other) or (), strict=False):
                    self.grid.model.add_bool_or([~one, ~two])

    def _perhaps(self, name: str) -> list["BoolVarT"] | None:
        try:
            return self.members(name)
        except NotModelled:
            return None

    def known_groups(self) -> dict[str, list["BoolVarT"]]:
        """The members of each group that the cohort can have, but for those that are one subject:
        for each subject a literal."""
        names = [name for name, group in self.published.groups.items() if group.subject is None]
        found = {name: self._perhaps(name) for name in names if name not in self.made.nobody}
        return {name: members for name, members in found.items() if members is not None}

    # -- measures ---------------------------------------------------------------------------------

    def variable(self, name: str, at: str | None, unit: str | None) -> tuple[str, Fraction]:
        for measure in self.made.measures:
            if (measure.variable, measure.at) == (name, at):
                printed = unit or self.published.variables[name].unit
                found = factor(printed, self.made.variables[measure.is_].unit)
                if found is None:
                    raise NotModelled(f"{name} in {printed}")
                return measure.is_, found
        raise NotModelled(f"{name}{f' at {at}' if at else ''}")

    def pair(self, claim: StatisticClaim) -> tuple[StatisticClaim, StatisticClaim] | None:
        """The mean and the SD that are printed together: same group, variable, time, sentence."""
        found = {
            other.kind: other
            for other in self.published.claims
            if isinstance(other, StatisticClaim)
            and (other.group, other.variable, other.at) == (claim.group, claim.variable, claim.at)
            and other.place == claim.place
            and other.kind in ("mean", "sd")
        }
        if claim.kind not in found or len(found) < 2:
            return None
        return found["mean"], found["sd"]

    def squared(self, claim: AnyClaim) -> frozenset[str]:
        """The variables of whose squares a claim speaks; empty for most claims."""
        match claim:
            case StatisticClaim(kind="sd"):
                return frozenset([self.variable(claim.variable, claim.at, claim.unit)[0]])
            case PValueClaim() if claim.variable is not None:
                variable, times = claim.variable, (claim.since, claim.at)
                return frozenset(self.variable(variable, at, None)[0] for at in times)
        return frozenset()
