"""What was filled in, whoever did: subjects, their contacts and the forms, without any database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pilotage.forms.answer import Answer


@dataclass(frozen=True, slots=True)
class FilledContact:
    """A visit, or a test on a calendar of its own, that took place.

    `planned` is the id of the schedule: a visit's, or the form of a series with its day
    (`haematology 36`); empty for an unscheduled one. `number` is VISITNUM, `label` VISIT, `held_on`
    the day (ISO 8601); `order` tells contacts of one day apart.
    """

    planned: str
    number: float | None
    label: str
    held_on: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class FilledSubject:
    """A person by code, the site, and every contact that took place."""

    usubjid: str
    site: str = ""
    contacts: tuple[FilledContact, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One form of one subject at one contact, or a page of a log (`contact` is None).

    `answers` are named by item, an instrument's by its codes in small letters. `versions` gives the
    item version of each answer and `entry` where it is kept, for data that come from a record.
    """

    subject: str
    contact: FilledContact | None
    form: str
    repeat: int
    answers: Mapping[str, Answer]
    versions: Mapping[str, int] = field(default_factory=dict)
    entry: int = 0
