"""How mail tells somebody that something new waits."""

from django import forms

from reminders.enums import CHOSEN, Way

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
QUIET = "Enter a time such as 22:00."


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

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for group in CHOSEN:
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, choices=Way.choices, widget=forms.RadioSelect
            )

    @property
    def ways(self):
        """The groups, each with its field."""
        return [self[group.value] for group in CHOSEN]

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
