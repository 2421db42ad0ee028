"""The rooms of a clinic: its administrators add, rename and retire them."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from sessions.appointments.permissions import check_user_keeps_rooms
from sessions.models import Room


@transaction.atomic
def add_room(*, by: User, form_key: UUID, label: str) -> Room:
    """A room of the clinic of `by`, under a name (up to 40 characters) that none has there. The
    same form sent twice makes one."""
    clinic_id = by.membership.organization_id if by.membership else 0
    check_user_keeps_rooms(by, clinic_id)
    if existing := row_of_form(Room.objects, form_key, clinic_id=clinic_id):
        return existing
    room = Room(form_key=form_key, clinic_id=clinic_id, label=label.strip(), made_by=by)
    _save(room)
    record("room.added", by=by, on=room)
    return room


@transaction.atomic
def rename_room(*, by: User, room: Room, label: str) -> Room:
    room = _locked(room)
    check_user_keeps_rooms(by, room.clinic_id)
    if room.retired_at:
        raise ValidationError("This room is retired. Add it anew to use it.")
    room.label = label.strip()
    _save(room)
    record("room.renamed", by=by, on=room)
    return room


@transaction.atomic
def retire_room(*, by: User, room: Room) -> Room:
    """It is offered no more; what is booked in it stays. Twice is once."""
    room = _locked(room)
    check_user_keeps_rooms(by, room.clinic_id)
    if not room.retired_at:
        room.retired_at, room.retired_by = timezone.now(), by
        room.save()
        record("room.retired", by=by, on=room)
    return room


def _locked(room: Room) -> Room:
    return Room.objects.select_for_update(of=("self",), no_key=True).get(pk=room.pk)


def _save(room: Room) -> None:
    try:
        room.full_clean(exclude=["made_by", "form_key"])
    except ValidationError as error:
        raise ValidationError({"label": error.messages}) from error
    room.save()
