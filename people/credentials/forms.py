"""A licence, hours of training, and what was wrong with an entry."""

from django import forms
from django.core.validators import MaxValueValidator

from people.enums import LicenceKind, TrainingKind
from people.forms import DateField, DecimalField, FormKeyForm
from people.models.credentials import MOST_HOURS

FEW = f"Enter the hours, more than 0 and at most {MOST_HOURS}."


class LicenceForm(FormKeyForm):
    kind = forms.ChoiceField(
        label="Licence",
        choices=[("", "Choose"), *LicenceKind.choices],
        error_messages={"required": "Choose the licence."},
    )
    number = forms.CharField(label="Number", max_length=40, help_text="As it stands on it")
    issuer = forms.CharField(
        label="Issued by", max_length=80, help_text="The state or board, such as New York"
    )
    expires_on = DateField(
        label="Valid through", help_text="The last day on which it is valid, such as {}", ahead=365
    )


class TrainingForm(FormKeyForm):
    kind = forms.ChoiceField(
        label="Kind of training",
        choices=TrainingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of training."},
    )
    topic = forms.CharField(
        label="Program and topic",
        max_length=120,
        help_text="For example: Northfield Institute, the medicine session",
    )
    hours = DecimalField(
        decimal_places=2,
        validators=[MaxValueValidator(MOST_HOURS, FEW)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": "h"}),
        error_messages={"invalid": "Enter the hours as a number, such as 12 or 7.5."},
    )
    completed_on = DateField(label="Completed on", ahead=-30)
    expires_on = DateField(
        label="Counts until",
        ahead=365,
        required=False,
        help_text="Only if it has to be renewed: the last day on which it counts",
    )

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours <= 0:
            raise forms.ValidationError(FEW)
        return hours


class ErrorForm(forms.Form):
    reason = forms.CharField(
        label="What was wrong?",
        max_length=200,
        help_text="One line, such as: the number is another person’s",
    )
