"""Episode, intake, clearance, preparation."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.html import format_html

from people.forms import DateField, FormKeyForm, LocalDateTimeField, LongText
from people.models import User
from referrals.enums import Answer, Collaboration
from sessions.enums import ClearanceResult, Contraindication, TreatmentModel


class ClinicCollaboration(models.TextChoices):
    """The practice's choice in the clinic's words."""

    CLINIC_MEDICAL = Collaboration.CLINIC_MEDICAL.value, "Medical only: the therapist integrates"
    CLINIC_FULL = Collaboration.CLINIC_FULL.value, "The clinic also prepares and integrates"
    SHARED = Collaboration.SHARED.value, "Shared: divided session by session"


def within(least: int, most: int, unit: str) -> list:
    """Bounds beyond which a number is a slip of the pen."""
    sentence = f"Enter a number from {least} to {most} {unit}."
    return [MinValueValidator(least, sentence), MaxValueValidator(most, sentence)]


def number(label: str, least: int, most: int, unit: str, **kwargs) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "data-unit": unit}
    kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
    kwargs.setdefault(
        "error_messages", {"required": "Enter a number.", "invalid": "Enter a whole number."}
    )
    return forms.IntegerField(label=label, validators=within(least, most, unit), **kwargs)


def weight() -> forms.DecimalField:
    return forms.DecimalField(
        label="Weight",
        decimal_places=1,
        validators=within(20, 350, "kg"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": "kg"}),
        error_messages={"invalid": "Enter the weight in kg, such as 72.4."},
    )


def check_pressure(form: forms.Form) -> None:
    """The lower number of a blood pressure is lower."""
    systolic, diastolic = form.cleaned_data.get("systolic"), form.cleaned_data.get("diastolic")
    if systolic and diastolic and diastolic >= systolic:
        form.add_error("diastolic", "The lower number must be below the upper one.")


class EpisodeForm(forms.Form):
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

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("preparation_owner", "integration_owner"):
            self.fields[name].queryset = owners
            self.fields[name].help_text = "They are reminded when a window opens."


class EndForm(forms.Form):
    ended_at = LocalDateTimeField(label="Treatment ended at")
    reason = forms.CharField(max_length=200, help_text="One line, such as: all planned doses given")


class IntakeForm(FormKeyForm):
    goals = LongText(
        longest=4000,
        help_text="In the client’s words where you can",
    )
    readiness = LongText(label="Fit and readiness", longest=4000)
    modality = forms.CharField(
        label="Therapy modality",
        max_length=120,
        help_text="For example: acceptance and commitment therapy",
    )
    support_plan = LongText(
        label="Support plan",
        longest=4000,
        help_text="Who is there after a dose, and whom to call",
    )


class ClearanceForm(FormKeyForm):
    """Thirteen questions, none answered in advance, then the result."""

    allergies = forms.CharField(
        max_length=300, help_text="Each with its reaction: Penicillin (rash). Or “None known”"
    )
    medicines = LongText(longest=2000, required=False, help_text="With dose")
    weight_kg = weight()
    systolic = number("Systolic", 40, 300, "mmHg")
    diastolic = number("Diastolic", 20, 200, "mmHg")
    result = forms.ChoiceField(choices=ClearanceResult.choices, widget=forms.RadioSelect)
    conditions = LongText(
        longest=2000,
        required=False,
        help_text="Needed when cleared with conditions",
    )
    valid_until = DateField(
        label="Valid until", required=False, help_text="The last day it holds, such as 14-Jul-2026"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for condition in Contraindication:
            self.fields[condition.value] = forms.ChoiceField(
                label=condition.label,
                choices=Answer.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Answer yes, no or not known."},
            )
            self.fields[f"{condition.value}_comment"] = forms.CharField(
                label=format_html('Comment<span class="kc-vh">: {}</span>', condition.label),
                max_length=300,
                required=False,
            )

    @property
    def questions(self) -> list:
        """(answer, comment), one pair for each contraindication."""
        return [(self[c.value], self[f"{c.value}_comment"]) for c in Contraindication]

    def clean(self) -> None:
        check_pressure(self)
        given = self.cleaned_data
        permits = given.get("result") in (ClearanceResult.CLEARED, ClearanceResult.CONDITIONAL)
        if permits and not given.get("valid_until") and "valid_until" not in self.errors:
            self.add_error("valid_until", "Say until when the clearance holds.")
        if given.get("result") == ClearanceResult.CONDITIONAL and not given.get("conditions"):
            self.add_error("conditions", "Name the conditions.")

    def answers(self) -> dict[str, tuple[str, str]]:
        given = self.cleaned_data
        return {c.value: (given[c.value], given[f"{c.value}_comment"]) for c in Contraindication}

    def content(self) -> dict:
        names = ["allergies", "medicines", "weight_kg", "systolic", "diastolic"]
        names += ["result", "conditions", "valid_until"]
        return {name: self.cleaned_data[name] for name in names}


class PreparationForm(FormKeyForm):
    held_at = LocalDateTimeField(label="Held at")
    intentions = LongText(longest=4000)
    coping_tools = LongText(label="Coping tools", longest=4000, required=False)
    themes = LongText(label="Current themes", longest=4000, required=False)
    expectations_discussed = forms.BooleanField(
        label="We talked about what unusual experiences can be like", required=False
    )
