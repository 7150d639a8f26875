"""Finds the smallest and the largest value that each quantity has over all cohorts.

Two sides come towards each other. Every cohort that is found widens, for all quantities at once,
what is known to be possible; every search of the loose model that ends without a solution narrows
what is not yet excluded. Where they meet, the end of a range is proved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pilotage.publication.reconstruct.problem import Problem
from pilotage.publication.reconstruct.ranges.ends import (
    End,
    ends_of,
    largest,
    reach,
    require,
)
from pilotage.publication.reconstruct.ranges.model import Range, Ranges
from pilotage.publication.reconstruct.ranges.quantities import Quantity, quantities
from pilotage.publication.reconstruct.solve import Progress, Wishes
from pilotage.publication.reconstruct.space import (
    Also,
    Answer,
    Space,
    Witness,
    as_wishes,
    both,
    like,
    nothing,
)

SEEDS = 3
"""So many loose solutions with an extreme value are tried to be made a cohort."""

HALVINGS = 3
"""So often, where they cannot be, a value half way to what is known is tried."""

PATIENCE = 3
"""After so many searches of the whole model in a row that did not end, it is asked no more."""


def find_ranges(
    space: Space,
    first: Witness,
    *,
    only: Callable[[Quantity], bool] = lambda quantity: True,
    progress: Progress | None = None,
) -> Ranges:
    """The ranges, of these quantities only, over all cohorts of the space, of which one is known.
    Ends when its budget is spent, with what is known then."""
    search = _Search(space, first, only, progress)
    search.run()
    return search.ranges()


@dataclass(slots=True)
class _Search:
    space: Space
    first: Witness
    only: Callable[[Quantity], bool]
    progress: Progress | None
    ends: list[End] = field(init=False)
    near: Wishes = field(init=False)
    fresh: list[Witness] = field(default_factory=list)
    seen: set[tuple[object, ...]] = field(default_factory=set)
    in_vain: int = 0

    def __post_init__(self) -> None:
        self.ends = ends_of(filter(self.only, quantities(self.space)))
        self._widen(self.first)

    def run(self) -> None:
        self._around_known()
        self._narrow([end for end in self.ends if end.loose < end.outer])
        self.fresh.append(self.first)
        self._around_known()
        self._many_shown()
        self._with_squares()

    def _ongoing(self) -> bool:
        if self.progress is not None:
            self.progress(sum(not end.is_open for end in self.ends), len(self.ends))
        return not self.space.budget.spent

    def _open(self) -> list[End]:
        return [end for end in self.ends if end.is_open]

    def _ask(self, problem: Problem, also: Also, *, proving: bool = False, seed: int = 0) -> Answer:
        force = self.space.proving if proving else None
        return self.space.ask(problem, also, force=force, seed=seed, near=self.near)

    def _widen(self, witness: Witness, *, is_new: bool = True) -> None:
        """What this cohort shows is possible. It `is_new` where its squares are."""
        self.near = as_wishes(witness.solution)
        self.seen.add(tuple(self.near.values()))
        if is_new:
            self.fresh.append(witness)
        for end in self.ends:
            end.saw(witness)

    def _take(self, loose: Witness, also: Also = nothing, seed: int = 0) -> bool:
        """Is a loose solution made a cohort?"""
        made = self.space.completed(loose.solution, also, seed=seed)
        if made is not None:
            self._widen(made)
        return made is not None

    # -- what is not possible ---------------------------------------------------------------------

    def _narrow(self, ends: Sequence[End]) -> None:
        """How far out loose solutions go. It is asked for one in which as many ends as possible
        are at least half way out to what is not excluded; where there is none, all are excluded at
        once. Where that takes too long it is asked for half of them, in the end for one."""
        while self._ongoing():
            wanted = [end for end in ends if end.loose < end.outer]
            if not wanted:
                return
            goals = [end.goal() for end in wanted]
            answer = self._ask(self.space.loose, reach(wanted, goals), proving=True)
            if answer.witness is not None:
                for end in self.ends:
                    end.saw_loose(answer.witness)
            elif answer.status == "none":
                for end, goal in zip(wanted, goals, strict=True):
                    end.limit_to(end.below(goal))
            elif len(wanted) == 1:
                return
            else:
                self._narrow(wanted[: len(wanted) // 2])
                self._narrow(wanted[len(wanted) // 2 :])
                return

    # -- what is possible -------------------------------------------------------------------------

    def _around_known(self) -> None:
        """Cohorts in which all is free but what the squares of a known one are about: they are
        met, whatever the rest is."""
        while self.fresh:
            cohort = self.fresh.pop()
            while self._ongoing() and (wanted := self._open()):
                goals = [end.outer for end in wanted]
                also = both(like(cohort.solution, self.space.squared), reach(wanted, goals))
                answer = self._ask(self.space.loose, also)
                if answer.witness is None:
                    break
                found = self.space.checked(answer.witness.solution)
                if found is None:
                    break
                self._widen(found, is_new=False)

    def _many_shown(self) -> None:
        """Cohorts with squares of their own, in which as many ends as possible are as far out as
        is not excluded."""
        failed = 0
        while failed < SEEDS and self._ongoing() and (wanted := self._open()):
            before = len(wanted)
            goals = [end.outer for end in wanted]
            answer = self._ask(self.space.loose, reach(wanted, goals), seed=failed)
            if answer.witness is None:
                return
            if self._take(answer.witness, seed=failed):
                self._around_known()
            failed = 0 if len(self._open()) < before else failed + 1

    # -- with squares -----------------------------------------------------------------------------

    def _with_squares(self) -> None:
        """What loose solutions have and no cohort yet: shown by a cohort, or excluded too."""
        for end in self.ends:
            while end.is_open and self._ongoing():
                if not (self._shown(end) or self._excluded(end) or self._asked_whole(end)):
                    self._half_way(end)
                    end.given_up = True

    def _is_proved(self, also: Also) -> bool:
        """Does no loose solution have it, also when only claims are in force that prove?"""
        if self.space.is_proving:
            return True
        return self._ask(self.space.loose, also, proving=True).status == "none"

    def _shown(self, end: End, value: int | None = None) -> bool:
        """Is there a cohort with the value, or is it excluded?"""
        wanted = require(end, end.outer if value is None else value)
        for seed in range(SEEDS):
            answer = self._ask(self.space.loose, wanted, seed=seed)
            if answer.status == "none" and value is None and self._is_proved(wanted):
                end.limit_to(end.below(end.outer))
                return True
            if answer.witness is None:
                return False
            before = end.inner
            if self._take(answer.witness, wanted, seed) and end.inner > before:
                self._around_known()
                return True
            if self.space.budget.spent:
                return False
        return False

    def _excluded(self, end: End) -> bool:
        """Do the squares of the blocks exclude it?"""
        before = end.outer
        for block in self.space.blocks:
            if block.is_hard and end.quantity.name in block.problem.grid.unknowns:
                answer = self.space.ask(
                    block.problem, largest(end), force=self.space.proving, linear=1
                )
                if answer.bound is not None:
                    end.limit_to(answer.bound)
        return end.outer < before

    def _asked_whole(self, end: End) -> bool:
        """The whole model, which answers where it is small."""
        if self.in_vain >= PATIENCE:
            return False
        answer = self._ask(self.space.whole, largest(end, above=end.inner))
        self.in_vain = self.in_vain + 1 if answer.status == "not found" else 0
        if answer.witness is not None:
            self._widen(answer.witness)
        if self.space.is_proving and answer.status == "none":
            end.limit_to(end.inner)
        elif self.space.is_proving and answer.bound is not None:
            end.limit_to(answer.bound)
        return answer.witness is not None or not end.is_open

    def _half_way(self, end: End) -> None:
        """At least some of the way: the range is then wider, though not proved."""
        far = end.outer
        for _ in range(HALVINGS):
            middle = end.between(far)
            if middle is None or self.space.budget.spent:
                return
            if not self._shown(end, middle):
                far = middle

    # -- what was found ---------------------------------------------------------------------------

    def ranges(self) -> Ranges:
        self._ongoing()
        ends = {(end.quantity, end.sign): end for end in self.ends}
        found = []
        for quantity in dict.fromkeys(end.quantity for end in self.ends):
            value = replace(quantity, sort="value")
            # the lowest of several is as small as any one can be, the highest as large
            low, high = (ends.get((quantity, sign)) or ends[value, sign] for sign in (-1, 1))
            found.append(Range(quantity, -low.inner, high.inner, -low.outer, high.outer))
        budget = self.space.budget
        in_time = not (budget.spent and any(end.is_open for end in self.ends))
        subjects = self.space.loose.grid.subjects
        return Ranges(subjects, tuple(found), budget.done, len(self.seen), in_time)
