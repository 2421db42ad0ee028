"""Licences and training as the tests record them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from people.credentials.actions import check_credential, record_licence, record_training
from people.enums import LicenceKind, TrainingKind
from people.models import Licence, Training, User
from people.training import LEAST_HOURS


def licence(person: User, expires_on: date, *, by: User | None = None, **changes) -> Licence:
    """A licence that `by`, or the person themselves, records."""
    key = changes.pop("form_key", None) or uuid4()
    content = {"kind": LicenceKind.RN, "number": "NY 660318", "issuer": "New York"}
    content |= {"expires_on": expires_on, **changes}
    return record_licence(by=by or person, person=person, form_key=key, content=content)


def training(person: User, completed_on: date, *, by: User | None = None, **changes) -> Training:
    key = changes.pop("form_key", None) or uuid4()
    content = {"kind": TrainingKind.DIDACTIC, "topic": "The medicine", "hours": Decimal(8)}
    content |= {"completed_on": completed_on, **changes}
    return record_training(by=by or person, person=person, form_key=key, content=content)


def make_current(person: User, by: User, last_day: date) -> Licence:
    """Everything that a KAP session asks for, checked by `by`; the licence ends on `last_day`."""
    found = licence(person, last_day)
    check_credential(by=by, row=found)
    for kind, least in LEAST_HOURS.items():
        row = training(person, date(2024, 3, 1), kind=kind, hours=Decimal(least))
        check_credential(by=by, row=row)
    return found


def in_days(person: User, days: int) -> date:
    """A day so many days from the clinic's today."""
    return person.membership.organization.today + timedelta(days=days)
