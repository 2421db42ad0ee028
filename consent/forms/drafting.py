"""The administrator's forms, one for each step. They check single values; the actions hold rules.

Nothing is required: an unfinished step is kept as it is, and the last step names what is missing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.actions.drafting import Terms
from consent.enums import (
    IN_CATEGORIES,
    OUT_CATEGORIES,
    Ending,
    LegalForm,
    Purpose,
    Sensitivity,
    Step,
)
from consent.forms.recipients import WhoForm
from consent.models import Release
from people.formats import last_moment
from people.forms import DateField, FormKeyForm
from people.models import Client, Organization

EXAMPLE = "For example 14-Jul-2027"
NO_END = "An authorization needs a date or an event on which it ends (45 CFR 164.508(c)(1)(v))."
NOT_OFFERED = {"invalid_choice": "Choose from the list."}


class NewReleaseForm(FormKeyForm):
    """Whose information is it? Only clients who were referred to the clinic."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label="Client", empty_label="Choose a client"
    )

    def __init__(self, *args, organization: Organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.filter(  # type: ignore[attr-defined]
            registrations__organization=organization
        ).order_by("last_name", "first_name")


def boxes(label: str, choices: Iterable, **kwargs) -> forms.MultipleChoiceField:
    """Boxes to tick, of which none has to be."""
    return forms.MultipleChoiceField(
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=label,
        error_messages=NOT_OFFERED,
        **kwargs,
    )


def labelled(categories) -> list[tuple[str, str]]:
    return [(c.value, c.label) for c in categories]


class WhatForm(forms.Form):
    """What and why. Nothing is ticked beforehand."""

    out_categories = boxes("What the clinic may send", labelled(OUT_CATEGORIES))
    in_categories = boxes("What the clinic may receive", labelled(IN_CATEGORIES))
    sensitivities = boxes("Specially protected", Sensitivity.choices)
    legal_form = forms.ChoiceField(
        choices=LegalForm.choices,
        widget=forms.RadioSelect,
        required=False,
        label="Which form",
        error_messages=NOT_OFFERED,
    )
    purposes = boxes("Why", Purpose.choices)
    in_their_words = forms.CharField(
        max_length=200,
        required=False,
        label="The request in the client’s own words",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-optional": True}),
    )

    def __init__(self, *args, release: Release, base: Terms, **kwargs):
        purposes = base.purposes or {}
        kwargs["initial"] = {
            "out_categories": base.out_categories,
            "in_categories": base.in_categories,
            "sensitivities": base.sensitivities,
            "legal_form": base.legal_form,
            "purposes": list(purposes),
            "in_their_words": purposes.get(Purpose.AT_REQUEST, ""),
        }
        super().__init__(*args, **kwargs)
        self.base = base
        if not release.organization.is_part2_program:
            del self.fields["legal_form"]

    def clean_in_their_words(self) -> str:
        words = self.cleaned_data["in_their_words"]
        if words and Purpose.AT_REQUEST not in self.cleaned_data.get("purposes", []):
            raise ValidationError(f"Tick “{Purpose.AT_REQUEST.label}” too, or leave this empty.")
        return words

    def terms(self) -> Terms:
        """Without substance-use records only the authorization is left, and it has an end."""
        data, base = self.cleaned_data, self.base
        part2 = data["sensitivities"] and data.get("legal_form") == LegalForm.PART2_CARE
        said = {Purpose.AT_REQUEST: data["in_their_words"]}
        return replace(
            base,
            out_categories=data["out_categories"],
            in_categories=data["in_categories"],
            sensitivities=data["sensitivities"],
            legal_form=LegalForm.PART2_CARE if part2 else LegalForm.AUTHORIZATION,
            ending=Ending.ON_DATE if base.ending == Ending.NONE and not part2 else base.ending,
            purposes={purpose: said.get(Purpose(purpose), "") for purpose in data["purposes"]},
        )


class UntilForm(forms.Form):
    """Until when, from when, and whether only what happened in a period. Days are the clinic's."""

    ending = forms.ChoiceField(
        choices=Ending.choices, widget=forms.RadioSelect, required=False, label="It ends"
    )
    last_day = DateField(required=False, help_text=EXAMPLE, label="Last day on which it holds")
    first_day = DateField(required=False, help_text=EXAMPLE, label="First day")
    service_first_day = DateField(
        required=False, help_text=EXAMPLE, label="Only what happened from"
    )
    service_last_day = DateField(
        required=False, help_text=EXAMPLE, label="Only what happened until"
    )

    # which fields the actions speak of under another name
    NAMES = {"until": "last_day", "starts_at": "first_day", "service_until": "service_last_day"}

    def __init__(self, *args, release: Release, base: Terms, **kwargs):
        self.base, self.zone = base, ZoneInfo(release.organization.timezone)
        kwargs["initial"] = {
            "ending": base.ending,
            "last_day": self._last_day(base.until),
            "first_day": self._day(base.starts_at),
            "service_first_day": self._day(base.service_from),
            "service_last_day": self._last_day(base.service_until),
        }
        super().__init__(*args, **kwargs)
        ending = self.fields["ending"]
        ending.error_messages["invalid_choice"] = NOT_OFFERED["invalid_choice"]
        if base.legal_form != LegalForm.PART2_CARE:
            ending.choices = Ending.choices[:-1]  # type: ignore[attr-defined]
            ending.error_messages["invalid_choice"] = NO_END

    def terms(self) -> Terms:
        """Last days become the first moment after them."""
        data = self.cleaned_data
        return replace(
            self.base,
            ending=data["ending"],
            until=self._day_after(data["last_day"]),
            starts_at=self._start(data["first_day"]),
            service_from=self._start(data["service_first_day"]),
            service_until=self._day_after(data["service_last_day"]),
        )

    def _day(self, moment: datetime | None) -> date | None:
        return timezone.localdate(moment, self.zone) if moment else None

    def _last_day(self, moment: datetime | None) -> date | None:
        return self._day(last_moment(moment)) if moment else None

    def _start(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self.zone) if day else None

    def _day_after(self, day: date | None) -> datetime | None:
        return self._start(day + timedelta(days=1)) if day else None


class SigningForm(forms.Form):
    """What the paper says of withdrawing, and whether somebody watches the signature."""

    revocation_how = forms.CharField(
        max_length=300,
        required=False,
        label="How the client can withdraw it in writing",
        help_text="Goes on after “You may withdraw this at any time:”. Name an address.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    witness_required = forms.BooleanField(required=False, label="Ask for a witness")

    def __init__(self, *args, release: Release, base: Terms, **kwargs):
        self.base = base
        names = ("revocation_how", "witness_required")
        kwargs["initial"] = {name: getattr(base, name) for name in names}
        super().__init__(*args, **kwargs)

    def terms(self) -> Terms:
        return replace(self.base, **self.cleaned_data)


StepForm = WhoForm | WhatForm | UntilForm | SigningForm
FORMS: dict[Step, type[StepForm]] = {
    Step.WHO: WhoForm,
    Step.WHAT: WhatForm,
    Step.UNTIL: UntilForm,
    Step.SIGNING: SigningForm,
}
