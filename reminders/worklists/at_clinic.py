"""What the rows of the clinic's staff rest on: as many queries for one case as for all of them.

The clinic's own record is read by role, at its own clinic alone. What a practice wrote, messages
and sessions that were held, comes through the one door.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, prefetch_related_objects

from consent.access import Access, Reader
from consent.disclosure import disclose
from consent.enums import Category, Channel
from consent.models import Release, TreatmentConsent
from people.enums import CLINICAL_ROLES
from people.models import User
from referrals.enums import ReferralState
from referrals.messaging import RECENT, waiting, written_about
from referrals.models import Message, Referral
from referrals.reading import standing, unheard
from reminders.worklists.case import Case
from reminders.worklists.clinic import OVER
from reminders.worklists.rows import ahead
from reminders.worklists.searching import Search
from reminders.worklists.steps import SOON
from sessions.actions.alerts import open_alerts
from sessions.coordination import owners_by_dose
from sessions.due import doses_without_consent, papers_to_verify
from sessions.enums import SessionState
from sessions.enums.appointments import AppointmentState
from sessions.facts import Facts
from sessions.gates import GateFacts, asked_at, missing
from sessions.hours import hours_at
from sessions.models import Appointment, EpisodeOfCare, IntegrationSession, QuestionLink
from sessions.windows import HOURS, Window, WindowKind, reminded

MOST = 300  # cases that are looked at, the newest; a search looks at all
KEPT = timedelta(days=31)  # how long after the end of treatment something may be left to do
NEAR = timedelta(days=8)  # the windows of doses farther away are over, or not yet open


def referrals_at(
    user: User, now: datetime, search: Search, *, house: int | None, model: str, ended: bool
) -> list[Referral]:
    """The referrals to the clinic of `user`, the newest first: at most `MOST`, and one more where
    there are more; nothing for whoever has no clinical role there. A search finds the ended too."""
    if user.membership is None or user.membership.role not in CLINICAL_ROLES:
        return []
    rows = Referral.objects.open_to(user)
    if search:
        rows = search.among(rows)  # type: ignore[assignment]
    elif not ended:
        lately = Q(state=ReferralState.COMPLETED, state_since__gte=now - KEPT)
        written = Q(client__in=written_about(_clinic(user), now))
        rows = rows.filter(lately | written | ~Q(state__in=OVER))
    if house:
        rows = rows.filter(practice=house)
    if model:
        rows = rows.filter(episode__treatment_model=model)
    people = ("preparation_owner", "integration_owner")
    episode = [f"episode__{name}" for name in people]
    rows = rows.with_reply_days().select_related("client", "practice", "referrer", *episode)
    return list(rows.prefetch_related("interims").order_by("-pk")[: MOST + 1])


def cases_at(user: User, referrals: Collection[Referral], now: datetime) -> list[Case]:
    """Everything that the rows of these referrals rest on."""
    silent, episodes = unheard(referrals, now), _episodes(user, referrals)
    facts = Facts.of_many(episodes, now)
    told = _from_practices(user, facts, referrals, now)
    alerts = _by(open_alerts(_clinic(user)), "episode_id")
    cases = [
        Case(
            referral=referral,
            waiting=standing(referral, now, unheard=referral.pk in silent),
            unheard=referral.pk in silent,
            messages=told.messages.get(referral.pk, ()),
        )
        for referral in referrals
    ]
    for case in cases:
        if episode := getattr(case.referral, "episode", None):
            case.facts = facts[episode.pk]
            case.alerts = alerts.get(episode.pk, ())
            case.windows = _windows(case.facts, told.held.get(episode.pk, []), now)
            case.booked = told.booked.get(episode.pk, ())
            case.knows_practice = told.knows(case.referral)
    _add_papers(user, cases, now)
    _add_what_blocks([case for case in cases if case.facts], now)
    return cases


def _clinic(user: User) -> int:
    assert user.membership
    return user.membership.organization_id


def _by(rows: Iterable, key: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _episodes(user: User, referrals: Iterable[Referral]) -> list[EpisodeOfCare]:
    """Those that were opened, with all that is known of them already."""
    assert user.membership
    found = []
    for referral in referrals:
        if episode := getattr(referral, "episode", None):
            episode.referral, episode.client = referral, referral.client
            episode.clinic = user.membership.organization
            found.append(episode)
    owners = owners_by_dose(found)
    hours = hours_at(_clinic(user)) if found else HOURS
    for episode in found:
        episode.dose_owners, episode.hours = owners[episode.pk], hours
    return found


# ------------------------------------------------------------------ through the door
@dataclass
class Told:
    """What came through the door: by episode the sessions that were held and those that are
    booked, by referral the messages that wait, and where practices' dates are open."""

    held: dict[int, list[datetime]] = field(default_factory=dict)
    booked: dict[int, list[Appointment]] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    access: Access | None = None

    def knows(self, referral: Referral) -> bool:
        """Whether the clinic would be told of every session that the practice books and holds."""
        if self.access is None:
            return False
        opened = self.access.categories(referral.client_id, referral.practice_id, whole=True)
        return Category.SCHEDULE in opened


