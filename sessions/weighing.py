"""What there is to weigh about one order, told from what is recorded about the client."""

from decimal import Decimal

from django.utils import timezone

from sessions.gates import GateFacts
from sessions.models import DosingSession
from sessions.warnings import Caution, Previous, about_order

MOST = 12  # doses before this one


def weigh_order(dosing: DosingSession, route: str, dose_mg: Decimal) -> list[Caution]:
    """About `dose_mg` by `route`, at today's weight or the last one that is known."""
    weighed = GateFacts.of(dosing, timezone.now()).weighed
    weight = weighed.weight_kg if weighed else None
    return about_order(route, dose_mg, weight, previous_to(dosing))


def previous_to(dosing: DosingSession) -> Previous | None:
    """The last dose that this clinic gave the client before."""
    last = next(iter(given_before(dosing)), None)
    if last is None or last.dose_mg is None:
        return None
    return Previous(last.number, last.route, last.dose_mg)


def given_before(dosing: DosingSession) -> list[DosingSession]:
    """What this clinic gave the client before, newest first."""
    episode = dosing.episode
    others = DosingSession.objects.filter(
        episode__client=episode.client_id,
        episode__clinic=episode.clinic_id,
        given_at__isnull=False,
    ).exclude(pk=dosing.pk)
    if dosing.given_at:
        others = others.filter(given_at__lt=dosing.given_at)
    return list(others.order_by("-given_at")[:MOST])
