"""The tasks and corrections of a subject as lines in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from pilotage.forms.acts import ENTER, OPEN_CONTACT
from pilotage.forms.filled import FilledContact
from pilotage.forms.roles import NURSE, role_of
from pilotage.simulation.rehearsal.clock import Clock
from pilotage.simulation.rehearsal.entering import Part, Rank, Task
from pilotage.simulation.rehearsal.happened import Found, Slip
from pilotage.simulation.rehearsal.lines import Line, Said, contact_opened, item_entered
from pilotage.study.protocol import Protocol

REASONS: Final[dict[Found, str]] = {
    "check before entry": "Mistyped; corrected from the source before entry into the trial",
    "edit check": "Mistyped; corrected when the form asked",
    "source verification": "Mistyped; found when compared with the source",
    "data cut": "Mistyped; refused when the data were prepared for the cut",
}
"""What the site writes when it corrects a slip."""

Place = tuple[str, FilledContact | None, str, int, str]
"""An item: subject, contact, form, number of the page and item."""
Page = tuple[FilledContact | None, str, int]
"""A form of a subject: contact, form and number of the page."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line, and the slip that it makes or takes back."""

    line: Line
    slip: Slip | None = None
    mends: Slip | None = None


@dataclass(slots=True)
class Writing:
    """Writes the lines of one subject; its clock goes on from line to line."""

    protocol: Protocol
    subject: str
    slips: dict[Place, Slip]
    clock: Clock

    def lines(self, tasks: Iterable[Task]) -> Iterator[Written]:
        for task in tasks:
            self.clock.begin(task.day)
            for who, act, reason in task.acts:
                yield self._act(who, act, {"reason": reason} if reason else {})
            if task.opens is not None:
                yield self._act(NURSE, OPEN_CONTACT, contact_opened(task.opens))
            for part in task.parts:
                yield from self._typed(part)

    def _act(self, who: str, act: str, said: Said) -> Written:
        line = Line(self.clock.now, who, act, self.subject, said)
        self.clock.pass_on()
        return Written(line)

    def _typed(self, part: Part) -> Iterator[Written]:
        form, who = part.form, role_of(self.protocol.forms[part.form.form])
        for item, answer in part.answers.items():
            slip = self.slips.get((form.subject, form.contact, form.form, form.repeat, item))
            typed = slip.typed if slip and not part.reason else answer
            said = item_entered(
                form.contact, form.form, form.repeat, item, typed, reason=part.reason
            )
            line = Line(self.clock.now, who, ENTER, self.subject, said)
            yield Written(line, mends=slip) if part.reason else Written(line, slip=slip)
        self.clock.pass_on()


def written(
    protocol: Protocol,
    subject: str,
    tasks: Sequence[Task],
    slips: Sequence[Slip],
    random: np.random.Generator,
) -> list[Written]:
    """The lines of a subject, each later than the one before it but for the items of one save."""
    every = sorted([*tasks, *corrections(tasks, slips)], key=lambda task: (task.day, task.rank))
    places = {(s.subject, s.contact, s.form, s.repeat, s.item): s for s in slips}
    return list(Writing(protocol, subject, places, Clock(random)).lines(every))


def corrections(tasks: Iterable[Task], slips: Iterable[Slip]) -> Iterator[Task]:
    """A task for each form that is corrected on a day for one reason."""
    every = (part.form for task in tasks for part in task.parts)
    forms = {(form.contact, form.form, form.repeat): form for form in every}
    together: dict[tuple[date, Found, Page], list[Slip]] = {}
    for slip in slips:
        if slip.corrected is not None:
            page = (slip.contact, slip.form, slip.repeat)
            together.setdefault((slip.corrected, slip.found, page), []).append(slip)
    for (day, found, page), own in together.items():
        early = found == "check before entry"
        answers = {slip.item: slip.meant for slip in own}
        part = Part(forms[page], answers, REASONS[found])
        yield Task(day, Rank.CORRECT_BEFORE_ENTRY if early else Rank.CORRECT, parts=(part,))
