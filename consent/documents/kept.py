"""What was signed as a PDF that is kept, and whether what is kept is still what was signed."""

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
from consent.models import KeptPdf, Release, Signed, SignedDocument, TreatmentDocument
from people.pdf import make_pdf, pdf_available


def document_of(signed: Signed) -> KeptPdf | None:
    """The PDF that is kept of it, or None."""
    return _documents(signed).first()


def _documents(signed: Signed):
    if isinstance(signed, Release):
        return SignedDocument.objects.filter(release=signed)
    return TreatmentDocument.objects.filter(consent_id=signed.pk)


def keep_document(signed: Signed) -> KeptPdf | None:
    """Make the PDF of what was signed and keep its bytes; None where Pango is missing.

    Runs once the signature is committed, so that nobody waits for it with the ledger locked. Asked
    again it gives the one that was kept: whoever needs it asks, should the first try have failed.
    """
    kept = document_of(signed)
    if kept or not pdf_available() or signed.signed_at is None:
        return kept
    with timezone.override(signed.organization.timezone):
        pdf = make_pdf(render_to_string("consent/signed_pdf.html", as_signed(signed)))
    with transaction.atomic():
        of = "release" if isinstance(signed, Release) else "consent"
        kept, made = _documents(signed).get_or_create(
            **{of: signed},
            defaults={
                "pdf": pdf,
                "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
                "text_sha256": signed.text_sha256,
                "made_at": database_now(),
            },
        )
        if made:
            event = f"{signed.noun}.document_kept"
            record(event, by=None, on=signed, pdf_sha256=kept.pdf_sha256)
    return kept


def as_signed(signed: Signed) -> dict:
    """The exact text in its blocks, and the signature as drawn, for the page and the PDF."""
    return {
        "signed": signed,
        "text_blocks": signed.text.strip().split("\n\n"),
        "paths": as_paths(signed.drawn),
        "width": WIDTH,
        "height": HEIGHT,
    }


def damage(signed: Signed) -> list[str]:
    """What of a signed document is no longer as it was signed, in words; nothing when it is whole.

    Text, PDF, terms and their hashes are compared with each other and with the audit log.
    """
    if signed.signed_at is None:
        return []
    logged = _logged(signed)
    checks = [
        (sha256(signed.text) == signed.text_sha256, "The text is not the one that was signed."),
        ("text_sha256" in logged, "The log holds no signature of it."),
        (
            logged.get("text_sha256") in (None, signed.text_sha256),
            "The hash of the text is not the one in the log.",
        ),
        (
            logged.get("terms_sha256") in (None, terms_sha256(signed)),
            "What it opens is not what was signed."
            if isinstance(signed, Release)
            else "What it holds for is not what was signed.",
        ),
        *_checks_of_document(signed, logged.get("pdf_sha256", "")),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _checks_of_document(signed: Signed, logged: str) -> list[tuple[bool, str]]:
    """`logged` is the hash of the PDF in the log, empty where none was made."""
    kept = document_of(signed)
    if kept is None:
        return [(not logged, "The signed PDF is missing.")]
    return [
        (
            hashlib.sha256(bytes(kept.pdf)).hexdigest() == kept.pdf_sha256,
            "The PDF is not the one that was made when it was signed.",
        ),
        (kept.text_sha256 == signed.text_sha256, "The PDF was made of another text."),
        (kept.pdf_sha256 == logged, "The hash of the PDF is not the one in the log."),
    ]


def _logged(signed: Signed) -> dict[str, str]:
    """What the audit log says of the signature. Events can be added, so the first one counts."""
    events = AuditEvent.objects.filter(
        event__in=[f"{signed.noun}.signed", f"{signed.noun}.document_kept"],
        subject=f"{signed._meta.label_lower}:{signed.pk}",
    )
    return {key: value for event in events.order_by("-pk") for key, value in event.detail.items()}
