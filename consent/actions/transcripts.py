"""What every signed paper needs, whatever it says: transcribed by one person, verified by a second.

The two kinds, `actions.paper` for a release and `actions.treatment_paper`, add who may do it.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.record import record
from consent.actions.links import close_links
from consent.actions.signatures import Signature, check_signature
from consent.clock import database_now
from consent.documents.text import sha256
from consent.models import Signed, SignedPaper
from people.formats import day
from people.models import User
from people.scans import check_scan


@dataclass(frozen=True)
class Transcript:
    """What stands on a signed paper. `shared`, of a release: (direction, category) as ticked."""

    scan: bytes
    code: str
    signer: str
    signer_name: str
    signed_on: date
    agreed: bool  # “Yes” is ticked, and “No” is not
    signer_authority: str = ""
    witness_name: str = ""
    shared: Collection[tuple[str, str]] = ()

    def signature(self) -> Signature:
        return Signature(
            signer=self.signer,
            signer_name=self.signer_name,
            signer_authority=self.signer_authority,
            witness_name=self.witness_name,
            paper_signed_on=self.signed_on,
        )


def keep_transcript(
    signed: Signed, transcript: Transcript, *, by: User, text: str, pages: int, **more
) -> SignedPaper:
    """Keep it on the locked `signed`, which says `text`; until verified no link leads there."""
    close_links(signed)
    paper = signed.papers.create(
        pdf=transcript.scan,
        pdf_sha256=hashlib.sha256(transcript.scan).hexdigest(),
        pages=pages,
        signed_on=transcript.signed_on,
        signer=transcript.signer,
        signer_name=transcript.signer_name.strip(),
        signer_authority=transcript.signer_authority.strip(),
        witness_name=transcript.witness_name.strip(),
        text_sha256=sha256(text),
        transcribed_by=by,
        transcribed_at=database_now(),
        **more,
    )
    _record("transcribed", paper, by)
    return paper


def check_by_a_second(paper: SignedPaper, by: User) -> None:
    """Raises where it was verified already, or `by` transcribed it."""
    if paper.verified_at:
        raise ValidationError("This paper was verified already.")
    if paper.transcribed_by_id == by.pk:
        raise ValidationError("You transcribed this paper. Somebody else has to verify it.")


def accept(paper: SignedPaper, *, by: User, text: str) -> tuple[Signature, datetime]:
    """Note on the locked `paper` that it says what was transcribed; its signature and when.

    Raises ValidationError where the document no longer says what was signed: it reads `text` now.
    """
    if sha256(text) != paper.text_sha256:
        kind = paper.document.noun.replace("_", " ")
        raise ValidationError(
            f"The {kind} no longer reads as the client signed it. Reject this paper and print "
            f"the {kind} again."
        )
    if hashlib.sha256(bytes(paper.pdf)).hexdigest() != paper.pdf_sha256:
        raise ValidationError("The scan is not the one that was uploaded. Reject this paper.")
    signature = Signature.on_paper(paper)
    check_signature(paper.document, signature)
    return signature, _verified("accepted", paper, by)


def reject(paper: SignedPaper, *, by: User, reason: str) -> None:
    """Send the locked `paper` back."""
    if not reason.strip():
        raise ValidationError({"reason": "Say what is wrong, so that it can be mended."})
    paper.rejected_reason = reason.strip()
    _verified("rejected", paper, by)


def _verified(event: str, paper: SignedPaper, by: User) -> datetime:
    paper.verified_at, paper.verified_by = database_now(), by
    paper.save(update_fields=["verified_at", "verified_by", "rejected_reason"])
    _record(event, paper, by)
    return paper.verified_at


def _record(event: str, paper: SignedPaper, by: User) -> None:
    signed = paper.document
    about = {signed.noun: signed.pk}
    record(f"paper.{event}", by=by, on=paper, client_id=signed.client_id, **about)


def check_transcript(
    signed: Signed, transcript: Transcript, *, code: str, ready_at: datetime
) -> int:
    """How many pages the scan has. Raises ValidationError with every field to mend.

    `code` is what the paper must say at its foot; it could be signed from `ready_at` on.
    """
    errors: dict[str, list] = {}
    kind = signed.noun.replace("_", " ")
    problem, pages = check_scan(transcript.scan)
    if problem:
        errors["scan"] = [problem]
    if _plain_code(transcript.code) != code:
        errors["code"] = [
            f"This is not the code of the {kind} as it reads now. Look again at the foot of the "
            f"paper. If it says so there, the {kind} was changed after printing: print it again "
            "and have it signed anew."
        ]
    if not transcript.agreed:
        errors["agreed"] = [
            f"Only a paper on which “Yes” alone is ticked puts the {kind} in force. If the client "
            f"said no, put the {kind} away."
        ]
    if wrong := _wrong_day(signed, transcript.signed_on, ready_at):
        errors["signed_on"] = [wrong]
    try:
        check_signature(signed, transcript.signature())
    except ValidationError as error:
        errors |= error.error_dict
    if errors:
        raise ValidationError(errors)
    return pages


def _wrong_day(signed: Signed, signed_on: date, ready_at: datetime) -> str:
    """Days are those of the clinic."""
    clinic = signed.organization
    with timezone.override(clinic.timezone):
        if signed_on > clinic.today:
            return "This day is in the future. Copy the date from the paper."
        if signed_on < timezone.localdate(ready_at):
            kind = signed.noun.replace("_", " ")
            return (
                f"The {kind} was made ready to sign on {day(timezone.localdate(ready_at))}, so it "
                "cannot have been signed before. Copy the date from the paper."
            )
    return ""


def _plain_code(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()
