"""A server for the browser, its data in the folder of the argument: one subject with three visits,
people who are signed in. Prints one line of JSON when it is ready: the subject, its visits and the
cookies of each person.

It is a process of its own, so that it shares nothing with the tests but its pages.
"""

import json
import os
import socket
import sys
from pathlib import Path

DATA = Path(sys.argv[1])
os.environ.update(
    PILOTAGE_DATA=str(DATA),
    PILOTAGE_STUDY="lenalidomide_cle",
    PILOTAGE_INSECURE="1",
    PILOTAGE_IDLE_MINUTES="60",
    DJANGO_SETTINGS_MODULE="pilotage.capture.settings",
)
os.environ.pop("DATABASE_URL", None)

from pilotage.capture.secret import make_secret_key  # noqa: E402

make_secret_key(DATA)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from waitress.server import create_server  # noqa: E402

from pilotage.capture.actions import access, subjects  # noqa: E402
from pilotage.capture.actions.acting import Actor  # noqa: E402
from pilotage.capture.clock import now  # noqa: E402
from pilotage.capture.models import Site, User  # noqa: E402
from pilotage.capture.sign_in.second_factor import (  # noqa: E402
    code_at,
    new_secret,
    set_second_factor,
)

FIRST_PASSWORD = "one key for the first day"
PASSWORD = "seven candles under the old bridge"
VISITS = (
    ("SCREENING", 1, "Screening", "2026-01-05"),
    ("BASELINE", 2, "Baseline", "2026-01-19"),
    ("WEEK_4", 4, "Week 4", "2026-02-16"),
)


def person(name: str, site: Site, by: Actor) -> User:
    """An account with a password of its own and a role at the site."""
    user = access.add_user(name, by=by, first_name=name.title(), last_name="Person",
                           password=FIRST_PASSWORD)  # fmt: skip
    access.set_password(user, PASSWORD, by=Actor(user), old=FIRST_PASSWORD)
    access.grant_role(user, name, site, by=by)
    return user


def cookies(user: User) -> dict[str, str]:
    """Those of a browser in which the person has signed in through the pages."""
    secret, moment = new_secret(), now().timestamp()
    assert set_second_factor(user, secret, code_at(secret, moment - 30))
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"name": user.username, "password": PASSWORD})
    entered = client.post("/sign-in/code/", {"code": code_at(secret, now().timestamp())})
    assert entered.status_code == 302
    return {key: morsel.value for key, morsel in client.cookies.items()}


def main() -> None:
    call_command("migrate", verbosity=0)
    by = Actor.system("tests")
    site = access.add_site("01", "First site", by=by)
    people = [person(name, site, by) for name in ("nurse", "investigator")]
    nurse = Actor(people[0])
    subject = subjects.screen_subject(site, by=nurse)
    contacts = {
        planned: subjects.open_contact(
            subject, by=nurse, planned=planned, number=number, label=label, held_on=held_on
        ).pk
        for planned, number, label, held_on in VISITS
    }
    ready = {
        "subject": subject.usubjid,
        "contacts": contacts,
        "people": {user.username: cookies(user) for user in people},
    }
    connections.close_all()
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(get_wsgi_application(), sockets=[listening], threads=4)
    ready["address"] = f"http://localhost:{listening.getsockname()[1]}"
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
