"""What lines of notifications have in common."""

from django.urls import reverse

from people.models import Client
from referrals.models import Referral
from reminders.models import Notification
from reminders.notifications.sight import Sight

Said = tuple[str, str, Client | None] | None  # text, address, whom it is about


def case_of(sight: Sight, row: Notification) -> Referral | None:
    return sight.referrals.get(row.referral_id or 0)


def about_case(referral: Referral, text: str, name: str) -> Said:
    return text, reverse(name, args=[referral.pk]), referral.client


def in_record(sight: Sight, referral: Referral, text: str) -> Said:
    """It stands in the record, which has one page inside the clinic and another outside."""
    if not sight.is_inside:
        return about_case(referral, text, "care:timeline")
    return text, reverse("care:case", args=[referral.episode.pk]), referral.client
