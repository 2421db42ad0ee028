"""Who else is about to come: an invitation, a request, licences, and a cover of next week."""

from datetime import timedelta
from uuid import uuid4

from kapcare.demo.data import Cast
from people.enums import LicenceKind, LookupResult, Role
from people.joining.actions.asking import ask_to_join
from people.joining.actions.inviting import invite
from people.joining.actions.licences import look_up_licence, state_licence
from people.models import User
from referrals.actions.covers import begin_cover

REGISTER = "New York Office of the Professions, online"
YEAR = timedelta(days=365)


def load_joining(cast: Cast) -> None:
    invite(
        by=cast.administrator,
        form_key=uuid4(),
        role=Role.THERAPIST,
        email="imani@mail.example",
        name="Imani Brandt",
        new_practice={"practice_name": "Oak Lane Psychotherapy", "address": "2 Oak Lane"},
    )
    ask_to_join(
        form_key=uuid4(),
        clinic=cast.clinic,
        content={
            "name": "Tobias Nyberg",
            "credentials": "LMHC",
            "email": "tobias@mail.example",
            "practice": "Nyberg Counseling",
            **_licence(cast, LicenceKind.LMHC, "NY 013377"),
        },
    )
    _looked_up(cast, cast.therapist, LicenceKind.LCSW, "NY 081204", days=500)
    _looked_up(cast, cast.stranger, LicenceKind.PSYD, "NY 020951", days=-12)
    content = _licence(cast, LicenceKind.LPC, "NY 009120")
    state_licence(by=cast.colleague, form_key=uuid4(), content=content)
    _cover_next_week(cast)


def _looked_up(cast: Cast, person: User, kind: LicenceKind, number: str, *, days: int) -> None:
    """Looked up four months ago; it is valid for so many days from today."""
    today = cast.clinic.today
    row = state_licence(by=person, form_key=uuid4(), content=_licence(cast, kind, number))
    look_up_licence(
        by=cast.administrator,
        licence=row,
        form_key=uuid4(),
        result=LookupResult.VALID,
        source=REGISTER,
        looked_up_on=today - YEAR / 3,
        valid_until=today + timedelta(days=days),
    )


def _licence(cast: Cast, kind: LicenceKind, number: str) -> dict:
    expires_on = cast.clinic.today + YEAR
    return {"kind": kind, "number": number, "issuer": "New York", "expires_on": expires_on}


def _cover_next_week(cast: Cast) -> None:
    """From Monday to Sunday."""
    assert cast.colleague.membership
    today = cast.colleague.membership.organization.today
    monday = today + timedelta(days=7 - today.weekday())
    begin_cover(
        by=cast.therapist,
        form_key=uuid4(),
        colleague=cast.colleague.membership,
        first_day=monday,
        last_day=monday + timedelta(days=6),
    )
