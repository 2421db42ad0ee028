"""Raising an emergency notice in four answers, and saying what was done."""

from django import forms

from consent.enums import EmergencyBasis
from people.forms import FormKeyForm, LongText
from sessions.actions.notices import LONGEST, MISSING
from sessions.forms.care import line
from sessions.notices import Callee

# Both reasons in the words of the law's own test.
BASES = [
    (EmergencyBasis.MEDICAL, "Medical emergency: the client’s life or health is in danger"),
    (
        EmergencyBasis.THREAT,
        "Serious and imminent threat to somebody: I believe in good faith that telling can "
        "prevent or lessen it",
    ),
]


class NoticeForm(FormKeyForm):
    """Nothing is chosen beforehand, and nothing but this is asked."""

    basis = forms.ChoiceField(
        label="What kind of emergency is it?",
        choices=BASES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of emergency it is."},
    )
    what = line(
        "What happened",
        LONGEST["what"],
        help_text="One line: what others must know to help, and no more",
        error_messages={"required": MISSING["what"]},
    )
    called = forms.MultipleChoiceField(
        label="Who is called",
        widget=forms.CheckboxSelectMultiple,
        help_text="kapcare does not dial. It tells those who have an account",
        error_messages={"required": "Choose who is called."},
    )
    substance_use = forms.BooleanField(
        label="My line tells of substance-use records (42 CFR Part 2)",
        required=False,
        help_text="Outside your house, medical personnel alone then read it",
    )

    def __init__(self, *args, callees: list[Callee], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["called"].choices = [  # type: ignore[attr-defined]
            (each.key, f"{each.name}: {each.phone or 'no phone recorded'}") for each in callees
        ]


class AcknowledgeForm(forms.Form):
    done = LongText(
        longest=LONGEST["done"],
        rows=3,
        label="What was done",
        help_text="Such as: I reached her sister, who stays with her; ambulance called at 14:10",
        error_messages={"required": MISSING["done"]},
    )
