"""Who receives: people with accounts, roles at a practice, and contacts without an account."""

from dataclasses import dataclass, field, replace

from django import forms
from django.core.exceptions import ValidationError

from consent.actions.contacts import LONGEST
from consent.actions.drafting import Terms
from consent.models import OutsideContact, Release
from people.enums import OrganizationKind, Role
from people.models import Membership, Organization, User

NOBODY = "Without an account"


@dataclass
class Group:
    """One practice, or the contacts: what can be ticked there, as (key, label, explanation)."""

    title: str
    options: list[tuple[str, str, str]] = field(default_factory=list)


class WhoForm(forms.Form):
    """Who to whom: the clinic discloses; here is ticked who receives."""

    recipients = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Who receives it",
        error_messages={"invalid_choice": "Choose from the list."},
    )

    def __init__(self, *args, release: Release, base: Terms, **kwargs):
        self.base = base
        self.known: dict[str, User | tuple[Organization, str] | OutsideContact] = {}
        self.listed = [*self._practices(release), self._contacts(release)]
        kwargs["initial"] = {"recipients": _keys(base)}
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = [  # type: ignore[attr-defined]
            (key, label) for group in self.listed for key, label, _ in group.options
        ]

    def groups(self) -> list[dict]:
        """For the page: each group with its boxes, numbered as their ids are."""
        ticked, number, found = set(self["recipients"].value() or []), 0, []
        for group in self.listed:
            rows = []
            for key, label, note in group.options:
                box = {"value": key, "label": label, "note": note, "checked": key in ticked}
                rows.append(box | {"id": f"id_recipients_{number}"})
                number += 1
            found.append({"title": group.title, "boxes": rows, "outside": group.title == NOBODY})
        return found

    def terms(self) -> Terms:
        chosen = [self.known[key] for key in self.cleaned_data["recipients"]]
        return replace(
            self.base,
            recipients=[each for each in chosen if isinstance(each, User)],
            roles=[each for each in chosen if isinstance(each, tuple)],
            contacts=[each for each in chosen if isinstance(each, OutsideContact)],
        )

    def _practices(self, release: Release) -> list[Group]:
        """Those that know the client first, then all others by name."""
        members = list(
            Membership.objects.filter(
                ended_at=None, user__is_active=True, organization__kind=OrganizationKind.PRACTICE
            )
            .select_related("organization", "user")
            .order_by("organization__name", "user__name")
        )
        ours = set(release.client.registrations.values_list("organization_id", flat=True))
        members.sort(key=lambda m: m.organization_id not in ours)
        roles = [*self.base.roles, *((m.organization, m.role) for m in members)]
        groups = {m.organization_id: Group(m.organization.name) for m in members}
        for place, role in sorted(roles, key=lambda pair: pair[1]):
            group = groups.setdefault(place.pk, Group(place.name))
            label = f"Any {Role(role).label.lower()} at {place}"
            note = "Whoever has this role there, those who join later too"
            self._offer(group, f"role:{place.pk}:{role}", (place, role), label, note)
        for m in members:
            label = Role(m.role).label
            self._offer(
                groups[m.organization_id], f"person:{m.user_id}", m.user, str(m.user), label
            )
        return list(groups.values())

    def _contacts(self, release: Release) -> Group:
        group = Group(NOBODY)
        contacts = OutsideContact.objects.filter(
            client=release.client_id, clinic=release.organization_id
        )
        for each in contacts.order_by("name"):
            note = ", ".join(filter(None, [each.relation, each.workplace, each.address]))
            self._offer(group, f"contact:{each.pk}", each, each.name, note)
        return group

    def _offer(self, group: Group, key: str, what, label: str, note: str) -> None:
        if key not in self.known:
            self.known[key] = what
            group.options.append((key, label, note))


def _keys(terms: Terms) -> list[str]:
    return [
        *(f"person:{user.pk}" for user in terms.recipients),
        *(f"role:{place.pk}:{role}" for place, role in terms.roles),
        *(f"contact:{contact.pk}" for contact in terms.contacts),
    ]


class ContactForm(forms.Form):
    """Somebody without an account, added to the list. Empty: nobody is added."""

    name = forms.CharField(max_length=LONGEST["name"], required=False, label="Name")
    relation = forms.CharField(
        max_length=LONGEST["relation"],
        required=False,
        label="Who they are to the client",
    )
    workplace = forms.CharField(
        max_length=LONGEST["workplace"],
        required=False,
        label="Where they work",
        widget=forms.TextInput(attrs={"data-optional": True}),
    )
    address = forms.CharField(
        max_length=LONGEST["address"],
        required=False,
        label="Postal address",
        widget=forms.TextInput(attrs={"data-optional": True}),
    )

    def __init__(self, *args, wanted: bool = False, **kwargs):
        kwargs["prefix"] = "contact"
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        for each in self.fields.values():
            each.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict:
        data = super().clean() or {}
        if self.wanted or any(data.values()):
            for name, sentence in (
                ("name", "Enter their name."),
                ("relation", "Say who they are to the client."),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(sentence))
        return data

    @property
    def given(self) -> dict | None:
        """What was typed, or nothing to add."""
        return self.cleaned_data if any(self.cleaned_data.values()) else None
