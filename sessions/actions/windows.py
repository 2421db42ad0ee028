"""The clinic's hours of a window are written anew; what they were stays in the record."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.models import Organization, User
from sessions.models import WindowPlan
from sessions.permissions import check_user_can_prescribe
from sessions.signals import windows_changed
from sessions.windows import HOURS, SHORTEST, WindowKind, in_words, within_usual


@transaction.atomic
def set_window(
    *, by: User, clinic: Organization, form_key: UUID, kind: str, opens: int, closes: int
) -> WindowPlan:
    """From now on windows of this kind open and close so many hours from the dose (below 0 before
    it), also those of doses that are recorded or planned already. By a prescriber of the clinic.

    Raises ValidationError for hours outside the usual ones, or less than `SHORTEST` apart.
    """
    check_user_can_prescribe(by, clinic.pk)
    clinic = Organization.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if existing := row_of_form(WindowPlan.objects, form_key, clinic_id=clinic.pk):
        return existing
    if not within_usual(WindowKind(kind), (opens, closes)):
        usual = in_words(HOURS[WindowKind(kind)])
        raise ValidationError(
            {"opens": f"Stay within {usual} the dose, and at least {SHORTEST} hours apart."}
        )
    row = WindowPlan(
        clinic=clinic, form_key=form_key, kind=kind, opens=opens, closes=closes, recorded_by=by
    )
    row.full_clean(exclude=["form_key"])
    row.save()
    record("window.set", by=by, on=row, kind=kind, opens=opens, closes=closes)
    windows_changed.send(WindowPlan, clinic=clinic, by=by)
    return row
