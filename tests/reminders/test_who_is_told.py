"""Nobody learns from a reminder, or from one that stops, what no release lets them read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category
from consent.models import Disclosure
from reminders.enums import ReminderKind, ReminderState
from reminders.models import Reminder

pytestmark = pytest.mark.django_db


def primary() -> Reminder:
    return Reminder.objects.of_windows().get(kind=ReminderKind.PRIMARY)


def test_a_release_of_another_period_tells_nothing_of_this_dose(case):
    case.send()
    case.active(
        out_categories=[Category.SCHEDULE], service_until=timezone.now() - timedelta(days=10)
    )
    case.accept()
    case.open()
    case.clear_in_time()
    case.agree()
    case.give(hours_ago=25)
    call_command("send_due_reminders")
    assert mail.outbox == []
    assert primary().state == ReminderState.CANCELLED


@pytest.mark.parametrize("opened", [True, False])
def test_the_clinics_reminder_stops_only_for_a_session_it_may_read(case, opened):
    case.send()
    case.active(in_categories=[Category.SCHEDULE if opened else Category.HISTORY])
    case.accept()
    case.open(integration_owner=case.cast.kaptherapist)
    case.clear_in_time()
    case.agree()
    case.give(hours_ago=30)
    case.log_session(timezone.now() - timedelta(hours=1), by=case.cast.therapist)
    assert primary().state == (ReminderState.DONE if opened else ReminderState.PENDING)


def test_asking_to_log_a_session_is_a_reading(client, case):
    case.begin_care()
    case.give(hours_ago=30)
    case.active(out_categories=[Category.SCHEDULE])
    client.force_login(case.cast.therapist)
    assert client.get(reverse("care:log_session", args=[case.referral.pk])).status_code == 200
    assert Disclosure.objects.count() == 1


def test_the_page_that_says_a_session_can_be_logged_is_one_reading(client, case):
    case.begin_care()
    case.give(hours_ago=30)
    case.active(out_categories=[Category.SCHEDULE])
    client.force_login(case.cast.therapist)
    assert client.get(reverse("care:timeline", args=[case.referral.pk])).status_code == 200
    assert Disclosure.objects.count() == 1


def test_nobody_changes_the_address_they_sign_in_with(client, cast):
    client.force_login(cast.colleague)
    data = {"action_add": "", "email": cast.stranger.email}
    assert client.get("/account/email/").status_code == 404
    assert client.post("/account/email/", data).status_code == 404
