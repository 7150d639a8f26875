"""Which values of a subject are mistyped, which of these slips come to light, and when.

A slip in what was entered up to the first dose is found while the entry into the trial is checked.
About a later one the form may ask at once; else source data verification finds its share, in the
next monitoring round. The rest stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from pilotage.forms.answer import Answer
from pilotage.simulation.model import Conduct
from pilotage.simulation.rehearsal.asked import is_asked_about
from pilotage.simulation.rehearsal.clock import days_until_entry, working_day
from pilotage.simulation.rehearsal.entering import Part, Rank, Task
from pilotage.simulation.rehearsal.happened import Found, Slip
from pilotage.simulation.rehearsal.slips import possible_slips
from pilotage.study.protocol import Protocol


@dataclass(slots=True)
class Mistyping:
    """Draws the slips of one subject. `start` is the day of the first dose, None for a subject who
    had none; `rounds` are the days of its monitoring."""

    protocol: Protocol
    conduct: Conduct
    start: date | None
    rounds: tuple[date, ...]
    until: date
    random: np.random.Generator

    def slips(self, tasks: Iterable[Task]) -> Iterator[Slip]:
        """Every slip of what is typed, in the order of the tasks."""
        for task in tasks:
            for part in task.parts:
                drawn = list(self._drawn(part, task.day))
                typed = {**part.form.answers, **{slip.item: slip.typed for slip in drawn}}
                for slip in drawn:
                    yield self._found(slip, task, typed, part.form.answers)

    def _drawn(self, part: Part, day: date) -> Iterator[Slip]:
        form, error = part.form, self.conduct.true_entry_error
        for item, answer in part.answers.items():
            slipped = self.random.random() < error
            if not slipped or not answer.value:
                continue
            ways = possible_slips(self.protocol, form.form, item, answer.value)
            if ways:
                way = ways[int(self.random.integers(len(ways)))]
                typed = replace(answer, value=way.value)
                place = (form.subject, form.contact, form.form, form.repeat, item)
                yield Slip(*place, way.kind, answer, typed, day)

    def _found(
        self, slip: Slip, task: Task, typed: Mapping[str, Answer], meant: Mapping[str, Answer]
    ) -> Slip:
        """The slip with how and when it comes to light, if it does before the last day."""
        verified = bool(self.random.random() < self.conduct.true_error_found)
        delay = max(1, days_until_entry(self.conduct.entry_delay_days, self.random))
        if self.start is not None and task.day <= self.start and task.rank < Rank.ENTER_TRIAL:
            return replace(slip, found="check before entry", corrected=self.start)
        asked = is_asked_about(self.protocol, slip.form, typed, meant, slip.item, task.day)
        seen = task.day if asked else self._next_round(task.day) if verified else None
        if seen is None:
            return slip
        day = working_day(seen + timedelta(days=delay))
        if day >= self.until:
            return slip
        found: Found = "edit check" if asked else "source verification"
        return replace(slip, found=found, corrected=day)

    def _next_round(self, day: date) -> date | None:
        return next((each for each in self.rounds if each >= day), None)
