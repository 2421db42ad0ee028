"""How a worklist is narrowed. What is not understood narrows nothing away: it is a 404."""

from django import forms

from reminders.worklist import GROUPS


class WorklistForm(forms.Form):
    show = forms.ChoiceField(
        choices=[(group.value, group.value) for group in GROUPS], required=False
    )
    q = forms.CharField(max_length=80, required=False)
    before = forms.IntegerField(min_value=1, max_value=2**62, required=False)
