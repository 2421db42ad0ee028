"""Who covers, and on which days."""

from django import forms
from django.db.models import QuerySet

from people.forms import DateField, FormKeyForm
from people.models import Membership


class CoverForm(FormKeyForm):
    colleague = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Who covers for you?",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who covers for you.",
            "invalid_choice": "Choose a therapist of your practice.",
        },
    )
    first_day = DateField(label="First day", help_text="From its first minute, such as 14-Jul-2026")
    last_day = DateField(label="Last day", help_text="To its last minute; at most 90 days in all")

    def __init__(self, *args, colleagues: QuerySet[Membership], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        field.queryset = colleagues  # type: ignore[attr-defined]
        field.label_from_instance = lambda member: str(member.user)  # type: ignore[attr-defined]
