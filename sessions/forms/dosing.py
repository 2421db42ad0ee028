"""Plan and give; and that an integration session was held."""

from django import forms

from people.forms import DATE_ATTRS, FormKeyForm, LocalDateTimeField
from sessions.enums import SessionState


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


class SessionForm(FormKeyForm):
    """`themes`: whether a release lets the clinic read them; only then are they asked for."""

    at = LocalDateTimeField(label="When")
    state = forms.ChoiceField(
        label="What happened",
        choices=[
            (SessionState.HELD, "The session was held"),
            (SessionState.MISSED, "The client did not come"),
        ],
        widget=forms.RadioSelect,
    )
    themes = forms.CharField(
        label="Themes for the clinic",
        max_length=300,
        required=False,
        help_text="A few words on what is being worked on. Never what was said.",
        widget=forms.TextInput(attrs={"data-optional": True}),
    )

    def __init__(self, *args, themes: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not themes:
            del self.fields["themes"]


class SessionErrorForm(forms.Form):
    reason = forms.CharField(
        label="What was wrong",
        max_length=300,
        help_text="One line, such as: the session was another client’s",
        error_messages={"required": "Say what was wrong."},
    )
