"""Which printed numbers exclude each other: computed, with the smallest set of claims that does.

A claim is held, as it is printed, against the claims that are followed and speak of the same
variables. The set is shrunk claim by claim, until leaving out any one of them makes the rest
possible; the rules of the reconstruction hold throughout.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pilotage.publication.arithmetic import Printed, why_no_mean, why_no_sd
from pilotage.publication.claims import AnyClaim, Published, StatisticClaim
from pilotage.publication.reconstruct.models import Choice, Reconstruction
from pilotage.publication.reconstruct.problem import Problem, build, excluding, possible
from pilotage.publication.reconstruct.solve import Progress
from pilotage.publication.reconstruct.wording import NotModelled

Readings = list[tuple[AnyClaim, Choice | None]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a claim for which the study has a choice: whether it can be met as it
    is printed, which followed claims exclude it, and how it is read instead."""

    claim: str
    printed: str
    question: str
    left: bool
    excluded_by: tuple[str, ...]
    alone: bool
    words: str


@dataclass(slots=True)
class Conflicts:
    """Looks for conflicts among the claims of one paper."""

    problem: Problem
    followed: Sequence[str]

    @property
    def published(self) -> Published:
        return self.problem.published

    @property
    def made(self) -> Reconstruction:
        return self.problem.made

    def verdicts(self, progress: Progress | None = None) -> tuple[Verdict, ...]:
        """A verdict on each claim with a choice; of those that say whom they speak of, whether the
        words of the paper can be met."""
        found = []
        for done, choice in enumerate(self.made.choices, 1):
            found.append(self._verdict(choice))
            if progress is not None:
                progress(done, len(self.made.choices))
        return tuple(found)

    def _verdict(self, choice: Choice) -> Verdict:
        claim = self.published.claim(choice.claim)
        found = None if _open(claim) and not choice.leave else self.against(claim)
        alone = found == ()
        words = self._words(claim, choice, found)
        excluded = tuple(found or ())
        return Verdict(
            claim.id, claim.printed, choice.question, choice.leave, excluded, alone, words
        )

    def against(self, claim: AnyClaim) -> tuple[str, ...] | None:
        """The smallest set of followed claims that exclude the claim as it is printed: empty where
        it cannot be met by itself, None where nothing excludes it or it names nobody."""
        try:
            own = self.problem.wording.variables_of(claim, self._only_whom(claim))
        except NotModelled:
            return None
        near = [
            (other, used)
            for name in self.followed
            if name != claim.id
            and (used := self.problem.variables_of(other := self.published.claim(name))) & own
        ]
        plain = [(other, used) for other, used in near if not _is_hard(other)]
        found = self._excluding(claim, own, plain)
        choice = self.made.choice(claim.id)
        if found is None and choice is not None and choice.leave:
            return self._excluding(claim, own, near)
        return found

    def _excluding(
        self, claim: AnyClaim, own: frozenset[str], near: list[tuple[AnyClaim, frozenset[str]]]
    ) -> tuple[str, ...] | None:
        scope = own.union(*(used for _, used in near))
        readings = [(other, self.made.choice(other.id)) for other, _ in near]
        problem = self._small(claim, scope, [*readings, (claim, self._only_whom(claim))])
        others = [other.id for other, _ in near if other.id in problem.force]
        if claim.id not in problem.force:
            return None
        return smallest(problem, [claim.id], others)

    def _only_whom(self, claim: AnyClaim) -> Choice | None:
        """The choice, where without it the claim would not say whom it speaks of."""
        return self.made.choice(claim.id) if _open(claim) else None

    def _small(self, claim: AnyClaim, scope: Iterable[str], readings: Readings) -> Problem:
        """A model of nothing but these variables, in which the claim stands as it is printed."""
        others = tuple(c for c in self.made.choices if c.claim != claim.id or _open(claim))
        made = self.made.model_copy(update={"choices": others})
        wanted, grid = set(scope), self.problem.grid
        unknowns = {name: known for name, known in grid.unknowns.items() if name in wanted}
        return build(made, self.published, unknowns, grid.subjects, readings=readings)

    # -- in words ---------------------------------------------------------------------------------

    def _words(self, claim: AnyClaim, choice: Choice, found: tuple[str, ...] | None) -> str:
        if found:
            why = "cannot stand beside " + self._quoted(found)
        elif found == ():
            why = "cannot arise" + self._arithmetic(claim)
        elif _open(claim):
            why = "does not say whom it speaks of"
        else:
            why = "could be met as it is printed"
        return f"{why}; {_reading(choice)} ({choice.question})"

    def _quoted(self, names: tuple[str, ...]) -> str:
        return ", ".join(f"{name} ('{self.published.claim(name).printed}')" for name in names)

    def _arithmetic(self, claim: AnyClaim) -> str:
        """Why no whole numbers have the printed mean or SD; else a rule excludes the claim."""
        if not isinstance(claim, StatisticClaim) or claim.kind not in ("mean", "sd"):
            return ": a rule excludes it"
        n, printed = len(self.problem.grid.subjects), Printed.of(claim.value, claim.printed_digits)
        if claim.kind == "mean":
            return f": {why_no_mean(n, printed)}"
        pair = self.problem.wording.pair(claim)
        if pair is None:
            return ""
        mean = Printed.of(pair[0].value, pair[0].printed_digits)
        return f": {why_no_sd(n, mean, printed)}"


def _is_hard(claim: AnyClaim) -> bool:
    """Is the claim one that takes long to hold against others: an order, a square?"""
    return getattr(claim, "kind", "") in ("median", "sd", "p_value")


def _open(claim: AnyClaim) -> bool:
    """Does the claim leave open whom it speaks of?"""
    return "not stated" in (getattr(claim, "group", None), getattr(claim, "of", None))


def smallest(
    problem: Problem, fixed: Sequence[str], others: Sequence[str]
) -> tuple[str, ...] | None:
    """Those of the others that, beside the fixed claims, exclude each other, none of which can be
    spared: shrunk by leaving out one after the other. None where nothing is excluded."""
    needed = excluding(problem, fixed, others)
    if needed is None:
        return None
    for name in list(needed):
        rest = [other for other in needed if other != name]
        if not possible(problem, [*fixed, *rest]):
            needed = rest
    return tuple(needed)


def _reading(choice: Choice) -> str:
    if choice.leave:
        return "left"
    parts = []
    if choice.group:
        parts.append(f"read of the group {choice.group}")
    if choice.of:
        parts.append(f"read as a share of {choice.of}")
    if choice.decimals == "cut off":
        parts.append("read with its decimals cut off")
    if choice.test:
        parts.append(f"read as the P value of {choice.test}")
    return ", ".join(parts) or "followed"
