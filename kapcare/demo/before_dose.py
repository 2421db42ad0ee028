"""What is recorded before a sample dose: the order, and every gate open."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from kapcare.demo.data import Cast
from kapcare.demo.past import as_of
from sessions.actions.before_dose import confirm_identity, order_dose, plan_escort, record_checks
from sessions.enums import Route
from sessions.enums.gates import PreDoseItem
from sessions.models import DoseOrder, DosingSession

WEIGHT = Decimal("72.4")


def make_ready(cast: Cast, dosing: DosingSession, mg: str) -> DoseOrder:
    """Everything that the dose needs, as entered 25 minutes before it; the order is given back."""
    with as_of(dosing.planned_at - timedelta(minutes=25)):
        return _make_ready(cast, dosing, mg)


def _make_ready(cast: Cast, dosing: DosingSession, mg: str) -> DoseOrder:
    nurse, born = cast.nurse, dosing.episode.client.date_of_birth
    confirm_identity(by=nurse, dosing=dosing, form_key=uuid4(), date_of_birth=born)
    record_checks(
        by=nurse,
        dosing=dosing,
        form_key=uuid4(),
        weight_kg=WEIGHT,
        answers=dict.fromkeys(PreDoseItem, True),
    )
    plan_escort(by=nurse, dosing=dosing, form_key=uuid4(), name="Sister", reached_by="555 0142")
    return order_dose(
        by=cast.prescriber,
        dosing=dosing,
        form_key=uuid4(),
        route=Route.IM,
        dose_mg=Decimal(mg),
    )
