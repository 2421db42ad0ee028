"""A calendar that somebody subscribes to by a secret address: made, shown once, taken back, read.

Whoever has the address has the times, so that it lives as long as the membership under which it was
made, and at each fetch the releases are asked again. What has not changed since the last fetch is
not sent again, and is no new disclosure.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from consent.disclosure import LIMIT, Disclosed, disclose
from consent.enums import Channel
from consent.models import DisclosableItem
from people.concurrency import row_of_form
from people.enums import CLINICAL_ROLES, PRACTICE_ROLES
from people.models import Membership, User
from people.tokens import hashed, new_token
from referrals.models import Referral
from sessions.appointments.calendar import Entry, as_calendar, uid_of_dose
from sessions.enums import EventKind
from sessions.enums.appointments import AppointmentState
from sessions.models import Appointment, CalendarFeed, CareEvent

S = AppointmentState
SINCE, UNTIL = timedelta(days=31), timedelta(days=366)
MOST = 300  # cases, the newest
DOSES = (EventKind.DOSE_PLANNED, EventKind.DOSE_GIVEN, EventKind.DOSE_CANCELLED)


def check_user_keeps_a_calendar(user: User) -> None:
    if user.membership is None or user.membership.role not in CLINICAL_ROLES:
        raise PermissionDenied("Those who work with clients keep a calendar.")


@transaction.atomic
def make_feed(*, by: User, form_key: UUID) -> str | None:
    """The secret of a new address, told this once; the one before dies with it. None where this
    very form made one already: a secret is not told twice."""
    check_user_keeps_a_calendar(by)
    assert by.membership
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    membership = rows.get(pk=by.membership.pk)
    if row_of_form(CalendarFeed.objects, form_key, membership_id=membership.pk):
        return None
    _revoke(by, membership)
    token = new_token()
    feed = CalendarFeed.objects.create(
        form_key=form_key, membership=membership, token_hash=hashed(token)
    )
    record("calendar.made", by=by, on=feed)
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """The address opens nothing any more. Twice is once."""
    check_user_keeps_a_calendar(by)
    assert by.membership
    _revoke(by, by.membership)


def _revoke(by: User, membership: Membership) -> None:
    rows = CalendarFeed.objects.select_for_update(no_key=True)
    for feed in rows.filter(membership=membership, revoked_at=None):
        feed.revoked_at = timezone.now()
        feed.save()
        record("calendar.revoked", by=by, on=feed)


def own_feed(user: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(membership=user.membership, revoked_at=None).first()


def reader_of(token: str) -> User | None:
    """Whose calendar this secret opens; None once it was taken back, or they left."""
    feed = (
        CalendarFeed.objects.filter(token_hash=hashed(token), revoked_at=None)
        .filter(membership__ended_at=None, membership__user__is_active=True)
        .select_related("membership__user", "membership__organization")
        .first()
    )
    if feed is None:
        return None
    user = feed.membership.user
    user.membership = feed.membership
    return user


# ------------------------------------------------------------------ what stands in it
Kinds = dict[type[DisclosableItem], Q]
Address = Callable[[str], str]  # a path as an address of the portal


def unchanged_or(user: User, seen: str, address: Address) -> tuple[str, bytes | None]:
    """(its mark, the file); None for the file where the mark `seen` is still the one."""
    about, kinds = _asked(user)
    looked = _look(Reader.of(user), about, kinds)
    mark = _mark(as_calendar(entries(user, looked, address)))
    if mark in seen:
        return mark, None
    found = disclose(to=Reader.of(user), about=about, kinds=kinds, channel=Channel.CALENDAR)
    file = as_calendar(entries(user, found, address))
    return _mark(file), file


def _mark(file: bytes) -> str:
    return f'"{hashlib.sha256(file).hexdigest()[:32]}"'


def _asked(user: User) -> tuple[set[int], Kinds]:
    """The clients, and what of them: what they hold; outside the clinic the doses besides."""
    assert user.membership
    now = timezone.now()
    when = Q(occurred_at__gte=now - SINCE, occurred_at__lt=now + UNTIL)
    cases = Referral.objects.open_to(user).sent().order_by("-pk")
    mine = when & Q(person=user, state__in=[S.BOOKED, S.CANCELLED])
    theirs = Appointment.unscoped.filter(mine).values_list("episode__referral", flat=True)
    if user.membership.role not in PRACTICE_ROLES:
        cases = cases.filter(pk__in=set(theirs))
    found = dict(cases.values_list("pk", "client")[:MOST])
    here = Q(episode__referral__in=list(found))
    kinds: Kinds = {Appointment: here & mine}
    if user.membership.role in PRACTICE_ROLES:
        kinds[CareEvent] = here & when & Q(kind__in=DOSES)
    return set(found.values()), kinds


def _look(reader: Reader, about: set[int], kinds: Kinds) -> Disclosed:
    """What they would be given now, to compare it with what they have; nobody is shown it."""
    at = database_now()
    access = Access.load(reader, about, at)
    found = {
        model: [
            row
            for row in model.objects.readable_by(access)
            .filter(narrow)
            .select_related(*model.read_with)[:LIMIT]
            if access.decide(row).permitted
        ]
        for model, narrow in kinds.items()
    }
    return Disclosed(at, access, found)


def entries(user: User, found: Disclosed, address: Address) -> Iterable[Entry]:
    rows = found.of(Appointment)
    replaced = {row.replaces_id for row in rows}
    for row in rows:
        if row.pk not in replaced:
            yield entry_of(row, address)
    for event in found.items.get(CareEvent, []):
        yield _of_dose(event, address)


def entry_of(row: Appointment, address: Address) -> Entry:
    over = row.state != S.BOOKED
    return Entry(
        uid=row.uid,
        sequence=row.sequence + over,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled=over,
        written_at=row.decided_at or row.recorded_at,
        url=address(reverse("care:schedule") + _week(row.starts_at)),
    )


def _of_dose(event: CareEvent, address: Address) -> Entry:
    cancelled = event.kind == EventKind.DOSE_CANCELLED
    return Entry(
        uid=uid_of_dose(event.pk),
        sequence=int(cancelled),
        starts_at=event.occurred_at,
        ends_at=None,
        cancelled=cancelled,
        written_at=event.recorded_at,
        url=address(reverse("care:schedule") + _week(event.occurred_at)),
    )


def _week(at: datetime) -> str:
    return f"?view=week&from={timezone.localdate(at).isoformat()}"
