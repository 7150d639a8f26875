"""A claim as the study reads it."""

from dataclasses import dataclass
from typing import Literal

from pilotage.publication.arithmetic import Decimals, Printed
from pilotage.publication.claims import AnyClaim, OneNumber
from pilotage.publication.reconstruct.models import Choice

PairTest = Literal["pooled_t", "welch_t", "paired_t"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The claim, whom it speaks of, of which whole, and how its number was cut."""

    claim: AnyClaim
    group: str | None
    of: str | None
    decimals: Decimals
    test: PairTest | None

    @property
    def printed(self) -> Printed:
        assert isinstance(self.claim, OneNumber)
        return Printed.of(self.claim.value, self.claim.printed_digits, self.decimals)


def read(claim: AnyClaim, choice: Choice | None) -> Reading:
    """The claim with the study's choice applied; 'not stated' is None."""
    group, of = (_stated(getattr(claim, name, None)) for name in ("group", "of"))
    if choice is None:
        return Reading(claim, group, of, "rounded", None)
    return Reading(
        claim, choice.group or group, choice.of or of, choice.decimals or "rounded", choice.test
    )


def _stated(name: str | None) -> str | None:
    return None if name == "not stated" else name
