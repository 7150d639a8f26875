"""Random acts of random people, through every action that writes to the record."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from capture_records import PASSWORD

from pilotage.capture import clock
from pilotage.capture.actions import (
    Refused,
    access,
    confirming,
    locking,
    queries,
    signing,
    subjects,
    unlocking,
    verifying,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.cutting import cut_data, lock_cut
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.importing import import_rows
from pilotage.capture.actions.pictures import store_picture
from pilotage.capture.actions.signatures import MEANINGS
from pilotage.capture.checkpoints import leave_checkpoint
from pilotage.capture.content import content_of, content_of_subject
from pilotage.capture.entry_forms.pictures import Picture
from pilotage.capture.imports import ImportedRow
from pilotage.capture.models import (
    AuditEvent,
    Contact,
    DataCut,
    Entry,
    Membership,
    Query,
    Site,
    Subject,
    User,
)
from pilotage.capture.permissions import ROLES
from pilotage.capture.trail import clock_is_doubtful
from pilotage.findings import InputErrors
from pilotage.forms.answer import Answer

FORMS = {
    "consent": ("signed", "signed_on", "version"),
    "demography": ("born", "age", "sex", "race"),
    "diagnosis": ("subtype", "histology", "photosensitivity", "sle", "nephritis"),
    "visit": ("visited", "unplanned_reason"),
}
TEXTS = ("", "yes", "no", "2026-03-01", "F", "M", "41", "Dédée", "x" * 300, "‮", "0")


class Life:
    """A trial in which everybody does at random what they think of; most of it is refused."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.keys: list[str] = []

    def act(self, name: str = "") -> None:
        """One act; what is refused leaves the record as it was."""
        name = name or self.random.choice(NAMES)
        try:
            getattr(self, name)()
            self.done[name] += 1
        except Refused as refused:
            self.refused[f"{name}: {type(refused).__name__}"] += 1

    def one(self, model: type[Any], **wanted: Any) -> Any:
        found = model.objects.filter(**wanted).order_by("pk")
        number = found.count()
        if not number:
            raise Refused("nobody is there yet")
        return found[self.random.randrange(number)]

    def by(self, *roles: str) -> Actor:
        """Mostly somebody who may; at times anybody."""
        if self.random.random() < 0.1:
            return Actor(self.one(User))
        return Actor(User.objects.get(username=self.random.choice(roles)))

    def key(self) -> str | None:
        """A new key, none, or at times one that was used."""
        if self.keys and self.random.random() < 0.05:
            return self.random.choice(self.keys)
        if self.random.random() < 0.5:
            return None
        self.keys.append(f"key {self.random.getrandbits(64)}")
        return self.keys[-1]

    def reason(self) -> str:
        return self.random.choice(("", "misread", "the source says so", "  "))

    def password(self) -> str:
        return PASSWORD if self.random.random() < 0.98 else "not this one"

    def screen(self) -> None:
        subjects.screen_subject(self.one(Site), by=self.by("nurse"), key=self.key())

    def open(self) -> None:
        day = self.random.choice(("2026-01-01", "2026-02", "", "1 May"))
        subjects.open_contact(
            self.one(Subject), by=self.by("nurse"), label="Visit", held_on=day, number=1.5,
            key=self.key(),
        )  # fmt: skip

    def move_contact(self) -> None:
        subjects.change_contact(
            self.one(Contact), by=self.by("nurse"), label="Visit", held_on="2026-01-02",
            reason=self.reason(), key=self.key(),
        )  # fmt: skip

    def save(self) -> None:
        subject = self.one(Subject)
        form = self.random.choice(list(FORMS))
        contact = None
        if form == "visit":
            contact = self.one(Contact, subject=subject)
        entry = Entry.objects.filter(subject=subject, contact=contact, form=form).first()
        revision = entry.revision if entry else None
        if self.random.random() < 0.05:
            revision = 1
        save_entry(
            subject, contact=contact, form=form, answers=self.answers(form),
            by=self.by("nurse", "investigator"), reason=self.reason() or "a mistake",
            revision=revision, key=self.key(),
        )  # fmt: skip

    save_more = save_again = save_once_more = save_another = save

    def answers(self, form: str) -> dict[str, Answer]:
        return {
            item: Answer(value=self.random.choice(TEXTS))
            if self.random.random() < 0.9
            else Answer(missing="not done", why="the machine was broken")
            for item in FORMS[form]
            if self.random.random() < 0.6
        }

    def sign(self) -> None:
        entry = self.one(Entry)
        signing.sign_entry(
            entry, by=self.by("investigator"), password=self.password(),
            meaning=self.random.choice(MEANINGS), seen=content_of(entry), key=self.key(),
        )  # fmt: skip

    def sign_all(self) -> None:
        subject = self.one(Subject)
        entries = Entry.objects.filter(subject=subject, state__in=("complete", "verified"))
        signing.sign_entries(
            subject, {entry.pk: content_of(entry) for entry in entries}, by=self.by("investigator"),
            password=self.password(), meaning="approval", key=self.key(),
        )  # fmt: skip

    def verify(self) -> None:
        entry = self.one(Entry)
        verifying.verify_entry(entry, by=self.by("monitor"), revision=entry.revision)

    def ask(self) -> None:
        entry = self.one(Entry)
        queries.open_query(
            entry.subject, entry=entry, item="signed", text="Is that so?",
            by=self.by("data_manager"), key=self.key(),
        )  # fmt: skip

    def answer(self) -> None:
        queries.answer_query(self.one(Query), text="It is.", by=self.by("nurse"), key=self.key())

    def close(self) -> None:
        queries.close_query(self.one(Query), text="Thank you.", by=self.by("monitor"))

    def reopen(self) -> None:
        queries.reopen_query(self.one(Query), text="Still?", by=self.by("monitor"))

    def eligibility(self) -> None:
        subject = self.one(Subject)
        subjects.sign_eligibility(
            subject, by=self.by("investigator"), password=self.password(),
            seen=content_of_subject(subject), verdict=self.random.choice(("eligible", "not known")),
            unknown=self.random.choice(((), ("EX05",), ("IN08",))),
            reason="the letter of the clinic", key=self.key(),
        )  # fmt: skip

    def enrol(self) -> None:
        subjects.enrol(self.one(Subject), by=self.by("investigator"), key=self.key())

    def fail(self) -> None:
        subjects.record_screen_failure(
            self.one(Subject), by=self.by("investigator"), reason=self.reason()
        )

    def end(self) -> None:
        by = self.by("investigator")
        if self.random.random() < 0.5:
            subjects.complete_participation(self.one(Subject), by=by)
        else:
            subjects.withdraw(self.one(Subject), by=by, reason=self.reason())

    def take_back(self) -> None:
        subjects.take_back(self.one(Subject), by=self.by("data_manager"), reason="a mistake")

    def release(self) -> None:
        subjects.release_treatment(
            self.one(Subject, state="enrolled"), by=self.by("pharmacist"),
            verdict=self.random.choice(("allowed", "blocked", "not known")), told=["why"],
        )  # fmt: skip

    def lock(self) -> None:
        by = self.by("data_manager")
        what: Callable[[], object] = self.random.choice(
            (
                lambda: locking.lock_entry(self.one(Entry), by=by, key=self.key()),
                lambda: locking.lock_subject(self.one(Subject), by=by, key=self.key()),
                lambda: locking.lock_study(by=by, key=self.key()),
            )
        )
        what()

    def unlock(self) -> None:
        by = self.by("data_manager")
        what: Callable[[], object] = self.random.choice(
            (
                lambda: locking.unlock_entry(
                    self.one(Entry, locked=True), by=by, reason="asked for"
                ),
                lambda: unlocked(self, self.one(Subject, locked=True)),
                lambda: unlocked(self, None),
            )
        )
        what()

    def add_site(self) -> None:
        code = str(self.random.randrange(10, 14))
        access.add_site(code, "Another", by=self.by("administrator"), key=self.key())

    def add_user(self) -> None:
        name = f"person{self.random.randrange(1000)}"
        access.add_user(
            name, first_name="A", last_name="Person", password=PASSWORD,
            by=self.by("administrator"), key=self.key(),
        )  # fmt: skip

    def someone(self) -> Any:
        """Anybody but those by whom the acts are done."""
        return self.one(User, username__startswith="person")

    def close_user(self) -> None:
        access.close_user(self.someone(), by=self.by("administrator"), reason=self.reason())

    def reopen_user(self) -> None:
        access.reopen_user(self.someone(), by=self.by("administrator"), reason="back again")

    def grant(self) -> None:
        site = self.random.choice((None, self.one(Site)))
        role = self.random.choice(ROLES)
        access.grant_role(self.someone(), role, site, by=self.by("administrator"), key=self.key())

    def confirm_role(self) -> None:
        waits = self.one(Membership, user__username__startswith="person", awaits="confirmation")
        confirming.confirm_role(
            waits, by=self.by("data_manager"), password=self.password(), reason="seen",
            key=self.key(),
        )  # fmt: skip

    def confirm_identity(self) -> None:
        confirming.confirm_identity(
            self.someone(), by=self.by("monitor"), password=self.password(), reason="seen"
        )

    def end_role(self) -> None:
        membership = self.one(Membership, user__username__startswith="person")
        access.end_role(membership, by=self.by("administrator"), reason=self.reason())

    def new_password(self) -> None:
        access.set_password(self.someone(), PASSWORD + " too", by=self.by("administrator"))

    def note(self) -> None:
        access.note("exported", by=self.by("auditor"), place="all", told={"rows": 3})

    def picture(self) -> None:
        content = self.random.randbytes(20)
        store_picture(
            self.one(Subject), Picture(content, "image/png", "a.png"), by=self.by("nurse"),
            key=self.key(),
        )  # fmt: skip

    def bring_rows(self) -> None:
        """A file of one to three lines about the consent of anybody."""
        rows = [
            ImportedRow((line,), self.one(Subject).usubjid, "", "consent", self.answers("consent"))
            for line in range(2, self.random.randrange(3, 6))
        ]
        try:
            import_rows(
                rows, file="old.csv", content=b"rows", by=self.by("nurse"), reason=self.reason(),
                key=self.key(),
            )  # fmt: skip
        except InputErrors as wrong:
            raise Refused("rows that cannot be taken") from wrong

    def cut(self) -> None:
        """Of the record with its first subject alone, before anybody wrote dates that are none;
        seldom, for it writes every table."""
        screened = AuditEvent.objects.filter(action="subject screened").order_by("seq").first()
        if screened is None or self.random.random() > 0.1:
            raise Refused("not now")
        name = f"random-{id(self)}-{self.random.getrandbits(64)}"
        cut_data(name, head=screened.seq, by=self.by("data_manager"), key=self.key())

    def lock_a_cut(self) -> None:
        lock_cut(self.one(DataCut), by=self.by("data_manager"), key=self.key())

    def look_at_the_clock(self) -> None:
        """It goes back by an hour during one act; an administrator looks at it sooner or later."""
        if not clock_is_doubtful() and self.random.random() < 0.2:
            present = clock.system_time
            clock.system_time = lambda: present() - timedelta(hours=1)
            try:
                self.note()
            finally:
                clock.system_time = present
        access.acknowledge_clock(by=self.by("administrator"), reason="the battery", key=self.key())

    def checkpoint(self) -> None:
        leave_checkpoint(left_as="file", by=self.by("auditor"), key=self.key())


def unlocked(life: Life, what: Subject | None) -> None:
    """Asked for by one person, and agreed to by another."""
    word = life.password()
    unlocking.ask_to_unlock(
        what, by=life.by("data_manager"), password=word, reason="asked for", key=life.key()
    )
    second: dict[str, Any] = {"by": life.by("investigator"), "password": word, "key": life.key()}
    if what is None:
        unlocking.unlock_study(**second)
    else:
        unlocking.unlock_subject(what, **second)


NAMES = sorted(
    name
    for name, what in vars(Life).items()
    if callable(what)
    and not name.startswith("_")
    and name not in ("act", "one", "by", "key", "reason", "password", "answers")
    and name != "someone"
)
"""Every kind of act."""
