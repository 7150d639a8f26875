"""Keys for programs that read through the API: shown once, kept as a hash, over after a time."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.clock import now
from pilotage.capture.models import User
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.noted import Noted, note

PREFIX = "pilotage_"
"""So that a token left in a file is recognised by whoever searches for secrets."""

DAYS: Final = 90
"""For so many days a token holds, unless its person asks for another time."""
MOST_DAYS: Final = 365


@transaction.atomic
def make_token(user: User, name: str, days: int = DAYS) -> str:
    """A new token of a person. It is nowhere else: who loses it makes another."""
    token, at = PREFIX + secrets.token_urlsafe(32), now()
    ApiToken.objects.create(
        user=user, name=name, sha256=_hash(token), made=at, expires=at + timedelta(days=days)
    )
    note(Noted.TOKEN_MADE, user, name)
    return token


@transaction.atomic
def close_token(user: User, number: int) -> None:
    """Close a token of one's own; nothing where there is no such token or it is closed."""
    found = ApiToken.objects.filter(pk=number, user=user, closed=None).first()
    if found:
        found.closed = now()
        found.save()
        note(Noted.TOKEN_CLOSED, user, found.name)


def close_all_tokens(user: User) -> None:
    ApiToken.objects.filter(user=user, closed=None).update(closed=now())


def found_token(token: str) -> ApiToken | None:
    """The token with its person; None for one that is not known, is over or was closed, or whose
    account was."""
    found = ApiToken.objects.filter(sha256=_hash(token), closed=None, expires__gt=now())
    row = found.filter(user__is_active=True).select_related("user").first()
    return row if row and not row.user.must_change_password else None


@transaction.atomic
def note_read(token: ApiToken, what: str, asked: Mapping[str, str], rows: int) -> None:
    """One event for a request that was answered: who read, with which token, what, and how much of
    it."""
    told = {"token": token.name, "filters": dict(asked), "rows_read": rows}
    access.note("read by a program", by=Actor(token.user), place=what, told=told)
    ApiToken.objects.filter(pk=token.pk).update(last_used=now())


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
