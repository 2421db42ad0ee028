"""Inviting, accepting, asking to join, looking a licence up, ending a membership."""

from django import forms
from django.contrib.auth import password_validation
from django.db.models import QuerySet

from people.enums import (
    CLINIC_ROLES,
    LICENSED_ROLES,
    PRACTICE_ROLES,
    LicenceKind,
    LookupResult,
    OrganizationKind,
    Role,
)
from people.forms import DateField, FormKeyForm
from people.models import Invitation, Membership, Organization

EMAIL = {"invalid": "Enter an email address such as name@example.org."}
NEW, OPTIONAL = "new", {"data-optional": True}


def roles(wanted: frozenset[Role]) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in Role if role in wanted]


class LicenceFields(forms.Form):
    """What stands on a licence."""

    kind = forms.ChoiceField(
        label="Licence",
        choices=[("", "Choose"), *LicenceKind.choices],
        error_messages={"required": "Choose the licence."},
    )
    number = forms.CharField(label="Number", max_length=40, help_text="As it stands on it")
    issuer = forms.CharField(
        label="Issued by", max_length=80, help_text="The state or board, such as New York"
    )
    expires_on = DateField(
        label="Valid through", help_text="The last day on which it is valid, such as 14-Jul-2027"
    )
    LICENCE = ("kind", "number", "issuer", "expires_on")

    def licence(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.LICENCE}


class StateLicenceForm(LicenceFields, FormKeyForm):
    """A licence that somebody of a practice states."""


class PracticeFields(forms.Form):
    """Which practice: one that works with the clinic, or a new one by its name."""

    place = forms.ChoiceField(label="Practice")
    practice_name = forms.CharField(
        label="Name of the new practice",
        max_length=120,
        required=False,
        help_text="Only for a new one",
    )
    address = forms.CharField(
        label="Address of the new practice",
        max_length=200,
        required=False,
        help_text="It stands in the client’s list of who received what",
        widget=forms.TextInput(attrs=dict(OPTIONAL)),
    )

    def __init__(self, *args, practices: QuerySet[Organization], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.practices = {str(each.pk): each for each in practices}
        field = self.fields["place"]
        listed = [(key, each.name) for key, each in self.practices.items()]
        field.choices = [*self.first_places(), *listed, (NEW, "A new practice")]  # type: ignore[attr-defined]

    def first_places(self) -> list[tuple[str, str]]:
        return []

    def where(self) -> dict:
        """`place` or `new_practice`, as the action takes them."""
        data = self.cleaned_data
        if data["place"] == NEW:
            return {"new_practice": {k: data[k] for k in ("practice_name", "address")}}
        return {"place": self.practices[data["place"]]}


class InviteForm(PracticeFields, FormKeyForm):
    """To the administrator's own clinic, or to a practice."""

    name = forms.CharField(label="Name", max_length=120, help_text="They can correct it")
    email = forms.EmailField(
        label="Email address",
        error_messages=EMAIL,
        help_text="Their own: the link goes there, and they sign in with it",
    )
    place = forms.ChoiceField(label="Where they work")
    role = forms.ChoiceField(label="Role")
    field_order = ["form_key", "name", "email", "place", "practice_name", "address", "role"]

    def __init__(self, *args, clinic: Organization, **kwargs) -> None:
        self.clinic = clinic
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            (clinic.name, roles(CLINIC_ROLES)),
            ("A practice", roles(PRACTICE_ROLES)),
        ]

    def first_places(self) -> list[tuple[str, str]]:
        return [(str(self.clinic.pk), self.clinic.name)]

    def where(self) -> dict:
        if self.cleaned_data["place"] == str(self.clinic.pk):
            return {"place": self.clinic}
        return super().where()


class InviteColleagueForm(FormKeyForm):
    name = forms.CharField(label="Name", max_length=120, help_text="They can correct it")
    email = forms.EmailField(
        label="Email address",
        error_messages=EMAIL,
        help_text="Their own: the link goes there, and they sign in with it",
    )
    role = forms.ChoiceField(
        label="Role", choices=roles(PRACTICE_ROLES), widget=forms.RadioSelect, initial="therapist"
    )


