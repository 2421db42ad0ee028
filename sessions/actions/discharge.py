"""The client leaves."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.formats import clock
from people.models import User
from people.permissions import allowed
from sessions.actions.dosing import check_recent, locked
from sessions.enums import DischargeCheck
from sessions.leaving import before_leaving
from sessions.models import DischargeConfirmation, DosingSession
from sessions.observed import Sheet
from sessions.permissions import check_user_can_judge, check_user_can_treat


@transaction.atomic
def discharge(
    *,
    by: User,
    dosing: DosingSession,
    discharged_at: datetime,
    mental_status: str,
    escort: str,
    checks: Collection[str],
    judged_by: User | None = None,
    despite: str = "",
) -> DosingSession:
    """The client leaves, with an escort, after the dose, with every check confirmed.

    `judged_by`: the prescriber or nurse who finds them stable; without, `by`. `despite`: why they
    leave all the same, where something strong speaks against it; kept with what did. Sent twice it
    changes nothing. Raises ValidationError for a second discharge that differs from the first.
    """
    dosing = locked(dosing)
    check_user_can_treat(by, dosing.episode)
    judge = judged_by or by
    words = {"mental_status": mental_status.strip(), "escort": escort.strip()}
    if dosing.discharged_at:
        return _same(dosing, {"discharged_at": discharged_at, "judged_by": judge, **words})
    if not dosing.given_at:
        raise ValidationError("Record the dose before the discharge.")
    if missing := [check for check in DischargeCheck if check not in checks]:
        raise ValidationError({check.value: check.missing for check in missing})
    if empty := [name for name, text in words.items() if not text]:
        raise ValidationError(dict.fromkeys(empty, "Write this before the client leaves."))
    if not allowed(check_user_can_judge, judge, dosing.episode):
        raise ValidationError({"judged_by": "Name the prescriber or nurse who finds them stable."})
    if discharged_at <= dosing.given_at:
        raise ValidationError({"discharged_at": "This is before the dose. Check the time."})
    check_recent(discharged_at, "discharged_at", future=False)
    weighed = before_leaving(Sheet.of(dosing, timezone.localdate(discharged_at)), discharged_at)
    if any(caution.strong for caution in weighed) and not despite.strip():
        raise ValidationError({"despite": "Say why they leave all the same."})
    dosing.left_against = "\n".join(caution.text for caution in weighed)
    dosing.left_because = despite.strip() if weighed else ""
    DischargeConfirmation.objects.bulk_create(
        DischargeConfirmation(dosing=dosing, check_made=check) for check in DischargeCheck
    )
    dosing.discharged_at, dosing.discharged_by, dosing.judged_by = discharged_at, by, judge
    dosing.mental_status, dosing.escort = words["mental_status"], words["escort"]
    dosing.full_clean(exclude=["form_key"])
    dosing.save()
    client = dosing.episode.client_id
    record("dose.discharged", by=by, on=dosing, client_id=client, checks=sorted(checks))
    return dosing


def _same(dosing: DosingSession, sent: dict) -> DosingSession:
    if all(getattr(dosing, name) == value for name, value in sent.items()):
        return dosing
    raise ValidationError(
        f"{dosing.discharged_by} recorded the discharge already: left at "
        f"{clock(dosing.discharged_at)} with {dosing.escort}. Nothing was changed."
    )
