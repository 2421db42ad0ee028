"""Vocabulary of the drug log."""

from django.db.models import TextChoices


class Drug(TextChoices):
    KETAMINE = "ketamine", "Ketamine hydrochloride"
    ESKETAMINE = "esketamine", "Esketamine"


class Formulation(TextChoices):
    INJECTION = "injection", "Solution for injection"
    ORAL = "oral", "Oral solution"
    NASAL_SPRAY = "nasal_spray", "Nasal spray"
    LOZENGE = "lozenge", "Lozenge"

    @property
    def unit(self) -> str:
        """What its strength counts: 50 mg in 1 ml, 28 mg in 1 spray."""
        return {"nasal_spray": "spray", "lozenge": "lozenge"}.get(self.value, "ml")


class EntryKind(TextChoices):
    """What a line of the log says. The last four speak about an earlier line of the same vial."""

    RECEIVED = "received", "Received"
    DRAWN = "drawn", "Drawn"
    WASTED = "wasted", "Wasted"
    COUNTED = "counted", "Counted"
    ADJUSTED = "adjusted", "Set to the count"
    CORRECTION_ASKED = "asked", "Correction asked for"
    CORRECTED = "corrected", "Taken back"
    WITNESSED = "witnessed", "Confirmed"
    DISPUTED = "disputed", "Not confirmed"


# What a mistaken entry can be taken back from; a wrong count is mended by counting again.
CORRECTABLE = (EntryKind.RECEIVED, EntryKind.DRAWN, EntryKind.WASTED)
# What a second person writes, signed in as themselves.
OF_SECOND_PERSON = (EntryKind.WITNESSED, EntryKind.DISPUTED, EntryKind.CORRECTED)


class Occasion(TextChoices):
    """When in the day a count was made."""

    OPEN = "open", "At opening"
    CLOSE = "close", "At closing"
    BETWEEN = "between", "In between"


class Finding(TextChoices):
    """How a discrepancy was explained."""

    MISCOUNTED = "miscounted", "Counted or measured wrongly"
    NOT_RECORDED = "not_recorded", "An entry was missing and has been made"
    FILL = "fill", "The vial held more or less than its label says, or a drop was left behind"
    SPILLED = "spilled", "Spilled or broken"
    LOST = "lost", "Stolen, or a significant loss"
    NOT_EXPLAINED = "not_explained", "Not explained"
