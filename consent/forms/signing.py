"""The client's form. It checks single values; the actions hold the rules."""

import json
from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError

from consent.actions.signatures import Signature
from consent.documents.strokes import Strokes, check_strokes
from consent.enums import EXPLANATIONS, IN_THEIR_WORDS, Category, Direction, Signer
from consent.models import Release, Signed

# What each category is to the client; its name in the signed text stands below.


class StrokesField(forms.JSONField):
    """A drawn signature, as the pad sends it."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            strokes = super().clean(value) or []
        except (ValidationError, RecursionError):
            strokes = [None]
        if problem := check_strokes(strokes):
            raise ValidationError(problem)
        return strokes

    def bound_data(self, data, initial):
        """What is shown again; nothing of what is nested too deeply to be a drawing."""
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return []

    def prepare_value(self, value):
        return value if isinstance(value, str) else json.dumps(value or [])


class SignForm(forms.Form):
    """The signature of the client or their representative, typed or drawn."""

    signer = forms.ChoiceField(
        widget=forms.RadioSelect, label="Who signs", initial=Signer.CLIENT.value
    )
    signer_authority = forms.CharField(
        max_length=160,
        required=False,
        label="What gives you the right to sign",
        help_text="For example parent, guardian, or health care power of attorney",
    )
    signer_name = forms.CharField(
        max_length=160,
        required=False,
        label="Your full name",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    drawn = StrokesField(required=False)
    witness_name = forms.CharField(
        max_length=160,
        required=False,
        label="Full name of the witness",
        help_text="Somebody who sees you sign",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    electronic_agreed = forms.BooleanField(required=False)

    def __init__(self, *args, signed: Signed, agreement: str, **kwargs):
        """`agreement`: what the client ticks before signing on a screen."""
        super().__init__(*args, **kwargs)
        name = signed.client.full_name
        self.fields["signer"].choices = [  # type: ignore[attr-defined]
            (Signer.CLIENT.value, f"I am {name}"),
            (Signer.REPRESENTATIVE.value, f"I sign for {name}, as their personal representative"),
        ]
        self.fields["electronic_agreed"].label = agreement
        if not signed.witness_required:
            del self.fields["witness_name"]

    def signature(self) -> Signature:
        return Signature(**self.cleaned_data)

    @property
    def strokes(self) -> Strokes:
        """What was drawn, to be drawn again when the form comes back."""
        return getattr(self, "cleaned_data", {}).get("drawn") or []


def offered_to_client(release: Release, ticked: Collection[str] = ()) -> list[dict]:
    """The categories that a client decides on, with what each opens and does not."""
    rows = sorted(
        release.categories.all(), key=lambda r: (r.direction != Direction.OUT, _order(r.category))
    )
    offered = []
    for row in rows:
        value, category = f"{row.direction}:{row.category}", Category(row.category)
        holds, example, closed = EXPLANATIONS[category]
        offered.append(
            {
                "value": value,
                "label": category.label,
                "in_their_words": IN_THEIR_WORDS[category],
                "holds": holds,
                "example": example,
                "closed": closed,
                "out": row.direction == Direction.OUT,
                "shared": value in ticked,
            }
        )
    return offered


def _order(category: str) -> int:
    return list(Category).index(Category(category))
