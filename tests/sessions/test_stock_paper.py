"""The drug log on paper, and the sample log of the demo."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from kapcare.demo.case import Case
from kapcare.demo.data import load_people
from kapcare.demo.stock import load_stock
from people.formats import day, moment
from sessions.models import Discrepancy, StockEntry, Vial
from tests.factories import PASSWORD
from tests.stock import ADDRESS, Cupboard, stocked

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LOG, PDF = "/care/stock/", "/care/stock/pdf/"


def unspaced(text: str) -> str:
    """Where a line breaks depends on how wide the day's date is."""
    return "".join(text.split())


@pytest.fixture
def nurse(cast, signed_in):
    return signed_in(cast.nurse)


@pytest.mark.pango
def test_the_pdf_has_every_field_of_the_law_and_asks_for_the_password(case, episode, cast, nurse):
    dosing = case.plan(timezone.now() + DAY)
    vial, drawn, _ = stocked(cast, dosing)
    assert nurse.get(PDF).url == LOG
    assert "reauthenticate" in nurse.post(PDF).url
    nurse.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = nurse.post(PDF, {"vial": vial.number, "first_day": day(timezone.localdate())})
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = unspaced("".join(page.extract_text() for page in pages))
    for words in (
        "Ketamine hydrochloride, solution for injection, 50 mg/ml, lot A17",
        "Drawn 60 mg",
        str(case.client),
        ADDRESS,
        moment(drawn.at),
        "NN",
        "Nora Nurse, RN",
        cast.clinic.address,
        "10 mg missing",
        "Waits for a second person",
        "21 CFR 1304.04",
    ):
        assert unspaced(words) in text, words
    assert answer["Content-Disposition"] == 'attachment; filename="log.pdf"'
    event = AuditEvent.objects.get(event="stock.exported")
    assert (event.actor_id, event.detail["rows"]) == (cast.nurse.pk, 4)


def test_too_long_a_document_is_refused_with_what_to_do(cast, nurse, monkeypatch):
    monkeypatch.setattr("sessions.views.stock.MOST_ON_PAPER", 1)
    monkeypatch.setattr("sessions.views.stock.pdf_available", lambda: True)
    Cupboard(cast).receive(2)
    nurse.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Choose a shorter period." in nurse.post(PDF).content.decode()
    assert not AuditEvent.objects.filter(event="stock.exported").exists()


def test_the_sample_log_is_told_after_every_case(db):
    """The demo's own log: one difference, one waste that waits, one vial past its date."""
    cast = load_people()
    case = Case(cast, "Jane", "Smith", timezone.localdate() - 9000 * DAY, sent_days_ago=9)
    case.accept().open().clear().agreed(days_ago=3).dose(timezone.now() - 2 * DAY, "40", sign=False)
    case.dose(timezone.now() - DAY, "50", sign=False)
    load_stock(cast)
    assert Discrepancy.objects.get().difference_mg == -5
    assert StockEntry.objects.waiting().count() == 1
    assert Vial.objects.in_stock().filter(expires_on__lt=cast.clinic.today).count() == 1
