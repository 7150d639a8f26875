"""What the database keeps. Rows change only through `pilotage.capture.actions`."""

from pilotage.capture.models.access import Membership, Site, User
from pilotage.capture.models.cuts import DataCut
from pilotage.capture.models.entries import Contact, Entry, ItemVersion, StoredFile, Subject
from pilotage.capture.models.queries import Query, QueryMessage
from pilotage.capture.models.signatures import Signature
from pilotage.capture.models.trail import AuditEvent, Checkpoint, StudyState

__all__ = [
    "AuditEvent",
    "Checkpoint",
    "Contact",
    "DataCut",
    "Entry",
    "ItemVersion",
    "Membership",
    "Query",
    "QueryMessage",
    "Signature",
    "Site",
    "StoredFile",
    "StudyState",
    "Subject",
    "User",
]
