"""The subjects of a rehearsal: those of a synthetic cohort, with the conduct of simulation.yaml.

Visits are late, contacts are missed and laboratory sheets are lost before the rules of the study
decide, so that doses follow from what was known, as they would in the trial.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from pilotage.courses.calendar import Contact, contacts
from pilotage.courses.chance import chance
from pilotage.courses.measures import Setting
from pilotage.courses.records import Records
from pilotage.courses.screening import CANDIDATES, Barrier, everybody_enters, nobody_enters
from pilotage.forms.acts import COMPLETE, SCREEN_FAILURE, WITHDRAW
from pilotage.simulation.model import Conduct, Simulation
from pilotage.simulation.rehearsal import endings
from pilotage.simulation.rehearsal.happened import Astray
from pilotage.simulation.rehearsal.lateness import days_beyond, late_tests
from pilotage.simulation.rehearsal.lived import Beside, Further, Lived, fillable
from pilotage.simulation.scheme import is_laboratory

LOST_TOLD: Final = 0.5
"""The share of lost laboratory sheets on which the site writes why; the others stay empty."""
GIVEN_UP: Final = timedelta(days=60)
"""So long after the last contact a site calls a subject lost."""
LOST: Final = "Lost to follow-up"
FOLLOWED: Final = "Followed as the protocol plans"
FAILED, CONDUCT, ANSWERS = 1, 2, 6
"""What sets the chances of screen failures, of the conduct and of further answers apart."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Person:
    """The rows of one subject and what went astray. `end` is the act, with its reason, by which the
    site closes the participation; None where it goes on."""

    records: Records
    end: tuple[str, str] | None
    beside: tuple[Beside, ...]
    astray: tuple[Astray, ...] = ()

    @property
    def subject(self) -> str:
        return self.records.subject


def people(
    setting: Setting, simulation: Simulation, *, seed: int, subjects: int, progress: Progress
) -> Iterator[Person]:
    """The subjects, and after them the screen failures that the nature asks for. Subject k is the
    same whatever the number of subjects. Raises InputErrors where nobody could enter."""
    failures = setting.nature.recruitment.screen_failures
    nature = setting.nature.model_copy(update={"true_missed_visit": 0.0})
    calm = replace(setting, nature=nature)  # contacts are missed here, and told
    for number in range(1, subjects + 1):
        yield _treated(calm, simulation, seed, number)
        progress(number, subjects + failures)
    for number in range(1, failures + 1):
        yield _failed(calm, simulation, seed, number)
        progress(subjects + number, subjects + failures)


def _treated(setting: Setting, simulation: Simulation, seed: int, number: int) -> Person:
    """One eligible subject: the first of its candidates that nothing keeps out."""
    random = chance(seed, number)
    subject = f"{setting.nature.recruitment.prefix}-{number:03d}"
    met = Counter[Barrier]()
    for _ in range(CANDIDATES):
        course = _lived(setting, simulation, random, subject, chance(seed, number, ANSWERS))
        found = course.screen()
        if not found:
            conducted = Conducted(course, simulation.subject, chance(seed, number, CONDUCT))
            return conducted.live()
        met.update(found)
    raise nobody_enters(setting, met)


def _failed(setting: Setting, simulation: Simulation, seed: int, number: int) -> Person:
    """One screen failure: the first of its candidates that a criterion keeps out."""
    random = chance(seed, number, FAILED)
    subject = f"{setting.nature.recruitment.prefix}-F{number:02d}"
    for _ in range(CANDIDATES):
        course = _lived(setting, simulation, random, subject, chance(seed, number, FAILED, ANSWERS))
        reasons = [barrier.reason for barrier in course.screen() if barrier.reason]
        if reasons:
            end = (SCREEN_FAILURE, reasons[0])
            return Person(course.fail(reasons[0]), end, tuple(course.beside))
    raise everybody_enters(setting)


def _lived(
    setting: Setting,
    simulation: Simulation,
    random: np.random.Generator,
    subject: str,
    answers: np.random.Generator,
) -> Lived:
    further = Further(simulation.rehearsed, simulation.trial.capsule_strength)
    return Lived(setting, subject, random, further=further, chance=answers)


