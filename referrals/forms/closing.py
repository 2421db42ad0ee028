"""What the practice says when it withdraws a referral, takes it back or takes it up again."""

from django import forms

from people.forms import FormKeyForm, LongText
from referrals.enums import CancelReason, ErrorReason
from referrals.forms.drafting import SectionForm


class WithdrawForm(SectionForm):
    reason = forms.ChoiceField(
        label="Why?",
        choices=CancelReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose why you withdraw it.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    text = LongText(
        label="In your words (needed for another reason than those above)",
        help_text="The clinic reads the reason only where a release opens it.",
        longest=2000,
        rows=3,
        required=False,
    )


class InErrorForm(SectionForm):
    reason = forms.ChoiceField(
        label="What went wrong?",
        choices=ErrorReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what went wrong.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    text = LongText(
        label="In your words, if you like",
        help_text="This stays in your practice.",
        longest=2000,
        rows=3,
        required=False,
    )


class ReopenForm(FormKeyForm):
    use_required_attribute = False
    note = LongText(
        label="What has changed since?",
        help_text="The clinic reads this with the new referral.",
        longest=2000,
        required=False,
    )
