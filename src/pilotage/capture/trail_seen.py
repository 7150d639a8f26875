"""Which events of the audit trail a person may read: those of the own sites, the own ones, and what
concerns the study as a whole. Accounts, addresses and files of other sites are nobody's business
there."""

from typing import Final

from django.db.models import Q, QuerySet

from pilotage.capture import first_start, trail
from pilotage.capture.models import AuditEvent, User
from pilotage.capture.permissions import may, sites_of

OF_THE_STUDY: Final = (
    *(trail.OPENED, trail.STUDY_CHANGED, trail.CLOCK_WENT_BACK, trail.CLOCK_ACKNOWLEDGED),
    *(first_start.AMENDED, first_start.DEMONSTRATION),
    *("study locked", "study unlocked", "data cut", "data cut locked"),
)
"""Acts at no site that whoever reads the trail may know of."""


def events_seen(user: User) -> QuerySet[AuditEvent]:
    """The events that a person may read; all of them with a role at all sites."""
    if may(user, "see_trail", None) is not None:
        return AuditEvent.objects.all()
    codes = list(sites_of(user, "see_trail").values_list("code", flat=True))
    siteless = Q(site="") & (Q(user=user) | Q(action__in=OF_THE_STUDY))
    return AuditEvent.objects.filter(Q(site__in=codes) | siteless)
