"""The client leaves: seven checks, none ticked in advance."""

from django import forms

from people.forms import LocalDateTimeField
from people.models import User
from sessions.enums import DischargeCheck
from sessions.forms.dosing import Named, ticking


class DischargeForm(Named):
    """`judges`: the clinic's prescribers and nurses. `seen` names the warnings that were shown."""

    name = "discharge"

    discharged_at = LocalDateTimeField(label="Leaves at", widget=ticking())
    mental_status = forms.CharField(
        label="Mental status",
        max_length=300,
        help_text="For example: oriented, steady, mood brighter",
    )
    escort = forms.CharField(max_length=120, help_text="Who takes them home")
    judged_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Judged stable by",
        help_text="A prescriber or nurse",
        empty_label="Choose",
    )
    despite = forms.CharField(
        label="Why they leave all the same",
        max_length=300,
        required=False,
        help_text="Kept with the discharge",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    CONTENT = ("discharged_at", "mental_status", "escort", "judged_by", "despite")

    def __init__(self, *args, judges=None, **kwargs):
        super().__init__(*args, **kwargs)
        if judges is not None:
            self.fields["judged_by"].queryset = judges
        for check in DischargeCheck:
            self.fields[check.value] = forms.BooleanField(
                label=check.label,
                error_messages={"required": check.missing},
            )

    @property
    def checks(self) -> list:
        return [self[check.value] for check in DischargeCheck]

    @property
    def ticked(self) -> int:
        return sum(bool(check.value()) for check in self.checks)

    def content(self) -> dict:
        given = self.cleaned_data
        checks = [check for check in DischargeCheck if given[check.value]]
        return {**{name: given[name] for name in self.CONTENT}, "checks": checks}
