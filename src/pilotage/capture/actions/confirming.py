"""What a second person confirms: that a role was rightly granted, and who uses an account whose
password was reset. An administrator alone could otherwise make or take over an account that enters
clinical data."""

from typing import Final

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Act, Actor, acting
from pilotage.capture.actions.password import in_doubt, sure_of
from pilotage.capture.actions.refused import NotPermitted, Refused, WrongState
from pilotage.capture.models import AuditEvent, Membership, User
from pilotage.capture.permissions import (
    PERMISSIONS,
    RESTING,
    Permission,
    may,
    role_somewhere,
)

CONFIRMATION, IDENTITY = RESTING
COUNTERSIGNATURE: Final = "countersignature"
ADMINISTRATOR: Final = "administrator"


def awaited(user: User, role: str, by: Actor) -> str:
    """What a role that is granted awaits from a second person; "" for one that holds at once.

    While there is nobody who could confirm a role, as at the first start, one that could confirm
    the others holds at once and is countersigned later; no other role does.
    """
    if by.user is None or role == ADMINISTRATOR:
        return ""
    if "confirm_role" not in PERMISSIONS[role] or _others("confirm_role", user, by.user):
        return CONFIRMATION
    return COUNTERSIGNATURE


def let_rest(user: User, act: Act) -> None:
    """Let the clinical roles of a person rest whose password another one resets, so long as there
    is a third who can confirm who uses the account; else the person signs nothing (`in_doubt`)."""
    if not _others("confirm_identity", user, act.by.person):
        return
    held = Membership.objects.filter(user=user, until=None).exclude(awaits__in=RESTING)
    for each in held.exclude(role=ADMINISTRATOR).order_by("pk"):
        act.change(each, until=act.at)
        rests = Membership(user=user, role=each.role, site=each.site, since=act.at, awaits=IDENTITY)
        act.add(rests)


def confirm_role(
    membership: Membership, *, by: Actor, password: str, reason: str, key: str | None = None
) -> Membership:
    """Confirm that a role was rightly granted, and say how that was seen: from now on it holds."""
    sure_of(by, password)
    asked = {"membership": membership.pk, "reason": reason}
    with acting("role confirmed", by=by, key=key, asked=asked) as act:
        found = Membership.objects.select_related("user", "site").get(pk=membership.pk)
        if act.earlier is not None:
            return found
        act.permit("confirm_role", None, somewhere=True)
        act.site = found.site.code if found.site else ""
        act.place = f"{found.user.username}: {found.role}"
        act.because(reason, of=_("how it was seen that the role is rightly theirs"))
        if found.until is not None or found.awaits not in (CONFIRMATION, COUNTERSIGNATURE):
            raise WrongState(_("This role does not wait for a confirmation."))
        against = against_confirming(found, by.person)
        if against:
            raise NotPermitted(against)
        if in_doubt(found.user) is not None:
            raise Refused(_("Somebody else reset the password: confirm first who uses it."))
        held = found.awaits == COUNTERSIGNATURE
        return act.change(found, awaits="", **({} if held else {"since": act.at}))


def against_confirming(membership: Membership, by: User) -> str:
    """What stands against it that this person confirms this role; "" where nothing does.

    It is somebody of the site or at all sites; where nobody there could, somebody of another one.
    """
    granted = AuditEvent.objects.filter(
        action="role granted", place=f"{membership.user.username}: {membership.role}", user=by
    )
    if by.pk == membership.user_id or granted.exists():
        return _("Another person has to confirm it, neither the own nor the one who granted it.")
    if role_somewhere(by, "confirm_role") is None:
        return _("An investigator or a data manager confirms it.")
    if may(by, "confirm_role", membership.site) is not None or membership.site is None:
        return ""
    others = _others("confirm_role", membership.user, by)
    if any(may(each, "confirm_role", membership.site) for each in others):
        return _("Somebody of that site, or at all sites, confirms it.")
    return ""


def confirm_identity(
    user: User, *, by: Actor, password: str, reason: str, key: str | None = None
) -> None:
    """Confirm that the own person uses an account again whose password somebody else reset, and
    say how that was seen; its roles hold again. Neither that person nor the one who reset it can;
    nor somebody whose own account waits for it, unless everybody's does, as after a restore under
    a new key."""
    sure_of(by, password, although_in_doubt=not _is_known(user, by))
    asked = {"user": user.pk, "reason": reason}
    with acting("identity confirmed", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return
        act.permit("confirm_identity", None, somewhere=True)
        act.place = user.username
        act.because(reason, of=_("how it was seen who uses the account"))
        reset = in_doubt(user)
        if reset is None:
            raise WrongState(_("Nobody else reset the password of this account."))
        if act.by.person.pk in (user.pk, reset.user_id):
            raise NotPermitted(
                _("Another person has to confirm it, neither the own nor the one who reset it.")
            )
        for rests in Membership.objects.filter(user=user, until=None, awaits=IDENTITY):
            act.change(rests, since=act.at, awaits="")


def _is_known(user: User, by: Actor) -> bool:
    """Whether anybody but the person of the account and who reset it could confirm it who does not
    wait for it as well."""
    reset = in_doubt(user)
    others = _others("confirm_identity", user, by.person)
    return any(
        in_doubt(each) is None and (reset is None or each.pk != reset.user_id) for each in others
    )


def _others(permission: Permission, *involved: User) -> list[User]:
    """Everybody else who has a permission at whatever site."""
    people = User.objects.filter(is_active=True).exclude(pk__in=[each.pk for each in involved])
    return [each for each in people if role_somewhere(each, permission) is not None]
