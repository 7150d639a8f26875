"""Playing entries: every act through the application's own actions, at the time of its line.

An act that is refused stops nothing: it is counted, and kept in the data directory with its line. A
play that was interrupted goes on after the last act that the record has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import transaction

from pilotage.capture.actions import queries, signing, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import entry_at, save_entry
from pilotage.capture.actions.refused import Refused
from pilotage.capture.content import content_of_subject, contents_of
from pilotage.capture.demo import (
    CONFIRMED,
    KNOWN,
    SITE,
    Person,
    unsigned,
    verdict_on,
    with_pictures,
)
from pilotage.capture.models import AuditEvent, Contact, Query, Site, Subject
from pilotage.capture.playing.lines import Act, Place
from pilotage.capture.playing.reading import Entries
from pilotage.capture.playing.refusals import Refusal, refused_until, write_refusals
from pilotage.capture.playing.rehearsal import finish, present_rehearsal, stand_at
from pilotage.findings import InputErrors, error
from pilotage.forms import acts

Progress = Callable[[int, int], None]
"""Told how many acts of how many are done."""

TOGETHER: Final = 100
"""So many acts are written to the disk at once: what an interruption takes back."""


def play(entries: Entries, people: Mapping[str, Person], progress: Progress) -> list[Refusal]:
    """Play what the record does not have yet; every act that was refused.

    Raises RuntimeError outside the rehearsal of these very entries, and InputErrors where nothing
    at all could be played: then the play is not over, and the next one begins anew.
    """
    found = present_rehearsal()
    if found is None or found.entries != entries.digest:
        raise RuntimeError("the record is not the rehearsal of these entries")
    if found.ahead is not None:
        return refused_until(entries.acts[-1].line)
    done = _done(entries)
    playing = _Playing(entries, people, refused_until(done))
    playing.play(done, progress)
    if not _done(entries):
        raise InputErrors([error(entries.path.name, _nothing(playing.refused))])
    finish(entries, {"refused": len(playing.refused)})
    return playing.refused


def _done(entries: Entries) -> int:
    """The line of the last act that the record has; 0 before the first."""
    events = AuditEvent.objects.filter(key__startswith=entries.mark).order_by("-seq")
    keys = events.values_list("key", flat=True)
    numbers = (str(key).removeprefix(entries.mark).split(":")[0] for key in keys[:1])
    return next((int(number) for number in numbers if number.isdecimal()), 0)


def _nothing(refused: Sequence[Refusal]) -> str:
    first = "".join(f"; line {each.line}: {each.why}" for each in refused[:1])
    return f"nothing of it could be played: {len(refused)} acts were refused{first}"


def is_played() -> bool:
    """Is the record a rehearsal that was played to its end?"""
    found = present_rehearsal()
    return found is not None and found.ahead is not None


@dataclass(slots=True)
class _Playing:
    """A play under way."""

    entries: Entries
    people: Mapping[str, Person]
    refused: list[Refusal]
    site: Site = field(init=False)
    subjects: dict[str, Subject] = field(default_factory=dict)
    contacts: dict[tuple[str, Place], Contact] = field(default_factory=dict)

    def play(self, done: int, progress: Progress) -> None:
        """Play what comes after line `done`."""
        self.site = Site.objects.get(code=SITE[0])
        every = len(self.entries.acts)
        left = iter(act for act in self.entries.acts if act.line > done)
        begun = every - sum(act.line > done for act in self.entries.acts)
        while batch := list(islice(left, TOGETHER)):
            with transaction.atomic():
                self.refused += self._batch(batch)
                write_refusals(self.refused)
            begun += len(batch)
            progress(begun, every)

    def _batch(self, batch: Sequence[Act]) -> Iterator[Refusal]:
        for act in batch:
            stand_at(act.at)
            try:
                with transaction.atomic():
                    DO[act.act](self, act)
            except (Refused, InputErrors) as why:
                words = " ".join(str(why).split())
                yield Refusal(act.line, act.act, act.subject, words)

    # -- who, of whom and where -------------------------------------------------------------------

    def _by(self, act: Act) -> Actor:
        return self.people[act.who].actor

    def _key(self, act: Act, more: object = "") -> str:
        return f"{self.entries.mark}{act.line}:{more}".rstrip(":")

    def _subject(self, act: Act) -> Subject:
        found = self.subjects.get(act.subject)
        if found is None:
            found = Subject.objects.filter(usubjid=act.subject).select_related("site").first()
            if found is None:
                raise Refused(f"{act.subject} is not in the record.")
            self.subjects[act.subject] = found
        return found

    def _contact(self, subject: Subject, place: Place) -> Contact:
        named = (subject.usubjid, place)
        if named not in self.contacts:
            planned, held_on, order = place
            found = Contact.objects.filter(
                subject=subject, planned=planned, held_on=held_on, order=order
            ).first()
            if found is None:
                raise Refused(f"The contact {planned} of {held_on} is not in the record.")
            self.contacts[named] = found
        return self.contacts[named]

    # -- what is done -----------------------------------------------------------------------------

    def screen(self, act: Act) -> None:
        key = self._key(act)
        subjects.screen_subject(self.site, by=self._by(act), usubjid=act.subject, key=key)

    def open_contact(self, act: Act) -> None:
        assert act.contact is not None  # the file was read without a mistake
        subjects.open_contact(
            self._subject(act),
            by=self._by(act),
            planned=act.contact.planned,
            number=act.contact.number,
            label=act.contact.label,
            held_on=act.contact.held_on,
            order=act.contact.order,
            key=self._key(act),
        )

    def sign_eligibility(self, act: Act) -> None:
        """What the page shows on the day is signed, whatever it says."""
        subject, who = Subject.objects.get(pk=self._subject(act).pk), self.people[act.who]
        verdict, unknown = verdict_on(subject, act.at.date())
        subjects.sign_eligibility(
            subject,
            by=who.actor,
            password=who.password,
            seen=content_of_subject(subject),
            verdict=verdict,
            unknown=unknown,
            reason=(act.reason or KNOWN) if verdict == "not known" else "",
            key=self._key(act),
        )

    def enrol(self, act: Act) -> None:
        subjects.enrol(self._subject(act), by=self._by(act), key=self._key(act))

    def enter(self, act: Act) -> None:
        assert act.answers is not None
        subject, by = self._subject(act), self._by(act)
        contact = None if act.place is None else self._contact(subject, act.place)
        entry = entry_at(subject, contact, act.form, act.repeat)
        save_entry(
            subject,
            contact=contact,
            form=act.form,
            repeat=act.repeat,
            answers=with_pictures(subject, act.form, act.repeat, act.answers, by=by),
            by=by,
            reason=act.reason,
            revision=entry.revision if entry else None,
            key=self._key(act),
        )

    def answer_queries(self, act: Act) -> None:
        for query in self._queries(act, "open"):
            key = self._key(act, query.pk)
            queries.answer_query(query, text=act.reason or CONFIRMED, by=self._by(act), key=key)

    def close_queries(self, act: Act) -> None:
        for query in self._queries(act, "answered"):
            key = self._key(act, query.pk)
            queries.close_query(query, text=act.reason or CONFIRMED, by=self._by(act), key=key)

    def _queries(self, act: Act, state: str) -> list[Query]:
        return list(Query.objects.filter(subject=self._subject(act), state=state).order_by("pk"))

    def sign(self, act: Act) -> None:
        who, subject = self.people[act.who], self._subject(act)
        ready = unsigned(subject)
        if ready:
            signing.sign_entries(
                subject,
                contents_of(ready),
                by=who.actor,
                password=who.password,
                meaning="review",
                key=self._key(act),
            )

    def withdraw(self, act: Act) -> None:
        by, key = self._by(act), self._key(act)
        subjects.withdraw(self._subject(act), by=by, reason=act.reason, key=key)

    def fail_screening(self, act: Act) -> None:
        by, key = self._by(act), self._key(act)
        subjects.record_screen_failure(self._subject(act), by=by, reason=act.reason, key=key)

    def complete(self, act: Act) -> None:
        by, key = self._by(act), self._key(act)
        subjects.complete_participation(self._subject(act), by=by, reason=act.reason, key=key)


DO: Final[Mapping[str, Callable[[_Playing, Act], None]]] = {
    acts.SCREEN: _Playing.screen,
    acts.OPEN_CONTACT: _Playing.open_contact,
    acts.SIGN_ELIGIBILITY: _Playing.sign_eligibility,
    acts.ENROL: _Playing.enrol,
    acts.ENTER: _Playing.enter,
    acts.ANSWER_QUERIES: _Playing.answer_queries,
    acts.CLOSE_QUERIES: _Playing.close_queries,
    acts.SIGN: _Playing.sign,
    acts.WITHDRAW: _Playing.withdraw,
    acts.COMPLETE: _Playing.complete,
    acts.SCREEN_FAILURE: _Playing.fail_screening,
}
"""How each act is done."""
