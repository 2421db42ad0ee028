"""What a reader may know of their cases: one disclosure for the whole list, its later pages among
it, for its order and its counts rest on all of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from consent.access import Access, Reader
from consent.disclosure import disclose
from consent.enums import Category, Channel
from people.models import User
from referrals.enums import ReferralState
from referrals.messaging import waiting
from referrals.models import ClinicReply, Closing, Message, Referral
from referrals.reading import known_state, reads_all
from reminders.worklists.practice import Known
from reminders.worklists.searching import Search
from sessions.coordination import owners_by_dose
from sessions.enums.appointments import AppointmentState
from sessions.hours import hours_of
from sessions.models import Appointment, CareEvent, EpisodeOfCare, IntegrationSession
from sessions.windows import HOURS

MOST = 200  # cases that are looked at, the newest; a search looks at all
RECENT = timedelta(days=60)  # older dates change nothing on a worklist
KEPT = timedelta(days=30)  # how long a withdrawn referral stays


def cases_of(user: User, now: datetime, search: Search, house: int | None) -> list[Referral]:
    """The user's cases, the newest first: at most `MOST`, and one more where there are more.

    `house`: those referred to one clinic. What was withdrawn long ago is found by a search alone.
    """
    rows = Referral.objects.open_to(user)
    if search:
        rows = search.among(rows)  # type: ignore[assignment]
    else:
        taken_back = (ReferralState.CANCELLED, ReferralState.IN_ERROR)
        rows = rows.exclude(state__in=taken_back, state_since__lt=now - KEPT)
    if house:
        rows = rows.filter(clinic=house)
    rows = rows.with_reply_days().select_related("client", "clinic", "referrer")
    return list(rows.prefetch_related("interims").order_by("-pk")[: MOST + 1])


def known_cases(user: User, referrals: Iterable[Referral], now: datetime) -> list[Known]:
    """The cases about which something is open to `user`, with all that is.

    Cases of other practices are listed only while a release opens something; who owns what is
    looked up only where the clinic's dates are open.
    """
    referrals = list(referrals)
    clients = {referral.client_id for referral in referrals}
    assert user.membership
    own = user.membership.organization_id
    recent = Q(occurred_at__gte=now - RECENT)
    found = disclose(
        to=Reader.of(user),
        about=clients,
        kinds={
            CareEvent: recent,
            IntegrationSession: recent,
            Appointment: recent & Q(state=AppointmentState.BOOKED),
            ClinicReply: Q(),
            Closing: Q(),
            Message: recent & Q(referral__practice=own),
        },
        channel=Channel.WORKLIST,
    )
    replies, events = found.of(ClinicReply), found.of(CareEvent)
    episodes = _episodes(events)
    answers = set(Referral.objects.open_to(user, "coordinate_case").values_list("pk", flat=True))
    logs = set(Referral.objects.open_to(user, "contribute_case").values_list("pk", flat=True))
    opened = {(provision.client, provision.discloser) for provision, _, _ in found.access.permitted}
    hours = hours_of({referral.clinic_id for referral in referrals if events})
    theirs = waiting(found.of(Message), own, now, answering=logs)
    return [
        Known(
            referral=referral,
            own=referral.practice_id == own,
            state=known_state(referral, replies, found.of(Closing)),
            reply_days=referral.reply_days,
            answers=referral.pk in answers,
            contributes=referral.pk in logs,
            promised=referral.promised,
            events=[e for e in events if e.client_id == referral.client_id],
            sessions=[s for s in found.of(IntegrationSession) if s.client_id == referral.client_id],
            booked=[a for a in found.of(Appointment) if a.client_id == referral.client_id],
            episode=episodes.get(referral.pk),
            whole=_whole(found.access, referral),
            messages=[m for m in theirs if m.referral_id == referral.pk],
            hours=hours.get(referral.clinic_id, HOURS),
        )
        for referral in referrals
        if referral.practice_id == own or (referral.client_id, referral.clinic_id) in opened
    ]


def _episodes(events: Iterable[CareEvent]) -> dict[int, EpisodeOfCare]:
    """By referral, the episodes whose dates are open."""
    dated = {event.episode_id for event in events if event.category == Category.SCHEDULE}
    rows = EpisodeOfCare.objects.filter(pk__in=dated)
    found = list(rows.select_related("preparation_owner", "integration_owner"))
    owners = owners_by_dose(found)
    for episode in found:
        episode.dose_owners = owners[episode.pk]
    return {episode.referral_id: episode for episode in found}


def _whole(access: Access, referral: Referral) -> frozenset[str]:
    return frozenset(
        category
        for category in (Category.READINESS, Category.SCHEDULE)
        if reads_all(access, referral, category, since=referral.submitted_at)
    )
