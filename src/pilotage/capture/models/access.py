"""Who may enter, in which role, at which site, from when until when."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser
from django.db import models


class Site(models.Model):
    """A place that recruits subjects."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)


class User(AbstractUser):
    """A person with an account of their own. An account is closed, never deleted or reused."""

    must_change_password = models.BooleanField(default=True)

    roles_of_request: tuple[tuple[str, int | None], ...] | None = None
    """Role and site of every role that holds, looked up once for a request; None outside one."""

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Never writes: a password changes through an action."""
        return check_password(raw_password, self.password)


class Membership(models.Model):
    """A role of a person at a site (none: at all sites). `until` is empty while it holds.

    `awaits` says what a second person has still to do: `confirmation` of a role that was granted,
    `identity` after the password was reset by somebody else; neither role holds before, and `since`
    becomes the time at which it was done. `countersignature`: the role holds although nobody was
    there who could confirm it; somebody does so later.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    awaits = models.CharField(max_length=20, default="")
