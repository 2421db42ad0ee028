"""A psychotherapy note: its words, and nothing else."""

from django import forms

from people.forms import FormKey, LongText
from sessions.actions.own_notes import LONGEST


class OwnNoteForm(forms.Form):
    text = LongText(label="Your note", longest=LONGEST, rows=8)


class NewOwnNoteForm(OwnNoteForm):
    form_key = FormKey()


class OpenOwnNoteForm(OwnNoteForm):
    """A note that is not closed yet, changed since `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
