"""A release signed on paper: transcribed by one administrator, verified by a second."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.actions.links import close_links
from consent.actions.locking import check_is_open, locked, locked_awaiting
from consent.actions.signing import Signature, check_signature, keep_choices, put_in_force
from consent.clock import database_now
from consent.documents.scans import check_scan
from consent.documents.text import as_text, paper_code, sha256
from consent.enums import Method
from consent.ledger.chain import lock_heads
from consent.models import PaperCopy, Release
from consent.permissions import check_user_can_administer
from people.models import User


@dataclass(frozen=True)
class Transcript:
    """What stands on a signed paper. `shared`: (direction, category) as ticked there."""

    scan: bytes
    code: str
    shared: Collection[tuple[str, str]]
    signer: str
    signer_name: str
    signed_on: date
    signer_authority: str = ""
    witness_name: str = ""

    def signature(self) -> Signature:
        return Signature(
            signer=self.signer,
            signer_name=self.signer_name,
            signer_authority=self.signer_authority,
            witness_name=self.witness_name,
            paper_signed_on=self.signed_on,
        )


@transaction.atomic
def transcribe_paper(*, by: User, release: Release, transcript: Transcript) -> PaperCopy:
    """Keep a signed paper and what stands on it, for a second administrator to verify.

    Until then it opens nothing, the release does not change, and no link leads to it. Raises
    ValidationError with every field to mend.
    """
    check_user_can_administer(by, release.organization_id)
    release = locked_awaiting(release)
    pages = _check_transcript(release, transcript)
    try:
        keep_choices(release, transcript.shared)
    except ValidationError as error:
        nothing = "Nothing is ticked on the paper, so nothing is shared. Discard this release."
        raise ValidationError({"shared": nothing}) from error
    close_links(release)
    paper = PaperCopy.objects.create(
        release=release,
        pdf=transcript.scan,
        pdf_sha256=hashlib.sha256(transcript.scan).hexdigest(),
        pages=pages,
        signed_on=transcript.signed_on,
        signer=transcript.signer,
        signer_name=transcript.signer_name.strip(),
        signer_authority=transcript.signer_authority.strip(),
        witness_name=transcript.witness_name.strip(),
        shared=sorted(map(list, transcript.shared)),
        text_sha256=sha256(as_text(release)),
        transcribed_by=by,
        transcribed_at=database_now(),
    )
    record("paper.transcribed", by=by, on=paper, client_id=release.client_id, release=release.pk)
    return paper


@transaction.atomic
def accept_paper(*, by: User, paper: PaperCopy) -> Release:
    """A second administrator found that the paper says what was transcribed: it is in force now.

    Raises ValidationError where the release no longer reads as it was signed.
    """
    lock_heads([paper.release.client_id])
    paper, release = _waiting(by, paper)
    text = as_text(release)
    if sha256(text) != paper.text_sha256:
        raise ValidationError(
            "The release no longer reads as the client signed it. Reject this paper and print "
            "the release again."
        )
    if hashlib.sha256(bytes(paper.pdf)).hexdigest() != paper.pdf_sha256:
        raise ValidationError("The scan is not the one that was uploaded. Reject this paper.")
    signature = Signature(
        signer=paper.signer,
        signer_name=paper.signer_name,
        signer_authority=paper.signer_authority,
        witness_name=paper.witness_name,
        paper_signed_on=paper.signed_on,
    )
    check_signature(release, signature)
    paper.verified_at, paper.verified_by = database_now(), by
    paper.save(update_fields=["verified_at", "verified_by"])
    record("paper.accepted", by=by, on=paper, client_id=release.client_id, release=release.pk)
    now = paper.verified_at
    return put_in_force(release, signature, method=Method.PAPER, by=by, text=text, now=now)


@transaction.atomic
def reject_paper(*, by: User, paper: PaperCopy, reason: str) -> PaperCopy:
    """A second administrator sends it back: the release waits for a signature as before."""
    paper, release = _waiting(by, paper)
    if not reason.strip():
        raise ValidationError({"reason": "Say what is wrong, so that it can be mended."})
    paper.verified_at, paper.verified_by = database_now(), by
    paper.rejected_reason = reason.strip()
    paper.save(update_fields=["verified_at", "verified_by", "rejected_reason"])
    record("paper.rejected", by=by, on=paper, client_id=release.client_id, release=release.pk)
    return paper


def _waiting(by: User, paper: PaperCopy) -> tuple[PaperCopy, Release]:
    """A paper that waits for this second person, and its release, both locked."""
    check_user_can_administer(by, paper.release.organization_id)
    release = locked(paper.release)
    paper = PaperCopy.objects.select_for_update().get(pk=paper.pk)
    if paper.verified_at:
        raise ValidationError("This paper was verified already.")
    if paper.transcribed_by_id == by.pk:
        raise ValidationError("You transcribed this paper. Somebody else has to verify it.")
    check_is_open(release)
    return paper, release


def _check_transcript(release: Release, transcript: Transcript) -> int:
    """How many pages the scan has. Raises ValidationError with every field to mend."""
    errors: dict[str, list] = {}
    problem, pages = check_scan(transcript.scan)
    if problem:
        errors["scan"] = [problem]
    if _plain_code(transcript.code) != paper_code(release):
        errors["code"] = [
            "This is not the code of the release as it reads now. Look again at the foot of the "
            "paper. If it says so there, the release was changed after printing: print it again "
            "and have it signed anew."
        ]
    if wrong := _wrong_day(release, transcript.signed_on):
        errors["signed_on"] = [wrong]
    try:
        check_signature(release, transcript.signature())
    except ValidationError as error:
        errors |= error.error_dict
    if errors:
        raise ValidationError(errors)
    return pages


def _wrong_day(release: Release, signed_on: date) -> str:
    """Days are those of the clinic."""
    assert release.sent_at
    with timezone.override(release.organization.timezone):
        if signed_on > release.organization.today:
            return "This day is in the future. Copy the date from the paper."
        if signed_on < timezone.localdate(release.sent_at):
            return "The release was not ready to sign on that day. Copy the date from the paper."
    return ""


def _plain_code(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()
