"""The drug log: receive, draw, waste, confirm, count, explain."""

from collections.abc import Container, Sequence
from decimal import Decimal

from django import forms

from consent.forms.accounting import PeriodForm
from people.formats import amount, day, signed
from people.forms import DateField, DecimalField, FormKeyForm, LocalDateTimeField, LongText
from people.models import Organization
from sessions.enums.stock import Drug, Finding, Formulation, Occasion
from sessions.forms.care import number
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.stock import open_discrepancies

WHEN = "Left empty: now. Such as 14-Jul-2026 09:20"


OPTIONAL = {"data-optional": True}


def measure(label: str, unit: str = "", *, short: bool = False, **kwargs) -> DecimalField:
    """An amount that is typed, never prefilled."""
    attrs = {"inputmode": "decimal", "autocomplete": "off"}
    if unit:
        attrs["data-unit"] = unit
    if short:
        attrs["class"] = "kc-input--short"
    invalid = f"Enter a number{f' of {unit}' if unit else ''}, such as 50 or 37.5."
    kwargs.setdefault("decimal_places", 2)
    kwargs.setdefault("max_digits", 8)
    return DecimalField(
        label=label,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": "Enter a number.", "invalid": invalid},
        **kwargs,
    )


def moment_of() -> LocalDateTimeField:
    return LocalDateTimeField(label="Another time", required=False, help_text=WHEN)


class ReceiveForm(FormKeyForm):
    """A delivery of vials that are alike, as their label has it."""

    drug = forms.ChoiceField(choices=Drug.choices, widget=forms.RadioSelect)
    formulation = forms.ChoiceField(
        label="Form", choices=Formulation.choices, widget=forms.RadioSelect
    )
    strength_mg = measure(
        "Strength", "mg", help_text="In 1 ml, 1 spray or 1 lozenge, as the label has it"
    )
    size = measure(
        "Contents of one",
        short=True,
        help_text="How many ml, sprays or lozenges are in one vial or pack now",
    )
    how_many = number("How many", 1, 100, "vials", help_text="All alike, and of one lot")
    lot = forms.CharField(label="Lot number", max_length=40)
    expires_on = DateField(
        label="Last day of use",
        help_text="Such as {}. If the label has only a month: its last day",
        ahead=365,
    )
    supplier = forms.CharField(max_length=120)
    invoice = forms.CharField(
        label="Invoice number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=OPTIONAL),
    )
    at = LocalDateTimeField(label="Received at", required=False, help_text=WHEN)

    LABEL = (
        *("drug", "formulation", "strength_mg", "size"),
        *("lot", "expires_on", "supplier", "invoice"),
    )

    def label(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.LABEL}


class VialChoice(forms.ModelChoiceField):
    """Which vial, with all that could be mistaken. `open`: ids of those that do not add up."""

    open: Container[int] = ()

    def label_from_instance(self, obj: Vial) -> str:
        left = f"{amount(obj.balance_mg)} left ({obj.left})"
        open_ = ", does not add up: see the log" if obj.pk in self.open else ""
        return f"{obj}: {obj.product}, {left}, lot {obj.lot}, until {day(obj.expires_on)}{open_}"


