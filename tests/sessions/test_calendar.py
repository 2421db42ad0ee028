"""The secret calendar: made, shown once, read by its address, and dead with the membership."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from audit.models import AuditEvent
from consent.models import Disclosure
from people.joining.actions.memberships import end_membership
from sessions.actions import dosing as dosing_actions
from sessions.appointments import booking, feeds
from sessions.models import CalendarFeed
from tests.factories import LAST_NAME
from tests.refusing import database_refuses
from tests.sessions.booking import BOTH_WAYS, ahead, book


def made(user) -> str:
    token = feeds.make_feed(by=user, form_key=uuid4())
    assert token
    return token


def fetch(token: str, **headers):
    return Client().get(reverse("care:calendar_feed", args=[token]), headers=headers)


def events(response) -> list:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_an_address_is_shown_once_replaced_and_taken_back(case, nurse, signed_in):
    browser, address, key = signed_in(nurse), reverse("care:calendar"), uuid4()
    assert "No address is in use." in browser.get(address).content.decode()
    first = browser.post(address, {"form_key": key}).content.decode()
    token = first.partition("/calendar/")[2].partition(".ics")[0]
    again = browser.post(address, {"form_key": key}, follow=True).content.decode()
    assert ".ics" not in again
    assert token not in str(CalendarFeed.objects.values())
    assert fetch(token).status_code == 200
    browser.post(address, {"form_key": uuid4()})
    assert fetch(token).status_code == 404
    browser.post(reverse("care:calendar_revoke"))
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()
    made_, revoked = (
        AuditEvent.objects.filter(event=f"calendar.{name}").count() for name in ("made", "revoked")
    )
    assert (made_, revoked) == (2, 2)
    feed = CalendarFeed.objects.first()
    database_refuses(lambda: CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=None))
    database_refuses(lambda: CalendarFeed.objects.filter(pk=feed.pk).update(token_hash="0"))
    database_refuses(feed.delete)


def test_it_says_when_and_nothing_else_with_a_lasting_id(case, episode, kaptherapist):
    token, row = made(kaptherapist), book(case)
    (event,) = events(fetch(token))
    assert event["SUMMARY"] == "kapcare: appointment"
    assert event.decoded("DTSTART") == row.starts_at
    assert event["STATUS"] == "CONFIRMED"
    text = fetch(token).content.decode().lower()
    for word in (LAST_NAME, "Northfield", "integration", "Kai", "ketamine", "room"):
        assert word.lower() not in text
    moved = booking.move(
        by=kaptherapist, appointment=row, form_key=uuid4(), starts_at=ahead(5), minutes=30
    )
    (after,) = events(fetch(token))
    assert (after["UID"], after["SEQUENCE"]) == (event["UID"], 1)
    booking.cancel(by=kaptherapist, appointment=moved, reason="Ill")
    (over,) = events(fetch(token))
    assert (over["UID"], over["SEQUENCE"], over["STATUS"]) == (event["UID"], 2, "CANCELLED")
    assert Disclosure.objects.count() == 0


def test_releases_are_asked_again_and_what_is_unchanged_is_no_disclosure(
    case, episode, therapist, prescriber
):
    token, dose = made(therapist), case.plan(ahead(6))
    assert events(fetch(token)) == []
    release = case.active(**BOTH_WAYS)
    first = fetch(token)
    (event,) = events(first)
    assert event.decoded("DTSTART") == dose.at
    assert [row.channel for row in Disclosure.objects.all()] == ["calendar"]
    same = fetch(token, **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert Disclosure.objects.count() == 1
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(7))
    (moved,) = events(fetch(token, **{"If-None-Match": first["ETag"]}))
    assert (moved["UID"], moved.decoded("DTSTART")) == (event["UID"], ahead(7))
    assert Disclosure.objects.count() == 2
    case.revoke(release)
    assert events(fetch(token, **{"If-None-Match": first["ETag"]})) == []


def test_it_dies_with_the_membership_and_a_guess_finds_nothing(case, cast, nurse):
    token = made(nurse)
    end_membership(by=cast.administrator, member=nurse.membership)
    assert fetch(token).status_code == 404
    assert fetch("guess").status_code == 404


def test_an_administrator_has_none(case, administrator):
    with pytest.raises(PermissionDenied):
        feeds.make_feed(by=administrator, form_key=uuid4())


def test_fetching_too_often_is_answered_later(db):
    assert [fetch("guess").status_code for _ in range(21)] == [404] * 20 + [429]
