"""When two people change the same thing at once, the second is told and loses nothing."""

from django.core.exceptions import ValidationError


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
