"""What holding a paper against data gives: for every claim a verdict, and what was considered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pilotage.publication.claims import AnyClaim
from pilotage.publication.reproduce.cause import LOOKED_FOR, Cause, Kind

Verdict = Literal[
    "same", "met by construction", "differs", "cannot be computed", "not a result"
]  # fmt: skip

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

MEANINGS: Mapping[Verdict, str] = {
    "same": "Rounded as printed, ours is the printed number; of words, ours say the same. Of "
    "invented subjects that shows how they were made, and nothing of any trial.",
    "met by construction": "The invented subjects were made to meet the claim; it shows nothing. "
    "Where they meet it in another reading than the plan's, that reading and the plan's number "
    "stand beside it.",
    "differs": "Ours is another number, or says something else. Below it stands what it could be, "
    "fitting ones first.",
    "cannot be computed": "A result of the trial, but the data that it needs are not there.",
    "not a result": "No result of the trial's data: a limit, a rule of the plan, a name, a time, "
    "or a number of other studies.",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number or answer of ours that a claim could mean.

    `text` is ours as the claim prints it, `how` the way of cutting decimals with which it fits
    (empty where it does not), `value` the number unrounded in the unit of the claim, `reason` why
    there is none. `results` are RESULTIDs; `unbound`: the plan does not give the result named.
    `other` says what is other than in the number meant, where the result itself does not say it.
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
    other: Kind | None = None

    @property
    def fits(self) -> bool:
        return bool(self.how)


WITH_N = (
    "count", "percentage", "mean", "sd", "sem", "median", "minimum", "maximum", "range",
    "quartiles", "p_value", "change",
)  # fmt: skip
"""Kinds of claims whose number says little without the number of subjects behind it."""


WITH_UNIT = (
    "mean", "sd", "sem", "median", "minimum", "maximum", "range", "quartiles", "value", "duration",
    "dose", "dose_range",
)  # fmt: skip
"""Kinds of claims whose number is shown with its unit."""

WITHOUT_UNIT = ("not stated", "grade", "date", "1")
"""What stands in place of a unit, and is not said."""


def in_words(candidate: Candidate) -> str:
    """What tells a candidate from others: whose number it is, and how its decimals were cut."""
    cut = candidate.how if candidate.how in ("truncated", "half to even") else ""
    return "; ".join(part for part in (candidate.label, cut) if part)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim beside ours. `meant` is the answer that the plan gives, `others` what the claim could
    mean as well, `read` the reading in which a cohort that was built to meet the claim meets it,
    where the plan's number as it is rounded does not. `remarks` are those of the file; `unbound`
    says that the claim names a result that the plan does not give. `causes` say why a claim differs
    or cannot be computed, `tried` what was looked for; both are empty until it was looked for."""

    claim: AnyClaim
    verdict: Verdict
    meant: Candidate | None = None
    others: tuple[Candidate, ...] = ()
    read: Candidate | None = None
    reason: str = ""
    remarks: tuple[str, ...] = ()
    unit: str = ""
    unbound: bool = False
    causes: tuple[Cause, ...] = ()
    tried: tuple[Kind, ...] = ()

    @property
    def shown(self) -> Candidate | None:
        """What stands beside the claim: the reading that meets it, else what the plan means."""
        return self.meant if self.read is None else self.read

    @property
    def ours(self) -> str:
        return self.shown.text if self.shown is not None else ""

    @property
    def ours_in_full(self) -> str:
        """Ours with its unit, a P value with its test, and the number of subjects behind it."""
        if self.shown is None or not self.ours:
            return ""
        text, bracket, rest = self.ours.partition(" (")
        if self.unit and self.claim.kind in WITH_UNIT:
            text = f"{text} {self.unit.removesuffix('s') if text == '1' else self.unit}"
        if self.claim.kind == "p_value" and self.shown.method:
            text = f"{text} ({self.shown.method.partition(';')[0]})"
        size = self.shown.n if self.claim.kind in WITH_N else None
        return text + bracket + rest + ("" if size is None else f", n = {size}")

    @property
    def plan(self) -> Candidate | None:
        """The plan's answer, where another one stands beside the claim."""
        if self.read is None or self.meant is None or self.read.label == self.meant.label:
            return None
        return self.meant

    @property
    def why(self) -> str:
        """The reason as a sentence begins."""
        return self.reason[:1].upper() + self.reason[1:]

    @property
    def no_cause(self) -> str:
        """What was looked for in vain, as a sentence; empty where a cause was found, or nothing was
        looked for."""
        if self.causes or not self.tried:
            return ""
        return f"No cause found among: {'; '.join(LOOKED_FOR[kind] for kind in self.tried)}."

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
