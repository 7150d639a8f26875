"""A rehearsal: a cohort, the acts by which a site would enter it, and the record they leave."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from pilotage.courses.chance import chance
from pilotage.courses.cohort import ALWAYS, table_of
from pilotage.courses.measures import setting as of_course
from pilotage.findings import InputErrors, error
from pilotage.forms import Filled, Tables, filled_of, snapshot_of
from pilotage.forms.acts import ANSWER_QUERIES, CLOSE_QUERIES, DATA_MANAGER, SIGN
from pilotage.forms.filled import FilledForm, FilledSubject
from pilotage.forms.roles import INVESTIGATOR, NURSE
from pilotage.simulation.load import FILE, load_simulation
from pilotage.simulation.model import Conduct, Setting
from pilotage.simulation.refusals import refused
from pilotage.simulation.rehearsal.clock import working_day
from pilotage.simulation.rehearsal.endings import on_its_form
from pilotage.simulation.rehearsal.entering import Entering, Rank, Task
from pilotage.simulation.rehearsal.further import with_further_forms
from pilotage.simulation.rehearsal.happened import Astray, Slip
from pilotage.simulation.rehearsal.mistyping import Mistyping
from pilotage.simulation.rehearsal.people import Person, people
from pilotage.simulation.rehearsal.record import Record, Refused, record_of
from pilotage.simulation.rehearsal.writing import Written, written
from pilotage.simulation.scenarios import BASE, Case, WrongSetting, cases
from pilotage.study import Study

ENTERED, TYPED, HOURS = 3, 4, 5
"""What sets the chances of delays, of slips and of hours apart from those of the subject."""

Progress = Callable[[int, int], None]
NOTHING: Final[Mapping[str, Setting]] = {}


def _silent(done: int, of: int) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class Staged:
    """One subject with what is done for it; slips become known to the site one after the other."""

    subject: FilledSubject
    tasks: list[Task]
    slips: list[Slip]
    number: int

    @property
    def usubjid(self) -> str:
        return self.subject.usubjid


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The lines in the order of time, what went astray, and the record at the end. `unplaced` says
    what of the cohort no form asks for; `delays` are the days from each contact to its entry."""

    study: Study
    seed: int
    subjects: int
    case: Case
    until: date
    lines: tuple[Written, ...]
    slips: tuple[Slip, ...]
    astray: tuple[Astray, ...]
    delays: tuple[int, ...]
    unplaced: tuple[str, ...]
    record: Record = field(repr=False)

    @property
    def contacts(self) -> int:
        return len(self.delays)


def rehearse(
    study: Study,
    *,
    seed: int,
    subjects: int,
    scenario: str = BASE,
    settings: Mapping[str, Setting] = NOTHING,
    progress: Progress = _silent,
) -> Rehearsal:
    """Invent the subjects, their conduct and their entries. Same study, seed and number: the same
    to the last byte. Raises InputErrors for a study without synthetic.yaml or simulation.yaml, and
    for a scenario that has no one subject's life."""
    case = _case(study, scenario, settings)
    conduct, until = case.simulation.subject, case.nature.recruitment.cut
    made = of_course(study, case.nature)
    every = list(people(made, case.simulation, seed=seed, subjects=subjects, progress=progress))
    filled = _filled(study, every, until)
    persons = {person.subject: person for person in every}
    staged, delays = [], list[int]()
    for number, (subject, forms) in enumerate(filled.by_subject()):
        stage = Staging(study, conduct, persons[subject.usubjid], until, seed, number)
        staged.append(stage.staged(subject, forms))
        delays += stage.delays
    lines, record = _until_nothing_is_refused(study, staged, seed, until)
    _refuse_what_is_too_late(lines, until)
    slips = tuple(slip for each in staged for slip in each.slips)
    astray = tuple(
        each
        for person in every
        for each in sorted(person.astray, key=lambda each: (each.day, each.what))
    )
    return Rehearsal(
        study, seed, subjects, case, until, tuple(lines), slips, astray, tuple(delays),
        filled.unplaced, record,
    )  # fmt: skip


def _case(study: Study, scenario: str, settings: Mapping[str, Setting]) -> Case:
    """The one scenario that is rehearsed."""
    simulation, nature = load_simulation(study)
    try:
        found = cases(nature, simulation, scenario, settings)
    except WrongSetting as problem:
        raise refused(problem, dict.fromkeys(settings, "--set")) from None
    if len(found) > 1:
        words = f"'{scenario}' is a grid of {len(found)} scenarios; a rehearsal has one"
        raise InputErrors([error("--scenario", words)])
    if found[0].fixed is not None:
        words = f"in '{scenario}' nothing happens but success or failure; rehearse another scenario"
        raise InputErrors([error("--scenario", words)])
    return found[0]