def _from_practices(
    user: User, facts: dict[int, Facts], referrals: Collection[Referral], now: datetime
) -> Told:
    here, recent = _clinic(user), Q(occurred_at__gte=now - RECENT)
    about = written_about(here, now) & {referral.client_id for referral in referrals}
    about |= {each.episode.client_id for each in facts.values() if _near(each, now)}
    if not about:
        return Told()
    near = Q(occurred_at__gte=now - NEAR)
    found = disclose(
        to=Reader.of(user),
        about=about,
        kinds={
            IntegrationSession: near & Q(state=SessionState.HELD, error=None),
            Appointment: near & Q(state=AppointmentState.BOOKED, occurred_at__lt=now + NEAR),
            Message: recent & Q(referral__clinic=here),
        },
        channel=Channel.WORKLIST,
    )
    sessions = _by(found.of(IntegrationSession), "episode_id")
    moments = {pk: [each.occurred_at for each in rows] for pk, rows in sessions.items()}
    messages = _by(waiting(found.of(Message), here, now), "referral_id")
    return Told(moments, _by(found.of(Appointment), "episode_id"), messages, found.access)


def _near(facts: Facts, now: datetime) -> bool:
    doses = facts.given + facts.planned
    return any(now - NEAR <= dose.at <= now + NEAR for dose in doses)


def _windows(facts: Facts, held: list[datetime], now: datetime) -> list[Window]:
    """A preparation that the clinic held serves the window of preparation, and no other."""
    prepared = [*held, *(row.held_at for row in facts.preparations)]
    found = [
        (window, prepared if window.kind == WindowKind.PREPARATION else held)
        for dose in facts.given + facts.planned
        for window in reminded(
            dose.number, dose.at, given=dose.given_at is not None, hours=facts.episode.hours
        )
    ]
    return ahead(found, now)


# ------------------------------------------------------------------ what waits for the client
def _add_papers(user: User, cases: Iterable[Case], now: datetime) -> None:
    """Consents, releases and questionnaires that wait, and consents that do not last."""
    assert user.membership
    clinic, cases = user.membership.organization, list(cases)
    clients = {case.referral.client_id for case in cases}
    asked = TreatmentConsent.objects.waiting().filter(client__in=clients, organization=clinic)
    consents = {row.client_id: row for row in asked}
    papers = {paper.consent.client_id: paper for paper, _ in papers_to_verify(clinic)}
    lost = {dose.episode_id: words for dose, words in doses_without_consent(clinic, now)}
    releases = Release.objects.of_clinic(clinic.pk).open().filter(client__in=clients)
    sent = dict(releases.filter(sent_at__isnull=False).values_list("client_id", "sent_at"))
    links = QuestionLink.objects.filter(
        episode__client__in=clients, episode__clinic=clinic, used_at=None
    )
    open_links = {link.episode_id: link.created_at for link in links if link.is_open(now)}
    for case in cases:
        client = case.referral.client_id
        if case.referral.state not in OVER:
            case.release_sent = sent.get(client)
        if case.facts:
            episode = case.facts.episode.pk
            case.consent_asked, case.paper = consents.get(client), papers.get(client)
            case.consent_lost = lost.get(episode, "")
            case.questions_sent = open_links.get(episode)


def _add_what_blocks(cases: Iterable[Case], now: datetime) -> None:
    """What keeps the next dose back, where it is near. Who the client is and how they are is asked
    on the spot, and consent is told apart elsewhere."""
    near = {}
    for case in cases:
        planned = case.facts.planned if case.facts else []
        if planned and now - NEAR <= planned[0].planned_at <= now + SOON:
            near[planned[0]] = case
    prefetch_related_objects(list(near), "doseorders", "escortplans", "overrides")
    for dose, case in near.items():
        assert case.facts
        at = asked_at(dose, now)
        gates = GateFacts(
            order=next(iter(dose.doseorders.all()), None),
            clearance=case.facts.clearance,
            consent=case.facts.consent,
            identity=None,
            checks=None,
            escort=next(iter(dose.escortplans.all()), None),
            overrides={override.gate: override for override in dose.overrides.all()},
            found_since=case.facts.found_since,
        )
        case.blocked = missing(gates, at, dose.episode.clinic.day_of(at))
