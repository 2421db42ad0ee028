"""Two records that may be of one person."""

from django import forms

from people.forms import FormKeyForm
from people.models import Client


class MergeForm(FormKeyForm):
    use_required_attribute = False
    keep = forms.ModelChoiceField(
        Client.objects.none(),
        label="Which record do you go on with?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Choose the record that you go on with.",
            "invalid_choice": "Choose one of the two.",
        },
    )
    reason = forms.CharField(
        label="How do you know that they are one person?",
        help_text="For example: rang the client, both practices named.",
        max_length=200,
        required=False,
    )

    def __init__(self, *args, pair: tuple[Client, Client], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        keep = self.fields["keep"]
        keep.queryset = Client.objects.filter(pk__in=[each.pk for each in pair])  # type: ignore[attr-defined]
        keep.label_from_instance = lambda each: f"{each.number}, {each}"  # type: ignore[attr-defined]
        self.pair = pair

    def records(self) -> dict[str, Client]:
        """The one that goes on, and the one that is merged into it."""
        kept = self.cleaned_data["keep"]
        return {"survivor": kept, "merged": next(each for each in self.pair if each != kept)}
