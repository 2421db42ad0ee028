"""What an administrator looks for in the list of releases."""

from django import forms

from consent.enums import ReleaseState
from consent.home.search import Search


class FindForm(forms.Form):
    """Posted, so that no name stands in an address. Empty, it finds everything again."""

    client = forms.CharField(
        max_length=80,
        required=False,
        label="Client",
        help_text="Name, KC-000123 or KC-R-0012",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    recipient = forms.CharField(
        max_length=80,
        required=False,
        label="Who receives it",
        help_text="Person or practice",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        choices=[("", "Any state"), *ReleaseState.choices],
        required=False,
        label="State",
        help_text="Where it stands now",
    )

    def search(self) -> Search:
        return Search(**self.cleaned_data)
