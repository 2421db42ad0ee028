"""A safety alert is told to everybody who works with clients at the clinic, at once."""

import pytest
from django.core import mail

from people.enums import OrganizationKind, Role
from people.models import Membership
from reminders import tasks
from reminders.enums import CancelReason, ReminderState
from reminders.models import Letter
from sessions.actions.alerts import acknowledge_alert, raise_alert
from sessions.enums.outcomes import AlertKind
from sessions.models import SafetyAlert
from tests.factories import make_organization, make_user
from tests.reminders.sending import round_of, secrets_in, state, told
from tests.sessions.asking import I, enter, send, token_for, visit

pytestmark = pytest.mark.usefixtures("episode")
CLINICAL = ("prescriber", "nurse", "kaptherapist", "coordinator")


def addresses(case, *names: str) -> set[str]:
    return {getattr(case.cast, name).email for name in names}


def by_staff(case):
    enter(case, item_9=1)


def by_link(case):
    send(visit(token_for(case)), I.PHQ9, "000000001")


@pytest.mark.parametrize("way", [by_staff, by_link])
def test_exactly_the_clinics_people_who_see_clients_are_told(case, way):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    make_user("Nell Elsewhere", Role.NURSE, elsewhere)
    gone = make_user("Gus Gone", Role.NURSE, case.cast.clinic)
    Membership.objects.filter(user=gone).update(ended_at="2026-01-01T00:00Z")
    case.active()
    way(case)
    round_of()
    assert told() == addresses(case, *CLINICAL)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert message.subject == "Something needs attention now"
        assert secrets_in(message) == []
        assert "alert" not in message.body.lower()
    assert round_of() == []


def test_without_an_alert_nobody_is_told(case):
    enter(case, item_9=0)
    assert not Letter.objects.exists()


def test_it_goes_out_with_the_commit(case, monkeypatch, django_capture_on_commit_callbacks):
    nudged = []
    monkeypatch.setattr(tasks.send_due, "apply_async", lambda **kwargs: nudged.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        enter(case, item_9=1)
        assert nudged == []
    assert nudged == [1]


def test_one_alert_is_one_letter_to_each(case):
    row = enter(case, item_9=1)
    raise_alert(by=None, episode=case.episode, kind=AlertKind.ITEM_9, source=row)
    assert Letter.objects.count() == 4


def test_who_left_meanwhile_and_what_was_answered_are_told_no_more(case):
    enter(case, item_9=1)
    Membership.objects.filter(user=case.cast.nurse).update(ended_at="2026-01-01T00:00Z")
    letter = Letter.objects.get(user=case.cast.nurse)
    round_of()
    assert told() == addresses(case, "prescriber", "kaptherapist", "coordinator")
    assert (state(letter), letter.cancel_reason) == (
        ReminderState.CANCELLED,
        CancelReason.NOT_THEIRS,
    )
    mail.outbox.clear()
    enter(case, item_9=2)
    alert = SafetyAlert.objects.latest("pk")
    acknowledge_alert(by=case.cast.prescriber, alert=alert, done="Rang.")
    round_of()
    assert mail.outbox == []
    reasons = Letter.objects.filter(alert=alert).values_list("cancel_reason", flat=True)
    assert set(reasons) == {CancelReason.ANSWERED}
