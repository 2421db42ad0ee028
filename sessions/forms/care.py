"""What the forms of the clinical record share; opening an episode, its plan, its end."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from people.forms import DecimalField, FormKeyForm, LocalDateTimeField, LongText
from people.models import User
from referrals.enums import Answer, Collaboration
from referrals.models import Referral
from sessions.actions.care import possible_owners
from sessions.enums import TreatmentModel


class ClinicCollaboration(models.TextChoices):
    """The practice's choice in the clinic's words."""

    CLINIC_MEDICAL = (
        Collaboration.CLINIC_MEDICAL.value,
        "Medical only: the therapist prepares and integrates",
    )
    CLINIC_FULL = Collaboration.CLINIC_FULL.value, "The clinic also prepares and integrates"
    SHARED = Collaboration.SHARED.value, "Shared: divided session by session"


def within(least: int, most: int, unit: str) -> list:
    """Bounds beyond which a number is a slip of the pen."""
    spoken = unit.replace("%", "per cent")  # Django formats these sentences with %
    sentence = f"Enter a number from {least} to {most} {spoken}."
    return [MinValueValidator(least, sentence), MaxValueValidator(most, sentence)]


def number(label: str, least: int, most: int, unit: str, **kwargs) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "data-unit": unit}
    kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
    kwargs.setdefault(
        "error_messages", {"required": "Enter a number.", "invalid": "Enter a whole number."}
    )
    return forms.IntegerField(label=label, validators=within(least, most, unit), **kwargs)


def weight(**kwargs) -> DecimalField:
    return DecimalField(
        label="Weight",
        decimal_places=1,
        validators=within(20, 350, "kg"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": "kg"}),
        error_messages={"invalid": "Enter the weight in kg, such as 72.4."},
        **kwargs,
    )


def check_pressure(form: forms.Form) -> None:
    """The lower number of a blood pressure is lower."""
    systolic, diastolic = form.cleaned_data.get("systolic"), form.cleaned_data.get("diastolic")
    if systolic and diastolic and diastolic >= systolic:
        form.add_error("diastolic", "The lower number must be below the upper one.")


def answer(label: str, *, required: bool = True) -> forms.ChoiceField:
    """Yes, no or not known; nothing is answered in advance."""
    return forms.ChoiceField(
        label=label,
        choices=Answer.choices,
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": "Answer yes, no or not known."},
    )


def line(label: str, longest: int, *, needed: str = "", **kwargs) -> forms.CharField:
    """One line of text. It may stay empty where it says so, or unless what `needed` names holds."""
    return forms.CharField(
        label=label, max_length=longest, **_unless(needed, forms.TextInput, kwargs)
    )


def words(label: str, longest: int, *, needed: str = "", rows: int = 3, **kwargs) -> LongText:
    """Some paragraphs, as for `line`."""
    return LongText(
        label=label, longest=longest, **_unless(needed, forms.Textarea, kwargs, rows=rows)
    )


def _unless(needed: str, widget: type[forms.Widget], kwargs: dict, **attrs) -> dict:
    if needed:
        kwargs |= {"required": False, "help_text": needed}
    elif not kwargs.get("required", True):
        attrs["data-optional"] = True
    return {**kwargs, "widget": widget(attrs=attrs)}


class PlanForm(forms.Form):
    """Two independent choices, how many doses, and who owns what."""

    treatment_model = forms.ChoiceField(
        label="Treatment model", choices=TreatmentModel.choices, widget=forms.RadioSelect
    )
    collaboration = forms.ChoiceField(
        label="Who does what", choices=ClinicCollaboration.choices, widget=forms.RadioSelect
    )
    expected_doses = number("Expected doses", 1, 60, "doses")
    preparation_owner = forms.ModelChoiceField(User.objects.none(), label="Who owns preparation")
    integration_owner = forms.ModelChoiceField(User.objects.none(), label="Who owns integration")

    def __init__(self, *args, referral: Referral, **kwargs):
        super().__init__(*args, **kwargs)
        owners = possible_owners(referral)
        outside = [each for each in owners if each.pk == referral.referrer_id]
        inside = [each for each in owners if each.pk != referral.referrer_id]
        groups = [
            (str(place), [(each.pk, str(each)) for each in people])
            for place, people in ((referral.practice, outside), (referral.clinic, inside))
        ]
        for name in ("preparation_owner", "integration_owner"):
            field = self.fields[name]
            field.queryset = owners  # type: ignore[attr-defined]
            field.widget.choices = [("", "Choose a person"), *groups]
            field.widget.attrs["data-owners"] = True
            field.help_text = "They are reminded when a window opens."


class ChangePlanForm(PlanForm, FormKeyForm):
    """Another plan, and why."""

    reason = forms.CharField(
        label="Why it changes",
        max_length=300,
        help_text="One line, such as: the therapist is away until May",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def plan(self) -> dict:
        given = self.cleaned_data
        return {name: given[name] for name in PlanForm.base_fields}


class EndForm(forms.Form):
    ended_at = LocalDateTimeField(label="Treatment ended at")
    reason = forms.CharField(max_length=200, help_text="One line, such as: all planned doses given")
