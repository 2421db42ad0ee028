"""What stands on somebody's schedule: doses, sessions, windows, as far as they may know of them.

Everything about a client comes through the one door: for the clinic's staff what the clinic wrote,
by role, and what a practice sent by release; outside, what releases open, one row of the ledger for
each client and page. Administrators see who and which room is occupied, and nothing of why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from consent.access import Reader
from consent.disclosure import LIMIT, Disclosed, disclose
from consent.enums import Channel
from people.enums import CLINIC_ROLES
from people.models import User
from referrals.models import Referral
from sessions.appointments.reading import BOOK_AGAIN, moments_of
from sessions.appointments.spans import KINDS, left_its_window
from sessions.appointments.weeks import Bar, Entry
from sessions.coordination import owner_of_session, owners_by_dose
from sessions.enums import EventKind
from sessions.enums.appointments import AppointmentKind, AppointmentState
from sessions.enums.coordination import Duty
from sessions.hours import hours_of
from sessions.models import Appointment, CareEvent, EpisodeOfCare, IntegrationSession
from sessions.reading import knows_sessions
from sessions.windows import NAMES, Window, WindowKind, WindowState, drawn

S = AppointmentState
MOST = 300  # clients on one page, the newest
AROUND = timedelta(days=8)  # a dose so far away still has a window here
STATES = {
    "served": "session held",
    "booked": "booked",
    "open": "open, nothing booked",
    "later": "nothing booked",
    "missed": "closed, none held",
    "untold": "",
}


@dataclass
class Plan:
    """What is drawn. `full`: there was more than one page holds."""

    entries: list[Entry] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    full: bool = False


def plan_of(
    user: User,
    begin: datetime,
    end: datetime,
    now: datetime,
    *,
    person: int | None = None,
    room: int | None = None,
) -> Plan:
    """From `begin` to before `end`; `person` and `room` narrow it."""
    cases = _cases(user, begin, end)
    if not cases:
        return Plan()
    found = _read(user, cases, begin, end)
    owners = owners_by_dose(cases.values())
    hours = hours_of({episode.clinic_id for episode in cases.values()})
    for episode in cases.values():
        episode.dose_owners, episode.hours = owners[episode.pk], hours[episode.clinic_id]
    page = _Page(user, cases, found, begin, end, now)
    return page.plan(person, room)


def _cases(user: User, begin: datetime, end: datetime) -> dict[int, EpisodeOfCare]:
    """The episodes that may have something in these days, the newest of them; before the door."""
    rows = EpisodeOfCare.objects.select_related(
        "referral", "preparation_owner", "integration_owner"
    )
    if user.membership and user.membership.role in CLINIC_ROLES:
        near = {"occurred_at__gte": begin - AROUND, "occurred_at__lt": end + AROUND}
        there = Q(pk__in=CareEvent.unscoped.filter(**near).values("episode"))
        there |= Q(pk__in=Appointment.unscoped.filter(**near).values("episode"))
        there |= Q(pk__in=IntegrationSession.unscoped.filter(**near).values("episode"))
        rows = rows.filter(there, pk__in=EpisodeOfCare.objects.at_clinic_of(user).values("pk"))
    else:
        rows = rows.filter(referral__in=Referral.objects.open_to(user).sent().values("pk"))
    return {episode.pk: episode for episode in rows.order_by("-pk")[:MOST]}


def _read(user: User, cases: dict[int, EpisodeOfCare], begin, end) -> Disclosed:
    here = Q(episode__in=list(cases))
    dates = Q(dosing__isnull=False) | Q(kind=EventKind.PREPARATION_HELD)
    around = Q(occurred_at__gte=begin - AROUND, occurred_at__lt=end + AROUND)
    return disclose(
        to=Reader.of(user),
        about={episode.client_id for episode in cases.values()},
        kinds={
            CareEvent: here & dates & around,
            IntegrationSession: here & around & Q(error=None),
            Appointment: here & around & Q(state__in=[S.BOOKED, S.PROPOSED]),
        },
        channel=Channel.SCHEDULE,
    )


MARKS = {
    EventKind.DOSE_GIVEN: ("dose", "Dose {} given"),
    EventKind.DOSE_PLANNED: ("planned", "Dose {} planned"),
    EventKind.PREPARATION_HELD: ("held", "Preparation held"),
}


@dataclass
class _Page:
    user: User
    cases: dict[int, EpisodeOfCare]
    found: Disclosed
    begin: datetime
    end: datetime
    now: datetime

    def plan(self, person: int | None, room: int | None) -> Plan:
        rows = self.found.of(Appointment)
        if person:
            rows = [row for row in rows if row.person_id == person]
        if room:
            rows = [row for row in rows if row.room_id == room]
        plan = Plan(full=any(len(items) == LIMIT for items in self.found.items.values()))
        plan.entries = [self._of_appointment(row) for row in rows if self._shown(row.starts_at)]
        if not room:
            sessions = self.found.of(IntegrationSession)
            plan.entries += [
                self._of_session(row)
                for row in sessions
                if self._shown(row.occurred_at) and person in (None, row.author_id)
            ]
            plan.bars = [bar for bar in self._bars(person) if bar.closes_at > self.begin]
        if not (room or person):
            plan.entries += [
                self._of_event(row)
                for row in self.found.of(CareEvent)
                if row.kind in MARKS and self._shown(row.occurred_at)
            ]
        return plan

    def _shown(self, at: datetime) -> bool:
        return self.begin <= at < self.end

    def _home(self, episode: int) -> str:
        case = self.cases[episode]
        if self.found.access.reader.organization == case.clinic_id:
            return reverse("care:case", args=[episode])
        return reverse("care:timeline", args=[case.referral_id])

    def _of_event(self, row: CareEvent) -> Entry:
        mark, words = MARKS[EventKind(row.kind)]
        what, home = words.format(row.dose_number), self._home(row.episode_id)
        return Entry(row.occurred_at, None, mark, what, str(row.client), url=home)

    def _of_session(self, row: IntegrationSession) -> Entry:
        what, home = f"Session {row.state}", self._home(row.episode_id)
        mark = "held" if row.was_held else "missed"
        more = str(row.author)
        return Entry(row.occurred_at, None, mark, what, str(row.client), more, home)

    def _of_appointment(self, row: Appointment) -> Entry:
        doses = moments_of(self.found.of(CareEvent))
        mark = "booked" if row.state == S.BOOKED else "proposed"
        what = row.what if mark == "booked" else f"{row.what}, proposed"
        return Entry(
            row.starts_at,
            row.ends_at,
            mark,
            what,
            str(row.client),
            f"{row.person}, {row.room}" if row.room else str(row.person),
            reverse("care:appointment", args=[self.cases[row.episode_id].referral_id, row.pk]),
            BOOK_AGAIN if left_its_window(row, doses, self.cases[row.episode_id].hours) else "",
        )

    # -------------------------------------------------------------- windows
    def _bars(self, person: int | None) -> Iterable[Bar]:
        for event in self.found.of(CareEvent):
            if event.kind not in (EventKind.DOSE_GIVEN, EventKind.DOSE_PLANNED):
                continue
            hours = self.cases[event.episode_id].hours
            for window in drawn(event.dose_number or 0, event.occurred_at, hours):
                owner = self._owner(event.episode_id, window)
                given = event.kind == EventKind.DOSE_GIVEN
                if given and window.kind == WindowKind.PREPARATION:
                    continue  # it ended with the dose
                if window.opens_at < self.end and person in (None, owner.pk):
                    yield self._bar(event, window, given)

    def _owner(self, episode: int, window: Window) -> User:
        before = window.kind == WindowKind.PREPARATION
        duty = Duty.PREPARATION if before else Duty.INTEGRATION
        return owner_of_session(self.cases[episode], duty, window.dose_number)

    def _bar(self, event: CareEvent, window: Window, given: bool) -> Bar:
        state = self._state(event, window, given)
        return Bar(
            window.opens_at,
            window.closes_at,
            state,
            f"{NAMES[window.kind].partition(',')[0]}, dose {window.dose_number}",
            STATES[state],
            str(event.client),
            self._home(event.episode_id),
        )

    def _state(self, event: CareEvent, window: Window, given: bool) -> str:
        """Of what is known to stand there; that nothing stands there only to whoever would know."""
        held, booked = self._sessions(event, window)
        state = window.state(self.now, held)
        if state == WindowState.SERVED:
            return state.value
        if window.closes_at > self.now and any(map(window.contains, booked)):
            return "booked"
        if not self._knows(event.episode_id, window):
            return "untold"
        if not given and window.kind != WindowKind.PREPARATION:
            return WindowState.LATER.value
        return state.value

    def _knows(self, episode: int, window: Window) -> bool:
        """Whether the reader would see the session: the clinic always one of its own people."""
        case = self.cases[episode]
        if knows_sessions(self.found, case.referral):
            return True
        owner = self._owner(episode, window)
        inside = self.found.access.reader.organization == case.clinic_id
        whole = owner in (case.preparation_owner, case.integration_owner)
        if whole:
            return inside and owner.pk != case.referral.referrer_id
        return inside and bool(
            owner.membership and owner.membership.organization_id == case.clinic_id
        )

    def _sessions(self, event: CareEvent, window: Window) -> tuple[list, list]:
        """When sessions that may serve it were held, and are booked."""
        mine = event.episode_id
        held = [
            row.occurred_at
            for row in self.found.of(IntegrationSession)
            if row.episode_id == mine and row.was_held
        ]
        if window.kind == WindowKind.PREPARATION:
            held += [
                row.occurred_at
                for row in self.found.of(CareEvent)
                if row.episode_id == mine and row.kind == EventKind.PREPARATION_HELD
            ]
        booked = [
            row.starts_at
            for row in self.found.of(Appointment)
            if row.episode_id == mine
            and row.state == S.BOOKED
            and window.kind in KINDS[AppointmentKind(row.kind)]
        ]
        return held, booked


def occupied(clinic: int, begin: datetime, end: datetime) -> list[Entry]:
    """Who of a clinic and which of its rooms is occupied: no client, and nothing of what it is."""
    rows = Appointment.unscoped.filter(
        author_organization=clinic, state=S.BOOKED, starts_at__gte=begin, starts_at__lt=end
    )
    columns = ("starts_at", "ends_at", "person__name", "room__label")
    return [
        Entry(starts_at, ends_at, "busy", person, more=room or "")
        for starts_at, ends_at, person, room in rows.order_by("starts_at", "pk").values_list(
            *columns
        )[:LIMIT]
    ]
