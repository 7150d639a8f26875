"""From nothing to a server that can be signed in to; every step may be done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from pilotage.capture import trail
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.models import AuditEvent, User
from pilotage.capture.sign_in.passwords import one_time_password
from pilotage.capture.sign_in.second_factor import give_second_factor

if TYPE_CHECKING:
    from pilotage.capture.demo import Person

ADMINISTRATOR = "administrator"
"""The name of the first account. It opens the others, for persons by their names."""
DEMONSTRATION = "marked as a demonstration"
"""The event by which a record says that its subjects are invented."""
AMENDED = "study change acknowledged"


@dataclass(frozen=True, slots=True)
class FirstAccount:
    name: str
    password: str


def migrate() -> None:
    """Make or renew the tables. The triggers come with them (`triggers.py`)."""
    call_command("migrate", verbosity=0, interactive=False)


def collect_static_files() -> None:
    settings.STATIC_ROOT.mkdir(mode=0o700, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)


def has_record() -> bool:
    """Was the record opened?"""
    exists = AuditEvent._meta.db_table in connection.introspection.table_names()
    return exists and AuditEvent.objects.exists()


def is_demonstration() -> bool:
    return AuditEvent.objects.filter(action=DEMONSTRATION).exists()


@transaction.atomic
def open_record(*, demonstration: bool, amended: str = "") -> None:
    """Write the first event, or, with the reason `amended`, that the study's files changed."""
    new = not has_record()
    if amended and not new:
        told = {"from": (trail.study_of_record() or {}).get("digest", "")}
        with acting(AMENDED, by=Actor.system("serve"), key=None, asked=told) as act:
            act.because(amended, of="to go on under changed study files")
            act.told = told
    trail.note_study()
    if new and demonstration:
        with acting(DEMONSTRATION, by=Actor.system("serve"), key=None, asked={}):
            pass


@transaction.atomic
def first_account() -> FirstAccount | None:
    """The account with which everything begins, with a password to be shown once.

    Until somebody has signed in to it, each start gives it a new one, so that one that was lost on
    the way locks nobody out. None afterwards.
    """
    password, by = one_time_password(), Actor.system("first start")
    user = User.objects.filter(username=ADMINISTRATOR).first()
    if user is None:
        if User.objects.exists() and not is_demonstration():
            return None
        name = {"first_name": "First", "last_name": "Administrator"}
        user = access.add_user(ADMINISTRATOR, by=by, password=password, **name)
        access.grant_role(user, "administrator", None, by=by)
        return FirstAccount(ADMINISTRATOR, password)
    if user.last_login is not None or not user.is_active:
        return None
    access.set_password(user, password, by=by)
    return FirstAccount(ADMINISTRATOR, password)


def demonstration_accounts(progress: Callable[[int, int], None]) -> list[tuple[str, str, str]]:
    """The accounts of the invented staff: name, password, role. Loads the cohort the first time,
    unless the record is a rehearsal, which has subjects of its own."""
    from pilotage.capture import demo

    people = invented_staff()
    if trail.rehearsal() is None:
        demo.enter_cohort(people, progress)
    return [(who.actor.user_name, who.password, who.role) for who in people.values()]


def invented_staff() -> Mapping[str, "Person"]:
    """The invented staff by role, each with a new password.

    Their second factor is held by the server: the page that asks for a code shows it.
    """
    from pilotage.capture import demo

    people = demo.staff()
    for who in people.values():
        give_second_factor(who.actor.person)
    return people
