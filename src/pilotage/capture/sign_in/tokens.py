"""Keys for programs that read through the API: shown once, kept as a hash."""

import secrets
from hashlib import sha256

from django.db import transaction

from pilotage.capture.clock import now
from pilotage.capture.models import User
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.noted import Noted, note

PREFIX = "pilotage_"
"""So that a token left in a file is recognised by whoever searches for secrets."""


@transaction.atomic
def make_token(user: User, name: str) -> str:
    """A new token of a person. It is nowhere else: who loses it makes another."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, sha256=_hash(token), made=now())
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


def person_of(token: str) -> User | None:
    """Whose token it is; None for one that is not known, was closed, or whose account was."""
    found = ApiToken.objects.filter(sha256=_hash(token), closed=None, user__is_active=True)
    row = found.select_related("user").first()
    return row.user if row and not row.user.must_change_password else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
