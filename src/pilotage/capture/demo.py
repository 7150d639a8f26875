"""The demonstration: the study's synthetic cohort, entered through the application's own actions by
invented people in their roles, as a site would have done it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from django.db import transaction

from pilotage.capture.actions import access, entries, queries, signing, subjects, verifying
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.pictures import store_picture
from pilotage.capture.advice import advice_on
from pilotage.capture.content import content_of_subject, contents_of
from pilotage.capture.demo_pictures import drawn
from pilotage.capture.models import Contact, Entry, Membership, Query, Site, Subject, User
from pilotage.capture.planned import planned
from pilotage.capture.policies import Verdict
from pilotage.capture.sign_in.passwords import one_time_password
from pilotage.forms import filled_of
from pilotage.forms.answer import Answer
from pilotage.forms.doses import first_dose
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.roles import role_of
from pilotage.snapshot import read_snapshot
from pilotage.study import Study

Progress = Callable[[int, int], None]
"""Told how many subjects of how many are entered."""

SYSTEM: Final = Actor.system("demonstration")
SITE: Final = ("01", "Demonstration site")
PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "investigator": ("Iris", "Example"),
    "nurse": ("Nadia", "Example"),
    "pharmacist": ("Paul", "Example"),
    "data_manager": ("Dora", "Example"),
    "monitor": ("Marc", "Example"),
    "statistician": ("Stella", "Example"),
    "auditor": ("Anna", "Example"),
}
"""The invented staff, by role."""

AT_THE_SITE: Final = ("investigator", "nurse", "pharmacist")
UNFINISHED: Final = 3
"""The last subjects are not signed, and asked about: there is something left to do."""

ASKED: Final = "Does this agree with the source?"
CONFIRMED: Final = "Confirmed from the source"
KNOWN: Final = "Seen in the patient's file"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff: the account's name, its password and the role."""

    actor: Actor
    password: str
    role: str


def staff() -> dict[str, Person]:
    """The staff with its accounts and roles, made where they are not there yet. Every start gives
    new passwords: they are shown once and kept nowhere."""
    code, name = SITE
    site = Site.objects.filter(code=code).first() or access.add_site(code, name, by=SYSTEM)
    return {role: _person(role, site) for role in PEOPLE}


@transaction.atomic
def _person(role: str, site: Site) -> Person:
    """One of the staff, account and role together: an interruption leaves both or none. A role that
    an account never had is given to it; one that somebody ended stays ended."""
    (first, last), once, own = PEOPLE[role], one_time_password(), one_time_password()
    user = User.objects.filter(username=role).first()
    if user is None:
        user = access.add_user(role, by=SYSTEM, first_name=first, last_name=last, password=once)
    else:
        user = access.set_password(user, once, by=SYSTEM)
    if not Membership.objects.filter(user=user, role=role).exists():
        access.grant_role(user, role, site if role in AT_THE_SITE else None, by=SYSTEM)
    access.set_password(user, own, by=Actor(user), old=once)
    return Person(Actor(User.objects.get(pk=user.pk)), own, role)


def enter_cohort(people: Mapping[str, Person], progress: Progress) -> None:
    """Enter every subject of the cohort that is not there; each as a whole or not at all."""
    study = planned()
    cohort = filled_of(study, read_snapshot(study.folder / "cohort"))
    site, every = Site.objects.get(code=SITE[0]), len(cohort.subjects)
    for number, (subject, forms) in enumerate(cohort.by_subject()):
        if not Subject.objects.filter(usubjid=subject.usubjid).exists():
            with transaction.atomic():
                entering = Entering(study, site, people, subject, forms)
                entering.enter(signed=number < every - UNFINISHED)
        progress(number + 1, every)


