"""The form of the clinic's wording: one field for each statement of the law."""

from django import forms

from consent.documents.wording import LONGEST, STATEMENTS, usual_statements
from consent.models import Wording
from people.forms import LongText


class WordingForm(forms.Form):
    """Names in braces stay: they are filled in for each release."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, *args, newest: Wording | None, **kwargs):
        words = newest.statements if newest else usual_statements()
        kwargs["initial"] = {**words, "based_on": newest.version if newest else 0}
        super().__init__(*args, **kwargs)
        for key, statement in STATEMENTS.items():
            names = ", ".join(f"{{{name}}}" for name in sorted(statement.must_name))
            keep = f" Keep {names} in it." if names else ""
            self.fields[key] = LongText(
                longest=LONGEST,
                rows=3,
                required=False,
                label=statement.label,
                help_text=f"Asked for by {statement.source}.{keep}",
            )

    def statements(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in STATEMENTS}

    def newer(self, newest: Wording | None) -> list[tuple[str, str]]:
        """After a refusal: what was saved meanwhile where it reads otherwise than what was typed.

        The form then rests on that version, so that saving again is a decision.
        """
        self.data = {**self.data.dict(), "based_on": newest.version if newest else 0}  # type: ignore[attr-defined]
        words = newest.statements if newest else usual_statements()
        typed = self.statements()
        return [
            (statement.label, words[key])
            for key, statement in STATEMENTS.items()
            if words[key] != typed[key].strip()
        ]
