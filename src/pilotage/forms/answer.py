"""One answer to one item, as it was written down."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Missing = Literal["", "not done", "unknown", "not applicable"]
"""Why there is no value; empty where there is one, and where nothing was answered yet."""

MISSING: Final[tuple[str, ...]] = tuple(word for word in get_args(Missing) if word)


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in one item: the text as typed, never converted.

    `unit` is that of a number, `low` and `high` are the laboratory's limits of normal beside it.
    Where there is no value, `missing` says why in one of three words and `why` in the site's own.
    An answer with neither value nor `missing` is open: nobody has answered yet.
    """

    value: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    missing: Missing = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        return not self.value and not self.missing
