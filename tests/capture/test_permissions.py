"""Who may do what, where, and since when."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from acts import People, now

from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import Membership, Site, User
from pilotage.capture.permissions import (
    PERMISSIONS,
    ROLES,
    Permission,
    may,
    may_somewhere,
    roles_of,
    sites_of,
)

CLINICAL: tuple[Permission, ...] = (
    *("see_record", "see_trail", "screen_subject", "open_contact", "save_entry", "import_rows"),
    *("sign_eligibility", "enrol_subject", "end_participation", "release_treatment"),
    *("sign_entry", "open_query", "answer_query", "close_query", "reopen_query", "verify_entry"),
    *("lock_record", "unlock_record", "take_back", "cut_data", "export_data", "see_cuts"),
)
SYSTEM = Actor.system("tests")


def test_an_administrator_touches_no_clinical_data() -> None:
    assert not PERMISSIONS["administrator"] & set(CLINICAL)


def test_nobody_else_keeps_accounts() -> None:
    for role in ROLES:
        keeps = PERMISSIONS[role] & {"manage_accounts", "manage_sites", "acknowledge_clock"}
        assert bool(keeps) == (role == "administrator"), role


@pytest.mark.parametrize(
    "permission, roles",
    [
        ("save_entry", {"investigator", "nurse", "pharmacist"}),
        ("sign_entry", {"investigator"}),
        ("sign_eligibility", {"investigator"}),
        ("verify_entry", {"monitor"}),
        ("close_query", {"data_manager", "monitor"}),
        ("lock_record", {"data_manager"}),
        ("cut_data", {"data_manager", "statistician"}),
    ],
)
def test_who_may(permission: Permission, roles: set[str]) -> None:
    assert {role for role in ROLES if permission in PERMISSIONS[role]} == roles


def test_every_permission_is_somebody_s() -> None:
    assert set(get_args(Permission)) == set().union(*PERMISSIONS.values())


def test_a_permission_that_does_not_exist_is_a_mistake(people: People) -> None:
    with pytest.raises(ValueError, match="fly"):
        may(people["nurse"].person, "fly", None)  # type: ignore[arg-type]


def test_a_role_at_a_site_holds_at_that_site_only(people: People, site: Site) -> None:
    other = access.add_site("02", "Second", by=SYSTEM)
    nurse, monitor = people["nurse"].person, people["monitor"].person
    assert may(nurse, "save_entry", site) == "nurse"
    assert may(nurse, "save_entry", other) is None
    assert may(nurse, "save_entry", None) is None
    assert may(monitor, "verify_entry", other) == "monitor"
    assert list(sites_of(nurse, "save_entry")) == [site]
    assert set(sites_of(monitor, "verify_entry")) == {site, other}
    assert list(sites_of(nurse, "verify_entry")) == []
    assert may_somewhere(nurse, "save_entry")
    assert not may_somewhere(nurse, "verify_entry")


def test_a_role_holds_from_its_grant_to_its_end(people: People, site: Site) -> None:
    nurse = people["nurse"].person
    membership = Membership.objects.get(user=nurse)
    access.end_role(membership, by=people["administrator"], reason="left")
    ended = now(membership)
    assert may(nurse, "save_entry", site) is None
    assert roles_of(nurse) == frozenset()
    tick = timedelta(microseconds=1)
    for at, role in (
        (ended.since - tick, None),
        (ended.since, "nurse"),
        (ended.until - tick, "nurse"),
        (ended.until, None),
    ):
        assert may(nurse, "save_entry", site, at) == role, at


def test_a_closed_account_may_nothing(people: People, site: Site) -> None:
    nurse = access.close_user(people["nurse"].person, by=people["administrator"], reason="left")
    at = datetime.now(UTC) - timedelta(seconds=1)
    assert may(nurse, "save_entry", site, at) is None
    assert not may_somewhere(nurse, "save_entry")
    assert list(sites_of(nurse, "save_entry")) == []
    assert roles_of(nurse) == frozenset()


def test_django_s_own_flags_mean_nothing(record_db: str, site: Site) -> None:
    nobody = User(username="root", is_superuser=True, is_staff=True)
    nobody.pk = 10**6
    assert may(nobody, "save_entry", site) is None
