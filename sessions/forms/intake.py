"""Intake: fit, goals, readiness, way of working, support."""

from django import forms

from people.forms import FormKeyForm
from referrals.enums import FIT_KINDS
from sessions.enums.therapy import COMPETENCY, Modality, Readiness
from sessions.forms.care import answer, line, number, words


class IntakeForm(FormKeyForm):
    goals = words("Goals", 4000, help_text="In the client’s words where you can")
    readiness = forms.ChoiceField(
        label="Readiness", choices=Readiness.choices, widget=forms.RadioSelect
    )
    readiness_words = words("Readiness in words", 2000, required=False)
    expected_doses = number(
        "Expected doses", 1, 60, "doses", help_text="The plan of the episode follows"
    )
    modality = forms.ChoiceField(
        label="Therapy modality", choices=Modality.choices, widget=forms.RadioSelect
    )
    modality_other = line("Which other modality", 120, needed="Needed when it is another")
    trauma_lead = line(
        "Who processes trauma",
        200,
        needed=f"Needed for EMDR and other trauma processing. {COMPETENCY}",
    )
    support_plan = words("Support plan", 4000, help_text="Who is there after a dose")
    support_contact = line("Whom to call", 300, help_text="Name, relation and phone")
    fit_comment = line("Comment on fit", 500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in FIT_KINDS:
            self.fields[kind.value] = answer(kind.label)

    @property
    def fit(self) -> list:
        return [self[kind.value] for kind in FIT_KINDS]
