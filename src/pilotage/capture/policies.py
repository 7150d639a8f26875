"""What the protocol and good practice ask before an act: each policy answers with what stands
against it, in words; nothing is what lets it pass.

Entering data is never blocked by a rule: an observation that was made is written down. Enrolment,
the release of treatment and locks are.
"""

from collections.abc import Collection
from typing import Final, Literal, get_args

from django.utils.translation import gettext as _

from pilotage.capture.models import Entry, Query, Signature, Subject
from pilotage.capture.planned import planned
from pilotage.capture.states import OPEN_QUERIES, SIGNED
from pilotage.conditions import Condition

Verdict = Literal["eligible", "not eligible", "not known"]
"""What the protocol's criteria say of a subject."""

Release = Literal["allowed", "blocked", "not known"]
"""What the protocol's rules say of handing out the treatment."""

VERDICTS: Final[tuple[str, ...]] = get_args(Verdict)
RELEASES: Final[tuple[str, ...]] = get_args(Release)


def against_eligibility(verdict: str, reason: str, unknown: Collection[str] = ()) -> list[str]:
    """What stands against signing that a subject is eligible; `unknown` are the criteria that
    cannot be known from what was entered.

    A criterion that is not met cannot be signed away. One that is not known the investigator may
    know from the source, and says from where; not one that the study says must be known.
    """
    if verdict not in VERDICTS:
        return [_("The criteria were not looked at.")]
    if verdict == "not eligible":
        return [_("The protocol's criteria are not met: record a screen failure.")]
    if verdict == "not known":
        return _against_unknown(reason, unknown)
    return [_("The criteria were not looked at.")] if unknown else []


def _against_unknown(reason: str, unknown: Collection[str]) -> list[str]:
    if not unknown:
        return [_("The criteria were not looked at.")]
    never = sorted(must_be_known() & never_known())
    if never:
        words = _(
            "The study does not say when %(criteria)s holds, and nobody signs before it is known: "
            "the study has to be mended."
        )
        return [words % {"criteria": ", ".join(never)}]
    needed = sorted(must_be_known() & set(unknown))
    if needed:
        words = _("Nobody signs before it is known from the forms: %(criteria)s.")
        return [words % {"criteria": ", ".join(needed)}]
    if not reason.strip():
        return [_("The criteria cannot be judged from what was entered: say where it is known.")]
    return []


def must_be_known() -> frozenset[str]:
    """The criteria that the study never lets anybody sign while they are unknown."""
    every = planned().protocol.eligibility
    return frozenset(each.id for each in (*every.inclusion, *every.exclusion) if each.must_be_known)


def never_known() -> frozenset[str]:
    """The criteria of which the study does not say when they hold: no form ever answers them."""
    every = planned().protocol.eligibility
    rows = (*every.inclusion, *every.exclusion)
    return frozenset(each.id for each in rows if not isinstance(each.when, Condition))


def against_enrolment(subject: Subject) -> list[str]:
    """What stands against enrolling a subject whose eligibility was signed."""
    valid = Signature.objects.filter(subject=subject, meaning="eligibility", voided_by=None)
    return [] if valid.exists() else [_("The eligibility was not signed, or changed since.")]


def against_release(subject: Subject, verdict: str) -> list[str]:
    """What stands against handing out the treatment; what is unknown stands against it as well."""
    found = []
    if subject.state != "enrolled":
        found.append(_("The subject is not enrolled."))
    if verdict not in RELEASES:
        found.append(_("The rules were not looked at."))
    elif verdict == "blocked":
        found.append(_("The protocol's rules do not allow it."))
    elif verdict == "not known":
        found.append(_("CANNOT ADVISE: what the protocol asks for is not known."))
    return found


def against_locking_entry(entry: Entry) -> list[str]:
    """What stands against locking an entry."""
    found = []
    if entry.state not in SIGNED:
        found.append(_("It is not signed."))
    if Query.objects.filter(entry=entry, state__in=OPEN_QUERIES).exists():
        found.append(_("It has a query that is not closed."))
    return found


def against_locking_subject(subject: Subject) -> list[str]:
    """What stands against locking a subject."""
    found = []
    unsigned = Entry.objects.filter(subject=subject).exclude(state__in=SIGNED).count()
    if unsigned:
        found.append(_("Entries that are not signed: %(n)s.") % {"n": unsigned})
    queries = Query.objects.filter(subject=subject, state__in=OPEN_QUERIES).count()
    if queries:
        found.append(_("Queries that are not closed: %(n)s.") % {"n": queries})
    if subject.state in ("screening", "eligible", "enrolled"):
        words = _("The subject is still %(state)s: nothing says how its participation ended.")
        found.append(words % {"state": subject.state})
    return found


def against_locking_study() -> list[str]:
    """What stands against locking the study."""
    unlocked = Subject.objects.filter(locked=False).count()
    return [_("Subjects that are not locked: %(n)s.") % {"n": unlocked}] if unlocked else []
