"""What a search for causes has to go on: one claim beside ours, and everything behind both."""

from collections.abc import Iterable
from dataclasses import dataclass

from pilotage.datasets import Datasets
from pilotage.publication.audit.lying import Lying
from pilotage.publication.audit.run import Audit
from pilotage.publication.claims import AnyClaim, OneNumber, TwoNumbers
from pilotage.publication.reproduce.followed import Followed
from pilotage.publication.reproduce.hold import both_judged, judged
from pilotage.publication.reproduce.model import Candidate, Held
from pilotage.publication.reproduce.numbers import Sources, one_number, two_numbers

MOST_NAMED = 6
"""So many subjects are named one by one."""


@dataclass(frozen=True, slots=True)
class Search:
    """One claim that differs or cannot be computed. `audit` holds the paper's claims against each
    other without data, `lying` knows which group lies within which; `others` are all claims beside
    ours. `without` keeps the sources in which a subject is left out, with the results of some
    analyses: many claims ask for the same."""

    held: Held
    others: tuple[Held, ...]
    sources: Sources
    built: Followed
    audit: Audit
    lying: Lying
    datasets: Datasets
    without: dict[tuple[str | None, frozenset[str]], Sources]

    @property
    def claim(self) -> AnyClaim:
        return self.held.claim

    def group_text(self, name: str) -> str:
        """The label of a group."""
        return self.sources.facts.study.text(self.sources.published.groups[name].label)

    def beside(self, name: str) -> Held:
        """Another claim beside ours."""
        return next(each for each in self.others if each.claim.id == name)


def numbers_of(claim: AnyClaim, asked: AnyClaim, sources: Sources) -> Candidate | None:
    """Ours of a claim, held against what another one prints; None where it has no number."""
    if isinstance(claim, OneNumber) and isinstance(asked, OneNumber):
        found = one_number(claim, sources)
        return judged(asked, found[0]) if found else None
    if isinstance(claim, TwoNumbers) and isinstance(asked, TwoNumbers):
        return both_judged(asked, two_numbers(claim, sources)[0])
    return None


def named_subjects(subjects: Iterable[str]) -> str:
    """'SYN-01 and SYN-03'; of many only how many."""
    known = sorted(subjects)
    if len(known) > MOST_NAMED:
        return f"any of {len(known)} subjects"
    return " or ".join(known)
