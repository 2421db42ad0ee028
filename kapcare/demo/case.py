"""One sample case, told step by step with the real actions; only the past is written by hand."""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from kapcare.demo.data import Cast
from kapcare.demo.outcomes import Outcomes
from kapcare.demo.paperwork import Paperwork
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


class Case(Paperwork, ClinicalStory, Outcomes):
    """A client and the way so far. Methods return the case, so that a story reads as one line."""

    def __init__(
        self,
        cast: Cast,
        first: str,
        last: str,
        born: date,
        *,
        sent_days_ago: int | None,
        referrer: User | None = None,
        collaboration: Collaboration = Collaboration.CLINIC_MEDICAL,
        email: str = "",
    ):
        self.cast, self.referrer = cast, referrer or cast.therapist
        self.sent_days_ago = sent_days_ago or 0
        self.referral = begin_referral(
            by=self.referrer,
            clinic=cast.clinic,
            form_key=uuid4(),
            identity={
                "first_name": first,
                "last_name": last,
                "date_of_birth": born,
                "phone": "555 0199",
                "email": email,
                "safe_contact": SafeContact.EMAIL if email else SafeContact.PHONE_NO_MESSAGE,
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
