"""Rows that forms change: `version` grows by one with each committed change, and every form compares it."""

from django.db import models


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
