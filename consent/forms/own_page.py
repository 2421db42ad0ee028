"""The client's own page: its door, a question, stopping a release."""

from django import forms

from consent.models import ReleaseRecipient
from people.forms import BirthDateField, LongText


class DoorForm(forms.Form):
    """What opens a link, besides the link."""

    date_of_birth = BirthDateField(
        label="Your date of birth", help_text="For example 07/14/1985 or July 14, 1985"
    )


class QuestionForm(forms.Form):
    """What the client wants to know of an entry; nothing need be written."""

    text = LongText(longest=500, required=False, label="What would you like to know?")


class AnswerForm(forms.Form):
    """The administrator's words to the client."""

    answer = LongText(
        longest=1000,
        required=False,
        label="Your answer",
        help_text="The client reads it on their page. Write no clinical detail.",
    )


class StopForm(forms.Form):
    """For whom a release ends: empty for everybody it names."""

    recipient = forms.ModelChoiceField(ReleaseRecipient.objects.none(), required=False)

    def __init__(self, *args, release, **kwargs):
        super().__init__(*args, **kwargs)
        named = release.recipients.filter(revoked_at=None)
        self.fields["recipient"].queryset = named