@dataclass(slots=True)
class Conducted:
    """One subject after the first dose: contacts as they will be held, not as they were planned."""

    course: Lived
    conduct: Conduct
    random: np.random.Generator
    astray: list[Astray] = field(default_factory=list)
    doubtful: list[tuple[Contact, Astray]] = field(default_factory=list)
    """What went astray, as far as its contact was expected after all."""

    def live(self) -> Person:
        course = self.course
        before = [contact for contact in course.planned if contact.day <= 1]
        gone = self._gone()
        if gone is not None:
            course.last_day = gone
        course.planned = [*before, *self._held()]
        records = course.treat()
        self.astray += [each for contact, each in self.doubtful if course.expects(contact)]
        self._close(records, gone)
        return Person(records, self._end(gone), tuple(course.beside), tuple(self.astray))

    def _end(self, gone: int | None) -> tuple[str, str] | None:
        """What the site records of the end of participation."""
        if gone is not None:
            return WITHDRAW, LOST
        over = self._date(self.course.last_day) < self.course.setting.nature.recruitment.cut
        return (COMPLETE, FOLLOWED) if over else None

    def _gone(self) -> int | None:
        """The last day of a subject who drops out before its end; None for one who stays."""
        if not self.conduct.true_dropout_per_week:
            return None
        weeks = int(self.random.geometric(self.conduct.true_dropout_per_week))
        gone = 7 * weeks
        if gone >= self.course.last_day:
            return None
        if self.course.event is not None and gone < self.course.event.day:
            self.course.event = None  # nobody sees what happens to who comes no more
        self.astray.append(Astray("dropped out", self.course.subject, self._date(gone)))
        return gone

    def _close(self, records: Records, gone: int | None) -> None:
        """Write down how the participation ended before the end of the follow-up, as a site would:
        of a subject who dropped out after a while, and nobody knows the end of its last dose."""
        course, day = self.course, self._date(self.course.last_day)
        reason = course.ended.reason if course.ended else None
        if gone is not None:
            if course.ended is None:
                records.rows.pop("ds", None)
                for row in records.rows.get("ex", ()):
                    if row.get("EXENDTC") == day.isoformat():
                        row["EXENDTC"] = None
            day, reason = day + GIVEN_UP, endings.LOST
        protocol = course.setting.study.protocol
        end = reason and endings.end_of_participation(protocol, reason)
        if end and day < course.setting.nature.recruitment.cut:
            records.add("ds", day, end)

    def _held(self) -> Iterator[Contact]:
        """The planned contacts after the first dose, each on the day on which it is held."""
        course, before = self.course, 1
        every = fillable(course.setting, course.further)
        planned = contacts(
            replace(course.setting, forms=every),
            None,
            consent_day=course.planned[0].day,
            last_day=course.last_day,
        )
        for contact in (contact for contact in planned if contact.day > 1):
            late = self._late() if contact.visit else 0
            day = max(contact.day + late, before + 1)
            missed = self.random.random() < self.conduct.true_missed_visit
            if missed or day > course.last_day:
                where = (course.subject, self._date(contact.day), contact.label)
                self.doubtful.append((contact, Astray("missed contact", *where)))
                continue
            before = day
            kept = self._kept(replace(contact, day=day))
            self._note_late(contact, kept)
            if kept.visit or kept.forms:
                yield kept

    def _late(self) -> int:
        days = self.conduct.true_late_days
        return round(self.random.normal(days.mean, days.sd))

    def _kept(self, contact: Contact) -> Contact:
        """The contact without the sheets that are lost."""
        forms = self.course.setting.study.protocol.forms
        for form in contact.forms:
            if not is_laboratory(forms[form]) or form not in self.course.setting.forms:
                continue
            if self.random.random() < self.conduct.true_missed_visit:
                told = bool(self.random.random() < LOST_TOLD)
                day = self._date(contact.day)
                where = (self.course.subject, day, contact.label)
                self.astray.append(Astray("lost form", *where, form=form, told=told))
                rest = tuple(each for each in contact.forms if each != form)
                contact = replace(contact, forms=rest)
        return contact

    def _note_late(self, planned: Contact, held: Contact) -> None:
        """Note a visit that was held beyond its window, and the tests that were done late there."""
        schedule, day = self.course.setting.study.protocol.schedule, self._date(held.day)
        where = (self.course.subject, day, planned.label)
        beyond = days_beyond(schedule, planned, held.day)
        if beyond:
            self.astray.append(Astray("late contact", *where, beyond))
        for form, due, late in late_tests(schedule, planned, held.day):
            if form in held.forms:
                test = Contact(due, None, planned.label, (form,), visit=False)
                self.doubtful.append((test, Astray("late test", *where, late, form)))

    def _date(self, day: int) -> date:
        return self.course.records.date_of(day)
