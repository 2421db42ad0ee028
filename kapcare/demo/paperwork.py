"""The releases of a sample case, in every state, and what hangs on them."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Self
from uuid import uuid4

import pikepdf
from django.utils import timezone

from consent.actions.contacts import add_contact
from consent.actions.drafting import (
    Terms,
    discard_release,
    draft_release,
    edit_release,
    renew_release,
    send_for_signature,
    terms_of,
)
from consent.actions.emergency import close_emergency, open_emergency
from consent.actions.ending import revoke_release
from consent.actions.links import hand_over, make_client_link, make_signing_link
from consent.actions.paper import transcribe_paper
from consent.actions.questions import ask_question
from consent.actions.receipts import give_receipt
from consent.actions.signatures import Signature
from consent.actions.signing import decline_release, sign_release
from consent.actions.transcripts import Transcript
from consent.documents.text import as_text, paper_code, sha256
from consent.enums import (
    AskedHow,
    Category,
    EmergencyBasis,
    Purpose,
    ReceiptKind,
    RevokedBy,
    Signer,
)
from consent.models import ClientLink, Disclosure, OutsideContact, Release, ReleaseRecipient
from kapcare.demo.data import Cast
from kapcare.demo.past import sign_in_the_past
from people.models import User
from people.pdf import make_pdf, pdf_available
from referrals.models import Referral
from sessions.reading import read_case


class Paperwork:
    """Told by the clinic's administrator about a client."""

    cast: Cast
    referral: Referral

    def release(
        self,
        to: User | None,
        out: Sequence[Category],
        inward: Sequence[Category],
        *,
        signed_days_ago: float | None,
        days: float,
        **more,
    ) -> Release:
        """A release that ends in `days`; signed so many days ago, or still unsigned (None)."""
        by, now = self.cast.administrator, timezone.now()
        release = self._draft()
        terms = Terms(
            recipients=[to] if to else [],
            out_categories=out,
            in_categories=inward,
            sensitivities=[],
            purposes={Purpose.COORDINATION: ""},
            until=now + timedelta(days=max(days, 1)),
            revocation_how=release.revocation_how,
        )
        release = edit_release(by=by, release=release, terms=replace(terms, **more))
        release = send_for_signature(by=by, release=release)
        if signed_days_ago is not None:
            signed_at = now - timedelta(days=signed_days_ago)
            until = release.until and now + timedelta(days=days)
            release = sign_in_the_past(release, signed_at=signed_at, until=until)
            give_receipt(release, ReceiptKind.SIGNED, at=signed_at)
        return release

    def _draft(self) -> Release:
        by, client = self.cast.administrator, self.referral.client
        return draft_release(by=by, client=client, form_key=uuid4())

    def withdraw(
        self, release: Release, reason: str, recipient: ReleaseRecipient | None = None
    ) -> Self:
        revoke_release(
            by=self.cast.administrator,
            release=release,
            asked_by=RevokedBy.CLIENT,
            asked_how=AskedHow.PHONE,
            reason=reason,
            recipient=recipient,
        )
        return self

    def renew(self, release: Release, *, days: int) -> Release:
        """Renewed and signed just now: the older one is replaced."""
        by = self.cast.administrator
        draft = renew_release(by=by, release=release)
        terms = replace(terms_of(draft), until=timezone.now() + timedelta(days=days))
        draft = edit_release(by=by, release=draft, terms=terms)
        draft = send_for_signature(by=by, release=draft)
        signature = Signature(
            signer=Signer.CLIENT, signer_name=draft.client.full_name, electronic_agreed=True
        )
        link = hand_over(by=by, release=draft)
        shown = sha256(as_text(draft))
        return sign_release(link=link, signature=signature, shown_sha256=shown)

    def begun(self) -> Self:
        """A draft with nothing in it yet."""
        self._draft()
        return self

    def discarded(self) -> Self:
        discard_release(by=self.cast.administrator, release=self._draft())
        return self

    def said_no(self, release: Release) -> Self:
        decline_release(link=hand_over(by=self.cast.administrator, release=release))
        return self

    def mailed(self, release: Release) -> Self:
        """The link to sign is in the mail."""
        make_signing_link(by=self.cast.administrator, release=release, mail=True)
        return self

    def own_page(self, *, asking: str) -> str:
        """The secret of the client's own page, where they asked about the newest entry."""
        client = self.referral.client
        token = make_client_link(by=self.cast.administrator, client=client)
        newest = Disclosure.objects.filter(client_id=client.pk).order_by("sequence").last()
        assert newest
        link = ClientLink.objects.get(client=client, closed_at=None)
        ask_question(link=link, sequence=newest.sequence, text=asking)
        return token

    def contact(self, name: str, relation: str) -> OutsideContact:
        by, client = self.cast.administrator, self.referral.client
        return add_contact(by=by, client=client, name=name, relation=relation)

    def on_paper(self, release: Release) -> Self:
        """Signed on paper and transcribed: a second administrator has to verify it."""
        shared = [(row.direction, row.category) for row in release.categories.all()]
        transcript = Transcript(
            scan=sample_scan(release),
            code=paper_code(release),
            shared=shared,
            signer=Signer.CLIENT,
            signer_name=release.client.full_name,
            signed_on=release.organization.today,
            agreed=True,
        )
        transcribe_paper(by=self.cast.administrator, release=release, transcript=transcript)
        return self

    def emergency(self, nature: str) -> Self:
        """Opened by the prescriber and given back; its review is waiting."""
        emergency = open_emergency(
            by=self.cast.prescriber,
            client=self.referral.client,
            clinic=self.cast.clinic,
            basis=EmergencyBasis.MEDICAL,
            form_key=uuid4(),
            nature=nature,
            needed=True,
        )
        self.looked_at(self.cast.prescriber)
        close_emergency(by=self.cast.prescriber, emergency=emergency)
        return self

    def looked_at(self, by: User) -> Self:
        """`by` opens the case and reads what is open to them: a line in the client's ledger."""
        read_case(by, self.referral)
        return self


def sample_scan(release: Release) -> bytes:
    """What a scanner would make of the signed paper; a blank page where Pango is missing."""
    if pdf_available():
        ticked = "".join(
            f"<li>☒ {row.get_category_display()}</li>" for row in release.categories.all()
        )
        return make_pdf(
            '<html lang="en"><head><title>Scan</title></head><body><h1>Sample scan</h1>'
            f"<p>{release.number}, {paper_code(release)}</p><ul>{ticked}</ul>"
            f"<p><i>{release.client.full_name}</i>, {release.organization.today:%d-%b-%Y}</p>"
            "</body></html>"
        )
    scan = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(scan)
    return scan.getvalue()
