"""Whose request it is: the session and its person, read with SQL that is made once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from pilotage.capture.clock import system_time
from pilotage.capture.models import User
from pilotage.capture.prepared import Prepared

_sessions = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_data", flat=True
    )
)
_users = Prepared(lambda pk: User.objects.filter(pk=pk))


class SessionStore(db.SessionStore):
    """Django's own sessions in the database."""

    def load(self) -> dict[str, Any]:
        found = _sessions.first(self.session_key, system_time())
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)


class People(ModelBackend):
    """Django's own accounts with a password."""

    def get_user(self, user_id: Any) -> User | None:
        found = _users.first(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