def _filled(study: Study, every: Sequence[Person], until: date) -> Filled:
    """The rows of the subjects as filled forms, lost sheets with the reason where it was told."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in ALWAYS}
    for person in every:
        for domain, found in person.records.tables().items():
            if domain == "ds":
                found = [on_its_form(study.protocol, row) for row in found]
            rows.setdefault(domain, []).extend(found)
    frames = {domain: table_of(domain, found) for domain, found in rows.items()}
    filled = filled_of(study, snapshot_of(Tables(frames, pl.DataFrame()), cut=until))
    astray = [each for person in every for each in person.astray]
    beside = [each for person in every for each in person.beside]
    return with_further_forms(study, filled, astray, beside)


@dataclass(slots=True)
class Staging:
    """Prepares the tasks and slips of one subject."""

    study: Study
    conduct: Conduct
    person: Person
    until: date
    seed: int
    number: int
    delays: list[int] = field(default_factory=list)

    def staged(self, subject: FilledSubject, forms: Sequence[FilledForm]) -> Staged:
        entering = Entering(
            self.study, self.conduct, subject, forms, self.until,
            chance(self.seed, self.number, ENTERED),
        )  # fmt: skip
        self.delays += [
            (day - date.fromisoformat(contact.held_on)).days
            for contact, day in zip(subject.contacts, entering.days, strict=True)
        ]
        rounds = tuple(self._rounds(subject))
        start = date.fromisoformat(entering.start) if entering.start else None
        mistyping = Mistyping(
            self.study.protocol, self.conduct, start, rounds, self.until,
            chance(self.seed, self.number, TYPED),
        )  # fmt: skip
        tasks = sorted(entering.tasks(), key=lambda task: (task.day, task.rank))
        slips = list(mistyping.slips(tasks))
        return Staged(subject, [*tasks, *self._around(rounds)], slips, self.number)

    def _rounds(self, subject: FilledSubject) -> Iterator[date]:
        """The working days on which the monitor comes, from the first contact on."""
        day = date.fromisoformat(subject.contacts[0].held_on)
        while (self.until - day).days > self.conduct.monitored_every_days:
            day += timedelta(days=self.conduct.monitored_every_days)
            if working_day(day) >= self.until:
                return
            yield working_day(day)

    def _around(self, rounds: Sequence[date]) -> Iterator[Task]:
        """Queries are answered and closed in every round, the rest on the last day."""
        queries = ((NURSE, ANSWER_QUERIES, ""), (DATA_MANAGER, CLOSE_QUERIES, ""))
        for day in rounds:
            yield Task(day, Rank.ROUND, acts=queries)
        end = self.person.end
        acts = ((INVESTIGATOR, *end),) if end else ()
        last = (*acts, *queries, (INVESTIGATOR, SIGN, ""))
        yield Task(self.until, Rank.END, acts=last)


def _until_nothing_is_refused(
    study: Study, staged: Sequence[Staged], seed: int, until: date
) -> tuple[list[Written], Record]:
    """The lines, and their record. A slip that the datasets refuse comes to light when the data are
    prepared for the cut: it is corrected then, and all is written again."""
    while True:
        lines = _merged(study, staged, seed)
        try:
            return lines, record_of(study, [each.line for each in lines], until)
        except Refused as refused:
            if not _came_to_light(staged, refused, until):
                raise refused.errors from None


def _refuse_what_is_too_late(lines: Sequence[Written], until: date) -> None:
    """Raise InputErrors where the last day is not long enough for what is left to its end."""
    late = next((each.line for each in lines if each.line.at.date() > until), None)
    if late is not None:
        words = (
            f"more is left for {until}, the last day, than can be typed on it (of {late.subject}); "
            "lower subject.true_entry_error or subject.entry_delay_days"
        )
        raise InputErrors([error(FILE, words)])


def _merged(study: Study, staged: Iterable[Staged], seed: int) -> list[Written]:
    """The lines of all subjects in the order of time."""
    every = [
        (each.number, line)
        for each in staged
        for line in written(
            study.protocol, each.usubjid, each.tasks, each.slips, chance(seed, each.number, HOURS)
        )
    ]
    every.sort(key=lambda found: (found[1].line.at, found[0]))  # the order of a subject is kept
    return [line for _, line in every]


def _came_to_light(staged: Iterable[Staged], refused: Refused, until: date) -> bool:
    """Let the slips of the refused rows be found; where none is in them, all those of the subjects
    concerned. False where there is none left."""
    concerned = [each for each in staged if each.usubjid in refused.subjects]
    for exact in (True, False):
        found = False
        for each in concerned:
            for at, slip in enumerate(each.slips):
                place = (slip.subject, slip.contact, slip.form, slip.repeat)
                if slip.remains and (not exact or place in refused.pages):
                    each.slips[at] = replace(slip, found="data cut", corrected=until)
                    found = True
        if found:
            return True
    return False
