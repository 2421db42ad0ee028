"""Preparing a consent to treatment, and noting that the client withdrew it."""

from django import forms

from consent.actions.treatment import USUAL_LENGTH
from consent.enums import AskedHow, RevokedBy
from people.enums import Role
from people.forms import DateField, FormKeyForm
from people.models import Organization, User


class PrepareForm(FormKeyForm):
    """Who explained the treatment and when, until when the consent holds, whether one watches."""

    explained_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Prescriber who explained the treatment",
        help_text="Risks, benefits, alternatives and off-label use. The client signs that they did",
        empty_label="Choose the prescriber",
    )
    explained_on = DateField(label="Day of that talk", ahead=-1)
    last_day = DateField(
        label="Last day on which the consent holds", help_text="Usually one year: {}", ahead=365
    )
    witness_required = forms.BooleanField(required=False, label="Ask for a witness")

    def __init__(self, *args, clinic: Organization, by: User, **kwargs):
        prescribers = User.objects.filter(
            memberships__organization=clinic,
            memberships__role=Role.PRESCRIBER,
            memberships__ended_at=None,
        ).order_by("name")
        kwargs["initial"] = {
            "explained_by": by if by in prescribers else None,
            "last_day": clinic.today + USUAL_LENGTH,
        }
        super().__init__(*args, **kwargs)
        self.fields["explained_by"].queryset = prescribers  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """What the client told the staff. The clinic itself withdraws nobody's consent."""

    asked_by = forms.ChoiceField(
        choices=[c for c in RevokedBy.choices if c[0] != RevokedBy.CLINIC],
        widget=forms.RadioSelect,
        label="Who withdraws it",
    )
    asked_how = forms.ChoiceField(
        choices=[c for c in AskedHow.choices if c[0] != AskedHow.OWN_PAGE],
        widget=forms.RadioSelect,
        label="How they told us",
    )
    reason = forms.CharField(
        max_length=300, required=False, label="What they told us, in a few words"
    )
