"""A smallest impossible set in words: what each claim says, what the words mean, what is left."""

from dataclasses import dataclass
from typing import Any

from pilotage.publication.arithmetic import why_no_mean, why_no_sd
from pilotage.publication.audit.finding import AuditFinding
from pilotage.publication.audit.joint.check import Checker
from pilotage.publication.audit.joint.facts import Fact
from pilotage.publication.audit.joint.population import Population
from pilotage.publication.audit.joint.relations import Lattice, Relation
from pilotage.publication.audit.joint.repairs import Repairs
from pilotage.publication.audit.words import listed, number, percent, quoted
from pilotage.publication.claims import (
    AllOrNoneClaim,
    ChangeClaim,
    ComparisonClaim,
    CountClaim,
    PercentageClaim,
    RangeClaim,
)

_SIGNS = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts impossible sets in words. `settled`: the facts that are in none of them."""

    checker: Checker
    settled: tuple[Fact, ...] = ()

    def finding(self, wrong: tuple[Fact, ...]) -> AuditFinding:
        """The set as a finding. The claim that is most particular is asked about first."""
        facts = tuple(reversed(wrong))
        names = listed([quoted(fact.claim) for fact in facts])
        alone = len(facts) == 1
        question = (
            f"How can {names} be true, with the groups as the paper calls them?"
            if alone
            else f"How can {names} all be true of the same subjects?"
        )
        lines = [self._says(fact) for fact in facts]
        lines += [self._means(relation) for relation in self._needed(wrong)]
        lines += self._by_hand(facts)
        lines += self._assumed(facts)
        if not self._is_bounded(wrong):
            lines.append(f"cohorts of up to {self.checker.largest} subjects were looked at")
        return AuditFinding(
            "joint",
            tuple(fact.id for fact in facts),
            "impossible" if alone else "inconsistent",
            question,
            tuple(lines),
            Repairs(self.checker, self.settled).of(facts),
        )

    def _assumed(self, facts: tuple[Fact, ...]) -> list[str]:
        """What was taken for granted of variables whose range nobody declares."""
        variables = self.checker.facts.published.variables
        names = dict.fromkeys(key[0] for fact in facts for key in sorted(fact.keys, key=str))
        return [
            f"{name} is taken as {low} or more: no range is declared for it"
            for name in names
            if variables[name].range is None
            for low in [self.checker.facts.domain((name, None), self.checker.largest)[0]]
        ]

    def _is_bounded(self, wrong: tuple[Fact, ...]) -> bool:
        root = self.checker.facts.root
        return any(isinstance(f.claim, CountClaim) and f.claim.group == root for f in wrong)

    # -- what the claims say ----------------------------------------------------------------------

    def _label(self, name: str | None) -> str:
        return f"'{self.checker.facts.groups[str(name)].label}'"

    def _says(self, fact: Fact) -> str:
        same = f", and {listed(fact.ids[1:])}" if len(fact.ids) > 1 else ""
        words = self._words(fact)
        return f"{quoted(fact.claim)} in {fact.claim.place}{same}: {words}"

    def _words(self, fact: Fact) -> str:
        claim: Any = fact.claim
        who = self._label(claim.group)
        match claim:
            case CountClaim():
                of = f" of {self._label(claim.of)}" if claim.of else ""
                return f"{_SIGNS[claim.comparator]}{claim.value}{of} are {who}"
            case PercentageClaim():
                share = f"{_SIGNS[claim.comparator]}{number(claim.value)} %"
                return f"{share} of {self._label(claim.of)} are {who}"
            case AllOrNoneClaim():
                return f"{claim.kind} of {self._label(claim.of)} are {who}"
            case ComparisonClaim():
                what = self._label(claim.share) if claim.share else claim.variable
                return f"{what} in {who} {claim.comparator} in {self._label(claim.than)}"
            case RangeClaim():
                ends = f"{number(claim.low)} to {number(claim.high)}"
                return f"the {claim.kind} of {self._what(claim)} over {who} is {ends}"
            case ChangeClaim():
                return f"{claim.variable} over {who}: {claim.direction} until {claim.at}"
        sign = claim.comparator if claim.comparator != "=" else "is"
        return f"the {claim.kind} of {self._what(claim)} over {who} {sign} {number(claim.value, 4)}"

    def _what(self, claim: Any) -> str:
        return f"{claim.variable} ({claim.at})" if claim.at else str(claim.variable)

    # -- what the words mean ----------------------------------------------------------------------

    def _needed(self, wrong: tuple[Fact, ...]) -> list[Relation]:
        """The relations of groups without which all could be true."""
        lattice, facts = self.checker.facts.lattice, self.checker.facts
        groups = lattice.closure({name for fact in wrong for name in fact.groups})
        needed = [relation for relation in lattice.among(groups) if relation.kind != "subject"]
        singles = [relation for relation in lattice.relations if relation.kind == "subject"]
        for relation in list(needed):
            rest = [other for other in needed if other is not relation]
            # a group that nothing binds to the outermost one is left out with its relations
            if self.checker.seconds_left <= 0:
                return []
            if self.checker.solved(wrong, Lattice((*rest, *singles))) is False:
                needed = rest
        return [relation for relation in needed if facts.root not in relation.others]

    def _means(self, relation: Relation) -> str:
        who = self._label(relation.group)
        others = listed([self._label(name) for name in relation.others])
        match relation.kind:
            case "subset_of":
                return f"by the words, {who} lie within {others}"
            case "apart_from":
                return f"by the words, {who} and {others} share nobody"
            case "union_of":
                return f"by the words, {who} are those of {others} together"
            case "intersection_of":
                return f"by the words, {who} are those in each of {others}"
        wholes = listed([self._label(name) for name in relation.wholes])
        return f"by the words, {who} are {wholes} without {others}"

    # -- arithmetic -------------------------------------------------------------------------------

    def _by_hand(self, facts: tuple[Fact, ...]) -> list[str]:
        lines = []
        for fact in facts:
            others = [other for other in facts if other is not fact]
            if isinstance(fact.claim, CountClaim):
                lines += self._left(fact, fact.claim, others)
            elif isinstance(fact.claim, PercentageClaim):
                lines += self._shares(fact, fact.claim, others)
        return lines + self._no_moments(facts)

    def _shares(self, fact: Fact, claim: PercentageClaim, others: list[Fact]) -> list[str]:
        """How many the other claims make the whole of a share, and the shares next to it."""
        ends = self._between(others, [claim.of]) if others else None
        if ends is None or ends[0] != ends[1] or ends[0] == 0:
            return []
        n, ids = ends[0], listed([other.id for other in others])
        verb = "makes" if len(others) == 1 else "make"
        below = min(int(claim.value * n / 100), n)
        near = [percent(k, n, claim.printed_digits) for k in (below, below + 1) if k <= n]
        return [f"{ids} {verb} {self._label(claim.of)} {n}: {'; '.join(near)}"]

    def _left(self, fact: Fact, claim: CountClaim, others: list[Fact]) -> list[str]:
        """How many the other claims leave."""
        names = [claim.group, *([claim.of] if claim.of else [])]
        ends = self._between(others, names)
        if ends is None or not others or ends[1] == self.checker.largest:
            return []
        shown = str(ends[0]) if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        ids = listed([other.id for other in others])
        of = f" of {self._label(claim.of)}" if claim.of else ""
        verb = "leaves" if len(others) == 1 else "leave"
        return [
            f"{ids} {verb} {shown}{of} for {self._label(claim.group)}; {fact.id} says {claim.value}"
        ]

    def _between(self, others: list[Fact], names: list[str]) -> tuple[int, int] | None:
        def measure(people: Population) -> Any:
            return people.number(*names)

        return self.checker.between(others, frozenset(names), measure)

    def _no_moments(self, facts: tuple[Fact, ...]) -> list[str]:
        """Why a group of this size has no such mean, or no such SD beside it."""
        of = {fact.claim.kind: fact for fact in facts}
        mean, sd = of.get("mean"), of.get("sd")
        rest = [fact for fact in facts if fact not in (mean, sd)]
        if mean is None or any(fact.keys for fact in rest) or mean.per != 1:
            return []
        claim: Any = mean.claim
        ends = self._between(rest, [claim.group]) if rest else None
        if ends is None or ends[0] != ends[1] or ends[0] == 0:
            return []
        n, printed = ends[0], mean.printed(claim.value)
        if sd is None:
            return [why_no_mean(n, printed)]
        spread: Any = sd.claim
        return [why_no_sd(n, printed, sd.printed(spread.value))]
