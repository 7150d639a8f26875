"""The audit trail: every act once, in order, each bound to the one before it."""

from django.db import models


class AuditEvent(models.Model):
    """One act of one person. Appended, never changed: the database itself refuses.

    `details` is canonical JSON and holds all that the act changed, so that the present state of
    every other table follows from the events alone. `hash` is the SHA-256 over the event and
    `previous`, the hash before it.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey("capture.User", on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=150)
    role = models.CharField(max_length=30)
    action = models.CharField(max_length=60)
    site = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    place = models.CharField(max_length=200)
    reason = models.TextField()
    details = models.TextField()
    key = models.CharField(max_length=64, null=True, unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = (
            models.Index(fields=("subject", "seq"), name="trail_subject"),
            models.Index(fields=("site", "seq"), name="trail_site"),
            models.Index(fields=("action", "seq"), name="trail_action"),
        )


class Checkpoint(models.Model):
    """The hash of an event that has left the server: as a file, or printed on a signed page."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    left_as = models.CharField(max_length=200)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")


class StudyState(models.Model):
    """Whether the study is open or locked, one of `states.STUDY`: a single row."""

    state = models.CharField(max_length=30)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
