"""A set of sensitivities in one column, so that one plain comparison filters it on any engine."""

from collections.abc import Collection
from itertools import combinations

from django.core.exceptions import ValidationError
from django.db import models

from consent.enums import Sensitivity


def as_text(values) -> str:
    return ",".join(sorted(values))


def subsets(values) -> list[str]:
    """Every subset of `values`, as stored: what a release that names `values` may open."""
    ordered = sorted(values)
    return [as_text(c) for n in range(len(ordered) + 1) for c in combinations(ordered, n)]


ALL_STORED = subsets(Sensitivity.values)


class SensitivitiesField(models.CharField):
    """A frozenset of Sensitivity, kept as a sorted, comma-separated text."""

    _pyi_private_set_type: Collection[str]  # type: ignore[assignment]
    _pyi_private_get_type: frozenset[str]  # type: ignore[assignment]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if value is None:
            return frozenset()
        names = value.split(",") if isinstance(value, str) else value
        names = frozenset(str(name) for name in names if name)
        if unknown := names - set(Sensitivity.values):
            raise ValidationError(f"Unknown sensitivity: {', '.join(unknown)}.")
        return names

    def get_prep_value(self, value):
        if isinstance(value, str) and value in ALL_STORED:
            return value
        return as_text(self.to_python(value))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def clean(self, value, model_instance):
        return self.to_python(value)
