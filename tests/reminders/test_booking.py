"""What closes with nothing booked, and who is told of times."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from reminders.enums import Told
from reminders.models import Notification
from sessions.appointments import booking, offering
from tests.sessions.booking import BOTH_WAYS, book, propose


def closing(browser) -> str:
    return browser.get(reverse("reminders:worklist"), {"show": "closing"}).content.decode()


def told(user) -> list[str]:
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    )


@pytest.fixture
def window(case, episode):
    """The primary window of the therapist, of which 18 hours are left."""
    case.give(hours_ago=30)
    return case


def test_it_stands_with_its_owner_until_a_session_is_booked(window, therapist, signed_in):
    browser = signed_in(therapist)
    assert "?for=integration" not in closing(browser)  # nothing is open to them yet
    window.active(**BOTH_WAYS)
    text = closing(browser)
    link = f"{reverse('care:book', args=[window.referral.pk])}?for=integration&amp;dose=1"
    assert "Closing, nothing booked" in text
    assert link in text
    late = timezone.now() + timedelta(hours=20)
    book(window, by=therapist, dosing=window.dosing, starts_at=late)  # after it closes
    assert link in closing(browser)
    soon = timezone.now() + timedelta(hours=3)
    row = book(window, by=therapist, dosing=window.dosing, starts_at=soon)
    assert link not in closing(browser)
    booking.cancel(by=therapist, appointment=row, reason="Ill")
    assert link in closing(browser)


def test_the_coordinator_sees_it_where_the_clinic_would_know(
    window, coordinator, nurse, therapist, signed_in
):
    """Without a release inwards the therapist may have booked, and the clinic says nothing."""
    link = reverse("care:book", args=[window.referral.pk])
    assert link not in closing(signed_in(coordinator))
    window.active(**BOTH_WAYS)
    assert link in closing(signed_in(coordinator))
    assert link not in closing(signed_in(nurse))  # not hers
    soon = timezone.now() + timedelta(hours=3)
    book(window, by=therapist, dosing=window.dosing, starts_at=soon)
    assert link not in closing(signed_in(coordinator))


def test_those_concerned_are_told_and_read_it_while_they_may(
    case, episode, therapist, coordinator, signed_in
):
    release = case.active(**BOTH_WAYS)
    first, _ = propose(case, person=therapist)
    assert told(therapist)[-1] == Told.TIMES_PROPOSED
    browser, address = signed_in(therapist), reverse("reminders:notifications")
    text = browser.get(address).content.decode()
    assert "Cora Coordinator proposes times: Integration session" in text
    booked = offering.take(by=therapist, appointment=first, form_key=uuid4())
    assert told(coordinator)[-1] == Told.TIME_BOOKED
    booking.cancel(by=therapist, appointment=booked, reason="Ill")
    mine = signed_in(coordinator)
    assert "Not at this time: Integration session" in mine.get(address).content.decode()
    case.revoke(release)
    assert "proposes times" not in browser.get(address).content.decode()
    assert "Not at this time" not in mine.get(address).content.decode()
