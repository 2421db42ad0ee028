"""What every signature needs, whatever is signed: checked, written once, sealed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from consent.documents.kept import keep_document
from consent.documents.sealing import record_signature
from consent.documents.strokes import check_strokes
from consent.documents.text import sha256
from consent.enums import Method, Signer
from consent.models import AnswerLink, Signed, SignedPaper
from people.models import User


@dataclass(frozen=True)
class Signature:
    """Who signed, as they wrote it. `drawn` holds strokes, see consent.strokes; typed: none."""

    signer: str
    signer_name: str
    signer_authority: str = ""
    electronic_agreed: bool = False
    drawn: list = field(default_factory=list)
    witness_name: str = ""
    paper_signed_on: date | None = None

    @classmethod
    def on_paper(cls, paper: SignedPaper) -> "Signature":
        """As it was transcribed."""
        return cls(
            signer=paper.signer,
            signer_name=paper.signer_name,
            signer_authority=paper.signer_authority,
            witness_name=paper.witness_name,
            paper_signed_on=paper.signed_on,
        )


def check_signature(signed: Signed, signature: Signature) -> None:
    """Raises ValidationError with every field to mend.

    On a screen the client types the name that the document has. On paper stands what stands there:
    where it differs, whoever verifies it is told.
    """
    errors: dict[str, str] = {}
    name, on_screen = signature.signer_name, signature.paper_signed_on is None
    if signature.signer not in Signer.values:
        errors["signer"] = "Say who signs."
    if on_screen and signature.signer == Signer.CLIENT and not signed.is_clients_name(name):
        errors["signer_name"] = f"Type your name as this document has it: {signed.client}."
    if signature.signer == Signer.REPRESENTATIVE and not signature.signer_authority.strip():
        errors["signer_authority"] = "Say what gives you the right to sign, such as guardian."
    if not name.strip():
        errors["signer_name"] = "Type the full name."
    if signed.witness_required and not signature.witness_name.strip():
        errors["witness_name"] = "A witness is asked for: type the name of the witness."
    if problem := check_strokes(signature.drawn):
        errors["drawn"] = problem
    if on_screen and not signature.electronic_agreed:
        errors["electronic_agreed"] = "Tick the box to sign on this screen, or ask for paper."
    if errors:
        raise ValidationError(errors)


def check_shown(text: str, shown_sha256: str) -> None:
    """Nothing is signed but the text that was on the screen."""
    if sha256(text) != shown_sha256:
        raise ValidationError("The text has changed. Read it again before you sign.")


def check_is_open(link: AnswerLink, now: datetime) -> None:
    """As it stands in the database: it may have been used or closed meanwhile."""
    if not type(link).objects.get(pk=link.pk).is_open(now):
        raise ValidationError("This can no longer be signed here. Ask the clinic for a new link.")


def use_up(link: AnswerLink, now: datetime) -> Method:
    """The link answered, once and for all; how it was signed through it."""
    rows = type(link).objects.filter(pk=link.pk, used_at=None)
    if rows.update(used_at=now) != 1:
        raise ValidationError("This link was used.")
    return Method.SCREEN if link.on_screen else Method.LINK


def write_signature(
    signed: Signed, signature: Signature, *, method: Method, by: User, text: str, now: datetime
) -> None:
    """Inside the caller's transaction, on a locked row: sign, seal, and keep the PDF afterwards."""
    signed.signed_at, signed.method, signed.presented_by = now, method, by
    signed.signer, signed.signer_name = signature.signer, signature.signer_name.strip()
    signed.signer_authority = signature.signer_authority.strip()
    signed.electronic_agreed = signature.electronic_agreed
    signed.drawn, signed.witness_name = signature.drawn, signature.witness_name.strip()
    signed.paper_signed_on = signature.paper_signed_on
    signed.text, signed.text_sha256 = text, sha256(text)
    signed.save()
    record_signature(signed, by=by)
    transaction.on_commit(partial(keep_document, signed), robust=True)
