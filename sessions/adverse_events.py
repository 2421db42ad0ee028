"""Adverse events as the clinic looks at them: which count, and which wait for a prescriber."""

from datetime import datetime

from django.db.models import F, Max, Q

from people.models import Organization
from sessions.models import AdverseEvent, EpisodeOfCare


def adverse_events_in(episode: EpisodeOfCare) -> list[AdverseEvent]:
    """What counts of one episode, newest first."""
    rows = episode.adverse_events.current().select_related("dosing")
    return list(rows.prefetch_related("updates", "reviews"))


def adverse_events_of(clinic: Organization, since: datetime, until: datetime) -> list[AdverseEvent]:
    """What counts of the clinic's events in [since, until), by time. `now` tells severity (CTCAE v5
    grade 1–5) and outcome (ICH E2B terms) as they were last known."""
    rows = AdverseEvent.objects.current().filter(episode__clinic=clinic)
    rows = rows.filter(at__gte=since, at__lt=until).select_related("episode")
    return list(rows.prefetch_related("updates").order_by("at"))


def unreviewed_adverse_events(clinic: Organization) -> list[AdverseEvent]:
    """Those that no prescriber reviewed since they were last told, the oldest first."""
    told, reviewed = Max("updates__recorded_at"), Max("reviews__reviewed_at")
    rows = AdverseEvent.objects.current().filter(episode__clinic=clinic)
    rows = rows.annotate(told=told, reviewed=reviewed)
    rows = rows.filter(Q(reviewed=None) | Q(reviewed__lt=F("told")))
    return list(rows.select_related("episode__client").prefetch_related("updates").order_by("at"))
