"""The password that is asked for again before a signature."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pilotage.capture import clock, trail
from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.actions.refused import Refused, WrongPassword, WrongState
from pilotage.capture.models import AuditEvent, User

WRONG: Final = "password refused"
RESET: Final = "password set"
CONFIRMED: Final = "identity confirmed"
TRIES: Final = 5
PAUSE: Final = timedelta(minutes=15)
"""After so many wrong passwords at signatures within that time, a person waits."""


def sure_of(by: Actor, password: str, *, although_in_doubt: bool = False) -> User:
    """The person who signs, whose password this is. Done before the transaction of the act, since
    it takes long on purpose. A wrong password is recorded.

    Raises WrongPassword; Refused after too many tries; WrongState for an account whose password
    somebody else set, until another person has confirmed who uses it, and while the server's clock
    is in doubt.
    """
    # fresh from the database: the session may be older than a closed account or a new password
    user = User.objects.get(pk=by.person.pk)
    _refuse_while_clock_in_doubt()
    if user.must_change_password:
        raise WrongState(_("Set a password of your own first: nobody else may know it."))
    if not user.get_full_name().strip():
        raise WrongState(_("The account has no full name to print under a signature."))
    if not although_in_doubt and in_doubt(user) is not None:
        raise WrongState(
            _(
                "Somebody else reset your password: a third person has to confirm first, on the "
                "page about who uses the account, that it is you."
            )
        )
    since = clock.now() - PAUSE
    tries = AuditEvent.objects.filter(action=WRONG, user=user, at__gt=since).count()
    if tries >= TRIES:
        raise Refused(_("Too many wrong passwords: wait a quarter of an hour."))
    if not (user.is_active and user.check_password(password)):
        with acting(WRONG, by=by, key=None, asked={}) as act:
            act.role = "account"
        raise WrongPassword(_("The password is not right; nothing was signed."))
    return user


def in_doubt(user: User) -> AuditEvent | None:
    """The event by which another person reset the password of an account, so long as nobody has
    confirmed that its own person came back to it. Who resets could work as this person; with this
    it takes two. One query."""
    resets = Q(action=RESET, user__isnull=False) & ~Q(user=user)
    about = AuditEvent.objects.filter(resets | Q(action=CONFIRMED), place=user.username)
    last = about.order_by("-seq").first()
    return last if last is not None and last.action == RESET else None


def _refuse_while_clock_in_doubt() -> None:
    """Raise WrongState after the clock went back, which is written whatever comes after."""
    with transaction.atomic():
        trail.lock()
        trail.ready(clock.now())
    if trail.clock_is_doubtful():
        raise WrongState(
            _("The server's clock went back: nobody signs before an administrator looked at it.")
        )
