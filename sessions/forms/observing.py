"""One row of the flow sheet each: vitals, side effects, interventions, phases, who is there."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from people.forms import FormKeyForm, LocalDateTimeField
from people.models import User
from sessions.enums import Effect, Sedation, Severity
from sessions.enums.observing import InterventionKind, SessionPhase
from sessions.forms.care import check_pressure, number
from sessions.forms.dosing import Named
from sessions.models.observations import Observed


class TapField(forms.Field):
    """The moment of the tap, as the script writes it: 2026-07-14T13:20:05.120Z."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            found = parse_datetime(str(value))
        except ValueError:
            found = None
        if found is None or timezone.is_naive(found):
            raise ValidationError("The time of this device cannot be read. Write the time instead.")
        return found


class ObservedForm(Named, FormKeyForm):
    """Seen at the time that is written, else at the tap, else now."""

    at = LocalDateTimeField(
        label="Another time", required=False, help_text="Left empty: now. Such as 14-Jul-2026 09:20"
    )
    tapped_at = TapField()

    VALUES: tuple[str, ...] = ()

    @classmethod
    def said(cls, row: Observed) -> dict:
        """What the form shows of a row that is to be corrected."""
        return {name: getattr(row, name) for name in cls.VALUES}

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.VALUES}

    def observation(self) -> dict:
        given = self.cleaned_data
        at: datetime = given["at"] or given["tapped_at"] or timezone.now()
        return {"form_key": given["form_key"], "at": at, "values": self.values()}


def big(label: str, least: int, most: int, unit: str) -> forms.IntegerField:
    """One of the four numbers, whose unit stands beside its label. The script knows its bounds."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "enterkeyhint": "next"}
    bounds = {"data-label": label, "data-least": least, "data-most": most}
    return number(label, least, most, unit, widget=forms.TextInput(attrs={**attrs, **bounds}))


class VitalsForm(ObservedForm):
    """Four numbers, and more if there is time."""

    name = "vitals"

    systolic = big("Systolic", 40, 300, "mmHg")
    diastolic = big("Diastolic", 20, 200, "mmHg")
    heart_rate = big("Heart rate", 20, 250, "a minute")
    spo2 = big("SpO2", 50, 100, "per cent")
    respiratory_rate = number("Breaths", 2, 60, "a minute", required=False)
    sedation = forms.ChoiceField(
        choices=[("", "Not noted"), *Sedation.choices], required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(max_length=200, required=False)

    UNITS = {"systolic": "mmHg", "diastolic": "mmHg", "heart_rate": "/min", "spo2": "%"}
    VALUES = (*UNITS, "respiratory_rate", "sedation", "note")

    @property
    def numbers(self) -> list:
        """(field, unit) of the four numbers."""
        return [(self[name], unit) for name, unit in self.UNITS.items()]

    def clean(self) -> None:
        check_pressure(self)


class SideEffectForm(ObservedForm):
    name = "effect"

    effect = forms.ChoiceField(choices=Effect.choices)
    severity = forms.ChoiceField(choices=Severity.choices, required=False)
    note = forms.CharField(label="In words", max_length=200, required=False)

    VALUES = ("effect", "severity", "note")

    def values(self) -> dict:
        return {**super().values(), "severity": self.cleaned_data["severity"] or Severity.MILD}


class InterventionForm(ObservedForm):
    name = "intervention"

    kind = forms.ChoiceField(label="What was done", choices=InterventionKind.choices)
    note = forms.CharField(
        label="In words", max_length=200, required=False, help_text="Such as: ondansetron 4 mg IV"
    )

    VALUES = ("kind", "note")


class PhaseForm(ObservedForm):
    name = "phase"

    phase = forms.ChoiceField(choices=SessionPhase.choices)

    VALUES = ("phase",)


class PresenceForm(ObservedForm):
    """One tap: who comes in, or leaves. `staff` are those who treat at the clinic."""

    name = "presence"

    def __init__(self, *args, staff=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.staff: dict[str, User] = {str(person.pk): person for person in staff}
        ways = (("in", "comes in"), ("out", "leaves the room"))
        self.fields["change"] = forms.ChoiceField(
            label="Who",
            choices=[
                (f"{way}-{pk}", f"{p} {w}") for way, w in ways for pk, p in self.staff.items()
            ],
        )

    @classmethod
    def said(cls, row: Observed) -> dict:
        return {"change": f"{'in' if row.is_here else 'out'}-{row.person_id}"}  # type: ignore[attr-defined]

    def values(self) -> dict:
        way, pk = self.cleaned_data["change"].split("-")
        return {"person": self.staff[pk], "is_here": way == "in"}


def reason() -> forms.CharField:
    return forms.CharField(
        label="Why", max_length=200, help_text="Kept beside it. Such as: misread the screen"
    )


class WithdrawForm(Named, FormKeyForm):
    """That a row was entered in error."""

    name = "withdraw"

    reason = reason()


def correcting(form: forms.Form) -> forms.Form:
    """The form as it corrects a row: its time is asked for, and why."""
    form.fields["at"].required = True
    form.fields["at"].label = "Time"
    form.fields["at"].help_text = "Such as 14-Jul-2026 09:20"
    for name, unit in getattr(form, "UNITS", {}).items():
        form.fields[name].label = f"{form.fields[name].label}, {unit}"
    form.fields["reason"] = reason()
    return form


def minute_of(row: Observed) -> datetime:
    """The time of a row as a form can show it: without its seconds."""
    return row.at.replace(second=0, microsecond=0)


def corrected(form, row: Observed) -> dict:
    """What the form says of `row` now; its time to the second, where nobody touched it."""
    content = {**form.observation(), "reason": form.cleaned_data["reason"]}
    return content if "at" in form.changed_data else {**content, "at": row.at}
