"""Questions to the site about a value."""

from django.db import models

from pilotage.capture.models.entries import Entry, Subject
from pilotage.capture.models.trail import AuditEvent


class Query(models.Model):
    """A question about an item of an entry (`item` empty: about the entry as a whole).

    `origin` is the edit check that opened it, empty where a person did. `state` is one of
    `states.QUERY`.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="queries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="queries")
    item = models.CharField(max_length=60)
    origin = models.CharField(max_length=200)
    state = models.CharField(max_length=30)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")


class QueryMessage(models.Model):
    """A question, an answer, or the word with which a query was closed or opened again."""

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("event_id",)
