"""The smallest sets of facts that cannot all be true: leaving out any one makes the rest possible.

First sets that share no fact, one after the other; then those near to them; at last, in the manner
of MARCO, the largest sets that nothing found so far forbids, until none is left or time is up.

Source: Liffiton et al. 2016, Constraints 21:223 (MARCO); Junker 2004, AAAI (QuickXplain).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pilotage.publication.audit.joint.check import Checker, TimeIsUp, solver_for
from pilotage.publication.audit.joint.facts import Fact

Set = tuple[Fact, ...]


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

    def all(self) -> list[Set]:
        """All of them, up to `most`; fewer where time is up."""
        self.near()
        self.rest()
        return self.found

    def near(self) -> None:
        """Sets that share no fact, and those near to them."""
        self._collect(self._apart())
        self._collect(self._near())

    def rest(self) -> None:
        """All others."""
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

    def _near(self) -> Iterator[Set]:
        """For each set and each of its facts: another set without it, and without the others'."""
        at = 0
        while at < len(self.found):
            own = self.found[at]
            others = {fact for one in self.found for fact in one if not set(one) & set(own)}
            for left in own:
                near = {
                    f for one in self.found if left not in one and set(one) & set(own) for f in one
                }
                rest = [
                    f
                    for f in self.facts
                    if f != left and f not in others and f not in near - set(own)
                ]
                if self._is_known(rest):
                    continue
                one = self._within(rest)
                if one is not None:
                    yield one
            at += 1

    def _is_known(self, facts: Sequence[Fact]) -> bool:
        """Does a set that was found lie within the facts?"""
        given = set(facts)
        return any(given.issuperset(one) for one in self.found)

    def _largest_left(self) -> Set | None:
        """The most facts that hold no set found, and lie in nothing known to be possible."""
        from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpModel, LinearExpr

        if self.checker.seconds_left <= 0:
            raise TimeIsUp
        model = CpModel()
        taken = {fact: model.new_bool_var("") for fact in self.facts}
        for one in self.found:
            model.add_bool_or([~taken[fact] for fact in one])
        for possible in self._possible:
            model.add_bool_or([taken[fact] for fact in self.facts if fact not in possible])
        model.maximize(LinearExpr.sum(list(taken.values())))
        solver = solver_for(self.checker.seconds_left)
        if solver.solve(model) not in (OPTIMAL, FEASIBLE):
            return None
        return tuple(fact for fact in self.facts if solver.boolean_value(taken[fact]))

    # -- one set ----------------------------------------------------------------------------------

    def _within(self, facts: Sequence[Fact]) -> Set | None:
        """A smallest impossible set among the facts; None where they are possible. What is not
        settled counts as possible, and the search as not complete."""
        answer = self.checker.possible(facts)
        if answer is not False:
            self._open |= answer is None
            self._possible.append(frozenset(facts))
            return None
        parts = self.checker.parts(facts)
        wrong = [part for part in parts if len(parts) == 1 or self.checker.possible(part) is False]
        return self._shrunk(wrong[0])

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
