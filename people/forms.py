"""What every form shares: dates as people write them, long texts, errors beside their field."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy

from people.formats import day
from people.validators import validate_text

DAYS = (
    *("%d-%b-%Y", "%Y-%m-%d", "%d %b %Y", "%d-%B-%Y", "%d %B %Y", "%m/%d/%Y"),
    *("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y"),
)
BIRTHDAYS = ("%m/%d/%y", "%m-%d-%Y", "%m%d%Y")
OF_DAY = r"\d{1,2}:\d{2}(?: ?[AaPp]\.?[Mm]\.?)?"
ZONE = r"(?: +(?P<zone>[A-Za-z]{2,5}))?"
MOMENT = re.compile(rf"(?P<day>.+?)[ T]+(?P<clock>{OF_DAY}){ZONE}")
CLOCK = re.compile(OF_DAY + ZONE)
YEARS = range(1900, 2101)
DATE_ATTRS = {"autocomplete": "off", "class": "kc-input--date"}


class BoundField(forms.BoundField):
    """What is empty is named: the framework's own words would not say which field they mean."""

    def __init__(self, form, field, name) -> None:
        super().__init__(form, field, name)
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _fill_in(field, str(self.label).strip(" .:?"))


class Renderer(forms.renderers.TemplatesSetting):
    """Of every form, those of the framework's parts included."""

    bound_field_class = BoundField


def _fill_in(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        what = "Tick"
    else:
        what = "Choose" if hasattr(field, "choices") else "Fill in"
    if label[1:2].islower():  # PHQ-9 stays as it is
        label = label[0].lower() + label[1:]
    return f"{what}: {label}." if label else f"{what} this."


def apply_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action refused onto the form, each sentence beside its field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _day_ahead(days: int) -> str:
    """The day so many days after the reader's today, told anew wherever it is shown."""
    return lazy(lambda: day(timezone.localdate() + timedelta(days=days)), str)()


class DateField(forms.DateField):
    """A day, written 14-Jul-1985, 1985-07-14, 14 Jul 1985 or, as in the US, 07/14/1985.

    The example is a birthday; with `ahead`, the day that lies so many days after today, or before
    it. `{}` in a `help_text` stands for it.
    """

    def __init__(self, *, ahead: int | None = None, **kwargs) -> None:
        example = "14-Jul-1985" if ahead is None else _day_ahead(ahead)
        kwargs["help_text"] = format_lazy(kwargs.get("help_text", "For example {}"), example)
        kwargs["error_messages"] = {
            "invalid": format_lazy("Enter a date such as {}.", example),
            **kwargs.get("error_messages", {}),
        }
        kwargs.setdefault("widget", forms.DateInput(format=DAYS[0], attrs=dict(DATE_ATTRS)))
        super().__init__(input_formats=DAYS, **kwargs)

    def to_python(self, value):
        found = super().to_python(value)
        if found and found.year not in YEARS:
            raise ValidationError(f"Check the year: {found.year}.")
        return found


class DecimalField(forms.DecimalField):
    """A number with a point, which says in our words how many figures it may have."""

    default_error_messages = {
        "max_decimal_places": "Write at most %(max)s figures after the point.",
        "max_digits": "Write at most %(max)s figures in all.",
        "max_whole_digits": "Write at most %(max)s figures before the point.",
    }


class BirthDateField(DateField):
    """A date of birth, also written 11/4/83, 11-04-1983 or 11041983: the month first, as in the US.

    Of two digits is the latest year that is not ahead.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.input_formats = DAYS + BIRTHDAYS

    def strptime(self, value, format):
        if format == "%m%d%Y" and len(value) != 8:
            raise ValueError(value)  # 1141983 could be either of two days
        found = super().strptime(value, format)
        ahead = "%y" in format and found.year > timezone.localdate().year
        return found.replace(year=found.year - 100) if ahead else found


class LocalDateTimeField(forms.Field):
    """A moment in the reader's zone, written 14-Jul-2026 09:20, 2026-07-14 09:20, or 09:20: today.

    A time that the clocks skip, or that comes twice, is asked about and never guessed.
    """

    default_error_messages = {"invalid": "Enter date and time such as 14-Jul-2026 09:20."}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", "For example 14-Jul-2026 09:20, or 09:20 today")
        kwargs.setdefault("widget", forms.TextInput(attrs=dict(DATE_ATTRS)))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        """As the field reads it back, with the zone where the hour comes twice."""
        if not isinstance(value, datetime):
            return value
        local = timezone.localtime(value)
        twice = len({each.utcoffset() for each in _readings(local)}) > 1
        return f"{day(local)} {local:%H:%M}" + (f" {local:%Z}" if twice else "")

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        if CLOCK.fullmatch(text):
            text = f"{day(timezone.localdate())} {text}"
        match = MOMENT.fullmatch(text)
        if not match:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._resolve(self._naive(match["day"], match["clock"]), match["zone"] or "")

    def _naive(self, day_text: str, clock_text: str) -> datetime:
        clock_text = re.sub(r"[ .]", "", clock_text).upper()
        clock = "%I:%M%p" if clock_text.endswith("M") else "%H:%M"
        for form in DAYS:
            try:
                found = datetime.strptime(f"{day_text} {clock_text}", f"{form} {clock}")  # noqa: DTZ007
            except ValueError:
                continue
            if found.year in YEARS:
                return found
            break
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def _resolve(self, naive: datetime, zone: str) -> datetime:
        readings = _readings(naive)
        names = [f"{each:%Z}" for each in readings]
        if zone and zone.upper() in names:
            return readings[names.index(zone.upper())]
        if zone:
            raise ValidationError(f"Times are in {' or '.join(dict.fromkeys(names))} on that day.")
        if readings[0].utcoffset() == readings[1].utcoffset():
            return readings[0]
        shown = f"{day(naive)} {naive:%H:%M}"
        if _is_skipped(readings[0]):
            raise ValidationError(
                f"There was no {shown}: the clocks went forward. Which time was it?"
            )
        raise ValidationError(
            f"{shown} came twice, because the clocks went back. Which one was it? "
            f"Write “{shown} {names[0]}” for the first or “{shown} {names[1]}” for the second."
        )


def _readings(moment: datetime) -> list[datetime]:
    """The moments that a clock time can mean in the reader's zone: before and after a change."""
    zone = timezone.get_current_timezone()
    return [moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]


def _is_skipped(moment: datetime) -> bool:
    there_and_back = moment.astimezone(timezone.get_fixed_timezone(0)).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None)


class LongText(forms.CharField):
    """Some paragraphs. Too long a text is refused whole, never cut off while it is typed."""

    def __init__(self, *, longest: int, rows: int = 4, **kwargs) -> None:
        self.longest = longest
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def run_validators(self, value) -> None:
        validate_text(value, self.longest)
        super().run_validators(value)


class FormKey(forms.UUIDField):
    """A hidden key made with the form: the same form sent twice is one and the same act."""

    default_error_messages = {"invalid": "This form is out of date. Open the page again."}

    def __init__(self, **kwargs) -> None:
        super().__init__(initial=uuid4, widget=forms.HiddenInput, **kwargs)
        self.error_messages["required"] = self.error_messages["invalid"]


class FormKeyForm(forms.Form):
    """A form that creates something."""

    form_key = FormKey()
