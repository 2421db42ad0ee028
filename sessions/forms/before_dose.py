"""What is asked before a dose, and the reasons for lifting a gate."""

from decimal import Decimal

from django import forms

from people.forms import (
    DATE_ATTRS,
    BirthDateField,
    DecimalField,
    FormKeyForm,
    LocalDateTimeField,
    LongText,
)
from sessions.actions.before_dose import check_amount
from sessions.enums.dosing import Route
from sessions.enums.gates import PreDoseItem
from sessions.forms.care import weight
from sessions.forms.dosing import Named

YES_NO = [("yes", "Yes"), ("no", "No")]


class Milligrams(DecimalField):
    def prepare_value(self, value):
        """Without trailing zeros: they are misread tenfold (Joint Commission, do-not-use list)."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def milligrams(label: str) -> DecimalField:
    return Milligrams(
        label=label,
        decimal_places=2,
        max_digits=7,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": "mg"}),
        error_messages={"invalid": "Enter the dose in mg, such as 50 or 37.5."},
    )


class OrderForm(FormKeyForm):
    """Route and amount; `despite` answers a strong warning, `seen` carries all that were shown."""

    route = forms.ChoiceField(choices=Route.choices, widget=forms.RadioSelect)
    dose_mg = milligrams("Dose")
    instructions = forms.CharField(
        max_length=300, required=False, help_text="For example: over 40 min, or in two halves"
    )
    despite = LongText(
        label="Why this dose is right all the same", longest=300, required=False, rows=2
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> None:
        if "dose_mg" in self.cleaned_data:
            check_amount(self.cleaned_data["dose_mg"])


class DoseCorrectionForm(FormKeyForm):
    """When a dose was given, and how much of it, as it really was. `seen` carries the warnings
    that stood beside the amount."""

    given_at = LocalDateTimeField(label="Given at")
    dose_mg = milligrams("Amount given")
    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="Kept beside it. Such as: infusion stopped early, or: misread the clock",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> None:
        if "dose_mg" in self.cleaned_data:
            check_amount(self.cleaned_data["dose_mg"])


class IdentityForm(Named, FormKeyForm):
    name = "identity"

    date_of_birth = BirthDateField(
        label="Date of birth, as the client says it",
        help_text="Such as 14-Jul-1985",
        widget=forms.TextInput(attrs={**DATE_ATTRS, "autofocus": True}),
    )


class ChecksForm(Named, FormKeyForm):
    """Eight questions, none answered in advance, and today's weight."""

    name = "checks"

    weight_kg = weight()
    concern = forms.CharField(
        label="What a “no” is about", max_length=300, required=False, help_text="Only with a “no”"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for item in PreDoseItem:
            self.fields[item.value] = forms.ChoiceField(
                label=item.label,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": "Answer yes or no."},
            )

    @property
    def questions(self) -> list:
        return [self[item.value] for item in PreDoseItem]

    def content(self) -> dict:
        given = self.cleaned_data
        answers = {item: given[item.value] == "yes" for item in PreDoseItem}
        names = ("form_key", "weight_kg", "concern")
        return {"answers": answers, **{name: given[name] for name in names}}


class EscortForm(Named, FormKeyForm):
    name = "plan"

    # not called `name`, which is the form's own
    who = forms.CharField(label="Who takes them home", max_length=120)
    reached_by = forms.CharField(
        label="How they are reached", max_length=120, help_text="A phone number is best"
    )


class OverrideForm(forms.Form):
    reason = LongText(
        label="Why the dose may be given all the same",
        longest=500,
        help_text="You answer for it. Your reason is kept, and somebody else reviews it.",
    )


class ReviewForm(forms.Form):
    finding = LongText(label="What you found", longest=500, rows=2)
