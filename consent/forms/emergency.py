"""Opening a record in an emergency, two reasons with their own fields; and judging it."""

from django import forms
from django.db.models import QuerySet

from consent.actions.emergency import LONGEST, MISSING, NOT_NEEDED
from consent.enums import EmergencyBasis
from people.forms import BirthDateField, FormKeyForm, LongText
from people.models import Organization


class FindForm(forms.Form):
    """Whom a physician asks for: they know who is before them, and nobody is listed."""

    last_name = forms.CharField(max_length=80, label="Last name")
    date_of_birth = BirthDateField(label="Date of birth")


class OpenForm(FormKeyForm):
    """What both reasons share. A client may be in care at two clinics: each opens its own."""

    clinic = forms.ModelChoiceField(
        Organization.objects.none(), label="Whose record", empty_label=None
    )
    field_order: list[str] | None = ["form_key", "clinic"]

    def __init__(self, *args, clinics: QuerySet[Organization], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["clinic"]
        field.queryset, field.initial = clinics, clinics[0]  # type: ignore[attr-defined]
        if len(clinics) == 1:
            field.widget = field.hidden_widget()


class MedicalForm(OpenForm):
    nature = LongText(
        longest=LONGEST["nature"],
        rows=3,
        error_messages={"required": MISSING["nature"]},
        label="What is the emergency?",
        help_text="A few words: what happened, and what you must know to treat it.",
    )
    needed = forms.BooleanField(
        label="I treat this client now, and cannot first get their consent.",
        error_messages={"required": NOT_NEEDED[EmergencyBasis.MEDICAL]},
    )


class ThreatForm(OpenForm):
    nature = LongText(
        longest=LONGEST["nature"],
        rows=3,
        error_messages={"required": MISSING["nature"]},
        label="What is the threat, and to whom?",
        help_text="A few words: what makes it serious, and why it cannot wait.",
    )
    told_to = forms.CharField(
        max_length=LONGEST["told_to"],
        error_messages={"required": MISSING["told_to"]},
        label="Who will be told, and how can they lessen it?",
        help_text="For example: the sister she lives with, who can stay with her tonight.",
    )
    needed = forms.BooleanField(
        label="I believe in good faith that this is necessary to prevent or lessen the threat.",
        error_messages={"required": NOT_NEEDED[EmergencyBasis.THREAT]},
    )


FORMS: dict[EmergencyBasis, type[OpenForm]] = {
    EmergencyBasis.MEDICAL: MedicalForm,
    EmergencyBasis.THREAT: ThreatForm,
}


class ReviewForm(forms.Form):
    justified = forms.TypedChoiceField(
        choices=[("yes", "Justified"), ("no", "Not justified")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
        label="Your judgement",
    )
    review = LongText(
        longest=LONGEST["review"],
        rows=3,
        error_messages={"required": MISSING["review"]},
        label="Why, in a few words",
    )


class FilterForm(forms.Form):
    """Which emergencies are listed, and below which one the page begins."""

    ALL, OPEN, REVIEW, JUSTIFIED, NOT = "all", "open", "review", "justified", "not-justified"
    SHOWN = [
        (ALL, "All"),
        (OPEN, "Open now"),
        (REVIEW, "To review"),
        (JUSTIFIED, "Justified"),
        (NOT, "Not justified"),
    ]
    show = forms.ChoiceField(choices=SHOWN, required=False)
    before = forms.IntegerField(min_value=1, required=False)
