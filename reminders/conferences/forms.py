"""How often a clinic confers; the agenda, who was there, and decisions."""

from collections.abc import Iterable
from datetime import time

from django import forms
from django.db.models import QuerySet

from consent.enums import Category
from people.forms import DateField, FormKeyForm
from people.models import Membership, User
from referrals.models import Referral
from reminders.models import SAID_OF
from reminders.models.conferences import LONGEST, SHORTEST, WEEKS
from sessions.forms.care import line, number, words

ABOUT = [("", "Choose what it is about"), *((each.value, each.label) for each in SAID_OF)]
SUBSTANCE_USE = "It tells of substance use (42 CFR Part 2)"
AHEAD = 7  # days: the usual time for a decision


class SeriesForm(FormKeyForm):
    first_on = DateField(
        label="The first one is on",
        ahead=AHEAD,
        help_text="For example {}. The others follow on the same weekday.",
    )
    at_time = forms.TimeField(
        label="At",
        help_text="For example 12:30, in the clinic’s own time",
        input_formats=["%H:%M", "%I:%M %p", "%I:%M%p"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time such as 12:30."},
    )
    every_weeks = forms.TypedChoiceField(
        label="How often", choices=list(WEEKS.items()), coerce=int, widget=forms.RadioSelect
    )
    minutes = number("It lasts", SHORTEST, LONGEST, "minutes")
    place = line("Where, or how to join", 200, help_text="Who is invited from outside reads it")

    def clean_at_time(self) -> time:
        return self.cleaned_data["at_time"].replace(second=0, microsecond=0)

    def content(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class EndSeriesForm(forms.Form):
    last_on = DateField(label="The last day on which one is held", ahead=AHEAD)


class WhyForm(forms.Form):
    why = line("Why", 200, help_text="It stays at the clinic")


class SaidForm(FormKeyForm):
    """What it is about decides whom outside the clinic a release lets read it."""

    category = forms.ChoiceField(
        label="About",
        choices=ABOUT,
        initial=Category.INTEGRATION,
        help_text="Therapists outside the clinic read it where the client’s release opens this",
    )
    substance_use = forms.BooleanField(label=SUBSTANCE_USE, required=False)


class AddForm(SaidForm):
    referral = forms.ModelChoiceField(
        Referral.objects.none(), label="Client", empty_label="Choose a client"
    )
    why = words("Why the team should talk about them", 300, rows=2)
    field_order = ("form_key", "referral", "why", "category", "substance_use")

    def __init__(self, *args, cases: QuerySet[Referral], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["referral"]
        field.queryset = cases  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(referral: Referral) -> str:
    return f"{referral.client}, {referral.reference}, {referral.practice}"


class PeopleForm(forms.Form):
    """Some of those who are listed, or nobody."""

    people = forms.TypedMultipleChoiceField(
        label="Who", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, members: Iterable[Membership], label: str, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.label = label
        field.choices = [(each.user_id, _with_role(each)) for each in members]  # type: ignore[attr-defined]


def _with_role(member: Membership) -> str:
    place = "" if member.organization.is_clinic else f", {member.organization}"
    return f"{member.user}, {member.get_role_display()}{place}"


class DecisionForm(SaidForm):
    text = words("What is to be done", 300, rows=2)
    owner = forms.ModelChoiceField(User.objects.none(), label="By whom", empty_label="Choose")
    due_on = DateField(label="Until", ahead=AHEAD)
    field_order = ("form_key", "text", "owner", "due_on", "category", "substance_use")

    def __init__(self, *args, groups: Iterable[tuple[str, list[Membership]]], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        groups = [(place, members) for place, members in groups if members]
        people = [each.user_id for _, members in groups for each in members]
        field.queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]
        named = [(place, [(m.user_id, str(m.user)) for m in ms]) for place, ms in groups]
        field.widget.choices = [("", "Choose a person"), *named]
