"""The clinic's schedule of vitals is written anew; what it was stays in the record."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.models import Organization, User
from sessions.models import MonitoringPlan
from sessions.permissions import check_user_can_prescribe


@transaction.atomic
def set_monitoring(
    *, by: User, clinic: Organization, form_key: UUID, route: str, values: Mapping[str, int | None]
) -> MonitoringPlan:
    """From now on vitals after `route` are taken so: first (5–120), every (5–120 or None), until
    (first to 480), observe (0–720), all in minutes after the dose. By a prescriber of the clinic.
    """
    check_user_can_prescribe(by, clinic.pk)
    clinic = Organization.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if existing := row_of_form(MonitoringPlan.objects, form_key, clinic_id=clinic.pk):
        return existing
    row = MonitoringPlan(clinic=clinic, form_key=form_key, route=route, recorded_by=by, **values)
    if row.until < row.first:
        raise ValidationError({"until": "This is before the first vitals."})
    row.full_clean(exclude=["form_key"])
    row.save()
    record("monitoring.set", by=by, on=row, route=route)
    return row
