"""How mail tells somebody that something new waits."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from reminders.channels.text import is_offered
from reminders.enums import CHOSEN, Group, Way
from reminders.models.notifications import PHONE

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
AREA = re.compile(r"(Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/")
QUIET = "Enter a time such as 21:00."


class ClockField(forms.TimeField):
    """A time of day, 22:00 or 7:30; empty for none."""

    def __init__(self, label: str, example: str) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%H:%M", "%H:%M:%S", "%H"],
            help_text=f"For example {example}",
            widget=forms.TimeInput(
                format="%H:%M", attrs={"class": "kc-input--short", "autocomplete": "off"}
            ),
            error_messages={"invalid": QUIET},
        )


class PreferencesForm(forms.Form):
    digest_hour = forms.TypedChoiceField(
        label="The one mail a day goes at",
        choices=HOURS,
        coerce=int,
        widget=forms.Select(attrs={"class": "kc-input--short"}),
    )
    quiet_from = ClockField("From", "21:00")
    quiet_until = ClockField("Until", "07:00")
    timezone = forms.ChoiceField(label="Your clock", required=False)
    phone = forms.CharField(
        label="Mobile phone",
        required=False,
        max_length=24,
        help_text="With the country, such as +1 555 010 0199. Empty for no text messages.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        zones = [
            (each, each.replace("_", " "))
            for each in sorted(available_timezones())
            if AREA.match(each)
        ]
        self.fields["timezone"].choices = [("", "As where I work"), *zones]  # type: ignore[attr-defined]
        if not is_offered():
            del self.fields["phone"]
        for group in CHOSEN:
            ways = [w for w in Way if w != Way.PORTAL or group != Group.WINDOWS]
            self.fields[group.value] = forms.ChoiceField(
                label=group.label,
                choices=[(way.value, way.label) for way in ways],
                widget=forms.RadioSelect,
            )

    @property
    def ways(self):
        """The groups, each with its field."""
        return [self[group.value] for group in CHOSEN]

    def clean_phone(self) -> str:
        phone = re.sub(r"[\s().-]", "", self.cleaned_data["phone"])
        if phone:
            PHONE(phone)
        return phone

    def clean(self):
        found = super().clean() or {}
        begin, end = found.get("quiet_from"), found.get("quiet_until")
        if {"quiet_from", "quiet_until"} & set(self.errors):
            return found
        if begin is None and end is not None:
            self.add_error("quiet_from", "Enter when quiet hours begin, or empty both.")
        if end is None and begin is not None:
            self.add_error("quiet_until", "Enter when quiet hours end, or empty both.")
        if begin is not None and begin == end:
            self.add_error("quiet_until", "Enter another time than the beginning, or empty both.")
        return found


class SeenForm(forms.Form):
    """`newest`: the last one that stood on the page, so that what came since stays unseen."""

    newest = forms.IntegerField(min_value=0, max_value=2**62)


class AgainForm(forms.Form):
    """When somebody wants to be told of a window once more."""

    SOON = {"2": timedelta(hours=2), "4": timedelta(hours=4)}
    at = forms.ChoiceField(
        choices=[("2", "In 2 hours"), ("4", "In 4 hours"), ("morning", "Tomorrow at 08:00")]
    )

    def moment(self, now: datetime) -> datetime:
        """By the clock that the reader sees, where it is a time of day."""
        chosen = self.cleaned_data["at"]
        if chosen in self.SOON:
            return now + self.SOON[chosen]
        tomorrow = timezone.localdate(now) + timedelta(days=1)
        return datetime.combine(tomorrow, time(8), timezone.get_current_timezone())
