"""What is asked on the screens of a referral. At most twenty fields in all."""

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from people.enums import OrganizationKind, SafeContact
from people.forms import BirthDateField, DateField, FormKeyForm, LongText
from people.models import Client, ClinicProfile, Organization
from referrals.enums import FIT_KINDS, Agreement, Answer, Collaboration, ContextKind, ReferralState
from referrals.models import Referral


class IdentityForm(forms.ModelForm):
    """Who the client is. Whether a clinic knows them already is neither asked nor told."""

    use_required_attribute = False
    date_of_birth = BirthDateField(label="Date of birth")
    safe_contact = forms.ChoiceField(
        label="How can they be reached safely?",
        choices=SafeContact.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )

    class Meta:
        model = Client
        fields = ["first_name", "last_name", "date_of_birth", "phone", "email", "safe_contact"]
        labels = {"first_name": "First name", "last_name": "Last name", "email": "Email address"}
        help_texts = {
            "phone": "Or an email address, or both",
            "email": "Or a phone number, or both",
        }
        error_messages = {
            "first_name": {"required": "Enter the first name."},
            "last_name": {"required": "Enter the last name."},
            "email": {"invalid": "Enter an email address such as name@example.org."},
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date_of_birth"].error_messages["required"] = "Enter the date of birth."
        for name in ("first_name", "last_name", "phone", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def _post_clean(self) -> None:
        """Nothing is put on the record here: the action does that, and checks the whole of it."""


class ClinicField(forms.ModelChoiceField):
    """Says of a clinic where it takes nobody now; to refer all the same stays possible."""

    @cached_property
    def closed(self) -> set[int]:
        rows = ClinicProfile.objects.newest().filter(takes_referrals=False)
        return set(rows.values_list("organization_id", flat=True))

    def label_from_instance(self, obj: Organization) -> str:
        return f"{obj}, takes no new referrals at present" if obj.pk in self.closed else str(obj)


class NewReferralForm(IdentityForm, FormKeyForm):
    """The client, and where they are referred to: asked only where there is a choice."""

    clinic = ClinicField(
        Organization.objects.none(), label="Refer to", empty_label="Choose a clinic"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        clinics = Organization.objects.filter(kind=OrganizationKind.CLINIC).order_by("name")
        field = self.fields["clinic"]
        field.queryset = clinics  # type: ignore[attr-defined]
        found = list(clinics[:2])
        self.only_clinic = found[0] if len(found) == 1 else None
        if self.only_clinic:
            self.initial["clinic"], field.widget = self.only_clinic, forms.HiddenInput()

    def identity(self) -> dict:
        return {name: self.cleaned_data[name] for name in IdentityForm.Meta.fields}


class SectionForm(forms.Form):
    """What may be left open for now; sending asks for it, not the field."""

    use_required_attribute = False


class ReasonForm(SectionForm):
    reason = LongText(
        label="Why do you refer this client?",
        help_text="The clinic reads this with the referral.",
        longest=4000,
        required=False,
    )
    goals = LongText(
        label="What do they hope for?",
        help_text="Goals, in their words where you can. Opens to the clinic with a release.",
        longest=8000,
        required=False,
    )


class FitForm(SectionForm):
    """Four questions, none answered beforehand."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for kind in FIT_KINDS:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=Answer.choices,
                widget=forms.RadioSelect(attrs={"class": "kc-inline"}),
                required=False,
                error_messages={"invalid_choice": "Answer yes, no or not known."},
            )


class ContextForm(SectionForm):
    history = LongText(label=ContextKind.HISTORY.label, longest=8000, required=False)
    risk = LongText(label=ContextKind.RISK.label, longest=8000, required=False)
    contraindications = LongText(
        label=ContextKind.CONTRAINDICATIONS.label,
        help_text="For example heart disease, high blood pressure, psychosis, pregnancy",
        longest=8000,
        required=False,
    )
    medicines = LongText(
        label=ContextKind.MEDICINES.label, help_text="With dose", longest=8000, required=False
    )
    substance_use = forms.BooleanField(
        label="This part contains substance-use records",
        help_text="Records of a substance-use program (42 CFR Part 2). They stay shut unless the "
        "client’s release names them as such.",
        required=False,
    )


class CollaborationForm(SectionForm):
    collaboration = forms.ChoiceField(
        label="Who prepares and integrates?",
        choices=Collaboration.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )


class AgreementForm(SectionForm):
    agreement = forms.ChoiceField(
        label="How did the client agree to being referred?",
        choices=Agreement.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    agreed_on = DateField(label="On which day?", required=False, ahead=-1)

    def clean_agreed_on(self):
        agreed = self.cleaned_data["agreed_on"]
        if agreed and agreed > timezone.localdate():
            raise forms.ValidationError("This date is in the future.")
        return agreed


class VersionForm(forms.Form):
    """Which saved state of the draft somebody has in front of them."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class AnswerForm(SectionForm):
    """What the practice answers, when the clinic asked."""

    text = LongText(label="Your answer", longest=8000, rows=6, required=False)


class QueueForm(forms.Form):
    """Which referrals, and after which one the next page begins."""

    WAITING = "waiting"

    state = forms.ChoiceField(
        choices=[
            (WAITING, "Waiting for an answer"),
            (ReferralState.ACCEPTED, "Accepted"),
            (ReferralState.IN_PROGRESS, "In progress"),
            (ReferralState.COMPLETED, "Completed"),
            (ReferralState.DECLINED, "Declined"),
            (ReferralState.CANCELLED, "Withdrawn"),
            (ReferralState.LAPSED, "Closed unanswered"),
            (ReferralState.IN_ERROR, "In error"),
        ],
        required=False,
    )
    after = forms.ModelChoiceField(Referral.objects.none(), required=False)

    def __init__(self, *args, rows, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = rows  # type: ignore[attr-defined]
