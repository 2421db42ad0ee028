"""How dates, times and doses are written everywhere: 14-Jul-2026, 09:20, 0.5 mg."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone


def day(value: date | datetime | None) -> str:
    """14-Jul-2026, a moment in the reader's zone; an empty text for None."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%d-%b-%Y")


def clock(value: datetime | None) -> str:
    """09:20 in the reader's zone, 24 hours."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


def moment(value: datetime | None) -> str:
    """14-Jul-2026 09:20 in the reader's zone."""
    return f"{day(value)} {clock(value)}" if value else ""


def last_moment(until: datetime) -> datetime:
    """The last moment before a half-open interval is over, for people who think in last days."""
    return until - timedelta(microseconds=1)


def amount(value: Decimal | float | None, unit: str = "mg") -> str:
    """0.5 mg: a leading zero, a space, never a trailing zero (ISMP's list of error-prone doses)."""
    if value is None:
        return ""
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}"


def signed(value: Decimal | None, unit: str = "mg") -> str:
    """+500 mg, −60 mg: a change."""
    if value is None:
        return ""
    return f"{'−' if value < 0 else '+'}{amount(abs(value), unit)}"


def initials(name: str) -> str:
    """Nora Nurse: NN. At most three letters, as they are written on paper."""
    return "".join(word[0] for word in name.split() if word[0].isalpha())[:3].upper()


def span(seconds: float) -> str:
    """A length of time in words: 4 h 40 min, 2 days 3 h, 35 min. Negative counts as none."""
    minutes = max(0, int(seconds // 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        label = "1 day" if days == 1 else f"{days} days"
        return f"{label} {hours} h" if hours else label
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has waited, in whole days: today, 1 day, 6 days."""
    days = (now - since).days
    if days <= 0:
        return "today"
    return "1 day" if days == 1 else f"{days} days"


def place(zone: str) -> str:
    """A time zone as people say it: New York time."""
    return "UTC" if zone == "UTC" else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"
