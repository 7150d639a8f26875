"""What signing in keeps beside the record: failed tries, and the tokens of programs.

Neither is part of the trial's record; that a sign-in failed or a token was made stands in the audit
trail.
"""

from django.db import models

from pilotage.capture.models import User


class Tries(models.Model):
    """Failed tries in a row under one key: an account, an address, or both (`throttle.py`).

    `key` is a keyed hash, since what is typed as a name may be a password.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField()
    last = models.DateTimeField()


class UsualAddress(models.Model):
    """An address from which an account signed in before, as a keyed hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="one_usual_address"),)


class ApiToken(models.Model):
    """A program's key to the read API, with the rights of its person; only its hash is kept.

    It opens nothing from `expires` on; `last_used` is empty before its first use.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
