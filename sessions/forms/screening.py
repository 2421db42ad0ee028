"""Screening, whole or only what is missing, and the result that a prescriber gives."""

from collections.abc import Collection, Mapping

from django import forms
from django.utils.html import format_html

from people.forms import DateField, FormKeyForm, LongText
from sessions.enums.screening import QUESTIONS, ClearanceResult, Contraindication, Precaution
from sessions.forms.care import answer, check_pressure, number, weight
from sessions.screening import MEASURED

ALLERGIES = range(1, 9)
SEEN_AT_ONCE = 3
FIELDS_OF = {"blood_pressure": ("systolic", "diastolic"), "allergies": ("no_known_allergies",)}


class ScreeningForm(FormKeyForm):
    """Every question, none answered in advance. What stays empty was not asked.

    `only`: the keys of `sessions.screening.lacking`, where the rest is answered already. `last`: by
    question, the last answer to it in words, which stands beside it and answers nothing.
    """

    no_known_allergies = forms.BooleanField(label="Asked: no allergies are known", required=False)
    medicines = LongText(
        longest=2000, required=False, rows=3, help_text="With dose. Write “None” if there are none"
    )
    systolic = number("Systolic", 40, 300, "mmHg", required=False)
    diastolic = number("Diastolic", 20, 200, "mmHg", required=False)
    heart_rate = number("Heart rate", 20, 250, "/min", required=False)
    spo2 = number("SpO2", 50, 100, "%", required=False)
    weight_kg = weight(required=False)
    height_cm = number("Height", 80, 250, "cm", required=False)

    def __init__(
        self,
        *args,
        only: Collection[str] | None = None,
        last: Mapping[str, str] | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.asked = set(QUESTIONS | MEASURED) if only is None else set(only)
        for key, label in QUESTIONS.items():
            if key in self.asked:
                self.fields[key] = answer(label, required=False)
                self.fields[key].help_text = (last or {}).get(key, "")
                self.fields[f"{key}_comment"] = forms.CharField(
                    label=format_html('Comment<span class="kc-vh">: {}</span>', label),
                    max_length=300,
                    required=False,
                )
        if "allergies" in self.asked:
            for n in ALLERGIES:
                self.fields[f"substance_{n}"] = _short(f"Allergy {n}", 120)
                self.fields[f"reaction_{n}"] = _short(f"Reaction to allergy {n}", 160)
        for key in set(MEASURED) - self.asked:
            for name in FIELDS_OF.get(key, (key,)):
                del self.fields[name]
        if only is not None:
            del self.fields["height_cm"]

    def _questions(self, kind) -> list:
        return [(self[q.value], self[f"{q.value}_comment"]) for q in kind if q in self.asked]

    @property
    def contraindications(self) -> list:
        """(answer, comment), one pair for each contraindication."""
        return self._questions(Contraindication)

    @property
    def precautions(self) -> list:
        return self._questions(Precaution)

    @property
    def allergy_rows(self) -> list:
        """(substance, reaction), as many as are seen at once."""
        return self._rows()[:SEEN_AT_ONCE]

    @property
    def more_allergy_rows(self) -> list:
        return self._rows()[SEEN_AT_ONCE:]

    def _rows(self) -> list:
        if "allergies" not in self.asked:
            return []
        return [(self[f"substance_{n}"], self[f"reaction_{n}"]) for n in ALLERGIES]

    @property
    def measures(self) -> list:
        names = ("systolic", "diastolic", "heart_rate", "spo2", "weight_kg", "height_cm")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> None:
        given = self.cleaned_data
        check_pressure(self)
        pair = [name for name in ("systolic", "diastolic") if given.get(name) is None]
        if len(pair) == 1 and not self.errors.keys() & set(pair):
            self.add_error(pair[0], "Enter both numbers, or neither.")
        for key in QUESTIONS:
            if given.get(f"{key}_comment") and not given.get(key) and key not in self.errors:
                self.add_error(key, "Answer yes, no or not known to what you commented on.")
        for n in ALLERGIES:
            substance, reaction = given.get(f"substance_{n}"), given.get(f"reaction_{n}")
            if substance and not reaction:
                self.add_error(f"reaction_{n}", "Say what happens, or write “not known”.")
            if reaction and not substance:
                self.add_error(f"substance_{n}", "Say what this reaction is to.")

    def answers(self) -> dict[str, tuple[str, str]]:
        """The questions that were answered."""
        given = self.cleaned_data
        return {
            key: (given[key], given[f"{key}_comment"])
            for key in QUESTIONS
            if key in self.asked and given[key]
        }

    def allergies(self) -> list[tuple[str, str]]:
        given = self.cleaned_data
        pairs = [(given.get(f"substance_{n}"), given.get(f"reaction_{n}", "")) for n in ALLERGIES]
        return [(substance, reaction) for substance, reaction in pairs if substance]

    def content(self) -> dict:
        names = ("no_known_allergies", "medicines", *(field.name for field in self.measures))
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def _short(label: str, longest: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False)


class ClearanceForm(FormKeyForm):
    """The result that a prescriber gives to one screening."""

    result = forms.ChoiceField(choices=ClearanceResult.choices, widget=forms.RadioSelect)
    conditions = LongText(
        longest=2000,
        required=False,
        rows=3,
        help_text="Needed when cleared with conditions",
    )
    despite = LongText(
        longest=2000,
        required=False,
        rows=3,
        label="Why a dose is right all the same",
        help_text="Needed when something rules a dose out, or when cleared without conditions "
        "although something speaks against it",
    )
    valid_until = DateField(
        label="Valid until", required=False, help_text="The last day it holds, such as {}", ahead=90
    )
    screening = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, against: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not against:
            del self.fields["despite"]

    def clean(self) -> None:
        given = self.cleaned_data
        permits = given.get("result") in (ClearanceResult.CLEARED, ClearanceResult.CONDITIONAL)
        if permits and not given.get("valid_until") and "valid_until" not in self.errors:
            self.add_error("valid_until", "Say until when the clearance holds.")
        if given.get("result") == ClearanceResult.CONDITIONAL and not given.get("conditions"):
            self.add_error("conditions", "Name the conditions.")

    def content(self) -> dict:
        names = ("result", "conditions", "despite", "valid_until")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}
