"""The draft of a continuity note: one text for each category, and which hold protected content."""

from django import forms

from consent.enums import Category
from people.forms import LongText
from sessions.actions.notes import LONGEST, LONGEST_REASON
from sessions.enums import NOTE_CATEGORIES
from sessions.models import ContinuityNote

EXAMPLES = {
    Category.TREATMENT: "Dose and route. For example: 50 mg IM (0.69 mg/kg) at 14:02.",
    Category.RESPONSE: "General response and themes, never transcripts. For example: settled "
    "quickly, tearful at peak, then calm.",
    Category.SAFETY: "Adverse events, mental status at discharge, concerns. For example: raised "
    "blood pressure at 30 min, settled by 90 min.",
    Category.INTEGRATION: "Suggested focus and steps. For example: staying with grief without "
    "problem-solving.",
    Category.SCHEDULE: "What comes next. For example: next dose planned for Friday.",
}


class NoteForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for category in NOTE_CATEGORIES:
            self.fields[category.value] = LongText(
                label=category.label,
                help_text=EXAMPLES[category],
                required=False,
                longest=LONGEST,
            )
            self.fields[f"{category.value}_substance_use"] = forms.BooleanField(
                label="Contains substance-use records (42 CFR Part 2)", required=False
            )

    @classmethod
    def of(cls, note: ContinuityNote) -> "NoteForm":
        """The draft as it is saved."""
        marked = {f"{category}_substance_use": True for category in note.draft_substance_use}
        saved = {"version": note.version, "reason": note.reason}
        return cls(initial={**saved, **note.draft, **marked})

    @property
    def sections(self) -> list:
        """(text, mark) of each category, in the order in which they are read."""
        return [(self[c.value], self[f"{c.value}_substance_use"]) for c in NOTE_CATEGORIES]

    def words(self) -> list[tuple[str, str]]:
        """(section, what was typed) of all that holds words, valid or not."""
        told = [(text.label, text.value()) for text, _ in self.sections]
        return [(label, text) for label, text in told if text]

    def texts(self) -> dict[str, str]:
        return {c.value: self.cleaned_data[c.value] for c in NOTE_CATEGORIES}

    def why(self) -> str:
        return self.cleaned_data.get("reason", "")

    def marked(self) -> list[str]:
        given = self.cleaned_data
        return [c.value for c in NOTE_CATEGORIES if given[f"{c.value}_substance_use"]]


class AdditionForm(NoteForm):
    """What is added to a signed note. Why is asked for when it goes on to be signed."""

    reason = forms.CharField(
        label="Why you add to the note",
        max_length=LONGEST_REASON,
        required=False,
        help_text="Read at the clinic only. For example: the client rang the next morning.",
        error_messages={"required": "Say why something is added."},
    )
    field_order = ("version", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = "sign" in self.data


def form_for(note: ContinuityNote) -> type[NoteForm]:
    return AdditionForm if note.adds_to_id else NoteForm


class VersionForm(forms.Form):
    """That the note is signed as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class InErrorForm(forms.Form):
    """Why a signed note is taken back."""

    reason = forms.CharField(
        label="What was wrong",
        max_length=LONGEST_REASON,
        help_text="Read at the clinic only. For example: written about another client’s dose.",
        error_messages={"required": "Say what was wrong."},
    )
