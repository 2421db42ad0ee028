"""Plan, give, watch, discharge; and that an integration session was held."""

from django import forms

from people.forms import FormKeyForm, LocalDateTimeField
from sessions.enums import DischargeCheck, Effect, Route, Sedation, SessionState, Severity
from sessions.forms.care import check_pressure, number, weight


class PlanForm(FormKeyForm):
    planned_at = LocalDateTimeField(label="Planned for")


class MoveForm(forms.Form):
    planned_at = LocalDateTimeField(label="New date and time")


class GiveForm(forms.Form):
    """The dose as it was given. `seen` carries the warnings that stood beside it."""

    route = forms.ChoiceField(choices=Route.choices, widget=forms.RadioSelect)
    dose_mg = forms.DecimalField(
        label="Dose, mg",
        decimal_places=2,
        max_digits=7,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 7}),
        error_messages={"invalid": "Enter the dose in mg, such as 50 or 37.5."},
    )
    weight_kg = weight()
    given_at = LocalDateTimeField(label="Given at")
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class VitalsForm(FormKeyForm):
    """One row of the flow sheet: four numbers, and more if there is time."""

    systolic = number("Systolic", 40, 300, "mmHg")
    diastolic = number("Diastolic", 20, 200, "mmHg")
    heart_rate = number("Heart rate", 20, 250, "a minute")
    spo2 = number("SpO2", 50, 100, "per cent")
    at = LocalDateTimeField(label="Time")
    respiratory_rate = number("Breaths a minute", 2, 60, "a minute", required=False)
    sedation = forms.ChoiceField(
        choices=[("", "Not noted"), *Sedation.choices], required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(max_length=200, required=False)

    UNITS = {"systolic": "mmHg", "diastolic": "mmHg", "heart_rate": "/min", "spo2": "%"}

    @property
    def numbers(self) -> list:
        """(field, unit) of the four numbers."""
        return [(self[name], unit) for name, unit in self.UNITS.items()]

    def clean(self) -> None:
        check_pressure(self)

    def values(self) -> dict:
        names = [*self.UNITS, "respiratory_rate", "sedation", "note"]
        return {name: self.cleaned_data[name] for name in names}


class SideEffectForm(FormKeyForm):
    effect = forms.ChoiceField(choices=Effect.choices)
    severity = forms.ChoiceField(choices=Severity.choices, required=False)

    def values(self) -> dict:
        given = self.cleaned_data
        return {"effect": given["effect"], "severity": given["severity"] or Severity.MILD}


class DischargeForm(forms.Form):
    discharged_at = LocalDateTimeField(label="Leaves at")
    mental_status = forms.CharField(
        label="Mental status",
        max_length=300,
        help_text="For example: oriented, steady, mood brighter",
    )
    escort = forms.CharField(max_length=120, help_text="Who takes them home")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for check in DischargeCheck:
            self.fields[check.value] = forms.BooleanField(
                label=check.label,
                error_messages={"required": "Confirm this before the client leaves."},
            )

    @property
    def checks(self) -> list:
        return [self[check.value] for check in DischargeCheck]

    def content(self) -> dict:
        given = self.cleaned_data
        content = {name: given[name] for name in ("discharged_at", "mental_status", "escort")}
        return {**content, "checks": [c for c in DischargeCheck if given[c.value]]}


class SessionForm(FormKeyForm):
    at = LocalDateTimeField(label="When")
    state = forms.ChoiceField(
        label="What happened",
        choices=[
            (SessionState.HELD, "The session was held"),
            (SessionState.MISSED, "The client did not come"),
        ],
        widget=forms.RadioSelect,
    )
