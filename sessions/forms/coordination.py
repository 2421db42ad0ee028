"""A coordination plan as it is proposed, and as the clinic notes what the practice said to it."""

from typing import Any

from django import forms

from people.forms import FormKeyForm, LocalDateTimeField
from referrals.models import Referral
from sessions.actions.care import OWNERS, possible_owners, session_owners, staff_of
from sessions.actions.coordination import CONTENT, Session
from sessions.enums.coordination import Duty, SpokenHow, TalkHow, TalkOften
from sessions.forms.care import ClinicCollaboration, line, number, words
from sessions.models import CoordinationPlan
from sessions.models.coordination import LEAST_MINUTES, MOST_MINUTES

SESSIONS = 8  # doses that are offered to be divided, if nobody knows of more
MOST_SESSIONS = 24
AFTER = Duty.INTEGRATION


class ProposeForm(FormKeyForm):
    """One version. `doses`: for how many doses the sessions can be divided one by one."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    collaboration = forms.ChoiceField(
        label="Who does what", choices=ClinicCollaboration.choices, widget=forms.RadioSelect
    )
    preparation_owner = forms.TypedChoiceField(label="Who owns preparation")
    integration_owner = forms.TypedChoiceField(label="Who owns integration")
    talk_often = forms.ChoiceField(
        label="How often we talk", choices=TalkOften.choices, widget=forms.RadioSelect
    )
    talk_how = forms.ChoiceField(
        label="How we talk", choices=TalkHow.choices, widget=forms.RadioSelect
    )
    safety_protocol = words(
        "When something is not safe", 2000, help_text="What is done first, and by whom"
    )
    escalation = words(
        "Who calls whom", 1000, help_text="Such as: therapist to the nurse on duty, then prescriber"
    )
    hospitalisation = words(
        "When to go to hospital", 2000, help_text="What has to be so that nobody waits any longer"
    )
    after_hours_who = line("After hours, who is reached", 120)
    after_hours_phone = line("By which phone number", 40)
    after_hours_when = line("At which hours", 120, help_text="Such as: 17:00 to 08:00, weekends")
    minutes_to_acknowledge = number(
        "An emergency notice is acknowledged within",
        LEAST_MINUTES,
        MOST_MINUTES,
        "minutes",
        help_text="From 5 to 240 minutes. Later, it goes to the next in line.",
    )
    remark = line("A word to the other side", 300, required=False)

    def __init__(self, *args, referral: Referral, doses: int, **kwargs):
        super().__init__(*args, **kwargs)
        inside = {user.pk for user in staff_of(referral)}
        self.people = {user.pk: user for user in (*possible_owners(referral),)}
        groups = self._groups(referral, list(self.people.values()), inside)
        for name in OWNERS:
            self._offer(name, [("", "Choose a person"), *groups])
            self.fields[name].widget.attrs["data-owners"] = True
            self.fields[name].help_text = "They are reminded when a window opens."
        holders = list(session_owners(referral))
        self.people |= {user.pk: user for user in holders}
        groups = self._groups(referral, holders, inside)
        self.sessions = [(each, duty) for each in range(1, doses + 1) for duty in Duty]
        for each, duty in self.sessions:
            name = session_field(each, duty)
            self.fields[name] = forms.TypedChoiceField(
                label=f"Dose {each}, {duty.label.lower()}", required=False
            )
            self._offer(name, [("", "As above"), *groups])

    @staticmethod
    def _groups(referral: Referral, people: list, inside: set[int]) -> list:
        """The practice first, then the clinic, as js/owners.js expects."""
        outside = [(user.pk, str(user)) for user in people if user.pk not in inside]
        staff = [(user.pk, str(user)) for user in people if user.pk in inside]
        return [(str(referral.practice), outside), (str(referral.clinic), staff)]

    def _offer(self, name: str, choices: list) -> None:
        field: Any = self.fields[name]
        field.choices, field.coerce, field.empty_value = choices, self._person, None

    def _person(self, value):
        return self.people[int(value)]

    @property
    def rows(self) -> list[tuple[int, Any, Any]]:
        """The sessions dose by dose, as bound fields."""
        return [
            (each, self[session_field(each, Duty.PREPARATION)], self[session_field(each, AFTER)])
            for each, duty in self.sessions
            if duty == AFTER
        ]

    def content(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONTENT}

    def divided(self) -> list[Session]:
        """Who holds which session, where somebody was chosen."""
        named = ((n, duty, self.cleaned_data[session_field(n, duty)]) for n, duty in self.sessions)
        return [Session(n, duty, owner) for n, duty, owner in named if owner]


def session_field(dose_number: int, duty: str) -> str:
    return f"dose_{dose_number}_{duty}"


def as_initial(plan: CoordinationPlan) -> dict:
    """What a version says, as the form begins with it. The word beside it is not said again."""
    said = {name: getattr(plan, name) for name in CONTENT}
    said |= {name: getattr(plan, f"{name}_id") for name in OWNERS} | {"remark": ""}
    divided = {session_field(d.dose_number, d.duty): d.owner_id for d in plan.duties.all()}
    return {**said, **divided}


class SpokenForm(forms.Form):
    said_by = line("Who agreed", 120, help_text="Name and, if it is somebody else, their role")
    said_how = forms.ChoiceField(label="How", choices=SpokenHow.choices, widget=forms.RadioSelect)
    said_at = LocalDateTimeField(label="When")
