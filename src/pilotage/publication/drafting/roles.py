"""What a limit is for, by the words around it."""

import re
from dataclasses import dataclass

from pilotage.publication.drafting.scan import Scan


@dataclass(frozen=True, slots=True)
class Role:
    """A role as `published.yaml` names it; `cue` is empty where no word says so."""

    name: str
    cue: str = ""

    @property
    def open(self) -> tuple[str, ...]:
        """What a person should look at."""
        return () if self.cue else ("role",)


_ROLES = (
    ("exclusion", r"\bexclu\w+|\bineligib\w+|\bcontra-?indicat\w+"),
    ("stopping", r"\bdiscontinu\w+|\bstopp\w+|\bterminat\w+|\bwithdrawn if\b"),
    ("normal", r"\bnormal (?:values?|ranges?|limits?|levels?)\b|\breference (?:values?|ranges?)\b"),
    ("inclusion", r"\binclu(?:sion|ded if|de if)\w*|\beligib\w+|\brecruit\w+|\benrol\w+|\baged\b"),
    (
        "definition",
        r"\bdefin\w+|\bclassif\w+|\bconsidered\b|\bregarded\b|\bwas a\b|\bcut-?off\b|\bthreshold\b",
    ),
)


def role_of(scan: Scan, start: int) -> Role:
    """The role of a limit: by the nearest words before it in the sentence, else by any in it."""
    before = scan.seen[:start]
    nearest: tuple[int, str] | None = None
    for name, words in _ROLES:
        for match in re.finditer(words, before, re.IGNORECASE):
            if nearest is None or match.start() > nearest[0]:
                nearest = (match.start(), name)
    if nearest is not None:
        return Role(nearest[1], nearest[1])
    for name, words in _ROLES:
        if re.search(words, scan.seen, re.IGNORECASE):
            return Role(name, name)
    return Role("definition")
