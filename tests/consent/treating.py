"""What the tests of the consent to treatment share."""

from datetime import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from consent.clock import database_now
from consent.documents.text import sha256
from consent.enums import Signer
from consent.models import TreatmentConsent
from consent.treatment.standing import Standing, standing
from consent.treatment.text import as_text
from people.enums import OrganizationKind
from people.models import Organization
from tests.builder import Builder
from tests.consent.visiting import url
from tests.factories import make_organization


def unless_refused(write) -> None:
    """`write` must be refused by the database itself."""
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def stands(case: Builder, at: datetime | None = None) -> Standing:
    at = at or database_now()
    return standing(client_id=case.client.pk, clinic_id=case.cast.clinic.pk, at=at)


def holds(case: Builder, at: datetime | None = None) -> TreatmentConsent | None:
    return stands(case, at).consent


def why(case: Builder, at: datetime | None = None) -> str:
    return stands(case, at).why_not


def plan(consent: TreatmentConsent, **changes) -> dict:
    """The row that preparing writes, once more."""
    names = ("client", "organization", "until", "explained_by", "explained_on", "created_by")
    return {name: getattr(consent, name) for name in names} | changes


def signed_fields(case: Builder) -> dict:
    return {
        "signed_at": timezone.now(),
        "method": "screen",
        "signer": Signer.CLIENT,
        "signer_name": case.client.full_name,
        "electronic_agreed": True,
        "text": "text",
        "text_sha256": sha256("text"),
        "presented_by": case.cast.nurse,
    }


def second_clinic() -> Organization:
    return make_organization("Second Clinic", OrganizationKind.CLINIC)


# ------------------------------------------------------------------ the client's visit
def knock(token: str, born: str = "14-Jul-1985", browser: Client | None = None):
    """(browser, answer) of somebody who opens a link and gives a date of birth."""
    browser = browser or Client()
    return browser, browser.post(url("open_agreement", token), {"date_of_birth": born})


def agree(browser: Client, consent: TreatmentConsent, **changes):
    """Sign what stands on the screen."""
    data = {
        "step": "sign",
        "shown_sha256": sha256(as_text(consent)),
        "signer": "client",
        "signer_name": consent.client.full_name,
        "electronic_agreed": "on",
        **changes,
    }
    return browser.post(url("agreement"), data)
