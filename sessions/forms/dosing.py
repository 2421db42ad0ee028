"""Plan, give, watch, discharge; and that an integration session was held."""

from django import forms

from people.forms import DATE_ATTRS, FormKeyForm, LocalDateTimeField
from sessions.enums import DischargeCheck, Effect, Sedation, SessionState, Severity
from sessions.forms.care import check_pressure, number


def ticking() -> forms.TextInput:
    """A moment that is now until somebody writes another."""
    return forms.TextInput(attrs={**DATE_ATTRS, "data-now": True})


class Named(forms.Form):
    """One of several forms on a page: the ids of its fields begin with its name."""

    name = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": f"{self.name}_%s", **kwargs})


class PlanForm(FormKeyForm):
    planned_at = LocalDateTimeField(label="Planned for")


class MoveForm(forms.Form):
    planned_at = LocalDateTimeField(label="New date and time")


class GiveForm(Named):
    """That the order was given, and when. `seen` carries the warnings that stood beside it."""

    name = "give"

    given_at = LocalDateTimeField(label="Given at", widget=ticking())
    order = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def big() -> forms.TextInput:
    """One of the four numbers, whose unit stands in its label."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class VitalsForm(Named, FormKeyForm):
    """One row of the flow sheet: four numbers, and more if there is time."""

    name = "vitals"

    systolic = number("Systolic", 40, 300, "mmHg", widget=big())
    diastolic = number("Diastolic", 20, 200, "mmHg", widget=big())
    heart_rate = number("Heart rate", 20, 250, "a minute", widget=big())
    spo2 = number("SpO2", 50, 100, "per cent", widget=big())
    at = LocalDateTimeField(
        label="Another time", required=False, help_text="Left empty: now. Such as 14-Jul-2026 09:20"
    )
    respiratory_rate = number("Breaths", 2, 60, "a minute", required=False)
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


class SideEffectForm(Named, FormKeyForm):
    name = "effect"
    effect = forms.ChoiceField(choices=Effect.choices)
    severity = forms.ChoiceField(choices=Severity.choices, required=False)

    def values(self) -> dict:
        given = self.cleaned_data
        return {"effect": given["effect"], "severity": given["severity"] or Severity.MILD}


class DischargeForm(Named):
    name = "discharge"
    discharged_at = LocalDateTimeField(label="Leaves at", widget=ticking())
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
                error_messages={"required": check.missing},
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
