"""The signed release as a PDF that is kept, and whether what is kept is still what was signed."""

import hashlib

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from audit.models import AuditEvent
from audit.record import record
from consent.clock import database_now
from consent.documents.sealing import terms_sha256
from consent.documents.strokes import HEIGHT, WIDTH, as_paths
from consent.documents.text import sha256
from consent.models import Release, SignedDocument
from people.pdf import make_pdf, pdf_available


def keep_document(release: Release) -> SignedDocument | None:
    """Make the PDF of a signed release and keep its bytes; None where Pango is missing.

    Runs once the signature is committed, so that nobody waits for it with the ledger locked. Asked
    again it gives the one that was kept: whoever needs it asks, should the first try have failed.
    """
    kept = SignedDocument.objects.filter(release=release).first()
    if kept or not pdf_available() or release.signed_at is None:
        return kept
    context = {
        "release": release,
        "text_blocks": release.text.strip().split("\n\n"),
        "paths": as_paths(release.drawn),
        "width": WIDTH,
        "height": HEIGHT,
    }
    with timezone.override(release.organization.timezone):
        pdf = make_pdf(render_to_string("consent/signed_pdf.html", context))
    with transaction.atomic():
        kept, made = SignedDocument.objects.get_or_create(
            release=release,
            defaults={
                "pdf": pdf,
                "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
                "text_sha256": release.text_sha256,
                "made_at": database_now(),
            },
        )
        if made:
            record("release.document_kept", by=None, on=release, pdf_sha256=kept.pdf_sha256)
    return kept


def damage(release: Release) -> list[str]:
    """What of a signed release is no longer as it was signed, in words; nothing when all is whole.

    Text, PDF, terms and their hashes are compared with each other and with the audit log.
    """
    if release.signed_at is None:
        return []
    logged = _logged(release)
    checks = [
        (sha256(release.text) == release.text_sha256, "The text is not the one that was signed."),
        ("text_sha256" in logged, "The log holds no signature of it."),
        (
            logged.get("text_sha256") in (None, release.text_sha256),
            "The hash of the text is not the one in the log.",
        ),
        (
            logged.get("terms_sha256") in (None, terms_sha256(release)),
            "What it opens is not what was signed.",
        ),
        *_checks_of_document(release, logged.get("pdf_sha256", "")),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _checks_of_document(release: Release, logged: str) -> list[tuple[bool, str]]:
    """`logged` is the hash of the PDF in the log, empty where none was made."""
    kept = SignedDocument.objects.filter(release=release).first()
    if kept is None:
        return [(not logged, "The signed PDF is missing.")]
    return [
        (
            hashlib.sha256(bytes(kept.pdf)).hexdigest() == kept.pdf_sha256,
            "The PDF is not the one that was made when it was signed.",
        ),
        (kept.text_sha256 == release.text_sha256, "The PDF was made of another text."),
        (kept.pdf_sha256 == logged, "The hash of the PDF is not the one in the log."),
    ]


def _logged(release: Release) -> dict[str, str]:
    """What the audit log says of the signature. Events can be added, so the first one counts."""
    events = AuditEvent.objects.filter(
        event__in=["release.signed", "release.document_kept"],
        subject=f"{release._meta.label_lower}:{release.pk}",
    )
    return {key: value for event in events.order_by("-pk") for key, value in event.detail.items()}
