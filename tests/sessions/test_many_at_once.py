"""Fifty people make the same move at the same moment: it happens once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions import dosing, ending
from sessions.actions.giving import give_dose
from sessions.actions.phases import change_phase
from sessions.enums import Phase
from tests.consent.test_replays import replay

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MANY, HOUR = 50, timedelta(hours=1)


def all_at_once(act) -> None:
    """Whoever is not first is told so, or changes nothing; nobody fails otherwise."""
    answers = replay(range(MANY), lambda _: act())
    assert len(answers) == MANY
    assert not [answer for answer in answers if isinstance(answer, Exception)]


def happened(event: str) -> int:
    return AuditEvent.objects.filter(event=event).count()


def test_fifty_identical_moves_give_one_success(case, episode):
    by, planned = case.cast.prescriber, case.plan(timezone.now() - HOUR)
    order, at = case.make_ready(planned), timezone.now() - HOUR
    all_at_once(lambda: give_dose(by=by, dosing=planned, order=order, given_at=at))
    left = timezone.now()
    all_at_once(lambda: case.leave(planned, left))
    other = case.plan(timezone.now() + HOUR)
    all_at_once(lambda: dosing.cancel_dose(by=by, dosing=other))
    all_at_once(lambda: change_phase(by=by, episode=episode, phase=Phase.MAINTENANCE))
    now = timezone.now()
    all_at_once(
        lambda: ending.end_episode(by=by, episode=episode, reason="All given.", ended_at=now)
    )
    events = ("given", "discharged", "cancelled")
    assert {name: happened(f"dose.{name}") for name in events} == dict.fromkeys(events, 1)
    assert happened("episode.phase_changed") == happened("episode.ended") == 1
