"""Data cuts: frozen copies of the record that everything after reads."""

from django.db import models

from pilotage.capture.models.trail import AuditEvent


class DataCut(models.Model):
    """A snapshot written from the record as it stood after event `head`.

    `folder` is its place below the data directory, `digest` the SHA-256 of its manifest.
    """

    name = models.CharField(max_length=80, unique=True)
    head = models.BigIntegerField()
    folder = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    locked = models.BooleanField(default=False)
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="+")
