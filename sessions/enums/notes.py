"""Vocabulary of the notes."""

from consent.enums import Category

# The sections of a continuity note, in the order in which they are read.
NOTE_CATEGORIES = (
    Category.TREATMENT,
    Category.RESPONSE,
    Category.SAFETY,
    Category.INTEGRATION,
    Category.SCHEDULE,
)
