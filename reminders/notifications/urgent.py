"""What notifications say of windows, of what ends soon, and of safety."""

from django.urls import reverse

from people.enums import Role
from people.formats import day, moment
from reminders.enums import ReminderKind
from reminders.models import Notification
from reminders.notifications.saying import Said, case_of, in_record
from reminders.notifications.sight import Sight


# ---------------------------------------------------------------- windows, safety
def window(sight: Sight, row: Notification) -> Said:
    referral, reminder = case_of(sight, row), sight.windows.get(row.source)
    if referral is None or reminder is None or reminder.opens_at != row.at:
        return None  # it was moved meanwhile
    kind = ReminderKind(reminder.kind).label
    is_open = reminder.closes_at > sight.at
    text = f"{kind}: {'open until' if is_open else 'was open until'} {moment(reminder.closes_at)}"
    return in_record(sight, referral, text)


def window_missed(sight: Sight, row: Notification) -> Said:
    """For whoever coordinates."""
    referral, reminder = case_of(sight, row), sight.missed.get(row.source)
    if referral is None or reminder is None:
        return None
    kind = ReminderKind(reminder.kind).label
    text = f"{kind}: closed {moment(reminder.closes_at)} with nothing held"
    return in_record(sight, referral, text)


def clearance_ending(sight: Sight, row: Notification) -> Said:
    referral, found = case_of(sight, row), sight.clearances.get(row.source)
    if referral is None or found is None or found.valid_until is None:
        return None
    return in_record(sight, referral, f"The clearance ends, last day {day(found.valid_until)}")


def licence_ending(sight: Sight, row: Notification) -> Said:
    found = sight.licences.get(row.source)
    if found is None:
        return None
    own = found.person_id == sight.user.pk
    whose = "Your licence ends" if own else f"The licence of {found.person} ends"
    url = reverse("people:own") if own else reverse("people:person", args=[found.person_id])
    return f"{whose}, last day {day(found.expires_on)}", url, None


def alert(sight: Sight, row: Notification) -> Said:
    found = sight.alerts.get(row.source)
    if found is None:
        return None
    text = "Safety alert, answered" if found.acknowledged_at else "Safety alert: answer it"
    return text, reverse("care:alert", args=[found.pk]), found.episode.client


def notice(sight: Sight, row: Notification) -> Said:
    found = sight.notices.get(row.source)
    if found is None or sight.administers:
        return None
    referral = case_of(sight, row)
    state = ", acknowledged" if found.acknowledged_at else ""
    text = f"Emergency notice from {found.organization}{state}"
    client = referral.client if referral else None
    return text, reverse("care:notice", args=[found.pk]), client


def unanswered(sight: Sight, row: Notification) -> Said:
    """The next in line. An administrator learns that one waits, and nothing more."""
    found = sight.notices.get(row.source)
    if found is None:
        return None
    if sight.administers:
        return "An emergency notice had no answer in time", reverse("care:notices"), None
    if sight.role != Role.PRESCRIBER:
        return None
    referral = case_of(sight, row)
    text = "An emergency notice had no answer in time"
    url = reverse("care:notice", args=[found.pk])
    return text, url, referral.client if referral else None
