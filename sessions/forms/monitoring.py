"""How often vitals are taken after a dose, by route."""

from django import forms

from people.forms import FormKeyForm
from sessions.enums import Route
from sessions.forms.care import number


class MonitoringForm(FormKeyForm):
    """Minutes after the dose."""

    route = forms.ChoiceField(choices=Route.choices, widget=forms.HiddenInput)
    first = number("First vitals after", 5, 120, "min")
    every = number("Then every", 5, 120, "min", required=False, help_text="Left empty: once")
    until = number("Until", 5, 480, "min", help_text="Later only while a value is out of range")
    observe = number("Observe for at least", 0, 720, "min", help_text="Said before the discharge")

    VALUES = ("first", "every", "until", "observe")

    def clean(self) -> None:
        given = self.cleaned_data
        if {"first", "until"} <= given.keys() and given["until"] < given["first"]:
            self.add_error("until", "This is before the first vitals.")

    def content(self) -> dict:
        given = self.cleaned_data
        values = {name: given[name] for name in self.VALUES}
        return {"form_key": given["form_key"], "route": given["route"], "values": values}
