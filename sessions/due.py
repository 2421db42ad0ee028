"""What the clinic still owes its clients after a dose, over all its cases: for the day's page."""

from datetime import datetime, timedelta

from consent.models import TreatmentPaper
from consent.treatment.standing import NONE_SIGNED, Standing, standings
from people.models import Organization
from sessions.aftercare import GIVEN_UP, OPENS, CheckState
from sessions.enums.therapy import Challenge
from sessions.facts import check_of
from sessions.models import DosingSession, EpisodeOfCare, IntegrationRecord

MOST = 100
SOON = timedelta(days=7)


def open_follow_ups(clinic: Organization) -> list[IntegrationRecord]:
    """Challenging experiences to which nobody has come back yet, the next due first."""
    rows = IntegrationRecord.objects.filter(episode__clinic=clinic, follow_up=None)
    rows = rows.exclude(challenge=Challenge.NONE).order_by("follow_up_due", "pk")
    return list(rows.select_related("episode__client", "follow_up_by")[:MOST])


def delayed_checks_due(
    clinic: Organization, now: datetime
) -> list[tuple[DosingSession, CheckState]]:
    """Doses after which somebody has yet to ask, with due or overdue, the longest ago first."""
    given = DosingSession.objects.filter(
        episode__clinic=clinic, given_at__gt=now - GIVEN_UP, given_at__lte=now - OPENS
    )
    rows = given.select_related("episode__client").prefetch_related("delayed_checks")
    states = [(row, check_of(row, now)) for row in rows.order_by("given_at", "pk")]
    return [pair for pair in states if pair[1] in (CheckState.DUE, CheckState.OVERDUE)][:MOST]


def doses_without_consent(clinic: Organization, now: datetime) -> list[tuple[DosingSession, str]]:
    """Doses planned within `SOON`, or still open from the day before, whose client's consent to
    treatment was withdrawn or is over by then, each with that in a few words; the next first.

    One that was never given is no news: the dose's own gate says so.
    """
    planned = DosingSession.objects.filter(
        episode__clinic=clinic,
        given_at=None,
        cancelled_at=None,
        planned_at__range=(now - timedelta(days=1), now + SOON),
    )
    rows = list(planned.select_related("episode__client").order_by("planned_at", "pk")[:MOST])
    clients = {row.episode.client_id for row in rows}
    stands = standings(client_ids=clients, clinic_id=clinic.pk, at=now)
    told = [(row, _gone(stands[row.episode.client_id], row.planned_at)) for row in rows]
    return [(row, words) for row, words in told if words]


def _gone(stands: Standing, planned_at: datetime) -> str:
    if stands.consent:
        return "ends before the dose" if stands.consent.until <= planned_at else ""
    return "" if stands.why_not == NONE_SIGNED else stands.in_short.lower()


def papers_to_verify(clinic: Organization) -> list[tuple[TreatmentPaper, EpisodeOfCare]]:
    """Signed papers of consents to treatment that wait for a second person, the oldest first."""
    waiting = TreatmentPaper.objects.filter(consent__organization=clinic, verified_at=None)
    papers = waiting.defer("pdf").select_related("consent", "transcribed_by").order_by("pk")[:MOST]
    clients = {paper.consent.client_id for paper in papers}
    episodes = EpisodeOfCare.objects.filter(clinic=clinic, client__in=clients).order_by("pk")
    of = {each.client_id: each for each in episodes.select_related("client")}  # the latest
    return [(each, of[each.consent.client_id]) for each in papers if each.consent.client_id in of]
