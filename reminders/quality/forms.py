"""For which months. Whole ones, so that two periods do not differ by the client of one day."""

import calendar
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from consent.ledger.accounting import Period
from people.forms import DATE_ATTRS, YEARS

MONTHS = ("%b-%Y", "%B-%Y", "%b %Y", "%B %Y", "%Y-%m", "%m/%Y")
USUAL = 12  # months, the one of today among them


class MonthField(forms.DateField):
    """A month, written Jul-2026, July 2026, 2026-07 or 07/2026; its first day."""

    default_error_messages = {
        "invalid": "Enter a month such as Jul-2026.",
        "required": "Enter a month such as Jul-2026.",
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", "For example Jul-2026")
        widget = forms.DateInput(format=MONTHS[0], attrs=dict(DATE_ATTRS))
        super().__init__(input_formats=MONTHS, widget=widget, **kwargs)

    def to_python(self, value):
        found = super().to_python(value)
        if found and found.year not in YEARS:
            raise ValidationError(f"Check the year: {found.year}.")
        return found


class MonthsForm(forms.Form):
    """From one month to another, both whole; the last twelve where nothing is asked for."""

    first_month = MonthField(label="From the month")
    last_month = MonthField(label="To the month, with all of it")

    def __init__(self, data, *, today: date) -> None:
        self.today = today
        first = months_before(today, USUAL - 1)
        usual = {"first_month": first, "last_month": today}
        written = {name: each.strftime(MONTHS[0]) for name, each in usual.items()}
        super().__init__(written | {name: data[name] for name in written if name in data})

    def clean(self):
        first, last = self.cleaned_data.get("first_month"), self.cleaned_data.get("last_month")
        if first and first > self.today:
            self.add_error("first_month", "This month has not begun. Choose an earlier one.")
        elif last and last > self.today:
            self.add_error("last_month", "This month has not begun. Choose an earlier one.")
        elif first and last and last < first:
            self.add_error("last_month", "It ends before it begins. Choose a later month.")
        return self.cleaned_data

    def period(self, zone: str) -> Period:
        """From the first day of the one to the last day of the other."""
        last = self.cleaned_data["last_month"]
        end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
        return Period(self.cleaned_data["first_month"], end, zone)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What was asked for, to ask for the same again in another form."""
        return [(name, self.data[name]) for name in self.fields]

    @property
    def query(self) -> str:
        return urlencode(self.chosen)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before the one of `day`."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)
