"""A dose that was given is corrected by an appended row with a reason, and in no other way."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from people.formats import moment
from sessions.actions.giving import correct_dose
from sessions.models import CareEvent, DoseCorrection, DosingSession
from tests.refusing import database_refuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]
MINUTE = timedelta(minutes=1)


def correct(case, dosing, key=None, **changes):
    said = {"given_at": dosing.given_at, "dose_mg": dosing.dose_mg, "reason": "misread the clock"}
    by = changes.pop("by", case.cast.nurse)
    return correct_dose(by=by, dosing=dosing, form_key=key or uuid4(), **{**said, **changes})


def test_a_correction_moves_what_hangs_on_the_dose_and_keeps_what_was_said(case, given):
    was, key = given.given_at, uuid4()
    now = correct(case, given, key, given_at=was - 10 * MINUTE, dose_mg=Decimal("32.5"))
    correct(case, given, key, given_at=was - 10 * MINUTE, dose_mg=Decimal("32.5"))
    now.refresh_from_db()
    assert (now.given_at, now.dose_mg, now.order.dose_mg) == (was - 10 * MINUTE, 32.5, 50)
    row = DoseCorrection.objects.get()
    assert (row.was_given_at, row.was_mg) == (was, 50)
    assert (row.given_at, row.dose_mg, row.reason) == (now.given_at, 32.5, "misread the clock")
    assert CareEvent.unscoped.get(dosing=given).occurred_at == now.given_at
    opens = (
        now.reminders.of_windows().exclude(kind="preparation").order_by("opens_at").first().opens_at
    )
    assert opens == now.given_at + timedelta(hours=24)
    assert AuditEvent.objects.filter(event="dose.corrected").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing differs"),
        ({"dose_mg": Decimal(40), "reason": " "}, "Say why"),
        ({"dose_mg": Decimal(0)}, "more than 0"),
        ({"dose_mg": Decimal(1001)}, "beyond any known dose"),
        ({"given_at": timedelta(hours=1)}, "in the future"),
        ({"given_at": -timedelta(days=32)}, "more than a month ago"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(case, given, changes, words):
    if "given_at" in changes:
        changes = {"given_at": timezone.now() + changes["given_at"]}
    with pytest.raises(ValidationError, match=words):
        correct(case, given, **changes)
    assert DosingSession.objects.get(pk=given.pk).given_at == given.given_at
    assert not DoseCorrection.objects.exists()


def test_it_cannot_be_moved_to_where_a_gate_was_shut(case, given):
    case.withdraw_consent(given.consent)
    with pytest.raises(ValidationError, match="was withdrawn on"):
        correct(case, given, given_at=timezone.now())
    assert correct(case, given, given_at=given.given_at + MINUTE)


def test_after_the_client_left_it_was_given_before_they_left(case, given):
    case.leave(given, given.given_at + 20 * MINUTE)
    with pytest.raises(ValidationError, match="had left by then"):
        correct(case, given, given_at=given.given_at + 20 * MINUTE)
    assert correct(case, given, given_at=given.given_at + 19 * MINUTE).discharged_at


def test_only_who_treats_corrects_and_only_what_was_given(case, given, coordinator):
    with pytest.raises(PermissionDenied):
        correct(case, given, by=coordinator, dose_mg=Decimal(40))
    planned = case.plan(timezone.now())
    with pytest.raises(ValidationError, match="not recorded as given"):
        correct(case, planned, given_at=timezone.now(), dose_mg=Decimal(40))


def test_the_database_asks_for_the_newest_correction(case, given):
    rows, first = DosingSession.objects.filter(pk=given.pk), given.given_at
    other = {"given_at": first - MINUTE}
    database_refuses(lambda: rows.update(dose_mg=40))
    database_refuses(lambda: rows.update(**other))
    correct(case, given, **other)
    correct(case, rows.get(), given_at=first)
    database_refuses(lambda: rows.update(**other))  # an older correction allows nothing
    row = {"dosing": given, "recorded_by": case.cast.nurse, "reason": "x", "dose_mg": 50}
    row |= {"was_mg": 50, "was_given_at": first, "given_at": first - MINUTE}
    make = DoseCorrection.objects.create
    database_refuses(lambda: make(**{**row, "was_given_at": first - 9 * MINUTE}))
    database_refuses(lambda: make(**{**row, "was_mg": 49}))
    database_refuses(lambda: make(**{**row, "reason": ""}))
    database_refuses(lambda: make(**{**row, "given_at": first}))
    case.withdraw_consent(given.consent)
    make(**{**row, "given_at": (after := timezone.now())})
    database_refuses(lambda: rows.update(given_at=after))  # the gates still count


@pytest.mark.parametrize(
    "name",
    ["route", "weight_kg", "given_by", "order", "clearance", "identity", "checks", "escort_plan"],
)
def test_what_a_dose_was_given_on_stays(case, given, name):
    others = {"route": "iv", "weight_kg": 71, "given_by": case.cast.prescriber}
    database_refuses(
        lambda: DosingSession.objects.filter(pk=given.pk).update(**{name: others.get(name)})
    )


def test_another_consent_or_day_takes_a_correction(case, given):
    rows = DosingSession.objects.filter(pk=given.pk)
    database_refuses(lambda: rows.update(given_on=given.given_on - timedelta(days=1)))
    database_refuses(lambda: rows.update(consent=None))


def test_the_page_corrects_and_the_sheet_strikes_through(case, given, browser):
    address = reverse("care:correct_dose", args=[given.pk])
    sheet = reverse("care:dosing", args=[given.pk])
    assert address in browser.get(sheet).content.decode()
    shown = moment(given.given_at)
    sent = {"form_key": uuid4(), "given_at": shown, "dose_mg": "40", "reason": "", "seen": ""}
    refused = browser.post(address, sent)
    assert refused.status_code == 200
    assert "40" in refused.content.decode()
    assert browser.post(address, {**sent, "reason": "infusion stopped"}).status_code == 302
    row = DosingSession.objects.get(pk=given.pk)
    assert (row.dose_mg, row.given_at) == (40, given.given_at)  # to the microsecond
    page = browser.get(sheet).content.decode()
    for words in ("40 mg", "Amount was <s>50 mg</s>", "infusion stopped"):
        assert words in page
    planned = case.plan(timezone.now())
    assert browser.get(reverse("care:correct_dose", args=[planned.pk])).status_code == 404


def test_another_amount_is_weighed_as_an_order_is(case, given, browser):
    """Shown once and bound to the amount: 1000 mg is not saved in one press."""
    address = reverse("care:correct_dose", args=[given.pk])
    sent = {"form_key": uuid4(), "given_at": moment(given.given_at), "reason": "misread"}
    first = browser.post(address, {**sent, "dose_mg": "1000"})
    page = first.content.decode()
    for words in ("more than twice the usual", "Correct it all the same", "1000", "misread"):
        assert words in page
    assert not DoseCorrection.objects.exists()
    seen = first.context["fingerprint"]
    other = browser.post(address, {**sent, "dose_mg": "900", "seen": ""})
    assert other.status_code == 200
    refused = browser.post(address, {**sent, "dose_mg": "1001", "seen": seen}).content.decode()
    assert "beyond any known dose" in refused
    assert browser.post(address, {**sent, "dose_mg": "1000", "seen": seen}).status_code == 302
    assert DosingSession.objects.get(pk=given.pk).dose_mg == 1000


def test_another_time_alone_is_not_weighed(case, given, browser):
    """Whatever there was to weigh about the amount was weighed when it was given."""
    correct(case, given, dose_mg=Decimal(900))
    address = reverse("care:correct_dose", args=[given.pk])
    sent = {"form_key": uuid4(), "dose_mg": "900", "reason": "misread the clock"}
    at = moment(given.given_at - 5 * MINUTE)
    assert browser.post(address, {**sent, "given_at": at}).status_code == 302
