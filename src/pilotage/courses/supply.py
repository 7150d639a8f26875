"""The capsules of one subject: handed out for some days, forgotten now and then, and counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pilotage.courses.doses import DoseRow, dose_on, taken_on
from pilotage.courses.plan import Supply
from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Form, Treatment

LONGEST = 28
"""So many days at most are handed out at a time where nothing is planned sooner."""


@dataclass(slots=True)
class Stock:
    """What a subject holds. `held` capsules were there on the day `since`; None: none were handed
    out, or all have come back."""

    supply: Supply
    treatment: Treatment
    random: np.random.Generator
    held: int | None = None
    since: int = 1

    def hand_out(
        self, doses: Sequence[DoseRow], day: int, until: int
    ) -> tuple[int, int | None, int]:
        """Count what comes back and hand out what the days from this one to `until` need: capsules
        handed out, capsules returned (None at the first supply), days."""
        returned = self._returned(doses, day - 1)
        first = next((each for each in range(day, until + 1) if dose_on(doses, each)), day)
        needed = self._capsules(doses, day, until)
        self.held, self.since = -(-needed // self.supply.packed) * self.supply.packed, day
        return self.held, returned, until - first + 1

    def take_back(self, doses: Sequence[DoseRow], day: int) -> int | None:
        """Count what comes back at the end of treatment, whose last day this may be."""
        returned, self.held = self._returned(doses, day), None
        return returned

    def _returned(self, doses: Sequence[DoseRow], last: int) -> int | None:
        """What is left after that day, less what was taken: some capsules are forgotten."""
        if self.held is None:
            return None
        asked = self._capsules(doses, self.since, last)
        forgotten = int(self.random.binomial(asked, self.supply.forgotten))
        return self.held - min(self.held, asked - forgotten)

    def _capsules(self, doses: Sequence[DoseRow], first: int, last: int) -> int:
        amount = sum(taken_on(doses, self.treatment, day) for day in range(first, last + 1))
        return round(amount / self.supply.strength)


def supply_answers(
    name: str, form: Form, *, strength: float, counted: tuple[int, int | None, int]
) -> Iterator[tuple[str, object]]:
    """The answers to the items of the form, by form.item: known by their places in SDTM."""
    handed_out, returned, days = counted
    known = {"DISPAMT": handed_out, "RETAMT": returned, "STRENGTH": strength, "DAYSSUPP": days}
    for code, item in form.items.items():
        where = dict(read_target(item.target).where)
        value = known.get(where.get("DATESTCD") or where.get("QNAM", ""))
        if value is not None:
            yield f"{name}.{code}", value
