"""What is looked for in a list of clients, and the name of a view."""

from django import forms

from people.forms import FormKeyForm
from reminders.models.views import LONGEST_NAME
from reminders.worklists.searching import LONGEST, Search


class SearchForm(forms.Form):
    """Posted, so that no name stands in an address. Empty, it finds everybody again."""

    words = forms.CharField(
        max_length=LONGEST,
        required=False,
        label="Name, number or date of birth",
        error_messages={
            "max_length": f"Search: use at most {LONGEST} characters.",
            "null_characters_not_allowed": "Search: type it again, it holds a character that "
            "cannot be looked for.",
        },
    )

    def search(self) -> Search:
        return Search(" ".join(self.cleaned_data["words"].split()))


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=LONGEST_NAME,
        label="Name of the view",
        help_text="Only you see it. Do not write a client’s name here.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SaveForm(NameForm, FormKeyForm):
    """A new view; what it narrows stands in the address of the page."""
