"""Ways into the application for tests: through the pages, as a person would go."""

from capture_records import PASSWORD
from django.test import Client

from pilotage.capture.clock import now
from pilotage.capture.models import User
from pilotage.capture.sign_in.second_factor import code_at, new_secret, set_second_factor

SECRETS: dict[str, str] = {}
"""Secrets of the authenticator apps that the tests hold, by the name of the account."""


class Browser(Client):
    """A browser on this machine; `token` is for the API."""

    token = ""

    def __init__(self, **defaults: str) -> None:
        super().__init__(SERVER_NAME="localhost", **defaults)


def given_second_factor(name: str) -> str:
    """Set a second factor for an account; its secret. The code of the present half minute counts
    as used, as it would be."""
    user = User.objects.get(username=name)
    SECRETS[name] = secret = new_secret()
    assert set_second_factor(user, secret, code_at(secret, now().timestamp() - 30))
    return secret


def code_of(name: str) -> str:
    return code_at(SECRETS[name], now().timestamp())


def signed_in(name: str, client: Browser | None = None, **extra: str) -> Browser:
    """A browser in which a person has signed in with password and second factor."""
    client = client or Browser()
    given_second_factor(name)
    first = client.post("/sign-in/", {"name": name, "password": PASSWORD}, **extra)
    assert first.headers["Location"] == "/sign-in/code/", first.content.decode()
    second = client.post("/sign-in/code/", {"code": code_of(name)}, **extra)
    assert second.status_code == 302, second.content.decode()
    return client
