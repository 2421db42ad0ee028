"""Transcribing a signed paper, and verifying it."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from consent.actions.transcripts import Transcript
from consent.enums import Signer
from consent.forms.signing import offered_to_client
from consent.models import Release, Signed
from people.forms import DateField
from people.scans import MOST_BYTES, TOO_BIG

NO_FILE = "Choose the scan: a PDF of at most 5 MB."
AS_WRITTEN = {"autocomplete": "off"}


class PaperForm(forms.Form):
    """What stands on the paper, copied by hand. Nothing is ticked or filled in beforehand."""

    scan = forms.FileField(
        label="Scan of the signed paper",
        help_text="A PDF of at most 5 MB and 20 pages",
        error_messages={"required": NO_FILE, "empty": NO_FILE},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    code = forms.CharField(
        max_length=20,
        label="Code at the foot of the paper",
        help_text="Eight letters and digits",
        widget=forms.TextInput(attrs={**AS_WRITTEN, "class": "kc-input--code"}),
    )
    agreed = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No, or both, or none")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        label="Box ticked above the signature",
    )
    signer = forms.ChoiceField(choices=Signer.choices, widget=forms.RadioSelect, label="Who signed")
    signer_name = forms.CharField(
        max_length=160,
        label="Name in print, as it stands there",
        help_text="Also where the record has another name: whoever verifies it is shown both",
        widget=forms.TextInput(attrs=AS_WRITTEN),
    )
    signer_authority = forms.CharField(
        max_length=160,
        required=False,
        label="What gives a representative the right to sign",
        widget=forms.TextInput(attrs={**AS_WRITTEN, "data-optional": True}),
    )
    signed_on = DateField(label="Date beside the signature", ahead=-1)
    witness_name = forms.CharField(
        max_length=160, label="Name of the witness", widget=forms.TextInput(attrs=AS_WRITTEN)
    )

    def __init__(self, *args, signed: Signed, **kwargs):
        super().__init__(*args, **kwargs)
        if not signed.witness_required:
            del self.fields["witness_name"]

    def clean_scan(self) -> bytes:
        scan = self.cleaned_data["scan"]
        if scan.size > MOST_BYTES:
            raise ValidationError(TOO_BIG)
        return scan.read()

    def transcript(self) -> Transcript:
        return Transcript(**self.cleaned_data)


class ReleasePaperForm(PaperForm):
    """With the boxes that the client ticked."""

    shared = forms.MultipleChoiceField(
        required=False,
        label="Boxes ticked on the paper",
        help_text="Leave out what the client left empty or crossed out",
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("scan", "code", "shared")

    def __init__(self, *args, release: Release, **kwargs):
        super().__init__(*args, signed=release, **kwargs)
        self.fields["shared"].choices = [  # type: ignore[attr-defined]
            (row["value"], f"{row['label']}, {'to them' if row['out'] else 'to the clinic'}")
            for row in offered_to_client(release)
        ]

    def transcript(self) -> Transcript:
        given = dict(self.cleaned_data)
        pairs = [value.split(":", 1) for value in given.pop("shared")]
        return Transcript(shared=[(way, category) for way, category in pairs], **given)


class Decision(TextChoices):
    ACCEPT = "accept", "I compared the two: they say the same. Put it in force"
    REJECT = "reject", "Something differs or is missing. Send it back"


class VerifyForm(forms.Form):
    """What a second administrator found."""

    decision = forms.ChoiceField(
        choices=Decision.choices, widget=forms.RadioSelect, label="What you found"
    )
    reason = forms.CharField(
        max_length=300,
        required=False,
        label="What differs",
        help_text="Needed only when you send it back",
        widget=forms.TextInput(attrs={"data-optional": True}),
    )
