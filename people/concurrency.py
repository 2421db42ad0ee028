"""When two people change the same thing at once, the second is told and loses nothing."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Manager


class ChangedMeanwhile(ValidationError):
    """Somebody else saved first; `current` is what they saved."""

    def __init__(self, current):
        self.current = current
        super().__init__(
            "Somebody else changed this meanwhile. Your words are still here: "
            "compare them with what was saved, then save again.",
            code="changed",
        )


def check_version(row, version: int) -> None:
    """Raise ChangedMeanwhile unless `version` is the one that was read; count up otherwise."""
    if row.version != version:
        raise ChangedMeanwhile(row)
    row.version += 1


def row_of_form(rows: Manager, form_key: UUID, **owner: Any):
    """The row that this very form made for `owner` before, or None.

    Raises ValidationError when the key was used for something else: keys are made by us, and a
    foreign one in a hidden field opens nothing.
    """
    row = rows.filter(form_key=form_key).first()
    if row is None:
        return None
    if any(getattr(row, name) != value for name, value in owner.items()):
        raise ValidationError("This form was used already. Open the page again.")
    return row
