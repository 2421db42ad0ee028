"""Opening a record in an emergency, and what that opens, for tests."""

from uuid import uuid4

from consent.actions.emergency import open_emergency
from consent.enums import Category, EmergencyBasis
from consent.models import EmergencyAccess
from tests.builder import Builder

C, MEDICAL, THREAT = Category, EmergencyBasis.MEDICAL, EmergencyBasis.THREAT
# Written out, not asked of the code.
OPENS = {
    MEDICAL: {
        C.SCHEDULE,
        C.READINESS,
        C.TREATMENT,
        C.RESPONSE,
        C.SAFETY,
        C.OUTCOMES,
        C.HISTORY,
        C.RISK,
        C.CONTRAINDICATIONS,
    },
    THREAT: {C.RISK, C.SAFETY, C.SCHEDULE},
}


def opening(case: Builder, by, basis=MEDICAL, **changes) -> EmergencyAccess:
    usual = {
        "client": case.client,
        "clinic": case.cast.clinic,
        "form_key": uuid4(),
        "nature": "Found unconscious",
        "needed": True,
        "told_to": "The sister, who stays with her" if basis == THREAT else "",
    }
    return open_emergency(by=by, basis=basis, **{**usual, **changes})
