"""What the sample staff have on file: one is current, one lapses soon, one entry is not checked."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from kapcare.demo.data import Cast
from people.credentials.actions import check_credential, record_licence, record_training
from people.enums import LicenceKind, TrainingKind
from people.models import User

PROGRAM = "Hudson Institute"


def load_training(cast: Cast) -> None:
    today = cast.clinic.today
    year = timedelta(days=365)
    _licence(cast, cast.prescriber, LicenceKind.MD, "NY 204417", today + 2 * year)
    _licence(cast, cast.kaptherapist, LicenceKind.LMFT, "NY 001942", today + timedelta(days=23))
    _licence(cast, cast.nurse, LicenceKind.RN, "NY 660318", today + year)
    for person, hours in (
        (cast.prescriber, ("24", "20", "60")),
        (cast.kaptherapist, ("40", "36", "100")),
    ):
        for kind, each in zip(TrainingKind, hours, strict=True):
            _training(cast.administrator, person, kind, each, today - year)
    _training(cast.administrator, cast.nurse, TrainingKind.DIDACTIC, "12", today - year / 2)
    _training(cast.nurse, cast.nurse, TrainingKind.OBSERVATION, "22.5", today - timedelta(days=9))


def _licence(cast: Cast, person: User, kind: str, number: str, expires_on: date) -> None:
    """Added by the person themselves, checked by the administrator."""
    content = {"kind": kind, "number": number, "issuer": "New York", "expires_on": expires_on}
    row = record_licence(by=person, person=person, form_key=uuid4(), content=content)
    check_credential(by=cast.administrator, row=row)


def _training(by: User, person: User, kind: TrainingKind, hours: str, completed: date) -> None:
    topic = f"{PROGRAM}, ketamine-assisted psychotherapy"
    content = {"kind": kind, "topic": topic, "hours": Decimal(hours), "completed_on": completed}
    record_training(by=by, person=person, form_key=uuid4(), content=content)