class DrawForm(FormKeyForm):
    vial = VialChoice(
        Vial.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Choose the vial in your hand.",
            "invalid_choice": "This vial is not here. Choose another one.",
        },
    )
    amount_mg = measure("Amount drawn", "mg")
    address = forms.CharField(
        label="Client’s address",
        max_length=200,
        help_text="The log has to name it. Filled in from the last draw",
    )
    at = moment_of()

    def __init__(self, *args, offered: Sequence[Vial], clinic: Organization, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["vial"]
        assert isinstance(field, VialChoice)
        # Any vial of the clinic: the same form sent twice may find the one it emptied.
        field.queryset = Vial.objects.filter(clinic=clinic)
        field.open = set(open_discrepancies(clinic).values_list("entry__vial", flat=True))
        field.choices = [(vial.pk, field.label_from_instance(vial)) for vial in offered]


class WasteForm(FormKeyForm):
    amount_mg = measure("Amount wasted", "mg")
    note = forms.CharField(
        label="Why and how", max_length=300, help_text="For example: expired, into the drug jar"
    )
    at = moment_of()


class RestForm(WasteForm):
    """What was drawn and not given."""

    note = forms.CharField(
        label="How", max_length=300, required=False, help_text="For example: into the drug jar"
    )


class CorrectionForm(FormKeyForm):
    note = forms.CharField(
        label="What is wrong with it", max_length=300, help_text="For example: 500 instead of 50"
    )


class AnswerForm(FormKeyForm):
    """Yes or no by the button that is pressed; a no says why."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    note = forms.CharField(
        label="If not: what you saw, or why you do not agree", max_length=300, required=False
    )

    @property
    def agrees(self) -> bool:
        return self.cleaned_data["answer"] == "yes"


class CountForm(FormKeyForm):
    """What is in each vial. The balance is not shown: whoever counts does not know it."""

    occasion = forms.ChoiceField(label="When", choices=Occasion.choices, widget=forms.RadioSelect)
    note = forms.CharField(max_length=300, required=False, help_text="What others should know")

    def __init__(self, *args, vials: Sequence[Vial], **kwargs):
        super().__init__(*args, **kwargs)
        self.vials = vials
        for vial in vials:
            left = measure(
                f"{vial}: left",
                vial.unit,
                required=False,
                decimal_places=3,
                min_value=Decimal(0),
                max_value=Decimal(1000),
            )
            left.error_messages["invalid"] = f"{vial}: {left.error_messages['invalid']}"
            self.fields[f"left_{vial.pk}"] = left
            self.fields[f"full_{vial.pk}"] = forms.BooleanField(
                label=f"Full and sealed: {amount(vial.size, vial.unit)}", required=False
            )

    @property
    def rows(self) -> list:
        """(vial, what is left, full) for the page."""
        return [(v, self[f"left_{v.pk}"], self[f"full_{v.pk}"]) for v in self.vials]

    def clean(self) -> None:
        for vial in self.vials:
            left = self.cleaned_data.get(f"left_{vial.pk}")
            full = self.cleaned_data.get(f"full_{vial.pk}")
            name = f"left_{vial.pk}"
            if left is None and not full and name not in self.errors:
                self.add_error(name, f"{vial}: enter what is left, 0 if it is empty or not there.")
            elif left is not None and full:
                self.add_error(name, f"{vial}: either full, or what is left.")

    def found(self) -> dict[Vial, Decimal]:
        """mg in each vial."""
        given = self.cleaned_data
        return {
            v: v.contents_mg if given[f"full_{v.pk}"] else v.mg_of(given[f"left_{v.pk}"])
            for v in self.vials
        }


class ResolveForm(forms.Form):
    """How a discrepancy was explained, and what becomes of the balance."""

    finding = forms.ChoiceField(
        label="What was found out", choices=Finding.choices, widget=forms.RadioSelect
    )
    explanation = LongText(longest=1000, help_text="Who looked, where, and what they found")
    set_to_count = forms.TypedChoiceField(
        label="The balance", coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    notice_sent_on = DateField(
        label="Written notice sent to the DEA on",
        required=False,
        help_text="Only after a theft or a significant loss. Such as {}",
        ahead=-1,
    )

    def __init__(self, *args, discrepancy: Discrepancy, **kwargs):
        super().__init__(*args, **kwargs)
        entry: StockEntry = discrepancy.entry
        if entry.occasion:
            by, field = signed(discrepancy.difference_mg), self.fields["set_to_count"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [
                ("no", "Leave it as it is"),
                ("yes", f"The count was right: change it by {by}"),
            ]
        else:
            del self.fields["set_to_count"]

    def content(self) -> dict:
        return {"set_to_count": False, **self.cleaned_data}


class LogForm(PeriodForm):
    """The filters of the log. A vial goes by its number, which names nobody."""

    vial = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        label="Vial",
        help_text="Its number",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def asked(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("vial", "first_day", "last_day")}
