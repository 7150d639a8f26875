"""The second factor: a code of an authenticator app, or one of ten recovery codes.

Parts of django-allauth; secrets are stored encrypted, and no code counts twice.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from pilotage.capture import clock
from pilotage.capture.models import User

PERIOD = 30
"""Seconds for which an app shows a code."""
TOLERANCE = 1
"""So many periods before and after the server's clock count too."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts what allauth stores, with a key that follows from the secret key."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username


def _cipher() -> Fernet:
    digest = sha256(b"pilotage second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(digest))


def new_secret() -> str:
    """A secret for an authenticator app, in base 32."""
    return str(generate_totp_secret())


def picture(user: User, secret: str) -> str:
    """The QR code that an authenticator app reads, as SVG."""
    adapter = Adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return str(drawing).split("?>", 1)[-1].strip()


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def is_readable(user: User) -> bool:
    """Can the stored secret be decrypted? Not after the secret key was lost."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    try:
        return found is not None and bool(decrypt(found.data["secret"]))
    except InvalidToken:
        return False


@transaction.atomic
def set_second_factor(user: User, secret: str, code: str) -> list[str] | None:
    """Replace the second factor once a code shows that the app has it. The new recovery codes, to
    be shown once; None where the code is wrong."""
    counter = _counter_of(secret, code, after=-1)
    if counter is None:
        return None
    Authenticator.objects.filter(user=user).delete()
    totp = TOTP.activate(user, secret)
    totp.instance.data["last"] = counter
    totp.instance.save()
    return [str(code) for code in RecoveryCodes.activate(user).get_unused_codes()]


@transaction.atomic
def give_second_factor(user: User) -> None:
    """A second factor that nobody's app holds: for the invented staff of a demonstration."""
    if not has_second_factor(user):
        TOTP.activate(user, new_secret())


def next_code(user: User) -> str:
    """The code that would be accepted next. Only a demonstration shows it."""
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = max(int(clock.system_time().timestamp()) // PERIOD, app.data.get("last", -1) + 1)
    return code_at(decrypt(app.data["secret"]), counter * PERIOD)


@transaction.atomic
def remove_second_factor(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def holds(user: User, code: str) -> bool:
    """Is it a code of the app, later than any used before, or an unused recovery code?"""
    digits = "".join(code.split())
    rows = Authenticator.objects.select_for_update().filter(user=user)
    by_type = {row.type: row for row in rows}
    app = by_type.get(Authenticator.Type.TOTP)
    if app is None or not digits.isascii() or not digits.isdigit():
        return False
    counter = _counter_of(decrypt(app.data["secret"]), digits, after=app.data.get("last", -1))
    if counter is not None:
        app.data["last"] = counter
        app.record_usage()
        app.save()
        return True
    spare = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return spare is not None and bool(RecoveryCodes(spare).validate_code(digits))


def recovery_codes_left(user: User) -> int:
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found else 0


def code_at(secret: str, moment: float) -> str:
    """The code that an app shows at a moment (Unix time)."""
    return str(format_hotp_value(hotp_value(secret, int(moment) // PERIOD)))


def _counter_of(secret: str, code: str, *, after: int) -> int | None:
    """The period whose code this is, if it lies after the last one used; None for a wrong code."""
    present = int(clock.system_time().timestamp()) // PERIOD
    for counter in range(present - TOLERANCE, present + TOLERANCE + 1):
        right = str(format_hotp_value(hotp_value(secret, counter)))
        if counter > after and constant_time_compare(code.replace(" ", ""), right):
            return counter
    return None
