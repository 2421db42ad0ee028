"""Which part of the ledger is asked for."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from consent.enums import Channel
from consent.ledger.accounting import Period
from people.forms import DateField

LARGEST = 2**63 - 1
EXAMPLE = "For example 14-Jul-2026"


def number() -> forms.IntegerField:
    """An id or a key in an address: hidden, and never a name."""
    return forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput
    )


class PeriodForm(forms.Form):
    """A period by its first and last day; what is left empty does not limit it."""

    first_day = DateField(required=False, label="From", help_text=EXAMPLE)
    last_day = DateField(required=False, label="To, with that day", help_text=EXAMPLE)
    before = number()  # the key below which a further page begins

    def clean(self):
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            raise ValidationError({"last_day": "It ends before it begins. Choose a later day."})
        return self.cleaned_data

    def period(self, zone: str) -> Period:
        return Period(self.cleaned_data["first_day"], self.cleaned_data["last_day"], zone)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What was asked for, to ask for the same again in another form."""
        names = [name for name in self.fields if name != "before"]
        return [(name, self.data[name]) for name in names if self.data.get(name)]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was chosen elsewhere on the page and goes along with these fields."""
        return [(name, value) for name, value in self.chosen if self.fields[name].widget.is_hidden]

    @property
    def query(self) -> str:
        return urlencode(self.chosen)


class LedgerForm(PeriodForm):
    """The filters of the clinic's ledger. Whom it is about comes as a number, never as a name."""

    client = number()
    reader = number()
    contact = number()
    channel = forms.ChoiceField(
        choices=[("", "Any way"), *Channel.choices], required=False, label="How"
    )

    def narrow(self, rows):
        """The rows of the ledger that were asked for."""
        asked = self.cleaned_data
        if asked["client"]:
            rows = rows.filter(client_id=asked["client"])
        if asked["reader"]:
            rows = rows.filter(reader_id=asked["reader"]).exclude(reader_role="contact")
        if asked["contact"]:
            rows = rows.filter(reader_id=asked["contact"], reader_role="contact")
        return rows.filter(channel=asked["channel"]) if asked["channel"] else rows


class SearchForm(forms.Form):
    """A name to look for. It is sent by POST, so that it stands in no address."""

    q = forms.CharField(
        max_length=80,
        label="Client or recipient",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
