"""Settings under which the server refuses to start: each costs data, secrecy or the trail.

`Setup` says how things stand and nothing else; `refusals` judges it. So every rule can be tried
without making a server unsafe.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pilotage.capture.database import goes_in_clear
from pilotage.capture.surroundings import open_to_others

GATES: Final = (
    "pilotage.capture.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pilotage.capture.middleware.Gate",
)
"""Parts of the chain of every request without which it is open."""
ARGON2: Final = "django.contrib.auth.hashers.Argon2PasswordHasher"


@dataclass(frozen=True, slots=True)
class Setup:
    """How the server would run. `open_to_others`: what in the data directory others can read."""

    host: str
    tls_proxy: str
    debug: bool
    secret_key: str
    hosts: tuple[str, ...]
    cookies_without_tls: bool
    cookies_for_scripts: bool
    redirect_to_tls: bool
    hsts_seconds: int
    middleware: tuple[str, ...]
    hashers: tuple[str, ...]
    password_rules: int
    idle_minutes: int
    session_hours: int
    utc: bool
    synthetic: bool
    open_to_others: tuple[str, ...]
    database_in_clear: bool = False


Rule = tuple[Callable[[Setup], bool], str]

RULES: Final[tuple[Rule, ...]] = (
    (
        lambda s: s.debug,
        "DEBUG is on: error pages would show the record; leave it off",
    ),
    (
        lambda s: not s.secret_key,
        "there is no secret key; let `pilotage serve` make it, or put back secret.key",
    ),
    (
        lambda s: bool(s.secret_key) and (len(s.secret_key) < 50 or len(set(s.secret_key)) < 20),
        "the secret key is weak: sessions could be forged; remove secret.key and start again",
    ),
    (
        lambda s: s.secret_key.startswith("django-insecure-"),
        "the secret key is one made for development; remove secret.key and start again",
    ),
    (
        lambda s: any("*" in host or host.startswith(".") for host in s.hosts),
        "PILOTAGE_HOSTS allows any host name; list the names under which the server is reached",
    ),
    (
        lambda s: not any(s.hosts),
        "PILOTAGE_HOSTS is empty; list the names under which the server is reached",
    ),
    (
        lambda s: not is_loopback(s.host) and not s.tls_proxy,
        "--host is reachable from other machines without TLS; put a proxy with TLS in front and "
        "name its address in PILOTAGE_TLS_PROXY",
    ),
    (
        lambda s: not s.tls_proxy and any(_of_the_network(host) for host in s.hosts),
        "PILOTAGE_HOSTS names a host of the network without TLS; name the proxy with TLS in "
        "PILOTAGE_TLS_PROXY",
    ),
    (
        lambda s: s.tls_proxy != "" and not _is_address(s.tls_proxy),
        "PILOTAGE_TLS_PROXY is not one address; name the proxy's own, such as 127.0.0.1",
    ),
    (
        lambda s: s.cookies_without_tls and bool(s.tls_proxy or not is_loopback(s.host)),
        "PILOTAGE_INSECURE lets cookies travel without TLS; it is for loopback only",
    ),
    (
        lambda s: s.cookies_for_scripts,
        "cookies of the session can be read by scripts; leave SESSION_COOKIE_HTTPONLY on",
    ),
    (
        lambda s: bool(s.tls_proxy) and not s.redirect_to_tls,
        "requests without TLS are not sent on to TLS; leave SECURE_SSL_REDIRECT on",
    ),
    (
        lambda s: bool(s.tls_proxy) and s.hsts_seconds < 180 * 24 * 3600,
        "browsers are not told to stay on TLS; let SECURE_HSTS_SECONDS be half a year at least",
    ),
    (
        lambda s: not set(GATES) <= set(s.middleware),
        "a part of the chain that guards every request is missing; leave MIDDLEWARE as it is",
    ),
    (
        lambda s: s.middleware[:1] != GATES[:1],
        "some answers would go without security headers; let them come first in MIDDLEWARE",
    ),
    (
        lambda s: s.hashers[:1] != (ARGON2,),
        "passwords would not be kept with Argon2; leave PASSWORD_HASHERS as it is",
    ),
    (
        lambda s: s.password_rules < 3,
        "passwords are not held to their rules; leave AUTH_PASSWORD_VALIDATORS as it is",
    ),
    (
        lambda s: not 1 <= s.idle_minutes <= 60,
        "PILOTAGE_IDLE_MINUTES has to be from 1 to 60: an unattended screen must close",
    ),
    (
        lambda s: not 1 <= s.session_hours <= 24,
        "PILOTAGE_SESSION_HOURS has to be from 1 to 24: every session must end",
    ),
    (
        lambda s: not s.utc,
        "times would not be kept in UTC; leave USE_TZ on and TIME_ZONE at UTC",
    ),
    (
        lambda s: s.synthetic and bool(s.tls_proxy or not is_loopback(s.host)),
        "a demonstration shows its own second factors; it runs on loopback only",
    ),
    (
        lambda s: s.database_in_clear,
        "the database lies on another machine and is reached without TLS; add ?sslmode=verify-full "
        "(or require) to DATABASE_URL",
    ),
    (
        lambda s: bool(s.open_to_others),
        "the data directory can be read by other accounts of this machine; run chmod -R go= on it",
    ),
)
"""When each holds, the server does not start, for the reason beside it."""


def refusals(setup: Setup) -> list[str]:
    """Every reason not to start, before the database is opened; empty where there is none."""
    return [words for holds, words in RULES if holds(setup)]


def present_setup(settings: Any, host: str) -> Setup:
    """How the server would run under Django's settings, bound to a host."""
    return Setup(
        host=host,
        tls_proxy=settings.TLS_PROXY,
        debug=settings.DEBUG,
        secret_key=settings.SECRET_KEY,
        hosts=tuple(settings.ALLOWED_HOSTS),
        cookies_without_tls=not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE),
        cookies_for_scripts=not settings.SESSION_COOKIE_HTTPONLY,
        redirect_to_tls=settings.SECURE_SSL_REDIRECT,
        hsts_seconds=settings.SECURE_HSTS_SECONDS,
        middleware=tuple(settings.MIDDLEWARE),
        hashers=tuple(settings.PASSWORD_HASHERS),
        password_rules=len(settings.AUTH_PASSWORD_VALIDATORS),
        idle_minutes=settings.IDLE_MINUTES,
        session_hours=settings.SESSION_HOURS,
        utc=settings.USE_TZ and settings.TIME_ZONE == "UTC",
        synthetic=settings.SYNTHETIC,
        open_to_others=tuple(open_to_others(settings.DATA)),
        database_in_clear=goes_in_clear(settings.DATABASES["default"]),
    )


def is_loopback(host: str) -> bool:
    name = host.strip("[]")
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


def _of_the_network(host: str) -> bool:
    named = bool(host) and "*" not in host and not host.startswith(".")
    return named and not is_loopback(host)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
