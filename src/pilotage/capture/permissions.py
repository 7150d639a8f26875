"""Who may do what: a role holds permissions, a person holds roles, each at a site or at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Literal, get_args

from django.db.models import Q, QuerySet

from pilotage.capture.models import Membership, Site, User
from pilotage.capture.prepared import Prepared

Permission = Literal[
    "see_record",
    "see_study",
    "see_trail",
    "see_cuts",
    "see_access",
    "screen_subject",
    "open_contact",
    "save_entry",
    "import_rows",
    "sign_eligibility",
    "enrol_subject",
    "end_participation",
    "release_treatment",
    "sign_entry",
    "open_query",
    "answer_query",
    "close_query",
    "reopen_query",
    "verify_entry",
    "lock_record",
    "unlock_record",
    "agree_to_unlock",
    "take_back",
    "cut_data",
    "export_data",
    "leave_checkpoint",
    "manage_accounts",
    "manage_sites",
    "acknowledge_clock",
    "confirm_identity",
    "confirm_role",
]

EVERY_PERMISSION: Final[tuple[Permission, ...]] = get_args(Permission)


def _of(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


_SITE: Final = _of("see_record", "see_study", "open_contact", "save_entry", "answer_query")
_SCREENING: Final = _of("screen_subject", "import_rows", "confirm_identity")
_QUERYING: Final = _of("open_query", "close_query", "reopen_query")
_READING: Final = _of("see_record", "see_study", "see_trail", "leave_checkpoint")
_DATA: Final = _of("see_cuts", "cut_data", "export_data")

PERMISSIONS: Final[Mapping[str, frozenset[Permission]]] = {
    "investigator": _SITE
    | _SCREENING
    | _READING
    | _of("sign_eligibility", "enrol_subject", "end_participation", "release_treatment")
    | _of("sign_entry", "open_query", "see_cuts", "export_data", "agree_to_unlock")
    | _of("confirm_role"),
    "nurse": _SITE | _SCREENING,
    "pharmacist": _SITE | _of("release_treatment"),
    "data_manager": _READING
    | _QUERYING
    | _DATA
    | _of("lock_record", "unlock_record", "agree_to_unlock", "take_back")
    | _of("confirm_identity", "confirm_role"),
    "monitor": _READING | _QUERYING | _of("verify_entry", "confirm_identity"),
    "statistician": _DATA | _of("see_record", "see_study"),
    "auditor": _READING | _of("see_cuts", "see_access", "export_data"),
    "administrator": _of(
        "see_study", "see_access", "manage_accounts", "manage_sites", "acknowledge_clock"
    ),
}
"""What each role may do. An administrator keeps accounts and sites and touches no clinical data;
what an administrator does to the account or the roles of somebody else, a person in another role
confirms. Nobody but the site enters data, and nobody but an investigator signs."""

ROLES: Final = tuple(PERMISSIONS)

BY_PEOPLE_ONLY: Final = _of(
    *("sign_entry", "sign_eligibility", "verify_entry"),
    *("agree_to_unlock", "confirm_identity", "confirm_role"),
)
"""What the system never does by itself, whatever it may else (an edit check, a demonstration)."""

RESTING: Final = ("confirmation", "identity")
"""What a role awaits that does not hold before (`Membership.awaits`)."""


def may(
    user: User, permission: Permission, site: Site | None, at: datetime | None = None
) -> str | None:
    """The role by which a person may do something at a site; None where no role allows it.

    `site` None asks about the study as a whole, which only a role at all sites allows. `at` asks
    about a moment of the past. One query.
    """
    if not user.is_active:
        return None
    here = {None, site.pk if site else None}
    held = {role for role, place in _held(user, permission, at) if place in here}
    return next((role for role in ROLES if role in held), None)


def sites_of(user: User, permission: Permission, at: datetime | None = None) -> QuerySet[Site]:
    """The sites at which a person may do something."""
    places = {place for _role, place in _held(user, permission, at)} if user.is_active else set()
    if None in places:
        return Site.objects.all()
    return Site.objects.filter(pk__in=[place for place in places if place is not None])


def role_somewhere(user: User, permission: Permission) -> str | None:
    """The role by which a person may do something at whatever site."""
    held = {role for role, _place in _held(user, permission, None)} if user.is_active else set()
    return next((role for role in ROLES if role in held), None)


def may_somewhere(user: User, permission: Permission, at: datetime | None = None) -> bool:
    """Whether a person may do something at any site, or in the study as a whole."""
    return user.is_active and bool(_held(user, permission, at))


def remember_roles(user: User) -> None:
    """Look up the roles of a person once, for all the questions of one request. `user` is the
    request's own: nothing that is remembered outlives it."""
    if user.roles_of_request is None:
        held_now(user, remember=True)


def may_everywhere(user: User, permission: Permission) -> bool:
    """Whether a person may do something at every site: what holds the data of all asks this."""
    places = {place for _role, place in _held(user, permission, None)} if user.is_active else set()
    if None in places or not places:
        return bool(places)
    return not Site.objects.exclude(pk__in=[place for place in places if place]).exists()


def roles_of(user: User, at: datetime | None = None) -> frozenset[str]:
    """The roles that a person holds anywhere."""
    if not user.is_active:
        return frozenset()
    return frozenset(role for role, _place in _memberships(user, at))


def _held(
    user: User, permission: Permission, at: datetime | None
) -> frozenset[tuple[str, int | None]]:
    """The roles of a person that have a permission, each with the key of its site."""
    if permission not in EVERY_PERMISSION:
        raise ValueError(f"there is no permission {permission!r}")
    return frozenset(
        (role, place)
        for role, place in _memberships(user, at)
        if permission in PERMISSIONS.get(role, ())
    )


def _memberships(user: User, at: datetime | None) -> Iterable[tuple[str, int | None]]:
    """The roles of a person that hold, or held at a moment, each with the key of its site.

    A role holds from the act that grants or confirms it to the act that ends it, whatever the clock
    says now: one that went back locks nobody out.
    """
    if at is None and user.roles_of_request is not None:
        return user.roles_of_request
    if at is None:
        return [(role, site) for _key, role, site in held_now(user)]
    ended = Q(until__isnull=True) | Q(until__gt=at)
    held = Membership.objects.filter(ended, user=user, since__lte=at).exclude(awaits__in=RESTING)
    return held.values_list("role", "site_id")


def held_now(user: User, *, remember: bool = False) -> list[tuple[int, str, int | None]]:
    """Key, role and site of every role that holds; with `remember` for the rest of the request."""
    found = _held_now(user.pk)
    if remember:
        user.roles_of_request = tuple((role, site) for _key, role, site in found)
    return found


_held_now: Prepared[tuple[int, str, int | None]] = Prepared(
    lambda user: (
        Membership.objects.filter(user=user, until=None)
        .exclude(awaits__in=RESTING)
        .order_by("pk")
        .values_list("pk", "role", "site_id")
    )
)
