"""A release signed on paper: transcribed by one administrator, verified by a second."""

from django.core.exceptions import ValidationError
from django.db import transaction

from consent.actions import transcripts
from consent.actions.locking import check_is_open, locked, locked_awaiting
from consent.actions.signing import keep_choices, put_in_force
from consent.actions.transcripts import Transcript
from consent.documents.text import as_text, paper_code
from consent.enums import Method
from consent.ledger.chain import lock_heads
from consent.models import PaperCopy, Release, SignedPaper
from consent.permissions import check_user_can_administer
from people.models import User


@transaction.atomic
def transcribe_paper(*, by: User, release: Release, transcript: Transcript) -> SignedPaper:
    """Keep a signed paper and what stands on it, for a second administrator to verify.

    Until then it opens nothing, the release does not change, and no link leads to it. Raises
    ValidationError with every field to mend.
    """
    check_user_can_administer(by, release.organization_id)
    release = locked_awaiting(release)
    assert release.sent_at
    code = paper_code(release)
    pages = transcripts.check_transcript(release, transcript, code=code, ready_at=release.sent_at)
    try:
        keep_choices(release, transcript.shared)
    except ValidationError as error:
        nothing = "Nothing is ticked on the paper, so nothing is shared. Discard this release."
        raise ValidationError({"shared": nothing}) from error
    text, shared = as_text(release), sorted(map(list, transcript.shared))
    return transcripts.keep_transcript(
        release, transcript, by=by, text=text, pages=pages, shared=shared
    )


@transaction.atomic
def accept_paper(*, by: User, paper: PaperCopy) -> Release:
    """A second administrator found that the paper says what was transcribed: it is in force now.

    Raises ValidationError where the release no longer reads as it was signed.
    """
    lock_heads([paper.release.client_id])
    paper, release = _waiting(by, paper)
    text = as_text(release)
    signature, now = transcripts.accept(paper, by=by, text=text)
    return put_in_force(release, signature, method=Method.PAPER, by=by, text=text, now=now)


@transaction.atomic
def reject_paper(*, by: User, paper: PaperCopy, reason: str) -> PaperCopy:
    """A second administrator sends it back: the release waits for a signature as before."""
    paper, _ = _waiting(by, paper)
    transcripts.reject(paper, by=by, reason=reason)
    return paper


def _waiting(by: User, paper: PaperCopy) -> tuple[PaperCopy, Release]:
    """A paper that waits for this second person, and its release, both locked."""
    check_user_can_administer(by, paper.release.organization_id)
    release = locked(paper.release)
    paper = PaperCopy.objects.select_for_update().get(pk=paper.pk)
    transcripts.check_by_a_second(paper, by)
    check_is_open(release)
    return paper, release
