"""Makes a record with nurses who are signed in: `python prepare.py DATA NURSES`.

Prints as JSON the cookie of each nurse and the codes of the subjects.
"""

import json
import os
import sys
from pathlib import Path

from pilotage.capture import serving

STUDY = "lenalidomide_cle"
SUBJECTS = 20


def main() -> None:
    data, nurses = Path(sys.argv[1]), int(sys.argv[2])
    serving.begin(STUDY, data)
    from django.conf import settings

    from pilotage.capture import first_start
    from pilotage.capture.actions import access, subjects
    from pilotage.capture.actions.acting import Actor

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    first_start.migrate()
    first_start.open_record(demonstration=False)
    by = Actor.system("load test")
    site = access.add_site("01", "Clinic", by=by)
    people = []
    for number in range(nurses):
        nurse = access.add_user(
            f"nurse{number}",
            by=by,
            first_name="A",
            last_name="Nurse",
            password=f"seven candles, bridge {number}",
        )
        access.grant_role(nurse, "nurse", site, by=by)
        people.append(nurse)
    codes = [subjects.screen_subject(site, by=by).usubjid for _ in range(SUBJECTS)]
    cookies = [_session(nurse) for nurse in people]
    told = {"cookie": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
    print(json.dumps({**told, "sessions": cookies, "subjects": codes}))


def _session(user: object) -> str:
    """A session as the sign-in page leaves it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from pilotage.capture.clock import now
    from pilotage.capture.models import User
    from pilotage.capture.sign_in import sessions

    assert isinstance(user, User)
    store, seconds = SessionStore(), int(now().timestamp())
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = sessions.BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.update({"begun": seconds, "seen": seconds, "rests_on": sessions.rests_on(user)})
    store.create()
    assert store.session_key is not None
    return store.session_key


if __name__ == "__main__":
    os.environ.setdefault("PILOTAGE_INSECURE", "1")
    main()
