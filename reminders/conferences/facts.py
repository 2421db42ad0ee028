"""What the clinic's own record knows of every case since the conference before: for `needs`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from consent.access import Access, Reader
from consent.clock import database_now
from people.models import Organization, User
from referrals.enums import ReferralState
from referrals.models import Referral
from reminders.conferences.needs import Event, Facts, Need, Raised, Score, needs, urgency
from reminders.enums import ReminderState
from reminders.models import Conference, Reminder
from reminders.today import may_know
from sessions.adverse_events import unreviewed_adverse_events
from sessions.models import AdverseEvent, EpisodeOfCare, OutcomeResponse, SafetyAlert

OVER = (ReferralState.CANCELLED, ReferralState.DECLINED, ReferralState.LAPSED)
MISSED = (ReminderState.MISSED, ReminderState.FAILED)


@dataclass(frozen=True)
class Proposal:
    """A case that needs the conference, and why."""

    referral: Referral
    needs: list[Need]


@dataclass
class _Found:
    """By referral, what was found so far."""

    missed: list = field(default_factory=list)
    events: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    alerts: list = field(default_factory=list)
    submitted_at: datetime | None = None

    def facts(self) -> Facts:
        return Facts(**vars(self))


def since_of(conference: Conference) -> datetime:
    """When the conference before this one was held at the clinic; where there was none, as many
    weeks before as lie between two."""
    held = Conference.objects.held(conference.at).filter(series__clinic=conference.series.clinic_id)
    last = held.order_by("-at").values_list("at", flat=True).first()
    return last or conference.at - timedelta(weeks=conference.series.every_weeks)


def proposals(user: User, conference: Conference, now: datetime) -> list[Proposal]:
    """The cases of the clinic that need this conference as it stands at `now`, the most urgent
    first. A fixed number of queries."""
    since, until = since_of(conference), min(now, conference.ends_at)
    clinic = conference.series.clinic
    found = _gather(user, clinic, since, until)
    rows = Referral.objects.filter(pk__in=found, clinic=clinic).sent().standing()
    cases = [
        Proposal(referral, wanted)
        for referral in rows.select_related("client", "practice", "referrer", "episode")
        if (wanted := needs(found[referral.pk].facts(), since, until))
    ]
    return sorted(cases, key=lambda case: (*urgency(case.needs), case.referral.pk))


def proposal_of(user: User, conference: Conference, referral: Referral) -> Proposal:
    """Why one case needs this conference now; without needs where it does not."""
    every = proposals(user, conference, timezone.now())
    mine = (each for each in every if each.referral.pk == referral.pk)
    return next(mine, Proposal(referral, []))


def _gather(
    user: User, clinic: Organization, since: datetime, until: datetime
) -> dict[int, _Found]:
    found: dict[int, _Found] = {}

    def of(referral: int) -> _Found:
        return found.setdefault(referral, _Found())

    for referral, event in _events(clinic, since):
        of(referral).events.append(event)
    standing = Q(acknowledged_at=None) | Q(raised_at__gte=since)
    alerts = SafetyAlert.objects.filter(standing, episode__clinic=clinic)
    for alert in alerts.select_related("episode"):
        raised = Raised(alert.kind, alert.raised_at, alert.acknowledged_at is not None)
        of(alert.episode.referral_id).alerts.append(raised)
    _add_what_is_opened(user, clinic, since, until, of)
    sent = Referral.objects.filter(clinic=clinic, submitted_at__range=(since, until))
    sent = sent.exclude(state__in=OVER)
    for pk, at in sent.values_list("pk", "submitted_at"):
        of(pk).submitted_at = at
    return found


def _events(clinic: Organization, since: datetime) -> Iterable[tuple[int, Event]]:
    """(referral, event) of those that nobody reviewed, and of those told of since."""
    waiting = {row.pk: row for row in unreviewed_adverse_events(clinic)}
    told = Q(recorded_at__gte=since) | Q(updates__recorded_at__gte=since)
    rows = AdverseEvent.objects.current().filter(told, episode__clinic=clinic).distinct()
    recent = {row.pk: row for row in rows.select_related("episode").prefetch_related("updates")}
    for pk, row in (recent | waiting).items():
        told_at = max((u.recorded_at for u in row.updates.all()), default=row.recorded_at)
        yield (
            row.episode.referral_id,
            Event(row.at, told_at, row.now.severity, reviewed=pk not in waiting),
        )


def _add_what_is_opened(
    user: User, clinic: Organization, since: datetime, until: datetime, of
) -> None:
    """Scores of the clinic's own, and windows of which it may know that nothing was held."""
    missed = (
        Reminder.objects.of_windows()
        .with_place()
        .filter(episode__clinic=clinic, state__in=MISSED, closes_at__gte=since, closes_at__lt=until)
    )
    reminders = list(missed.select_related("episode__referral"))
    own = Q(episode__clinic=clinic, author_organization=clinic, error=None)
    # Which cases were scored since; of these, all scores are then asked for at the door.
    scored = OutcomeResponse.unscoped.filter(own, occurred_at__gte=since)
    clients = set(scored.values_list("client_id", flat=True))
    about = clients | {row.episode.client_id for row in reminders}
    if not about:
        return
    access = Access.load(Reader.of(user), about, database_now())
    # One's own record crosses nothing: it is read by role, and no ledger has a row of it.
    responses = list(OutcomeResponse.objects.readable_by(access).filter(own, client__in=clients))
    episodes = EpisodeOfCare.objects.filter(pk__in={row.episode_id for row in responses})
    referral_of = dict(episodes.values_list("pk", "referral_id"))
    for row in responses:
        score = Score(row.instrument, row.occurred_at, row.score, frozenset(row.sensitivities))
        of(referral_of[row.episode_id]).scores.append(score)
    for reminder in reminders:
        if may_know(reminder, access):
            of(reminder.episode.referral_id).missed.append((reminder.kind, reminder.closes_at))
