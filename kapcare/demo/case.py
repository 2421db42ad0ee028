"""One sample case, told step by step with the real actions; only the past is written by hand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from consent.actions import (
    Terms,
    draft_release,
    edit_release,
    revoke_release,
    send_for_signature,
)
from consent.enums import Category, Purpose, RevokedBy, Signer
from consent.models import Release
from consent.signals import release_signed
from consent.text import as_text, sha256
from kapcare.demo.story import ClinicalStory
from people.enums import SafeContact
from people.models import User
from referrals.actions.drafting import begin_referral, save_context, save_fields, submit_referral
from referrals.actions.triage import (
    accept_referral,
    ask_for_information,
    decline_referral,
    receive_referral,
)
from referrals.enums import Agreement, Answer, Collaboration, ContextKind
from referrals.models import Referral

CONTEXT = {
    ContextKind.GOALS: "To feel less braced, and to sleep through the night.",
    ContextKind.HISTORY: "Recurrent depression since 2014; two courses of medicines, CBT in 2021.",
    ContextKind.MEDICINES: "Sertraline 100 mg daily.",
    ContextKind.RISK: "No attempts. Passive thoughts in winter; sister lives nearby.",
    ContextKind.CONTRAINDICATIONS: "Blood pressure a little raised at the last check.",
    **dict.fromkeys(
        (ContextKind.FIT_STABLE, ContextKind.FIT_WILLING, ContextKind.FIT_OPEN), Answer.YES
    ),
    ContextKind.FIT_SUPPORT: Answer.NOT_KNOWN,
}


class Case(ClinicalStory):
    """A client and the way so far. Methods return the case, so that a story reads as one line."""

    def __init__(
        self,
        cast,
        first: str,
        last: str,
        born: date,
        *,
        sent_days_ago: int | None,
        referrer: User | None = None,
        collaboration: Collaboration = Collaboration.CLINIC_MEDICAL,
    ):
        self.cast, self.referrer = cast, referrer or cast.therapist
        self.referral = begin_referral(
            by=self.referrer,
            clinic=cast.clinic,
            form_key=uuid4(),
            identity={
                "first_name": first,
                "last_name": last,
                "date_of_birth": born,
                "phone": "555 0199",
                "safe_contact": SafeContact.PHONE_NO_MESSAGE,
            },
        )
        if sent_days_ago is not None:
            self._send(sent_days_ago, collaboration)

    def _send(self, days_ago: int, collaboration: Collaboration) -> None:
        by, referral = self.referrer, self.referral
        referral = save_fields(
            by=by,
            referral=referral,
            version=referral.version,
            fields={
                "reason": "Depression that has not eased with two courses of medicines.",
                "collaboration": collaboration,
                "agreement": Agreement.TOGETHER,
                "agreed_on": timezone.localdate() - timedelta(days=days_ago),
            },
        )
        referral = save_context(by=by, referral=referral, version=referral.version, answers=CONTEXT)
        self.referral = submit_referral(by=by, referral=referral)
        self._since(days_ago, submitted=True)

    def _since(self, days_ago: float, *, submitted: bool = False) -> None:
        """The sample's past: when the referral came to where it is."""
        at = timezone.now() - timedelta(days=days_ago)
        fields = {"submitted_at": at} if submitted else {}
        Referral.objects.filter(pk=self.referral.pk).update(state_since=at, **fields)
        self.referral.refresh_from_db()

    # ------------------------------------------------------------ the clinic's answer
    def receive(self) -> "Case":
        self.referral = receive_referral(by=self.cast.coordinator, referral=self.referral)
        return self

    def ask(self, question: str, *, days_ago: float) -> "Case":
        self.referral = ask_for_information(
            by=self.cast.coordinator, referral=self.referral, text=question
        )
        self._since(days_ago)
        return self

    def accept(self) -> "Case":
        self.referral = accept_referral(by=self.cast.coordinator, referral=self.referral)
        return self

    def decline(self, reason: str) -> "Case":
        decline_referral(by=self.cast.coordinator, referral=self.referral, text=reason)
        return self

    # ------------------------------------------------------------ releases
    def release(
        self,
        to: User,
        out: Sequence[Category],
        inward: Sequence[Category],
        *,
        signed_days_ago: int | None,
        days: int,
    ) -> Release:
        """A release that ends in `days`; signed so many days ago, or still unsigned (None)."""
        by, now = self.cast.administrator, timezone.now()
        release = draft_release(by=by, client=self.referral.client, form_key=uuid4())
        terms = Terms(
            recipients=[to],
            out_categories=out,
            in_categories=inward,
            sensitivities=[],
            purposes={Purpose.COORDINATION: ""},
            until=now + timedelta(days=max(days, 1)),
            revocation_how=release.revocation_how,
        )
        release = edit_release(by=by, release=release, terms=terms)
        release = send_for_signature(by=by, release=release)
        if signed_days_ago is not None:
            Release.objects.filter(pk=release.pk).update(until=now + timedelta(days=days))
            release.refresh_from_db()
            self._sign(release, now - timedelta(days=signed_days_ago))
        return release

    def _sign(self, release: Release, at: datetime) -> None:
        """Signed in the past, which the action would not do; the database still checks the rest."""
        text = as_text(release)
        Release.objects.filter(pk=release.pk).update(
            signed_at=at,
            signer=Signer.CLIENT,
            signer_name=release.client.full_name,
            electronic_agreed=True,
            text=text,
            text_sha256=sha256(text),
            witnessed_by=self.cast.administrator,
        )
        release.refresh_from_db()
        release_signed.send(Release, release=release, by=self.cast.administrator)

    def withdraw(self, release: Release, reason: str) -> "Case":
        revoke_release(
            by=self.cast.administrator, release=release, asked_by=RevokedBy.CLIENT, reason=reason
        )
        return self
