"""What a password must be: long, and not one that everybody tries. No rules of composition."""

import secrets

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pilotage.capture.models import User
from pilotage.capture.sign_in.second_factor import has_second_factor

ALONE, WITH_SECOND_FACTOR, LONGEST = 15, 8, 256
"""Characters. Source: NIST SP 800-63B, memorised secrets alone and beside a second factor."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


class LongEnough:
    """15 characters, or 8 where a second factor stands beside the password."""

    def validate(self, password: str, user: User | None = None) -> None:
        least = _least(user)
        if len(password) < least:
            words = _("The password has %(length)d characters; use at least %(least)d.")
            raise ValidationError(words % {"length": len(password), "least": least})
        if len(password) > LONGEST:
            words = _("The password has %(length)d characters; use at most %(most)d.")
            raise ValidationError(words % {"length": len(password), "most": LONGEST})

    def get_help_text(self) -> str:
        words = _(
            "At least %(alone)d characters; %(beside)d once the second factor is set. "
            "A sentence is easy to keep in mind."
        )
        return words % {"alone": ALONE, "beside": WITH_SECOND_FACTOR}


class NotLikeTheName(UserAttributeSimilarityValidator):
    """Not the name of the account or of its person, alone or with little beside it."""

    def validate(self, password: str, user: User | None = None) -> None:
        super().validate(password, user)
        rest = password.casefold()
        for name in (user.username, user.first_name, user.last_name) if user else ():
            rest = rest.replace(name.casefold(), "") if len(name) > 3 else rest
        if rest != password.casefold() and len(rest) < WITH_SECOND_FACTOR:
            raise ValidationError(_("The password is little more than the name of its person."))


class NotCommon(CommonPasswordValidator):
    """Not one of the passwords that are tried first: neither with digits or signs around it, nor
    written twice, nor a few letters over and over."""

    def validate(self, password: str, user: User | None = None) -> None:
        super().validate(password, user)
        core = _unit(password.casefold().strip("0123456789!?.,-_*+# "))
        if len(set(password)) < 4 or core in self.passwords or len(_unit(password)) < 4:
            raise ValidationError(_("This password is among those that are tried first."))


def _unit(text: str) -> str:
    """The shortest text that, written several times, gives this one."""
    again = (text + text).find(text, 1)
    return text[:again] if text else ""


def _least(user: User | None) -> int:
    """By the name: the user may be one that is being made and is not stored."""
    stored = User.objects.filter(username=user.username).first() if user else None
    return WITH_SECOND_FACTOR if stored and has_second_factor(stored) else ALONE


def one_time_password() -> str:
    """Four groups of five letters and digits, about 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
