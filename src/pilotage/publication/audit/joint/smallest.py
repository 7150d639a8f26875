"""The smallest sets of facts that cannot all be true: leaving out any one makes the rest possible.

First sets that share no fact, one after the other; then, in the manner of MARCO, within the largest
sets that nothing found so far forbids, until none is left or time is up.

Source: Liffiton et al. 2016, Constraints 21:223 (MARCO); Junker 2004, AAAI (QuickXplain).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotage.publication.audit.joint.check import EFFORT, Checker, TimeIsUp, solver_for
from pilotage.publication.audit.joint.facts import Fact

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpModel

Set = tuple[Fact, ...]

THOROUGH = 4.0
"""Deterministic time of one question, where it was not settled in less."""


@dataclass(slots=True)
class Smallest:
    """Looks for the smallest impossible sets among some facts. `complete` after the search: are
    they all?"""

    checker: Checker
    facts: Set
    most: int = 40
    complete: bool = False
    found: list[Set] = field(default_factory=list)
    _possible: list[frozenset[Fact]] = field(default_factory=list)
    _open: bool = False
    _left: tuple["CpModel", dict[Fact, "BoolVarT"]] | None = None
    _told: tuple[int, int] = (0, 0)

    def all(self) -> list[Set]:
        """All of them, up to `most`; fewer where time is up."""
        self.near()
        self.rest()
        return self.found

    def near(self) -> None:
        """Sets that share no fact."""
        self.checker.effort = EFFORT
        self.checker.prepare(self.facts)
        self._collect(self._apart())

    def rest(self) -> None:
        """All others. What was not settled before is tried with more effort; a set that was made
        smaller without an answer is made smaller again."""
        self.checker.effort = THOROUGH
        if self._open:
            self._open, self.found, self._possible, self._left = False, [], [], None
        ended = self._collect(self._others())
        self.complete = ended and not self._open

    def _collect(self, sets: Iterator[Set]) -> bool:
        """Did the search come to its end?"""
        try:
            while len(self.found) < self.most:
                one = next(sets, None)
                if one is None:
                    return True
                if one not in self.found:
                    self.found.append(one)
        except TimeIsUp:
            pass
        return False

    def _others(self) -> Iterator[Set]:
        while (seed := self._largest_left()) is not None:
            one = self._within(seed)
            if one is not None:
                yield one

    def _apart(self) -> Iterator[Set]:
        """Sets that share no fact."""
        rest = list(self.facts)
        while (one := self._within(rest)) is not None:
            yield one
            rest = [fact for fact in rest if fact not in one]

    def _largest_left(self) -> Set | None:
        """The most facts that hold no set found, and lie in nothing known to be possible."""
        from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL

        if self.checker.seconds_left <= 0:
            raise TimeIsUp
        model, taken = self._map()
        solver = solver_for(self.checker.seconds_left)
        if solver.solve(model) not in (OPTIMAL, FEASIBLE):
            return None
        return tuple(fact for fact in self.facts if solver.boolean_value(taken[fact]))

    def _map(self) -> tuple["CpModel", dict[Fact, "BoolVarT"]]:
        """Which sets are left, as a model that grows with what is found."""
        from ortools.sat.python.cp_model import CpModel, LinearExpr

        if self._left is None:
            model = CpModel()
            taken: dict[Fact, BoolVarT] = {fact: model.new_bool_var("") for fact in self.facts}
            model.maximize(LinearExpr.sum(list(taken.values())))
            self._left, self._told = (model, taken), (0, 0)
        model, taken = self._left
        for one in self.found[self._told[0] :]:
            model.add_bool_or(*(~taken[fact] for fact in one))
        for possible in self._possible[self._told[1] :]:
            model.add_bool_or(*(taken[fact] for fact in self.facts if fact not in possible))
        self._told = len(self.found), len(self._possible)
        return self._left

    # -- one set ----------------------------------------------------------------------------------

    def _within(self, facts: Sequence[Fact]) -> Set | None:
        """A smallest impossible set among the facts; None where they are possible. What is not
        settled counts as possible, and the search as not complete."""
        answer = self.checker.possible(facts)
        if answer is not False:
            self._open |= answer is None
            self._possible.append(frozenset(facts))
            return None
        return self._shrunk(tuple(self.checker.proof_within(facts) or facts))

    def _shrunk(self, facts: Set) -> Set:
        found = self._explained((), False, sorted(facts, key=_plainer))
        return tuple(sorted(found, key=_plainer))

    def _explained(self, ground: Set, fresh: bool, facts: list[Fact]) -> list[Fact]:
        """Those of the facts without which, beside the ground, all would be possible."""
        if fresh and self._impossible(ground):
            return []
        if len(facts) == 1:
            return facts
        half = len(facts) // 2
        first, second = facts[:half], facts[half:]
        late = self._explained((*ground, *first), bool(first), second)
        early = self._explained((*ground, *late), bool(late), first)
        return [*early, *late]

    def _impossible(self, facts: Sequence[Fact]) -> bool:
        answer = self.checker.possible(facts)
        self._open |= answer is None
        return answer is False


def _plainer(fact: Fact) -> tuple[int, str]:
    """Facts that are easier to follow come first, and are kept where there is a choice."""
    kinds = ("count", "all", "none", "percentage", "value", "range", "mean", "median")
    kind = fact.claim.kind
    order = kinds.index(kind) if kind in kinds else len(kinds)
    part = int(kind == "count" and getattr(fact.claim, "of", None) is not None)
    return order + part, fact.id
