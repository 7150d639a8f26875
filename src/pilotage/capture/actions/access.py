"""Accounts, roles and sites: who may enter, and from when until when."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pilotage.capture import trail
from pilotage.capture.actions.acting import Act, Actor, acting, rows_written
from pilotage.capture.actions.confirming import awaited, let_rest
from pilotage.capture.actions.refused import NotPermitted, Refused, WrongPassword, WrongState
from pilotage.capture.models import Membership, Site, User
from pilotage.capture.permissions import ROLES

NOTED: Final = (
    "signed in",
    "signed out",
    "sign-in refused",
    "second factor set",
    "second factor taken away",
    "token made",
    "token closed",
    "read by a program",
    "exported",
    "printed",
    "backup made",
    "record restored",
)
"""What is recorded though it changes no row of the record."""


def add_site(code: str, name: str, *, by: Actor, key: str | None = None) -> Site:
    """Add a site. A code is used once."""
    asked = {"code": code, "name": name}
    with acting("site added", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Site.objects.get(pk=rows_written(act.earlier, Site)[0])
        act.permit("manage_sites", None)
        if not code.strip() or not name.strip():
            raise Refused(_("A site needs a code and a name."))
        _refuse_long({code: 40, name: 200})
        if Site.objects.filter(code__iexact=code).exists():
            raise Refused(_("There is a site %(code)s already.") % {"code": code})
        act.site = code
        return act.add(Site(code=code, name=name))


def add_user(
    user_name: str,
    *,
    by: Actor,
    first_name: str,
    last_name: str,
    password: str,
    email: str = "",
    key: str | None = None,
) -> User:
    """Open an account with a password that its person changes at the first sign-in.

    A name is given once, whether or not its account is closed, and not again in other letters
    that look the same to a reader of capitals or of full-width characters.
    """
    person = {"first_name": first_name.strip(), "last_name": last_name.strip(), "email": email}
    hashed = _hashed(User(username=user_name, **person), password)
    with acting("account opened", by=by, key=key, asked={"user": user_name, **person}) as act:
        if act.earlier is not None:
            return User.objects.get(pk=rows_written(act.earlier, User)[0])
        act.permit("manage_accounts", None)
        act.place = user_name
        _refuse_name(user_name)
        if not (person["first_name"] and person["last_name"]):
            raise Refused(_("An account needs the full name of its person: signatures print it."))
        _refuse_long({person["first_name"]: 150, person["last_name"]: 150, email: 254})
        return act.add(User(username=user_name, date_joined=act.at, password=hashed, **person))


def close_user(user: User, *, by: Actor, reason: str, key: str | None = None) -> User:
    """Close an account, and end its roles. It is never deleted, its name never given again."""
    asked = {"user": user.pk, "reason": reason}
    with acting("account closed", by=by, key=key, asked=asked) as act:
        found = User.objects.get(pk=user.pk)
        if act.earlier is not None:
            return found
        act.permit("manage_accounts", None)
        act.place = found.username
        act.because(reason, of=_("to close an account"))
        if found == by.user:
            raise Refused(_("Nobody closes an account of their own."))
        if not found.is_active:
            raise WrongState(_("The account %(name)s is closed.") % {"name": found.username})
        for membership in Membership.objects.filter(user=found, until__isnull=True):
            act.change(membership, until=act.at)
        return act.change(found, is_active=False)


def reopen_user(user: User, *, by: Actor, reason: str, key: str | None = None) -> User:
    """Open a closed account again for the same person; its roles are granted anew."""
    asked = {"user": user.pk, "reason": reason}
    with acting("account opened again", by=by, key=key, asked=asked) as act:
        found = User.objects.get(pk=user.pk)
        if act.earlier is not None:
            return found
        act.permit("manage_accounts", None)
        act.place = found.username
        act.because(reason, of=_("to open an account again"))
        if found.is_active:
            raise WrongState(_("The account %(name)s is open.") % {"name": found.username})
        return act.change(found, is_active=True)


def grant_role(
    user: User, role: str, site: Site | None, *, by: Actor, key: str | None = None
) -> Membership:
    """Give a person a role at a site, or at all sites (`site` None). It holds from now on, but a
    clinical role that a person grants holds when a second person has confirmed it."""
    asked = {"user": user.pk, "role": role, "site": site.code if site else None}
    with acting("role granted", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return Membership.objects.get(pk=rows_written(act.earlier, Membership)[0])
        act.permit("manage_accounts", None)
        act.site, act.place = site.code if site else "", f"{user.username}: {role}"
        _refuse_role(User.objects.get(pk=user.pk), role, site, act)
        awaits = awaited(user, role, by)
        act.told = {"awaits": awaits} if awaits else {}
        return act.add(Membership(user=user, role=role, site=site, since=act.at, awaits=awaits))


def end_role(
    membership: Membership, *, by: Actor, reason: str, key: str | None = None
) -> Membership:
    """End a role now. That it was held stays known."""
    asked = {"membership": membership.pk, "reason": reason}
    with acting("role ended", by=by, key=key, asked=asked) as act:
        found = Membership.objects.select_related("user", "site").get(pk=membership.pk)
        if act.earlier is not None:
            return found
        act.permit("manage_accounts", None)
        act.site = found.site.code if found.site else ""
        act.place = f"{found.user.username}: {found.role}"
        act.because(reason, of=_("to end a role"))
        if found.until is not None:
            raise WrongState(_("This role has ended already."))
        if found.user == by.user:
            raise Refused(_("Nobody changes roles of their own."))
        return act.change(found, until=act.at)


def set_password(
    user: User, password: str, *, by: Actor, old: str = "", key: str | None = None
) -> User:
    """Set a password: one's own, which asks for the `old` one, or that of somebody who has to
    change it at the next sign-in and signs nothing before. The clinical roles of somebody whose
    password another person set rest until a third one has confirmed who uses the account."""
    own = by.user is not None and by.user.pk == user.pk
    if own and not user.check_password(old):
        raise WrongPassword(_("The present password is not right."))
    if own and user.check_password(password):
        raise Refused(_("The new password is the old one."))
    hashed = _hashed(user, password)
    with acting("password set", by=by, key=key, asked={"user": user.pk}) as act:
        found = User.objects.get(pk=user.pk)
        if act.earlier is not None:
            return found
        if own:
            act.role = "account"
        else:
            act.permit("manage_accounts", None)
        act.place = found.username
        if not found.is_active:
            raise WrongState(_("The account %(name)s is closed.") % {"name": found.username})
        if not own and by.user is not None:
            let_rest(found, act)
        return act.change(found, password=hashed, must_change_password=not own)


def acknowledge_clock(*, by: Actor, reason: str, key: str | None = None) -> None:
    """Say that the server's clock was looked at after it went back; signing is possible again."""
    asked = {"reason": reason}
    with acting(trail.CLOCK_ACKNOWLEDGED, by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return
        act.permit("acknowledge_clock", None)
        act.because(reason, of=_("what was found out about the clock"))
        if not trail.clock_is_doubtful():
            raise WrongState(_("The clock did not go back."))


def note(
    what: str,
    *,
    by: Actor,
    place: str = "",
    told: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> None:
    """Record one of `NOTED`: who did what that changes nothing in the record. The caller has made
    sure that they may. Never give it what somebody typed as a name or a password."""
    if what not in NOTED:
        raise ValueError(f"{what!r} is not among the acts that are noted")
    with acting(what, by=by, key=key, asked={"place": place, "told": dict(told or {})}) as act:
        if act.earlier is None:
            act.role, act.place, act.told = "account", place, dict(told or {})


def _refuse_name(name: str) -> None:
    """Raise Refused for a name that cannot be used, or was ever given."""
    if not name or len(name) > 150 or any(c.isspace() or not c.isprintable() for c in name):
        raise Refused(_("A user name has 1 to 150 characters and no spaces."))
    wanted = _same(name)
    if any(_same(taken) == wanted for taken in User.objects.values_list("username", flat=True)):
        raise Refused(_("The user name %(name)s was given before.") % {"name": name})


def _refuse_long(most: Mapping[str, int]) -> None:
    """Raise Refused for a text longer than its column."""
    for text, length in most.items():
        if len(text) > length:
            raise Refused(_("A name has at most %(most)s characters.") % {"most": length})


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _hashed(user: User, password: str) -> str:
    """A password as it is kept. Done before the transaction of an act: it takes long on purpose."""
    try:
        validate_password(password, user)
    except ValidationError as problems:
        raise Refused(" ".join(problems.messages)) from None
    return make_password(password)


def _refuse_role(user: User, role: str, site: Site | None, act: Act) -> None:
    if role not in ROLES:
        raise Refused(_("There is no role %(role)s.") % {"role": role})
    if not user.is_active:
        raise WrongState(_("The account %(name)s is closed.") % {"name": user.username})
    if user == act.by.user:
        raise NotPermitted(_("Nobody changes roles of their own."))
    if role == "administrator" and site is not None:
        raise Refused(_("An administrator is one for all sites."))
    present = Membership.objects.filter(user=user, until__isnull=True)
    held = set(present.values_list("role", "site_id"))
    if (role, site.pk if site else None) in held:
        raise WrongState(_("The person has this role already."))
    if held and (role == "administrator") != any(r == "administrator" for r, _site in held):
        raise Refused(
            _("An administrator touches no clinical data: give this role to another account.")
        )
