"""Withdrawing for a client who asked the clinic."""

from django import forms

from consent.enums import AskedHow, RevokedBy
from consent.models import Release, ReleaseRecipient


class RevokeForm(forms.Form):
    """Who asked, how, why, and whether for everybody or for one recipient."""

    recipient = forms.ModelChoiceField(
        ReleaseRecipient.objects.none(),
        required=False,
        label="For whom it ends",
        empty_label="Everybody it names",
    )
    asked_by = forms.ChoiceField(
        choices=RevokedBy.choices, widget=forms.RadioSelect, label="Who asked for it"
    )
    asked_how = forms.ChoiceField(
        choices=[c for c in AskedHow.choices if c[0] != AskedHow.OWN_PAGE],
        widget=forms.RadioSelect,
        label="How they asked",
    )
    reason = forms.CharField(max_length=300, required=False, label="Why it ends, in a few words")

    def __init__(self, *args, release: Release, **kwargs):
        super().__init__(*args, **kwargs)
        named = release.recipients.filter(revoked_at=None).order_by("pk")
        named = named.select_related("user", "organization", "contact")
        self.fields["recipient"].queryset = named  # type: ignore[attr-defined]
        if len(named) < 2:
            del self.fields["recipient"]

    def done(self) -> str:
        """What has come about, for whoever pressed the button."""
        recipient = self.cleaned_data.get("recipient")
        if recipient is None:
            return "Withdrawn. Nobody can read anything on this release now."
        return f"Withdrawn for {recipient}. The others it names can still read."
