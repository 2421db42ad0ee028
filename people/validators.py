"""Checks of single values, each raising a sentence that says how to mend it."""

from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone


def validate_birth_date(value: date) -> None:
    """A date of birth lies between 1900 and today."""
    if value > timezone.localdate():
        raise ValidationError("This date is in the future. Enter the date of birth.")
    if value.year < 1900:
        raise ValidationError("This date is before 1900. Check the year.")


def validate_timezone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError("Choose a time zone such as America/New_York.")


def validate_text(value: str, longest: int, field: str = "") -> None:
    """A text is kept whole or refused: at most `longest` characters, and no NUL among them."""
    problem = ""
    if "\x00" in value:
        problem = "This text holds a character that cannot be kept. Type it again."
    elif (over := len(value) - longest) > 0:
        problem = f"Use at most {longest:,} characters; this is {over:,} too many."
    if problem:
        raise ValidationError({field: problem} if field else problem)


def required_text(field: str, value: str, longest: int, missing: str) -> str:
    """`value` without the blanks around it. Raises ValidationError for `field`: `missing` where
    nothing is left, and as `validate_text` does."""
    value = value.strip()
    if not value:
        raise ValidationError({field: missing})
    validate_text(value, longest, field)
    return value
