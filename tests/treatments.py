"""The consent to treatment of a case, by the real actions."""

from datetime import timedelta
from uuid import uuid4

from consent.actions import treatment
from consent.actions.signatures import Signature
from consent.clock import database_now
from consent.documents.text import sha256
from consent.enums import AskedHow, RevokedBy, Signer
from consent.models import TreatmentConsent
from consent.treatment.text import as_text
from kapcare.demo.past import consent_in_the_past
from people.models import Client
from tests.factories import Cast


class Treatments:
    """About one client; a nurse presents what the prescriber explained."""

    cast: Cast
    client: Client

    def prepare_consent(self, **changes) -> TreatmentConsent:
        """Before the client, waiting for an answer."""
        today = self.cast.clinic.today
        usual = {
            "by": self.cast.nurse,
            "client": self.client,
            "clinic": self.cast.clinic,
            "form_key": uuid4(),
            "last_day": today + timedelta(days=365),
            "explained_by": self.cast.prescriber,
            "explained_on": today,
        }
        return treatment.prepare_consent(**{**usual, **changes})

    def sign_consent(
        self, consent: TreatmentConsent, shown_sha256: str = "", **changes
    ) -> TreatmentConsent:
        """On the clinic's screen."""
        signature = {
            "signer": Signer.CLIENT,
            "signer_name": self.client.full_name,
            "electronic_agreed": True,
        }
        return treatment.sign_consent(
            link=treatment.hand_over_consent(by=self.cast.nurse, consent=consent),
            signature=Signature(**{**signature, **changes}),
            shown_sha256=shown_sha256 or sha256(as_text(consent)),
        )

    def consent_to_treatment(self, *, days_ago: float = 0) -> TreatmentConsent:
        """Signed now, or so many days ago, for a year."""
        if not days_ago:
            return self.sign_consent(self.prepare_consent())
        return consent_in_the_past(
            client=self.client,
            clinic=self.cast.clinic,
            by=self.cast.nurse,
            explained_by=self.cast.prescriber,
            signed_at=database_now() - timedelta(days=days_ago),
        )

    def withdraw_consent(self, consent: TreatmentConsent, **changes) -> TreatmentConsent:
        usual = {
            "by": self.cast.nurse,
            "asked_by": RevokedBy.CLIENT,
            "asked_how": AskedHow.IN_PERSON,
            "reason": "changed their mind",
        }
        return treatment.withdraw_consent(consent=consent, **{**usual, **changes})
