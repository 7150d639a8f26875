"""Accounts, roles and sites: what is refused, and what stays."""

import pytest
from acts import People, now
from capture_records import PASSWORD

from pilotage.capture.actions import (
    MissingReason,
    NotPermitted,
    Refused,
    Repeated,
    WrongPassword,
    WrongState,
    access,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Membership, Site, User
from pilotage.capture.trail import head

SYSTEM = Actor.system("tests")


def opened(name: str, by: Actor = SYSTEM, **rest: str) -> User:
    given = {"first_name": "Ada", "last_name": "Person", "password": "quite another long password"}
    return access.add_user(name, by=by, **{**given, **rest})  # type: ignore[arg-type]


@pytest.mark.both_engines
def test_a_name_is_given_once_and_for_good(people: People) -> None:
    access.close_user(people["nurse"].person, by=people["administrator"], reason="left")
    for same in ("nurse", "NURSE", "ｎｕｒｓｅ"):
        with pytest.raises(Refused, match="given before"):
            opened(same)


@pytest.mark.parametrize("name", ["", "two words", "tab\t", "bell\a", "x" * 151, "zero\u200bwidth"])
def test_a_name_can_be_typed_and_told_apart(record_db: str, name: str) -> None:
    with pytest.raises(Refused, match="user name"):
        opened(name)


def test_an_account_needs_a_full_name_and_a_good_password(record_db: str) -> None:
    with pytest.raises(Refused, match="full name"):
        opened("ada", last_name=" ")
    with pytest.raises(Refused):
        opened("ada", password="short")
    assert not User.objects.filter(username="ada").exists()


def test_no_password_and_no_hash_of_one_stands_in_the_trail(people: People) -> None:
    secret = "a password nobody may read"
    user = opened("ada", password=secret)
    access.set_password(user, secret + "!", by=Actor(user), old=secret)
    for details in AuditEvent.objects.values_list("details", flat=True):
        assert secret not in details
        assert "argon2" not in details


def test_a_new_account_changes_its_password(record_db: str) -> None:
    user = opened("ada")
    assert user.must_change_password
    with pytest.raises(WrongPassword):
        access.set_password(user, "my very own password", by=Actor(user), old="guess")
    with pytest.raises(Refused, match="old one"):
        access.set_password(
            user, "quite another long password", by=Actor(user), old="quite another long password"
        )
    access.set_password(
        user, "my very own password", by=Actor(user), old="quite another long password"
    )
    found = now(user)
    assert not found.must_change_password
    assert found.check_password("my very own password")


def test_a_password_that_somebody_else_set_is_changed_at_the_next_sign_in(people: People) -> None:
    nurse = people["nurse"].person
    with pytest.raises(NotPermitted):
        access.set_password(nurse, "given by the monitor", by=people["monitor"])
    assert access.set_password(
        nurse, "given by the administrator", by=people["administrator"]
    ).must_change_password


def test_nobody_but_an_administrator_keeps_accounts(people: People, site: Site) -> None:
    nurse = people["nurse"].person
    membership = Membership.objects.get(user=nurse)
    for role, by in people.items():
        if role == "administrator":
            continue
        before = head()
        with pytest.raises(NotPermitted):
            opened("ada", by)
        with pytest.raises(NotPermitted):
            access.add_site("02", "Second", by=by)
        with pytest.raises(NotPermitted):
            access.close_user(people["auditor"].person, by=by, reason="x")
        with pytest.raises(NotPermitted):
            access.reopen_user(nurse, by=by, reason="x")
        with pytest.raises(NotPermitted):
            access.grant_role(nurse, "monitor", None, by=by)
        with pytest.raises(NotPermitted):
            access.end_role(membership, by=by, reason="x")
        assert head() == before


def test_an_account_is_closed_for_a_reason_and_its_roles_end(people: People) -> None:
    nurse, by = people["nurse"].person, people["administrator"]
    with pytest.raises(MissingReason):
        access.close_user(nurse, by=by, reason=" ")
    access.close_user(nurse, by=by, reason="left")
    assert not now(nurse).is_active
    assert not Membership.objects.filter(user=nurse, until=None).exists()
    with pytest.raises(WrongState):
        access.close_user(nurse, by=by, reason="left")
    with pytest.raises(WrongState):
        access.grant_role(nurse, "nurse", None, by=by)
    with pytest.raises(WrongState):
        access.set_password(nurse, "a password for nobody", by=by)


def test_an_account_opened_again_has_no_role(people: People) -> None:
    nurse, by = people["nurse"].person, people["administrator"]
    with pytest.raises(WrongState, match="is open"):
        access.reopen_user(nurse, by=by, reason="back")
    access.close_user(nurse, by=by, reason="left")
    with pytest.raises(MissingReason):
        access.reopen_user(nurse, by=by, reason="")
    assert access.reopen_user(nurse, by=by, reason="back").is_active
    assert not Membership.objects.filter(user=nurse, until=None).exists()


def test_nobody_changes_roles_or_the_account_of_their_own(people: People, site: Site) -> None:
    by = people["administrator"]
    with pytest.raises(NotPermitted, match="their own"):
        access.grant_role(by.person, "auditor", None, by=by)
    with pytest.raises(Refused, match="their own"):
        access.close_user(by.person, by=by, reason="tired")
    with pytest.raises(Refused, match="their own"):
        access.end_role(Membership.objects.get(user=by.person), by=by, reason="tired")


def test_an_administrator_has_no_clinical_role_and_no_site(people: People, site: Site) -> None:
    user = opened("ada")
    by = people["administrator"]
    with pytest.raises(Refused, match="all sites"):
        access.grant_role(user, "administrator", site, by=by)
    access.grant_role(user, "administrator", None, by=by)
    with pytest.raises(Refused, match="no clinical data"):
        access.grant_role(user, "investigator", site, by=by)
    with pytest.raises(Refused, match="no clinical data"):
        access.grant_role(people["nurse"].person, "administrator", None, by=by)


def test_a_role_is_one_of_the_list_and_granted_once(people: People, site: Site) -> None:
    by = people["administrator"]
    with pytest.raises(Refused, match="no role king"):
        access.grant_role(people["nurse"].person, "king", site, by=by)
    with pytest.raises(WrongState, match="already"):
        access.grant_role(people["nurse"].person, "nurse", site, by=by)


def test_a_role_ends_once_and_for_a_reason(people: People) -> None:
    membership, by = Membership.objects.get(user=people["nurse"].person), people["administrator"]
    with pytest.raises(MissingReason):
        access.end_role(membership, by=by, reason="")
    access.end_role(membership, by=by, reason="left")
    with pytest.raises(WrongState, match="ended"):
        access.end_role(membership, by=by, reason="left")


def test_a_site_has_a_code_of_its_own(people: People) -> None:
    by = people["administrator"]
    with pytest.raises(Refused, match="already"):
        access.add_site("01", "Again", by=by)
    with pytest.raises(Refused, match="code and a name"):
        access.add_site("02", " ", by=by)


def test_a_key_makes_every_act_once(people: People, site: Site) -> None:
    by = people["administrator"]
    second = access.add_site("02", "Second", by=by, key="s")
    assert access.add_site("02", "Second", by=by, key="s") == second
    user = opened("ada", by, key="u")
    assert opened("ada", by, key="u") == user
    membership = access.grant_role(user, "nurse", site, by=by, key="g")
    assert access.grant_role(user, "nurse", site, by=by, key="g") == membership
    before = head()
    for _ in range(2):
        access.end_role(membership, by=by, reason="left", key="e")
        access.set_password(user, PASSWORD, by=by, key="p")
        access.close_user(user, by=by, reason="left", key="c")
    assert head().seq == before.seq + 3
    with pytest.raises(Repeated):
        access.close_user(user, by=by, reason="another", key="c")


def test_what_is_noted_is_one_of_a_list(people: People) -> None:
    access.note("signed in", by=people["nurse"], told={"address": "127.0.0.1"})
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.user_name) == ("signed in", "nurse")
    with pytest.raises(ValueError, match="among"):
        access.note("danced", by=people["nurse"])
