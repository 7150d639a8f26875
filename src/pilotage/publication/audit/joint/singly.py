"""An unknown cohort subject by subject, where there would be too many kinds of subjects."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotage.publication.audit.joint.facts import Key
from pilotage.publication.audit.joint.population import Found, Population, parents_first
from pilotage.publication.audit.joint.relations import Relation

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpSolver, IntVar


@dataclass(slots=True)
class Singly(Population):
    """Each subject with its memberships and values. Numbered subjects come first, each in a place
    of its own; who is in no group is not there."""

    _in: dict[tuple[str, int], "BoolVarT"] = field(default_factory=dict)
    _has: dict[tuple[Key, int, int], "BoolVarT"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ground, model = self.ground, self.model
        for at in range(ground.most):
            for name in ground.groups:
                self._in[name, at] = model.new_bool_var("")
            for key, values in ground.domains.items():
                options = [model.new_bool_var("") for _ in values]
                model.add_exactly_one(options)
                pairs = zip(values, options, strict=True)
                self._has.update({(key, at, value): option for value, option in pairs})
            for relation in ground.relations:
                self._bind(relation, at)
        self._place_the_numbered()
        for name, least in ground.least.items():
            model.add(self.number(name) >= least)

    def _place_the_numbered(self) -> None:
        """Each numbered subject has its place. The others are exchangeable: those of the largest
        group come first."""
        model, ground = self.model, self.ground
        numbered = sorted({r.group for r in ground.relations if r.kind == "subject"})
        for place, name in enumerate(numbered):
            if place >= ground.most:
                model.add_bool_or([])
                return
            for at in range(ground.most):
                literal = self._in[name, at]
                model.add_bool_and([literal if at == place else ~literal])
        outer = parents_first(ground)[0]
        for at in range(len(numbered), ground.most - 1):
            model.add_implication(self._in[outer, at + 1], self._in[outer, at])

    def _bind(self, relation: Relation, at: int) -> None:
        model, own = self.model, self._in[relation.group, at]
        others = [self._in[other, at] for other in relation.others]
        match relation.kind:
            case "subset_of":
                model.add_bool_and(others).only_enforce_if(own)
            case "apart_from":
                model.add_bool_and([~other for other in others]).only_enforce_if(own)
            case "union_of":
                model.add_bool_or([~own, *others])
                for other in others:
                    model.add_implication(other, own)
            case "intersection_of":
                self._all(own, others)
            case "without":
                wholes = [self._in[whole, at] for whole in relation.wholes]
                self._all(own, [*wholes, *(~other for other in others)])

    def _all(self, own: "BoolVarT", parts: list["BoolVarT"]) -> None:
        self.model.add_bool_and(parts).only_enforce_if(own)
        self.model.add_bool_or([own, *(~part for part in parts)])

    def _among(self, groups: frozenset[str], at: int) -> "BoolVarT":
        """Is the subject in all the groups?"""
        if len(groups) == 1:
            return self._in[next(iter(groups)), at]
        made = self._made.get(("among", groups, at))
        if made is None:
            made = self.model.new_bool_var("")
            self._all(made, [self._in[name, at] for name in sorted(groups)])
            self._made["among", groups, at] = made
        found: BoolVarT = made
        return found

    def terms(self, groups: frozenset[str]) -> list["IntVar"]:
        return [self._among(groups, at) for at in range(self.ground.most)]  # type: ignore[misc]

    def having(self, key: Key, groups: frozenset[str], value: int) -> list["IntVar"]:
        if ("having", key, groups) not in self._made:
            self._made["having", key, groups] = True
            for at in range(self.ground.most):
                inside, parts = self._among(groups, at), []
                for each in self.ground.domains[key]:
                    part = self.model.new_bool_var("")
                    self.model.add_implication(part, self._has[key, at, each])
                    parts.append(part)
                    self._made["has", key, groups, at, each] = part
                self.model.add(sum(parts) == inside)
        return [self._made["has", key, groups, at, value] for at in range(self.ground.most)]

    def found(self, solver: "CpSolver") -> Found:
        subjects: Found = []
        for at in range(self.ground.most):
            own = [n for n in self.ground.groups if solver.boolean_value(self._in[n, at])]
            values = {
                key: value
                for (key, place, value), literal in self._has.items()
                if place == at and solver.boolean_value(literal)
            }
            if own:
                subjects.append((frozenset(own), values))
        return subjects
