"""Former days, and signatures of them, for the demo and the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.utils import timezone

from consent.actions.treatment import USUAL_LENGTH, day_after
from consent.documents.sealing import record_signature
from consent.documents.text import as_text, sha256
from consent.enums import Method, Signer
from consent.models import Release, TreatmentConsent
from consent.signals import release_signed
from consent.treatment import text as treatment_text
from people.models import Client, Organization, User


@contextmanager
def as_of(moment: datetime) -> Iterator[datetime]:
    """The past, in which everything inside happens."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment


def sign_in_the_past(release: Release, *, signed_at: datetime, until: datetime | None) -> Release:
    """What the action would have done at `signed_at`, which it cannot do today.

    One plain update of an unsigned row: every constraint and every trigger checks it as always.
    Its PDF is made when somebody asks for it: a dozen of them would keep a visitor waiting.
    """
    release.until = until
    text = as_text(release)
    Release.objects.filter(pk=release.pk).update(
        until=until,
        sent_at=signed_at,
        signed_at=signed_at,
        signer=Signer.CLIENT,
        signer_name=release.client.full_name,
        electronic_agreed=True,
        text=text,
        text_sha256=sha256(text),
        method=Method.SCREEN,
        presented_by=release.created_by,
    )
    release = Release.objects.get(pk=release.pk)
    record_signature(release, by=release.created_by)
    release_signed.send(Release, release=release, by=release.created_by)
    return release


def consent_in_the_past(
    *, client: Client, clinic: Organization, by: User, explained_by: User, signed_at: datetime
) -> TreatmentConsent:
    """A consent to treatment that was prepared, explained and signed at `signed_at`."""
    explained_on = timezone.localdate(signed_at, ZoneInfo(clinic.timezone))
    consent = TreatmentConsent.objects.create(
        client=client,
        organization=clinic,
        until=day_after(explained_on + USUAL_LENGTH, clinic),
        explained_by=explained_by,
        explained_on=explained_on,
        created_by=by,
        created_at=signed_at,
    )
    text = treatment_text.as_text(consent)
    TreatmentConsent.objects.filter(pk=consent.pk).update(
        signed_at=signed_at,
        signer=Signer.CLIENT,
        signer_name=client.full_name,
        electronic_agreed=True,
        text=text,
        text_sha256=sha256(text),
        method=Method.SCREEN,
        presented_by=by,
    )
    consent.refresh_from_db()
    record_signature(consent, by=by)
    return consent
