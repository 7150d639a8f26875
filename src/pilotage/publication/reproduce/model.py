"""What holding a paper against data gives: for every claim a verdict, and what was considered."""

from dataclasses import dataclass
from typing import Literal, get_args

from pilotage.publication.claims import AnyClaim

Verdict = Literal["same", "met by construction", "differs", "cannot be computed"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number or answer of ours that a claim could mean.

    `text` is ours as the claim prints it, `how` the way of cutting decimals with which it fits
    (empty where it does not), `value` the number unrounded in the unit of the claim, `reason` why
    there is none. `results` are RESULTIDs; `unbound`: the plan does not give the result named.
    """

    label: str
    text: str = ""
    how: str = ""
    value: float | None = None
    n: int | None = None
    population: str = ""
    method: str = ""
    results: tuple[str, ...] = ()
    reason: str = ""
    unbound: bool = False

    @property
    def fits(self) -> bool:
        return bool(self.how)


def in_words(candidate: Candidate) -> str:
    """What tells a candidate from others: whose number it is, and how its decimals were cut."""
    cut = candidate.how if candidate.how in ("truncated", "half to even") else ""
    return "; ".join(part for part in (candidate.label, cut) if part)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim beside ours. `meant` is the answer that the claim asks for, `others` what it could
    mean as well; `unbound` says that the claim names a result that the plan does not give."""

    claim: AnyClaim
    verdict: Verdict
    meant: Candidate | None = None
    others: tuple[Candidate, ...] = ()
    reason: str = ""
    unbound: bool = False

    @property
    def ours(self) -> str:
        return self.meant.text if self.meant is not None else ""

    @property
    def why(self) -> str:
        """The reason as a sentence begins."""
        return self.reason[:1].upper() + self.reason[1:]

    @property
    def fitting(self) -> tuple[Candidate, ...]:
        """Which of the others fit."""
        return tuple(candidate for candidate in self.others if candidate.fits)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Every claim of a paper beside one data cut, in the paper's order."""

    held: tuple[Held, ...]
    synthetic: bool

    def count(self, verdict: Verdict, section: str | None = None) -> int:
        """How many claims (of a section) have the verdict."""
        return sum(
            held.verdict == verdict and section in (None, held.claim.place.section)
            for held in self.held
        )

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(held.claim.place.section for held in self.held))

    @property
    def agrees(self) -> bool:
        """Nothing differs, and no claim names a result that the plan does not give."""
        return not any(held.verdict == "differs" or held.unbound for held in self.held)
