"""Preparation, integration, what it leaves open, and the check some days after a dose."""

from django import forms

from people.formats import day
from people.forms import DateField, FormKeyForm, LocalDateTimeField
from people.models import User
from sessions.actions.care import staff_of
from sessions.enums.therapy import Challenge, DelayedEffect
from sessions.forms.care import line, words
from sessions.models import DosingSession, EpisodeOfCare

YES_NO = [("yes", "Yes"), ("no", "No")]


class DoseChoice(forms.ModelChoiceField):
    """One of the doses of an episode, as people speak of it."""

    def __init__(self, **kwargs):
        kwargs.setdefault("empty_label", "No particular dose")
        super().__init__(DosingSession.objects.none(), required=False, **kwargs)

    def label_from_instance(self, obj) -> str:
        return f"Dose {obj.number}, {'given' if obj.given_at else 'planned for'} {day(obj.at)}"


def doses_of(episode: EpisodeOfCare):
    return episode.doses.filter(cancelled_at=None).order_by("-number")


class PreparationForm(FormKeyForm):
    held_at = LocalDateTimeField(label="Held at")
    dosing = DoseChoice(label="Prepares for")
    intentions = words("Intentions", 4000)
    coping_tools = words("Coping tools", 4000, required=False)
    change_language = words(
        "Change language", 2000, required=False, help_text="What the client says about changing"
    )
    themes = words("Current themes", 4000, required=False)
    continuity = words(
        "Continuity with ongoing therapy",
        2000,
        required=False,
        help_text="What the therapist works on, and how this goes together with it",
    )
    trust = words("Trust in the setting", 2000, required=False)
    expectations_discussed = forms.BooleanField(
        label="We talked about what unusual experiences can be like", required=False
    )
    note = words("Anything else", 4000, required=False)

    def __init__(self, *args, episode: EpisodeOfCare, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dosing"].queryset = doses_of(episode)  # type: ignore[attr-defined]


class IntegrationForm(FormKeyForm):
    held_at = LocalDateTimeField(
        label="Held at",
        help_text="For example 14-Jul-2026 09:20. Saving logs the session; one that is logged "
        "with the same time is not logged twice.",
    )
    dosing = DoseChoice(label="Integrates", help_text="A dose that was given")
    narrative = words("Narrative", 8000, rows=5)
    meaning = words("Meaningful content", 4000, required=False)
    goals = words("Link to goals", 4000, required=False)
    action_steps = words("Action steps", 4000, required=False)
    challenge = forms.ChoiceField(
        label="Challenging experience", choices=Challenge.choices, widget=forms.RadioSelect
    )
    handling = words("How it was handled", 4000, needed="Needed for a challenging experience")
    follow_up_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Who comes back to it",
        required=False,
        empty_label="Nobody",
        help_text="Needed for a challenging experience",
    )
    follow_up_due = DateField(
        label="By when", required=False, help_text="The last day, such as {}", ahead=3
    )
    next_preparation = words("Preparation for the next dose", 4000, required=False)

    def __init__(self, *args, episode: EpisodeOfCare, **kwargs):
        super().__init__(*args, **kwargs)
        given = doses_of(episode).filter(given_at__isnull=False)
        self.fields["dosing"].queryset = given  # type: ignore[attr-defined]
        staff = staff_of(episode.referral).distinct().order_by("name")
        self.fields["follow_up_by"].queryset = staff  # type: ignore[attr-defined]


class FollowUpForm(FormKeyForm):
    text = words(
        "What came of it", 2000, help_text="In a sentence: who spoke to the client, and how it is"
    )


class DelayedCheckForm(FormKeyForm):
    """Nothing is answered in advance; of a client who was not reached, nothing is asked."""

    at = LocalDateTimeField(label="Called at")
    reached = forms.ChoiceField(
        label="Was the client reached?", choices=YES_NO, widget=forms.RadioSelect
    )
    other = line("Anything else", 300, required=False)
    action = words(
        "What is done about it",
        2000,
        needed="Needed where something was told, or nobody was reached",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for effect in DelayedEffect:
            self.fields[effect.value] = forms.ChoiceField(
                label=effect.label, choices=YES_NO, widget=forms.RadioSelect, required=False
            )

    @property
    def effects(self) -> list:
        return [self[effect.value] for effect in DelayedEffect]

    def content(self) -> dict:
        given = self.cleaned_data
        asked = {
            name: given[name] == "yes" if given[name] else None for name in DelayedEffect.values
        }
        rest = {name: given[name] for name in ("at", "other", "action")}
        return {**rest, "reached": given["reached"] == "yes", **asked}
