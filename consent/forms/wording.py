"""The form of the clinic's wording: one field for each statement of a document."""

from django import forms

from consent.documents.wording import Statements, usual_statements
from consent.models import WordingVersion
from people.forms import LongText


class WordingForm(forms.Form):
    """Names in braces stay: they are filled in for each client."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, *args, of: Statements, newest: WordingVersion | None, **kwargs):
        self.of = of
        words = newest.statements if newest else usual_statements(of)
        kwargs["initial"] = {**words, "based_on": newest.version if newest else 0}
        super().__init__(*args, **kwargs)
        for key, statement in of.items():
            names = ", ".join(f"{{{name}}}" for name in sorted(statement.must_name))
            asked = [f"Asked for by {statement.source}."] if statement.source else []
            keep = [f"Keep {names} in it."] if names else []
            self.fields[key] = LongText(
                longest=statement.longest,
                rows=3 if statement.source else 6,
                required=False,
                label=statement.label,
                help_text=" ".join([*asked, *keep]),
            )

    def statements(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.of}

    def newer(self, newest: WordingVersion | None) -> list[tuple[str, str]]:
        """After a refusal: what was saved meanwhile where it reads otherwise than what was typed.

        The form then rests on that version, so that saving again is a decision.
        """
        self.data = {**self.data.dict(), "based_on": newest.version if newest else 0}  # type: ignore[attr-defined]
        words = newest.statements if newest else usual_statements(self.of)
        typed = self.statements()
        return [
            (statement.label, words[key])
            for key, statement in self.of.items()
            if words[key] != typed[key].strip()
        ]
