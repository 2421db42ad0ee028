"""What is asked on the templates of messages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consent.enums import EXPLANATIONS, Category
from people.forms import FormKeyForm, LongText
from people.scans import MOST_BYTES, TOO_BIG
from referrals.actions.messages import LONGEST
from referrals.enums import Adherence, MessageKind, Side
from referrals.messages import MISSING, OPTIONAL, choices_of_category, fields_of

ASKED = {
    "themes": ("Themes", "What is being worked on. No transcript, and nothing of others"),
    "mental_status": ("Mental status", "Mood, orientation, sleep, safety, as you saw it last"),
    "readiness": ("Readiness", "For the coming dose, and what gives you pause"),
    "stressors": ("Stressors", "What presses on them at present"),
}
PLACES = {
    MessageKind.SCHEDULING: "Dates and times that suit, or no longer do",
    MessageKind.AFTERCARE: "What comes next, and what to look after until then",
}


class ComposeForm(forms.Form):
    """One template, for one side. What it says is kept as a draft before it is sent."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answers = forms.IntegerField(widget=forms.HiddenInput, required=False)
    urgent = forms.BooleanField(
        label="Urgent", required=False, help_text="For an emergency, raise an emergency notice"
    )
    substance_use = forms.BooleanField(
        label="It holds substance-use records (42 CFR Part 2)",
        required=False,
        help_text="Stays closed unless a release names them as well",
    )

    def __init__(self, *args, kind: MessageKind, side: Side, whole: bool = True, **kwargs) -> None:
        """`whole`: it is to be sent, so that nothing may be missing."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in fields_of(kind):
            self.fields[name] = self._field(name)
        choices = choices_of_category(side, kind)
        if len(choices) > 1:
            self.fields["category"] = _category(choices)
        last = ("category", "urgent", "substance_use")
        self.order_fields(["version", "answers", *fields_of(kind), *last])
        for field in self.fields.values():
            field.required = field.required and whole

    def _field(self, name: str) -> forms.Field:
        if name == "adherence":
            return _choice("Are medicines taken?", Adherence.choices, MISSING[name])
        whole = self.kind == MessageKind.CHECK_IN
        if name == "text":
            label = "Anything else" if whole else "Message"
            return _words(label, PLACES.get(self.kind, ""), MISSING[name], required=not whole)
        label, hint = ASKED[name]
        return _words(label, hint, MISSING.get(name, ""), required=name not in OPTIONAL)

    def content(self) -> dict[str, Any]:
        """What the action keeps."""
        return {**self.cleaned_data, "kind": self.kind.value}


def _words(label: str, hint: str, missing: str, *, required: bool) -> LongText:
    attrs: dict[str, Any] = {"rows": 3} | ({} if required else {"data-optional": True})
    return LongText(
        longest=LONGEST,
        label=label,
        help_text=hint,
        required=required,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs=attrs),
    )


def _choice(label: str, choices, missing: str, **kwargs) -> forms.ChoiceField:
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors, **kwargs
    )


def _category(choices: tuple[Category, ...]) -> forms.ChoiceField:
    named = [(c.value, f"{c.label}: {EXPLANATIONS[c][0].lower()}") for c in choices]
    hint = "A release opens it to the other side by this"
    return _choice("What is it about?", named, MISSING["category"], help_text=hint)


class SendForm(FormKeyForm):
    """The last step: as it was looked at, with a PDF or without."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pdf = forms.FileField(
        label="Attach a PDF",
        help_text="At most 5 MB and 20 pages, without links or forms inside",
        required=False,
        error_messages={"empty": "This file is empty. Choose another one."},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "data-optional": True}),
    )

    def clean_pdf(self) -> bytes | None:
        upload = self.cleaned_data["pdf"]
        if not upload:
            return None
        if upload.size > MOST_BYTES:
            raise ValidationError(TOO_BIG)
        return upload.read()
