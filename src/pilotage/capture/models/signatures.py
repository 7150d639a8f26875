"""Electronic signatures, each bound to the content that was signed."""

from django.db import models

from pilotage.capture.models.access import User
from pilotage.capture.models.entries import Entry, Subject
from pilotage.capture.models.trail import AuditEvent


class Signature(models.Model):
    """A person's signature with its meaning, under an entry or (`entry` empty) under a subject.

    `content` is the SHA-256 of what was signed. A later change of the content voids it: `voided_by`
    is the event that did.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="signatures")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="signatures")
    meaning = models.CharField(max_length=60)
    content = models.CharField(max_length=64)
    printed_name = models.CharField(max_length=200)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
    voided_by = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, null=True, related_name="+")
