"""What the clinic says: its answer, what it misses, why not, or that it needs more time."""

from typing import ClassVar

from django import forms
from django.db.models import TextChoices

from people.forms import DateField, FormKeyForm, LongText
from referrals.enums import AskReason, DeclineReason
from referrals.forms.drafting import SectionForm


class AcceptForm(SectionForm):
    text = LongText(
        label="What you tell the therapist",
        help_text="Only where you have something to add. No more about the client than it takes.",
        longest=4000,
        required=False,
    )


class ReasonedForm(SectionForm):
    """A reason from a short list, and words. The action knows when words are needed."""

    reasons: ClassVar[type[TextChoices]]
    why: ClassVar[str]
    words: ClassVar[str]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.ChoiceField(
            label=self.why,
            choices=self.reasons.choices,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose one from the list.",
                "invalid_choice": "Choose one from the list.",
            },
        )
        self.fields["text"] = LongText(
            label=self.words,
            help_text="No more about the client than it takes.",
            longest=4000,
            required=False,
        )


class AskForm(ReasonedForm):
    reasons, why, words = AskReason, "What is missing?", "Your question"


class DeclineForm(ReasonedForm):
    reasons, why = DeclineReason, "Why?"
    words = "In your words (needed for another reason than those above)"


class InterimForm(FormKeyForm):
    use_required_attribute = False
    answer_by = DateField(
        label="They hear from you by",
        help_text="For example 14-Jul-2026",
        error_messages={"required": "Enter a day, such as 14-Jul-2026."},
    )
