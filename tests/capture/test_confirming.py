"""A clinical role takes two: an administrator who grants it, and somebody else who confirms it."""

from datetime import UTC, datetime
from functools import partial

import pytest
from acts import People, now
from capture_records import PASSWORD
from doors import signed_in

from pilotage.capture.actions import (
    MissingReason,
    NotPermitted,
    Refused,
    WrongPassword,
    WrongState,
    access,
    confirming,
)
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Membership, Site, User
from pilotage.capture.permissions import PERMISSIONS, ROLES, may, may_somewhere
from pilotage.capture.replay import differences, replayed
from pilotage.capture.views.users import access_on

SYSTEM = Actor.system("tests")
OWN = "a sentence of my very own"


def opened(name: str, by: Actor = SYSTEM) -> User:
    """An account whose person has come and set a password."""
    user = access.add_user(
        name, by=by, first_name=name.title(), last_name="Person", password=PASSWORD + "!"
    )
    return access.set_password(user, PASSWORD, by=Actor(user), old=PASSWORD + "!")


def nothing_but_the_events() -> bool:
    """The tables are what the events say."""
    return list(differences(replayed(AuditEvent.objects.order_by("seq")).tables)) == []


def granted(people: People, role: str, site: Site | None, name: str = "ada") -> Membership:
    by = people["administrator"]
    return access.grant_role(opened(name, by), role, site, by=by)


def confirmed(membership: Membership, by: Actor, **other: str) -> Membership:
    given = {"password": PASSWORD, "reason": "her contract and her passport"}
    return confirming.confirm_role(membership, by=by, **{**given, **other})


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_a_role_that_an_administrator_grants_holds_when_another_confirms_it(
    people: People, site: Site, role: str
) -> None:
    membership = granted(people, role, site)
    assert not any(may_somewhere(membership.user, each) for each in PERMISSIONS[role])
    assert not access_on(datetime.now(UTC).date()).filter(user=membership.user).exists()
    before = now(membership).since
    held = confirmed(membership, people["data_manager"])
    assert all(may(held.user, each, site) == role for each in PERMISSIONS[role])
    assert held.since > before
    assert may(held.user, "see_study", site, at=before) is None
    event = AuditEvent.objects.latest("seq")
    assert (event.action, event.user_name) == ("role confirmed", "data_manager")
    assert (event.site, event.place) == ("01", f"ada: {role}")
    assert nothing_but_the_events()


def test_two_accounts_of_one_administrator_reach_no_data(people: People, site: Site) -> None:
    """An administrator opens a second one, and an investigator; none of the three confirms it."""
    by = people["administrator"]
    second = opened("second", by)
    assert access.grant_role(second, "administrator", None, by=by).awaits == ""
    membership = granted(people, "investigator", site)
    for each in (by.person, second, membership.user):
        with pytest.raises(NotPermitted):
            confirmed(membership, Actor(each))
    assert not may_somewhere(membership.user, "see_record")
    assert not PERMISSIONS["administrator"] & {"confirm_role", "confirm_identity"}


def test_only_investigators_and_data_managers_confirm_a_role(people: People, site: Site) -> None:
    membership = granted(people, "nurse", site)
    for role in sorted(set(ROLES) - {"investigator", "data_manager"}):
        with pytest.raises(NotPermitted):
            confirmed(membership, people[role])
    assert now(membership).awaits == "confirmation"


def test_confirming_asks_for_the_password_and_how_it_was_seen(people: People, site: Site) -> None:
    membership, by = granted(people, "nurse", site), people["investigator"]
    with pytest.raises(WrongPassword):
        confirmed(membership, by, password="guess")
    with pytest.raises(MissingReason):
        confirmed(membership, by, reason=" ")
    confirmed(membership, by)
    with pytest.raises(WrongState, match="does not wait"):
        confirmed(membership, by)


def test_a_key_confirms_once(people: People, site: Site) -> None:
    membership, by = granted(people, "nurse", site), people["investigator"]
    first = confirmed(membership, by, key="k")
    assert confirmed(membership, by, key="k") == first
    assert AuditEvent.objects.filter(action="role confirmed").count() == 1


def test_a_role_at_a_site_is_confirmed_by_somebody_of_that_site_if_there_is_anybody(
    people: People, site: Site
) -> None:
    other = access.add_site("02", "Second site", by=SYSTEM)
    theirs = granted(people, "nurse", other)
    with pytest.raises(NotPermitted, match="of that site"):
        confirmed(theirs, people["investigator"])  # the data manager is one of every site
    manager = Membership.objects.get(user__username="data_manager")
    access.end_role(manager, by=people["administrator"], reason="left")
    assert confirmed(theirs, people["investigator"]).awaits == ""


def test_a_role_that_was_ended_before_is_confirmed_no_more(people: People, site: Site) -> None:
    membership = granted(people, "nurse", site)
    access.end_role(membership, by=people["administrator"], reason="a mistake")
    with pytest.raises(WrongState):
        confirmed(membership, people["investigator"])
    assert may(membership.user, "save_entry", site, at=datetime.now(UTC)) is None


def test_who_grants_a_role_confirms_it_in_no_other_role_of_theirs(
    people: People, site: Site
) -> None:
    granting = opened("second")
    own = access.grant_role(granting, "administrator", None, by=SYSTEM)
    nurse = access.grant_role(opened("ada"), "nurse", site, by=Actor(granting))
    access.end_role(own, by=SYSTEM, reason="changes over")
    access.grant_role(granting, "data_manager", None, by=SYSTEM)
    with pytest.raises(NotPermitted, match="who granted it"):
        confirmed(nurse, Actor(granting))


