"""Emergency access: opened by medical staff, given back early or over after an hour, judged once.

Everything that 42 CFR 2.51(c) asks is written at once: the recipient and their facility (reader,
organization), who disclosed (the clinic, by the reader's own hand), date and time, and the nature
of the emergency. What the client declined in a release opens too, in both kinds: 42 CFR 2.51 and
45 CFR 164.512(j) do not work by consent, so a "no" to sharing is no answer to them. That each one
is judged afterwards is our policy.
"""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.models import AuditEvent
from audit.record import record
from consent.clock import database_now
from consent.emergencies import check_user_can_declare, clients_called, clinics_for
from consent.enums import EmergencyBasis
from consent.ledger.chain import lock_heads
from consent.models import EmergencyAccess
from consent.permissions import check_user_can_administer
from consent.signals import emergency_opened
from people.concurrency import row_of_form
from people.formats import clock
from people.models import Client, Organization, User
from people.validators import required_text

MOST_ASKED = 20
ASKED_TOO_OFTEN = (
    "You have asked for clients twenty times within an hour. Call the clinic, or wait an hour."
)
LONGEST = {"nature": 500, "told_to": 200, "review": 500}  # characters
MISSING = {
    "nature": "Say in a few words what happened.",
    "told_to": "Say who is told, and how they can lessen the threat.",
    "review": "Say in a few words how you judge it.",
}


@transaction.atomic
def ask_for_client(*, by: User, last_name: str, date_of_birth: date) -> list[Client]:
    """Clients of this name and birthday whose record `by` could open. Each asking is recorded.

    Raises ValidationError after MOST_ASKED in an hour: names and birthdays are not to be guessed.
    """
    User.objects.select_for_update().get(pk=by.pk)
    hour = database_now() - timedelta(hours=1)
    asked = AuditEvent.objects.filter(actor_id=by.pk, event="emergency.asked", at__gt=hour)
    if asked.count() >= MOST_ASKED:
        raise ValidationError(ASKED_TOO_OFTEN)
    found = list(clients_called(by, last_name, date_of_birth))
    record("emergency.asked", by=by, on=by, found=[client.pk for client in found])
    return found


@transaction.atomic
def open_emergency(
    *,
    by: User,
    client: Client,
    clinic: Organization,
    basis: str,
    form_key: UUID,
    nature: str,
    needed: bool,
    told_to: str = "",
) -> EmergencyAccess:
    """Open this client's record at `clinic` to `by` for one hour, from this moment on.

    `needed`: they say that consent cannot be had first (42 CFR 2.51), or that in good faith they
    believe it necessary (45 CFR 164.512(j)). The same form sent twice opens it once. Raises
    PermissionDenied for anybody but the medical staff who may, and ValidationError when this or a
    reason is missing or it is open already.
    """
    check_user_can_declare(by, basis)
    if not clinics_for(by, client.pk).filter(pk=clinic.pk).exists():
        raise PermissionDenied("You cannot open the record of this client.")
    nature = required_text("nature", nature, LONGEST["nature"], MISSING["nature"])
    told_to = told_to.strip()
    if basis == EmergencyBasis.THREAT:
        told_to = required_text("told_to", told_to, LONGEST["told_to"], MISSING["told_to"])
    if not needed:
        raise ValidationError({"needed": NOT_NEEDED[EmergencyBasis(basis)]})
    lock_heads([client.pk])
    same = {"client": client, "clinic": clinic, "basis": basis}
    if existing := row_of_form(EmergencyAccess.objects, form_key, reader=by, **same):
        return existing
    assert by.membership is not None
    place, now = by.membership.organization, database_now()
    mine = EmergencyAccess.objects.of_reader(by.pk, place.pk)
    if already := mine.open_at(now).filter(**same).first():
        raise ValidationError(f"You have opened this until {clock(already.until)}.")
    emergency = EmergencyAccess.objects.create(
        form_key=form_key,
        reader=by,
        organization=place,
        nature=nature,
        told_to=told_to if basis == EmergencyBasis.THREAT else "",
        opened_at=now,
        **same,
    )
    record("emergency.opened", by=by, on=emergency, basis=basis, clinic=clinic.pk)
    emergency_opened.send(EmergencyAccess, emergency=emergency)
    return emergency


@transaction.atomic
def close_emergency(*, by: User, emergency: EmergencyAccess) -> EmergencyAccess:
    """End it before the hour is over: by its reader, or by an administrator of the clinic.

    It takes the ledger's lock, so nothing leaves after this has returned. Once it is over, closing
    changes nothing.
    """
    if by.pk != emergency.reader_id:
        check_user_can_administer(by, emergency.clinic_id)
    lock_heads([emergency.client_id])
    emergency = _locked(emergency)
    now = database_now()
    if now < emergency.until:
        emergency.closed_at = now
        emergency.save(update_fields=["closed_at"])
        record("emergency.closed", by=by, on=emergency)
    return emergency


@transaction.atomic
def review_emergency(
    *, by: User, emergency: EmergencyAccess, justified: bool, review: str
) -> EmergencyAccess:
    """An administrator of the clinic judges it, once, when it is over.

    Raises PermissionDenied for whoever opened it, ValidationError while it is open, without a
    reason, or when it was judged already.
    """
    check_user_can_administer(by, emergency.clinic_id)
    emergency = _locked(emergency)
    if by.pk == emergency.reader_id:
        raise PermissionDenied("Nobody reviews what they opened themselves.")
    if emergency.reviewed_at:
        raise ValidationError("This was reviewed already.")
    now = database_now()
    if now < emergency.until:
        raise ValidationError(
            f"It is open until {clock(emergency.until)}. Review it afterwards, or end it now."
        )
    review = required_text("review", review, LONGEST["review"], MISSING["review"])
    emergency.reviewed_at, emergency.reviewed_by = now, by
    emergency.justified, emergency.review = justified, review
    emergency.save(update_fields=["reviewed_at", "reviewed_by", "justified", "review"])
    record("emergency.reviewed", by=by, on=emergency, justified=justified)
    return emergency


def _locked(emergency: EmergencyAccess) -> EmergencyAccess:
    return EmergencyAccess.objects.select_for_update().get(pk=emergency.pk)


NOT_NEEDED = {
    EmergencyBasis.MEDICAL: "Tick this if it is so. Otherwise ask the client first.",
    EmergencyBasis.THREAT: "Tick this if it is so. Otherwise leave the record closed.",
}
