"""The administrator's and the client's forms. They check single values; actions hold the rules."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from consent.actions import Terms
from consent.enums import (
    EXPLANATIONS,
    IN_CATEGORIES,
    OUT_CATEGORIES,
    Category,
    Direction,
    Effect,
    Purpose,
    RevokedBy,
    Sensitivity,
    Signer,
)
from consent.models import Release
from people.enums import OrganizationKind
from people.formats import last_moment
from people.forms import DateField, FormKeyForm
from people.models import Client, Organization, User

EXAMPLE = "For example 14-Jul-2027"


def explained(categories) -> list[tuple[str, str]]:
    return [(c.value, c.label) for c in categories]


class NewReleaseForm(FormKeyForm):
    """Whose information is it? Only clients who were referred to the clinic."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label="Client", empty_label="Choose a client"
    )

    def __init__(self, *args, organization: Organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.filter(  # type: ignore[attr-defined]
            registrations__organization=organization
        ).order_by("last_name", "first_name")


class TermsForm(forms.Form):
    """What a draft says. Nothing is ticked beforehand."""

    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Who receives it",
        help_text="People of outside practices, by name.",
    )
    out_categories = forms.MultipleChoiceField(
        choices=explained(OUT_CATEGORIES),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="What the clinic may send them",
    )
    in_categories = forms.MultipleChoiceField(
        choices=explained(IN_CATEGORIES),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="What they may send the clinic",
    )
    sensitivities = forms.MultipleChoiceField(
        choices=Sensitivity.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Specially protected",
        help_text="Stays shut unless ticked here as well as its category.",
    )
    purposes = forms.MultipleChoiceField(
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Why",
    )
    in_their_words = forms.CharField(
        max_length=200, required=False, label="In the client’s own words"
    )
    last_day = DateField(required=False, help_text=EXAMPLE, label="Last day on which it holds")
    first_day = DateField(required=False, help_text=EXAMPLE, label="First day")
    service_first_day = DateField(
        required=False, help_text=EXAMPLE, label="Only what happened from"
    )
    service_last_day = DateField(
        required=False, help_text=EXAMPLE, label="Only what happened until"
    )
    revocation_how = forms.CharField(
        max_length=300,
        required=False,
        label="How the client can withdraw it in writing",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    # which fields the actions speak of under another name
    NAMES = {"until": "last_day", "starts_at": "first_day", "service_until": "service_last_day"}

    def __init__(self, *args, release: Release, **kwargs):
        kwargs.setdefault("initial", _initial(release))
        super().__init__(*args, **kwargs)
        people = User.objects.filter(
            memberships__ended_at=None,
            memberships__organization__kind=OrganizationKind.PRACTICE,
            is_active=True,
        )
        field = self.fields["recipients"]
        field.queryset = people.order_by("name")  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """The cleaned form as terms; last days become the first moment after them."""
        data = self.cleaned_data
        return Terms(
            recipients=list(data["recipients"]),
            out_categories=data["out_categories"],
            in_categories=data["in_categories"],
            sensitivities=data["sensitivities"],
            purposes=dict.fromkeys(data["purposes"], data["in_their_words"]),
            until=_day_after(data["last_day"]),
            starts_at=_start(data["first_day"]),
            service_from=_start(data["service_first_day"]),
            service_until=_day_after(data["service_last_day"]),
            revocation_how=data["revocation_how"],
        )


class SignForm(forms.Form):
    """The client's signature on the clinic's screen."""

    shown_sha256 = forms.CharField(widget=forms.HiddenInput)
    signer = forms.ChoiceField(
        choices=Signer.choices, widget=forms.RadioSelect, label="Who signs", initial=Signer.CLIENT
    )
    signer_name = forms.CharField(
        max_length=160,
        required=False,
        label="Your full name",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signer_authority = forms.CharField(
        max_length=160, required=False, label="If you sign for the client: what gives you the right"
    )
    electronic_agreed = forms.BooleanField(
        required=False,
        label="I agree to sign on this screen. I can ask for paper instead.",
    )


class RevokeForm(forms.Form):
    asked_by = forms.ChoiceField(
        choices=RevokedBy.choices, widget=forms.RadioSelect, label="Who asked for it"
    )
    reason = forms.CharField(
        max_length=300,
        required=False,
        label="Why it ends, in a few words",
    )


def offered_to_client(release: Release) -> list[dict]:
    """The categories that a client decides on, with an example each, for the signing page."""
    rows = sorted(release.categories.all(), key=lambda r: (r.direction, _order(r.category)))
    return [
        {
            "value": f"{row.direction}:{row.category}",
            "label": Category(row.category).label,
            "holds": EXPLANATIONS[Category(row.category)][0],
            "example": EXPLANATIONS[Category(row.category)][1],
            "out": row.direction == Direction.OUT,
            "shared": row.effect == Effect.PERMIT,
        }
        for row in rows
    ]


def _order(category: str) -> int:
    return list(Category).index(Category(category))


def _named(user: User) -> str:
    membership = user.membership
    return f"{user}, {membership.organization}" if membership else str(user)


def _initial(release: Release) -> dict:
    def day(moment: datetime | None):
        return timezone.localdate(moment) if moment else None

    def last_day(moment: datetime | None):
        return day(last_moment(moment)) if moment else None

    chosen = list(release.categories.all())
    purposes = list(release.purposes.all())
    return {
        "recipients": [r.user_id for r in release.recipients.all()],
        "out_categories": [c.category for c in chosen if c.direction == Direction.OUT],
        "in_categories": [c.category for c in chosen if c.direction == Direction.IN],
        "sensitivities": sorted(release.sensitivities),
        "purposes": [p.purpose for p in purposes],
        "in_their_words": purposes[0].in_their_words if purposes else "",
        "last_day": last_day(release.until),
        "first_day": day(release.starts_at),
        "service_first_day": day(release.service_from),
        "service_last_day": last_day(release.service_until),
        "revocation_how": release.revocation_how,
    }


def _start(value) -> datetime | None:
    return timezone.make_aware(datetime.combine(value, time())) if value else None


def _day_after(value) -> datetime | None:
    return _start(value + timedelta(days=1)) if value else None
