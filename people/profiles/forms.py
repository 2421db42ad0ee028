"""What is asked of a clinic about itself. Nothing has to be filled in before it is published."""

from typing import Any

from django import forms

from people.forms import FormKeyForm, LongText
from people.models import ProfileDraft
from people.profiles.questions import (
    DAYS,
    LONGEST,
    LONGEST_PHONE,
    MOST_REPLY_DAYS,
    MOST_WEEKS,
    QUESTIONS,
    mask_of,
    weekdays_of,
)
from people.profiles.reading import TIMES

YES_NO = [("yes", "Yes"), ("no", "Not at present")]
TIME_ATTRS = {"class": "kc-input--short", "inputmode": "numeric", "autocomplete": "off"}


def _time(label: str, example: str, wrong: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={**TIME_ATTRS, "type": "text"}),
        help_text=f"24 hours, such as {example}",
        error_messages={"invalid": f"Say {wrong} somebody answers, such as {example}."},
    )


def _count(label: str, least: int, most: int, unit: str, hint: str) -> forms.IntegerField:
    wrong = f"Enter the {unit} as a whole number from {least} to {most}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-unit": unit}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


class VersionForm(forms.Form):
    """Which state of the draft somebody read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class PublishForm(VersionForm, FormKeyForm):
    pass


class ProfileForm(VersionForm):
    use_required_attribute = False
    takes_referrals = forms.TypedChoiceField(
        label="Do you take new referrals now?",
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    wait_weeks = _count(
        "How long does a new client usually wait?",
        0,
        MOST_WEEKS,
        "weeks",
        "From the referral to the first appointment; 0 for less than a week. Only if you take "
        "new referrals",
    )
    reply_days = _count(
        "Within how many working days do you answer a referral?",
        1,
        MOST_REPLY_DAYS,
        "working days",
        f"1 to {MOST_REPLY_DAYS}, Monday to Friday. Therapists are told this day with every "
        "referral they send",
    )
    answer_days = forms.MultipleChoiceField(
        label="On which days does somebody answer?",
        choices=[(str(number), day) for number, day in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kc-inline"}),
        required=False,
    )
    answers_from = _time("From", "08:30", "from what time")
    answers_until = _time("Until", "17:00", "until what time")
    phone = forms.CharField(
        label="Phone for questions of therapists",
        required=False,
        max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "kc-input--date"}),
    )

    def __init__(self, *args, draft: ProfileDraft | None, content: dict[str, Any], **kwargs):
        """Filled with `content`: the draft's, or what is published."""
        kwargs["initial"] = {**_shown(content), "version": draft.version if draft else 0}
        super().__init__(*args, **kwargs)
        for name, question in QUESTIONS.items():
            self.fields[name] = LongText(
                label=question.label,
                help_text=question.hint,
                longest=LONGEST,
                rows=6,
                required=False,
            )

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[name] for name in QUESTIONS]

    def content(self) -> dict[str, Any]:
        """As the draft keeps it."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        found["answer_days"] = mask_of([int(each) for each in found["answer_days"]]) or None
        return found | {name: found[name] and f"{found[name]:%H:%M}" for name in TIMES}


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    taking = {True: "yes", False: "no", None: None}[content.get("takes_referrals")]
    days = [str(each) for each in weekdays_of(content.get("answer_days") or 0)]
    return {**content, "takes_referrals": taking, "answer_days": days}
