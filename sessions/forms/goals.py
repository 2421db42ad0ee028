"""Goals: begun, rated, ended."""

from django import forms

from people.forms import DateField, FormKeyForm
from sessions.enums.coordination import GoalEnding
from sessions.forms.care import line
from sessions.models.goals import HIGHEST

RATINGS = [(str(each), str(each)) for each in range(HIGHEST + 1)]


class GoalForm(FormKeyForm):
    text = line("The goal, in the client’s words", 300)
    begun_on = DateField(label="Begun on", help_text="Such as 14-Jul-2026")


class ProgressForm(FormKeyForm):
    """By the client's own word: nothing is chosen in advance."""

    rating = forms.TypedChoiceField(
        label="How near does the client feel to it?",
        help_text="By the client’s own word: 0 is far away, 10 is there",
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a number from 0 to 10."},
    )
    text = line("A line about it", 300, required=False)
    day = DateField(
        label="On", help_text="Such as 14-Jul-2026. A second number of one day replaces the first."
    )


class EndGoalForm(forms.Form):
    ending = forms.ChoiceField(
        label="How it ended", choices=GoalEnding.choices, widget=forms.RadioSelect
    )
    day = DateField(label="On", help_text="Such as 14-Jul-2026")
    text = line("A line about it", 300, required=False)
