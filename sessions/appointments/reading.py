"""Times of a case through the one door, and what a page says of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from consent.access import Reader
from consent.disclosure import Disclosed, disclose
from consent.enums import Channel
from people.models import User
from referrals.models import Referral
from sessions.appointments.spans import Moments, left_its_window
from sessions.enums import EventKind
from sessions.enums.appointments import AppointmentState
from sessions.models import Appointment, CareEvent
from sessions.windows import Hours

S = AppointmentState
OF_DOSES = Q(dosing__isnull=False)
LATELY = timedelta(days=7)  # how long it shows that something was taken off
BOOK_AGAIN = "No longer within its window: book again"


def read_times(user: User, referral: Referral) -> Disclosed:
    """The doses and the appointments of a case that `user` may know of."""
    of_episode = Q(episode__referral=referral)
    return disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={CareEvent: of_episode & OF_DOSES, Appointment: of_episode},
        channel=Channel.PAGE,
    )


def moments_of(events: Iterable[CareEvent]) -> dict[int, datetime | None]:
    """By dose, when it was given or is planned; None for a cancelled one."""
    return {
        event.dosing_id: None if event.kind == EventKind.DOSE_CANCELLED else event.occurred_at
        for event in events
        if event.dosing_id
    }


@dataclass(frozen=True)
class Line:
    """An appointment as one reader sees it: `status` is the kind of its mark."""

    row: Appointment
    status: str
    words: str
    yours: bool  # it waits for this reader's house


def lines(
    rows: Iterable[Appointment],
    events: Iterable[CareEvent],
    user: User,
    now: datetime,
    hours: Hours,
) -> list[Line]:
    """What is ahead, by time: booked, or waiting for an answer; and what was taken off lately."""
    doses = moments_of(events)
    shown = [row for row in rows if _shown(row, now)]
    return [
        line_of(row, doses, user, now, hours) for row in sorted(shown, key=lambda r: r.starts_at)
    ]


def _shown(row: Appointment, now: datetime) -> bool:
    if row.state in (S.PROPOSED, S.BOOKED):
        return row.ends_at > now
    taken_off = row.state == S.CANCELLED and row.kind == "dose" and row.reason.endswith("again.")
    declined = row.state == S.DECLINED and row.choice == 1
    return (taken_off or declined) and bool(row.decided_at and row.decided_at > now - LATELY)


def line_of(row: Appointment, doses: Moments, user: User, now: datetime, hours: Hours) -> Line:
    yours = row.state == S.PROPOSED and row.person_id == user.pk and row.starts_at > now
    if left_its_window(row, doses, hours):
        return Line(row, "attention", BOOK_AGAIN, yours)
    if row.state == S.BOOKED:
        return Line(row, "plain", "Booked" if row.ends_at > now else "Was booked", yours)
    if row.state == S.PROPOSED:
        if row.starts_at <= now:
            return Line(row, "plain", "Passed without an answer", yours)
        text = "Waits for you" if yours else f"Waits for {row.person}"
        return Line(row, "attention" if yours else "plain", text, yours)
    return Line(row, "plain", row.get_state_display(), yours)
