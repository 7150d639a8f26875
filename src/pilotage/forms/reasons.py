"""Why there is no value, as text of SDTM and back.

Findings and asked-for events say it in --STAT and --REASND. Any other variable has no such place:
there a supplement says it, named `ND` and the variable without its domain (NDENDTC for AEENDTC).

Source: SDTM IG 3.4, --STAT and --REASND; section 8.4 (supplemental qualifiers).
"""

from dataclasses import dataclass, field
from typing import Final, cast

from pilotage.forms.answer import MISSING, Answer, Missing

NOT_DONE: Final = "NOT DONE"


def reason_text(answer: Answer) -> str:
    """`NOT DONE: the tube broke`; the word alone where the site gave no reason."""
    word = answer.missing.upper()
    return f"{word}: {answer.why}" if answer.why else word


def reason_of(text: str | None) -> Answer:
    """The answer that a text stands for; words alone are why something was not done."""
    word, _, why = (text or NOT_DONE).partition(": ")
    if word.lower() in MISSING and word.isupper():
        return Answer(missing=cast(Missing, word.lower()), why=why)
    return Answer(missing="not done", why=text or "")


@dataclass(slots=True)
class ReasonNames:
    """The QNAM under which the reason for a missing variable stands: 8 letters, as SDTM asks, and
    another one for each variable of a domain."""

    taken: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, domain: str, variable: str) -> str:
        parent, number = domain.removeprefix("supp"), 1
        name = plain = f"ND{variable.removeprefix(parent.upper())[:6]}"
        while self.taken.setdefault((parent, name), variable) != variable:
            number += 1
            name = f"{plain[:7]}{number}"
        return name
