"""A consent to treatment signed on paper: transcribed by one person, verified by a second."""

from django.core.exceptions import ValidationError
from django.db import transaction

from consent.actions import transcripts
from consent.actions.signatures import write_signature
from consent.actions.transcripts import Transcript
from consent.actions.treatment import locked, locked_waiting
from consent.clock import database_now
from consent.enums import Method
from consent.models import SignedPaper, TreatmentConsent, TreatmentPaper
from consent.permissions import check_user_can_present
from consent.treatment.text import as_text, paper_code
from people.models import User


@transaction.atomic
def transcribe_consent(
    *, by: User, consent: TreatmentConsent, transcript: Transcript
) -> SignedPaper:
    """Keep a signed paper and what stands on it, for a second member of the staff to verify.

    Until then no consent is given by it, and no link leads to it. Raises ValidationError with
    every field to mend.
    """
    check_user_can_present(by, consent.organization_id)
    consent = locked_waiting(consent)
    code, ready_at = paper_code(consent), consent.created_at
    pages = transcripts.check_transcript(consent, transcript, code=code, ready_at=ready_at)
    text = as_text(consent)
    return transcripts.keep_transcript(consent, transcript, by=by, text=text, pages=pages)


@transaction.atomic
def accept_consent(*, by: User, paper: TreatmentPaper) -> TreatmentConsent:
    """A second person found that the paper says what was transcribed: it is in force now."""
    paper, consent = _waiting(by, paper)
    if consent.until <= database_now():
        raise ValidationError("This consent would already be over. Reject this paper.")
    text = as_text(consent)
    signature, now = transcripts.accept(paper, by=by, text=text)
    write_signature(consent, signature, method=Method.PAPER, by=by, text=text, now=now)
    return consent


@transaction.atomic
def reject_consent(*, by: User, paper: TreatmentPaper, reason: str) -> TreatmentPaper:
    """A second person sends it back: the consent waits for a signature as before."""
    paper, _ = _waiting(by, paper)
    transcripts.reject(paper, by=by, reason=reason)
    return paper


def _waiting(by: User, paper: TreatmentPaper) -> tuple[TreatmentPaper, TreatmentConsent]:
    """A paper that waits for this second person, and its consent, both locked."""
    check_user_can_present(by, paper.consent.organization_id)
    consent = locked(paper.consent)
    paper = TreatmentPaper.objects.select_for_update().get(pk=paper.pk)
    transcripts.check_by_a_second(paper, by)
    return paper, consent
