"""Signatures of former days, for the demo and the tests."""

from datetime import datetime

from consent.documents.sealing import record_signature
from consent.documents.text import as_text, sha256
from consent.enums import Method, Signer
from consent.models import Release
from consent.signals import release_signed


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