@dataclass(slots=True)
class Entering:
    """One subject, from screening to the signature under its forms."""

    study: Study
    site: Site
    people: Mapping[str, Person]
    filled: FilledSubject
    forms: list[FilledForm]
    subject: Subject = field(init=False)
    made: list[Entry] = field(default_factory=list)

    def enter(self, *, signed: bool) -> None:
        nurse = self._by("nurse")
        self.subject = subjects.screen_subject(self.site, by=nurse, usubjid=self.filled.usubjid)
        start = first_dose(self.study, self.forms)
        before = [c for c in self.filled.contacts if start and c.held_on <= start]
        later = [c for c in self.filled.contacts if c not in before]
        for contact in before:
            self._attend(contact)
        if start:
            self._enter_trial(date.fromisoformat(start))
        self._verify()
        for contact in later:
            self._attend(contact)
        for form in self.forms:
            if form.contact is None:
                self._save(form, None)
        self._ask()
        if signed:
            self._answer_queries()
            self._sign()

    def _by(self, role: str) -> Actor:
        return self.people[role].actor

    # -- visits -----------------------------------------------------------------------------------

    def _attend(self, contact: FilledContact) -> None:
        opened = subjects.open_contact(
            self.subject,
            by=self._by("nurse"),
            planned=contact.planned,
            number=contact.number,
            label=contact.label,
            held_on=contact.held_on,
            order=contact.order,
        )
        for form in self.forms:
            if form.contact == contact:
                self._save(form, opened)

    def _save(self, form: FilledForm, contact: Contact | None) -> None:
        by = self._by(role_of(self.study.protocol.forms[form.form]))
        saved = entries.save_entry(
            self.subject,
            contact=contact,
            form=form.form,
            repeat=form.repeat,
            answers=with_pictures(self.subject, form.form, form.repeat, form.answers, by=by),
            by=by,
            revision=None,
        )
        assert saved.entry is not None  # a filled form has an answer
        self.made.append(saved.entry)

    # -- entry ------------------------------------------------------------------------------------

    def _enter_trial(self, day: date) -> None:
        who = self.people["investigator"]
        self.subject.refresh_from_db()
        verdict, unknown = verdict_on(self.subject, day)
        subjects.sign_eligibility(
            self.subject,
            by=who.actor,
            password=who.password,
            seen=content_of_subject(self.subject),
            verdict=verdict,
            unknown=unknown,
            reason=KNOWN if verdict == "not known" else "",
        )
        self.subject = subjects.enrol(self.subject, by=who.actor)

    # -- after the visits -------------------------------------------------------------------------

    def _verify(self) -> None:
        """The monitor verifies what was entered up to the first dose."""
        for entry in Entry.objects.filter(subject=self.subject, state="complete"):
            verifying.verify_entry(entry, by=self._by("monitor"), revision=entry.revision)

    def _ask(self) -> None:
        """The monitor asks about one of the forms."""
        about = self.made[len(self.made) // 2]
        queries.open_query(self.subject, entry=about, text=ASKED, by=self._by("monitor"))

    def _answer_queries(self) -> None:
        """The nurse answers what the monitor and the edit checks asked; the data manager closes."""
        for query in self._open_queries():
            answered = queries.answer_query(query, text=CONFIRMED, by=self._by("nurse"))
            queries.close_query(answered, text=CONFIRMED, by=self._by("data_manager"))

    def _open_queries(self) -> Iterator[Query]:
        yield from list(Query.objects.filter(subject=self.subject, state="open"))

    def _sign(self) -> None:
        """The investigator signs every complete form at once."""
        who = self.people["investigator"]
        ready = unsigned(self.subject)
        if ready:
            signing.sign_entries(
                self.subject,
                contents_of(ready),
                by=who.actor,
                password=who.password,
                meaning="review",
            )


def with_pictures(
    subject: Subject, form: str, repeat: int, answers: Mapping[str, Answer], *, by: Actor
) -> Mapping[str, Answer]:
    """The answers, with a drawn picture where they name one that nobody took."""
    given = dict(answers)
    for code, item in planned().protocol.forms[form].items.items():
        if item.type == "file" and code in given and given[code].value:
            picture = drawn(subject.usubjid, repeat)
            store_picture(subject, picture, by=by)
            given[code] = replace(given[code], value=picture.sha256)
    return given


def verdict_on(subject: Subject, day: date) -> tuple[Verdict, list[str]]:
    """What the criteria say on a day, and those that are not known."""
    advice = advice_on(subject, day)
    found = advice.eligible if advice else None
    unknown = [a.criterion.id for a in advice.eligibility if a.passed is None] if advice else []
    return "not known" if found is None else "eligible" if found else "not eligible", unknown


def unsigned(subject: Subject) -> list[Entry]:
    """The complete entries of a subject that nobody has signed."""
    complete = Entry.objects.filter(subject=subject, state__in=("complete", "verified"))
    return list(complete.select_related("subject", "contact"))