# -- the first start ------------------------------------------------------------------------------


@pytest.fixture
def alone(people: People) -> Actor:
    """The administrator of a record in which nobody else has a role."""
    for membership in Membership.objects.exclude(role="administrator"):
        access.end_role(membership, by=SYSTEM, reason="left")
    return people["administrator"]


def test_at_the_first_start_one_role_that_can_confirm_holds_and_waits_for_a_second_person(
    alone: Actor, site: Site
) -> None:
    grant = partial(access.grant_role, by=alone)
    nurse = grant(opened("nadia"), "nurse", site)
    first = grant(opened("iris"), "investigator", site)
    second = grant(opened("dora"), "data_manager", None)
    assert [each.awaits for each in (nurse, first, second)] == [
        "confirmation",
        "countersignature",
        "confirmation",
    ]
    assert may(first.user, "save_entry", site) == "investigator"
    assert may(nurse.user, "save_entry", site) is None
    said = AuditEvent.objects.get(action="role granted", place="iris: investigator")
    assert '"awaits":"countersignature"' in said.details
    with pytest.raises(NotPermitted, match="Another person"):
        confirmed(first, Actor(first.user))
    confirmed(second, Actor(first.user))
    since = now(first).since
    assert confirmed(first, Actor(second.user)).awaits == ""
    assert now(first).since == since, "it held all the time"


def test_a_role_that_nobody_confirmed_is_told_on_the_first_page(alone: Actor, site: Site) -> None:
    access.grant_role(User.objects.get(username="investigator"), "investigator", site, by=alone)
    page = signed_in("investigator").get("/").content.decode()
    assert "Access that nobody has confirmed" in page
    assert "holds the role investigator, though no second person confirmed it." in page
    confirmed_by = opened("dora")
    access.grant_role(confirmed_by, "data_manager", None, by=SYSTEM)
    confirmed(Membership.objects.get(until=None, role="investigator"), Actor(confirmed_by))
    assert "Access that nobody" not in signed_in("investigator").get("/").content.decode()


# -- a reset --------------------------------------------------------------------------------------


def test_whoever_resets_a_password_does_not_reach_the_data_of_its_person(
    people: People, site: Site
) -> None:
    """Until a third person has seen who uses the account: then it holds what it held."""
    nurse, administrator = people["nurse"].person, people["administrator"]
    access.set_password(nurse, "one time password", by=administrator)
    taken = access.set_password(
        now(nurse), "the administrator took it over", by=Actor(nurse), old="one time password"
    )
    assert not any(may_somewhere(taken, each) for each in PERMISSIONS["nurse"])
    moment = Membership.objects.get(user=nurse, until=None).since
    confirming.confirm_identity(
        taken, by=people["investigator"], password=PASSWORD, reason="seen in person"
    )
    assert may(now(nurse), "save_entry", site) == "nurse"
    assert Membership.objects.get(user=nurse, until=None).since > moment
    assert Membership.objects.filter(user=nurse).exclude(until=None).count() == 1
    assert nothing_but_the_events()


def test_a_role_is_not_confirmed_while_nobody_knows_who_uses_the_account(
    people: People, site: Site
) -> None:
    membership = granted(people, "nurse", site)
    access.set_password(membership.user, "one time password", by=people["administrator"])
    with pytest.raises(Refused, match="who uses it"):
        confirmed(membership, people["investigator"])
    confirming.confirm_identity(
        membership.user, by=people["investigator"], password=PASSWORD, reason="seen in person"
    )
    assert now(membership).awaits == "confirmation", "the role is another question"
    assert confirmed(membership, people["investigator"]).awaits == ""


def test_a_new_password_of_one_s_own_lets_no_role_rest(people: People, site: Site) -> None:
    nurse = people["nurse"].person
    access.set_password(nurse, OWN, by=Actor(nurse), old=PASSWORD)
    assert may(now(nurse), "save_entry", site) == "nurse"


# -- the page -------------------------------------------------------------------------------------


def test_a_role_is_confirmed_on_the_page(people: People, site: Site) -> None:
    administrator = signed_in("administrator")
    user = opened("ada")
    given = {"act": "grant", "role": "nurse", "site": site.code, "key": "g"}
    shown = administrator.post(f"/users/{user.pk}/", given, follow=True).content.decode()
    assert "It holds when an investigator or a data manager has confirmed it" in shown
    assert "does not hold before a second person confirms it" in shown
    assert administrator.get("/identity/").status_code == 403
    nurse = signed_in("nurse").get("/identity/").content.decode()
    assert "An investigator or a data manager confirms it." in nurse
    assert "I confirm the role" not in nurse
    browser, number = signed_in("investigator"), Membership.objects.get(user=user).pk
    typed = {"role": number, "key": "k", "reason": "her contract"}
    wrong = browser.post("/identity/", {**typed, "password": "guess"}).content.decode()
    assert "The password is not right" in wrong
    answer = browser.post("/identity/", {**typed, "password": PASSWORD}, follow=True)
    assert "It is confirmed: the role holds." in answer.content.decode()
    assert may(user, "save_entry", site) == "nurse"


def test_who_waits_at_another_site_is_named_to_nobody_here(people: People, site: Site) -> None:
    other = access.add_site("02", "Second site", by=SYSTEM)
    granted(people, "nurse", other, name="theirs")
    granted(people, "nurse", site, name="ours")
    for name, addresses in (("investigator", ("/", "/identity/")), ("data_manager", ("/",))):
        browser = signed_in(name)
        for address in addresses:
            shown = browser.get(address).content.decode()
            assert ("Theirs Person" in shown) == (name == "data_manager"), address
            assert "Ours Person" in shown
