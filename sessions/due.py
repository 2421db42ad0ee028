"""What the clinic still owes its clients after a dose, over all its cases: for the day's page."""

from datetime import datetime

from people.models import Organization
from sessions.aftercare import GIVEN_UP, OPENS, CheckState
from sessions.enums.therapy import Challenge
from sessions.facts import check_of
from sessions.models import DosingSession, IntegrationRecord

MOST = 100


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
