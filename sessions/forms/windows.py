"""When a window opens and closes, in hours from the dose."""

from django import forms

from people.forms import FormKeyForm
from sessions.forms.care import number
from sessions.models.windows import KINDS
from sessions.windows import WindowKind


class WindowForm(FormKeyForm):
    """Hours after the dose; of preparation, hours before it."""

    kind = forms.ChoiceField(choices=KINDS, widget=forms.HiddenInput)
    opens = number("Opens", 0, 168, "h")
    closes = number("Closes", 0, 168, "h")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        side = "before" if self._before else "after"
        for name in ("opens", "closes"):
            self.fields[name].help_text = f"Whole hours {side} the dose"

    @property
    def _before(self) -> bool:
        return self["kind"].value() == WindowKind.PREPARATION

    def content(self) -> dict:
        given, side = self.cleaned_data, -1 if self._before else 1
        return {**given, "opens": side * given["opens"], "closes": side * given["closes"]}
