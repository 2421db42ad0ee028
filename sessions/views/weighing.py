"""What there is to weigh about a dose, as the pages of the order and of the flow sheet show it."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from people.formats import day
from sessions.actions.giving import weight_of
from sessions.forms.before_dose import DoseCorrectionForm, OrderForm
from sessions.forms.dosing import GiveForm
from sessions.gates import GateFacts
from sessions.models import DosingSession
from sessions.warnings import Caution, about_order, before_dose, per_kg
from sessions.weighing import previous_to, weigh_order

MINUTE = timedelta(minutes=1)  # the dose is written to the minute, vitals to the second


def of_order(row: DosingSession, form: OrderForm) -> list[Caution]:
    """About an order that is being entered."""
    if not form.is_valid():
        return []
    return weigh_order(row, form.cleaned_data["route"], form.cleaned_data["dose_mg"])


def of_giving(row: DosingSession, form: GiveForm) -> list[Caution]:
    """About the order as it is about to be recorded as given."""
    if not form.is_valid():
        return []
    given_at = form.cleaned_data["given_at"]
    facts = GateFacts.of(row, given_at)
    weight = weight_of(facts)
    if facts.order is None or weight is None:
        return []
    last = row.vitals.current().filter(at__lt=given_at + MINUTE).first()
    return before_dose(
        route=facts.order.route,
        dose_mg=facts.order.dose_mg,
        weight_kg=weight,
        reading=(last.systolic, last.diastolic) if last else None,
        born=row.episode.client.date_of_birth,
        at=timezone.localtime(given_at),
        previous=previous_to(row),
    )


def of_correction(row: DosingSession, form: DoseCorrectionForm) -> list[Caution]:
    """About another amount of a dose that was given; nothing where the amount stays."""
    if not form.is_valid() or row.weight_kg is None:
        return []
    dose_mg = form.cleaned_data["dose_mg"]
    if dose_mg == row.dose_mg:
        return []
    return about_order(row.route, dose_mg, row.weight_kg, previous_to(row))


def weighing(row: DosingSession, form: OrderForm, cautions: Sequence[Caution]) -> dict:
    """What stands beside the form of an order: mg/kg, what there is to weigh, and a field for the
    reason where something weighs heavily."""
    dose, (weight, _) = getattr(form, "cleaned_data", {}).get("dose_mg"), weighed_at(row)
    return {
        "cautions": cautions,
        "fingerprint": fingerprint(cautions),
        "why_field": form["despite"] if any(each.strong for each in cautions) else None,
        "mg_per_kg": per_kg(dose, weight) if dose and weight else None,
    }


def weighed_at(row: DosingSession) -> tuple[Decimal | None, str]:
    """The weight in kg that mg/kg rests on, and when it was measured."""
    facts = GateFacts.of(row, timezone.now())
    if facts.weighed is None:
        return None, ""
    clinic, measured_at = row.episode.clinic, facts.weighed.recorded_at
    today = clinic.day_of(measured_at) == clinic.today
    return facts.weighed.weight_kg, "today" if today else f"on {day(measured_at)}"


def fingerprint(cautions: Sequence[Caution]) -> str:
    """Names a set of warnings, so that what was shown is what was seen; empty for none."""
    text = "\n".join(caution.text for caution in cautions)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if cautions else ""
