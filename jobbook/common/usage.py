"""Is a row named by another? Answered for every relation there is, those of layers above included."""

from typing import Any

from django.db.models import ManyToManyRel, Model


def is_used(record: Model) -> bool:
    """Does any row refer to `record`? Relations without an accessor of their own count too."""
    relations = [each for each in record._meta.get_fields(include_hidden=True) if _names_one(each)]
    return any(_refers(relation, record) for relation in relations)


def _names_one(field: Any) -> bool:
    """Is it the other end of a foreign key? Many-to-many relations have rows of their own, with foreign keys."""
    return bool(field.auto_created and not field.concrete and not isinstance(field, ManyToManyRel))


def _refers(relation: Any, record: Model) -> bool:
    return bool(relation.related_model._default_manager.filter(**{relation.field.name: record}).exists())
