"""The clinical record: subjects, their contacts, the entries made at them, and every value."""

from django.db import models

from pilotage.capture.models.access import Site
from pilotage.capture.models.trail import AuditEvent


class Subject(models.Model):
    """A person in the trial, by code alone. `state` is one of `states.SUBJECT`.

    Under a lock nothing of the subject changes any more.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="subjects")
    usubjid = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=30)
    locked = models.BooleanField(default=False)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")


class Contact(models.Model):
    """A visit, or a test on a calendar of its own, that took place or is being entered.

    `planned` is the id of the schedule (a visit's, or the form of a series with its day), empty for
    an unscheduled one; `number` is VISITNUM, `label` VISIT, `held_on` the day (ISO 8601, may be
    partial).
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="contacts")
    planned = models.CharField(max_length=80)
    number = models.FloatField(null=True)
    label = models.CharField(max_length=200)
    held_on = models.CharField(max_length=20)
    order = models.IntegerField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("held_on", "order")


class Entry(models.Model):
    """One form of one subject: at a contact, or a page of a log (`contact` empty).

    `repeat` numbers the pages of a repeating form. `state` is one of `states.ENTRY`. `revision` is
    the `seq` of the last event that changed it: who saves on an older one has been overtaken.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="entries")
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    form = models.CharField(max_length=60)
    repeat = models.IntegerField(default=1)
    state = models.CharField(max_length=30)
    locked = models.BooleanField(default=False)
    protocol_version = models.CharField(max_length=40)
    revision = models.BigIntegerField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "contact", "form", "repeat"),
                name="one_entry_at_a_contact",
                condition=models.Q(contact__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("subject", "form", "repeat"),
                name="one_entry_in_a_log",
                condition=models.Q(contact__isnull=True),
            ),
        )


class ItemVersion(models.Model):
    """One answer to one item as it was once written. Appended, never changed: the last counts."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    item = models.CharField(max_length=60)
    number = models.IntegerField()
    value = models.TextField()
    unit = models.CharField(max_length=40)
    low = models.CharField(max_length=40)
    high = models.CharField(max_length=40)
    missing = models.CharField(max_length=20)
    why = models.TextField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("entry", "item", "number")
        constraints = (
            models.UniqueConstraint(fields=("entry", "item", "number"), name="one_version"),
        )


class StoredFile(models.Model):
    """The bytes of an uploaded file, by their SHA-256; an item of type file holds that hash."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    content = models.BinaryField()
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
