"""A questionnaire as a form, what a client is asked by a link, and what was done about an alert."""

from django import forms
from django.utils import timezone

from people.forms import FormKey, LocalDateTimeField, LongText
from sessions.actions.outcomes import Answers
from sessions.enums.outcomes import Instrument
from sessions.instruments import DIFFICULTY, QUESTIONNAIRES


class QuestionForm(forms.Form):
    """Every item of one questionnaire. Nothing is chosen until somebody chooses it."""

    def __init__(self, *args, instrument: Instrument, **kwargs):
        super().__init__(*args, **kwargs)
        self.questionnaire = QUESTIONNAIRES[instrument]
        for number, item in enumerate(self.questionnaire.items, start=1):
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label=f"{number}. {item}",
                choices=self.questionnaire.choices,
                widget=forms.RadioSelect,
                error_messages={"required": f"Question {number}: choose an answer."},
            )
        if instrument == Instrument.PHQ9:
            self.fields["difficulty"] = forms.TypedChoiceField(
                label=DIFFICULTY[0],
                choices=list(enumerate(DIFFICULTY[1])),
                widget=forms.RadioSelect,
                required=False,
                coerce=int,
                empty_value=None,
            )
        if instrument == Instrument.SATISFACTION:
            self.fields["comment"] = LongText(
                label="Is there something we should do differently?", longest=2000, required=False
            )

    @property
    def questions(self) -> list:
        """The items and what follows them."""
        names = {"form_key", "answered_at"}
        return [field for field in self if field.name not in names]

    def answers(self) -> Answers:
        given = self.cleaned_data
        items = range(1, len(self.questionnaire.items) + 1)
        return Answers(
            self.questionnaire.instrument,
            "".join(given[f"item_{number}"] for number in items),
            given.get("difficulty"),
            given.get("comment", ""),
        )


class StaffQuestionForm(QuestionForm):
    """The same, entered by staff: on paper it may have been answered before."""

    form_key = FormKey()
    answered_at = LocalDateTimeField(label="Answered at", initial=timezone.now)


class AskForm(forms.Form):
    """What a client is asked by a link."""

    asked = forms.MultipleChoiceField(
        label="What to ask",
        choices=Instrument.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one questionnaire."},
    )


class ErrorForm(forms.Form):
    reason = forms.CharField(
        label="What is wrong with it", max_length=300, help_text="For example: another client’s"
    )


class AlertForm(forms.Form):
    done = LongText(
        label="What was done",
        longest=2000,
        help_text="Who spoke with the client, what was agreed, who was told",
        error_messages={"required": "Write what was done."},
    )
