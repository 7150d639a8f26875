"""What the audit trail says of signing in. It never holds what somebody typed."""

from enum import StrEnum

from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import User

UNKNOWN = "unknown account"
"""The name in the trail where no account of that name exists: what was typed may be a password."""


class Noted(StrEnum):
    """The acts, as the trail names them."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    REFUSED = "sign-in refused"
    FACTOR_SET = "second factor set"
    FACTOR_TAKEN = "second factor taken away"
    TOKEN_MADE = "token made"
    TOKEN_CLOSED = "token closed"


def note(what: Noted, user: User | None, place: str = "", address: str = "") -> None:
    """One event, in a transaction of its own or that of the caller.

    `place` is the step at which it happened or the name of a token, `address` the machine it came
    from.
    """
    by = Actor(user) if user else Actor.system(UNKNOWN)
    access.note(what.value, by=by, place=place, told={"address": address} if address else None)
