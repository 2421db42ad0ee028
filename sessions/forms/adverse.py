"""Adverse events: what happened, how it goes on, what a prescriber found."""

from django import forms

from people.forms import FormKeyForm, LocalDateTimeField, LongText
from sessions.enums.observing import Grade, Outcome
from sessions.forms.dosing import Named, ticking
from sessions.models import AdverseEvent, DosingSession

GRADES = [
    (Grade.MILD, "Grade 1, mild: no or mild symptoms, nothing to do"),
    (Grade.MODERATE, "Grade 2, moderate: a small intervention is needed"),
    (Grade.SEVERE, "Grade 3, severe or medically significant, not immediately life-threatening"),
    (Grade.LIFE_THREATENING, "Grade 4, life-threatening: urgent intervention is needed"),
    (Grade.DEATH, "Grade 5, death"),
]


class GradedForm(Named, FormKeyForm):
    at = LocalDateTimeField(label="When", widget=ticking())
    severity = forms.TypedChoiceField(choices=GRADES, coerce=int, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(choices=Outcome.choices, widget=forms.RadioSelect)


class AdverseForm(GradedForm):
    """`doses` of the client that were given: the event may belong to one of them."""

    name = "adverse"
    VALUES: tuple[str, ...] = ("what", "severity", "outcome", "actions_taken", "dosing")

    what = LongText(label="What happened", longest=2000)
    actions_taken = LongText(label="What was done", longest=2000, rows=2, required=False)
    dosing = forms.ModelChoiceField(
        DosingSession.objects.none(),
        label="During or after which dose",
        required=False,
        empty_label="None",
    )
    field_order = ("at", "dosing", "what", "severity", "outcome", "actions_taken")

    def __init__(self, *args, doses=None, **kwargs):
        super().__init__(*args, **kwargs)
        if doses is not None:
            field = self.fields["dosing"]
            field.queryset = doses
            field.label_from_instance = lambda dose: f"Dose {dose.number}"

    def observation(self) -> dict:
        given = self.cleaned_data
        values = {name: given[name] for name in self.VALUES}
        return {"form_key": given["form_key"], "at": given["at"], "values": values}


class AdverseCorrectionForm(AdverseForm):
    """An event stays with its dose."""

    VALUES = ("what", "severity", "outcome", "actions_taken")
    dosing = None  # type: ignore[assignment]

    @classmethod
    def said(cls, row: AdverseEvent) -> dict:
        return {name: getattr(row, name) for name in cls.VALUES}


class AdverseUpdateForm(GradedForm):
    """How it goes on: severity and outcome as they are now."""

    name = "update"

    note = LongText(label="In words", longest=2000, rows=2, required=False)

    def content(self) -> dict:
        given = self.cleaned_data
        values = {name: given[name] for name in ("severity", "outcome", "note")}
        return {"form_key": given["form_key"], "at": given["at"], "values": values}


class AdverseReviewForm(Named, FormKeyForm):
    name = "review"

    finding = LongText(label="What you found", longest=500, rows=2)
