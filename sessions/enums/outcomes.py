"""Vocabulary of questionnaires and of the alerts they can raise."""

from django.db.models import TextChoices


class Instrument(TextChoices):
    """What a client can be asked. The last is the clinic's own and has no score."""

    PHQ9 = "phq9", "PHQ-9"
    GAD7 = "gad7", "GAD-7"
    PCL5 = "pcl5", "PCL-5"
    SATISFACTION = "satisfaction", "Satisfaction"

    @property
    def number(self) -> int:
        """Its place in this list, from 1: addresses say this and not its name."""
        return list(Instrument).index(self) + 1


SCORED = (Instrument.PHQ9, Instrument.GAD7, Instrument.PCL5)


class AlertKind(TextChoices):
    """What the clinic is alerted of at once."""

    ITEM_9 = "item_9", "PHQ-9 item 9 above 0: thoughts of being better off dead or of self-harm"
    AFTER_DOSE = "after_dose", "Thoughts of death or self-harm, told some days after a dose"
    ADVERSE = "adverse_event", "A severe adverse event, grade 3 or more"
