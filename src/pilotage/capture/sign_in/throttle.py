"""How often one may try to sign in: every failure makes the next try wait longer, none locks out.

Three counts run side by side. For one account from one address the wait begins after 5 failures,
for one account from anywhere after 20, for one address after 100; it doubles up to a quarter of an
hour. An address from which the account signed in before is not held by the count of the account
alone, so that a stranger cannot keep its person out.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from pilotage.capture.clock import now as present
from pilotage.capture.models import User
from pilotage.capture.sign_in.models import Tries, UsualAddress

LONGEST = 15 * 60
"""Seconds."""
FORGOTTEN = timedelta(hours=24)
"""After so long without a try, an account or address starts anew."""


@dataclass(frozen=True, slots=True)
class Count:
    """Failures under one key, and how many of them cost nothing."""

    key: str
    free: int


def begin_try(name: str, address: str) -> int:
    """Count a try as failed before it is judged, so that tries side by side cannot slip through.

    The seconds to wait where it may not be made yet; then nothing was counted. 0: go on, and
    `take_back` or `succeeded` where it did not fail.
    """
    now = present()
    with transaction.atomic():
        counts = _counts(name, address)
        for count in counts:
            Tries.objects.get_or_create(key=count.key, defaults={"failures": 0, "last": now})
        keys = sorted(count.key for count in counts)
        found = {row.key: row for row in Tries.objects.select_for_update().filter(key__in=keys)}
        waits = [_wait(found[count.key], count.free, now) for count in counts]
        if any(waits):
            return max(waits)
        for row in found.values():
            row.failures = 1 if now - row.last > FORGOTTEN else row.failures + 1
            row.last = now
            row.save()
    return 0


def take_back(name: str, address: str) -> None:
    """The try did not fail, but nobody has signed in yet."""
    keys = [count.key for count in _counts(name, address)]
    Tries.objects.filter(key__in=keys, failures__gt=0).update(failures=F("failures") - 1)


def succeeded(user: User, address: str) -> None:
    """Forget the failures of the account, and know the address again."""
    take_back(user.username, address)
    keys = [_hashed("both", user.username, address), _hashed("account", user.username)]
    Tries.objects.filter(key__in=keys).delete()
    UsualAddress.objects.get_or_create(user=user, key=_hashed("address", address))


def failures(name: str, address: str) -> int:
    """Failures in a row of an account from an address."""
    found = Tries.objects.filter(key=_hashed("both", name, address)).first()
    return found.failures if found else 0


def _counts(name: str, address: str) -> list[Count]:
    counts = [
        Count(_hashed("both", name, address), free=5),
        Count(_hashed("from", address), free=100),
    ]
    usual = UsualAddress.objects.filter(user__username=name, key=_hashed("address", address))
    if not usual.exists():
        counts.append(Count(_hashed("account", name), free=20))
    return counts


def _wait(row: Tries, free: int, now: datetime) -> int:
    if row.failures < free:
        return 0
    wait = min(2.0 ** min(row.failures - free + 1, 20), LONGEST)
    left = wait - (now - row.last).total_seconds()
    return max(0, int(left) + 1) if left > 0 else 0


def _hashed(*parts: str) -> str:
    """A key from which what was typed cannot be read."""
    text = "\0".join(parts).casefold().encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, "sha256").hexdigest()
