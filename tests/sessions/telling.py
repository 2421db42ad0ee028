"""Emergency notices as somebody on the case raises them."""

from uuid import uuid4

from people.models import User
from sessions.actions.notices import raise_notice
from sessions.models import EmergencyNotice
from tests.builder import Builder

WHAT = "Zqnotice"


def tell(case: Builder, by: User | None = None, **changes) -> EmergencyNotice:
    """A notice about the client of `case`; the therapist's, in a medical emergency."""
    content = {"basis": "medical", "what": WHAT, "called": ["services", "on_call"], **changes}
    return raise_notice(
        **{
            "by": by or case.cast.therapist,
            "referral": case.referral,
            "form_key": uuid4(),
            **content,
        }
    )