class AskForm(LicenceFields, FormKeyForm):
    """Asked without an account."""

    clinic = forms.ModelChoiceField(
        Organization.objects.filter(kind=OrganizationKind.CLINIC).order_by("name"),
        label="Which clinic",
        empty_label="Choose a clinic",
        error_messages={"invalid_choice": "Choose a clinic from the list."},
    )
    name = forms.CharField(label="Your name", max_length=120, min_length=2)
    credentials = forms.CharField(
        label="Letters after your name",
        max_length=40,
        required=False,
        help_text="Such as LCSW",
        widget=forms.TextInput(attrs=dict(OPTIONAL)),
    )
    email = forms.EmailField(label="Your email address", error_messages=EMAIL)
    practice = forms.CharField(label="Your practice", max_length=120)
    ASKED = ("name", "credentials", "email", "practice")
    field_order = ["form_key", "clinic", *ASKED, *LicenceFields.LICENCE]

    def content(self) -> dict:
        return {name: self.cleaned_data[name] for name in (*self.ASKED, *self.LICENCE)}


class ApproveForm(PracticeFields, FormKeyForm):
    role = forms.ChoiceField(
        label="Role", choices=roles(PRACTICE_ROLES), widget=forms.RadioSelect, initial="therapist"
    )
    field_order = ["form_key", "place", "practice_name", "address", "role"]


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        max_length=300,
        help_text="For the clinic’s own record. The mail to them gives no reason.",
        error_messages={"required": "Say in a few words why, for the clinic’s record."},
    )


class AcceptForm(LicenceFields):
    """Who joins: the licence for whoever has one, name and password for a new account."""

    name = forms.CharField(label="Your name", max_length=120, min_length=2)
    credentials = forms.CharField(
        label="Letters after your name",
        max_length=40,
        required=False,
        help_text="Such as LCSW",
        widget=forms.TextInput(attrs=dict(OPTIONAL)),
    )
    password1 = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=" ".join(password_validation.password_validators_help_texts()[1:2]),
    )
    password2 = forms.CharField(
        label="Password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    ACCOUNT = ("name", "credentials", "password1", "password2")
    field_order = ["name", "credentials", *LicenceFields.LICENCE, "password1", "password2"]

    def __init__(self, *args, invitation: Invitation, has_account: bool, **kwargs) -> None:
        kwargs["initial"] = _known(invitation)
        super().__init__(*args, **kwargs)
        self.licensed = invitation.role in LICENSED_ROLES
        left_out = [
            *(() if self.licensed else self.LICENCE),
            *(self.ACCOUNT if has_account else ()),
        ]
        for each in left_out:
            del self.fields[each]

    def clean(self):
        data = super().clean() or {}
        if data.get("password1") and data.get("password2", "") != data["password1"]:
            self.add_error("password2", "The two passwords differ. Type the same one twice.")
        return data

    def content(self) -> dict:
        """What `accept_invitation` takes."""
        data = self.cleaned_data
        account = {name: data.get(name, "") for name in ("name", "credentials")}
        account["password"] = data.get("password1", "")
        return account | {"licence": self.licence() if self.licensed else None}


def _known(invitation: Invitation) -> dict:
    """What they told before, or whoever invites them: each may be corrected."""
    asked = invitation.request
    if asked is None:
        return {"name": invitation.name}
    told = (*AskForm.ASKED[:2], *LicenceFields.LICENCE)
    return {name: getattr(asked, name) for name in told}


class LookupForm(FormKeyForm):
    """What a clinic found."""

    result = forms.ChoiceField(
        label="What did you find?",
        choices=LookupResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you found."},
    )
    source = forms.CharField(
        label="Where did you look it up?",
        max_length=120,
        help_text="The register, such as: New York Office of the Professions, online",
    )
    looked_up_on = DateField(label="When?", help_text="For example 14-Jul-2026")
    valid_until = DateField(
        label="Valid until",
        required=False,
        help_text="The last day, as the register says; empty if it was not confirmed",
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=roles(CLINIC_ROLES))


class EndForm(forms.Form):
    """Who takes over, where somebody has to be chosen."""

    successor = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Who takes over the referrals?",
        empty_label="Choose a colleague",
        required=False,
        error_messages={"invalid_choice": "Choose a therapist of the practice."},
    )

    def __init__(self, *args, possible: QuerySet[Membership], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if possible.count() < 2:
            del self.fields["successor"]
            return
        field = self.fields["successor"]
        field.queryset = possible  # type: ignore[attr-defined]
        field.label_from_instance = lambda member: str(member.user)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Membership | None:
        return self.cleaned_data.get("successor")
