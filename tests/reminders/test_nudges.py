"""Referrals that stand still: who is told, when, and what time closes. Every moment is given."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category as C
from people.models import Membership
from referrals.actions.interim import ask_for_time
from referrals.actions.stale import close_stale, standing_still
from referrals.actions.triage import ask_for_information, receive_referral
from referrals.enums import STALE, Mover, ReferralState
from referrals.models import Closing, Nudge, Referral
from referrals.stale import CLOSE_AFTER, DRAFT_LASTS, close_due, nudge_due
from reminders.enums import CancelReason, LetterKind, ReminderState
from reminders.models import Letter
from reminders.upkeep import keep_referrals_moving
from tests.factories import LAST_NAME
from tests.reminders.sending import round_of, state

S = ReferralState
DAY = timedelta(days=1)
MONDAY = datetime(2026, 7, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "promised", "due"),
    [(0, [], False), (7, [], False), (8, [], True), (8, [21], False), (9, [21], True)],
)
def test_a_nudge_comes_after_five_working_days_and_what_was_promised(days, promised, due):
    promised = [datetime(2026, 7, day).date() for day in promised]  # noqa: DTZ001
    for each in (S.DRAFT, S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED, S.ACCEPTED):
        assert nudge_due(each, MONDAY, promised, MONDAY + days * DAY) is due
    for each in set(S) - {S.DRAFT, S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED, S.ACCEPTED}:
        assert not nudge_due(each, MONDAY, promised, MONDAY + 900 * DAY)


def test_time_closes_only_what_waits_for_the_practice():
    late = MONDAY + 900 * DAY
    for each in S:
        for mover in Mover:
            closes = each in (S.DRAFT, S.INFORMATION_ASKED) and mover == Mover.THERAPIST
            assert close_due(each, MONDAY, mover, MONDAY, late) is closes, (each, mover)
    told = MONDAY + 10 * DAY
    just = told + CLOSE_AFTER
    asked = (S.INFORMATION_ASKED, MONDAY, Mover.THERAPIST, told)
    assert not close_due(*asked, just - timedelta(microseconds=1))
    assert close_due(*asked, just)
    assert not close_due(S.DRAFT, MONDAY, Mover.THERAPIST, told, just)
    assert close_due(S.DRAFT, MONDAY, Mover.THERAPIST, told, MONDAY + DRAFT_LASTS)


def asked(case) -> None:
    """The clinic asked, and the therapist may read it."""
    case.send()
    case.active(out_categories=[C.READINESS], until=timezone.now() + 200 * DAY)
    case.referral = ask_for_information(
        by=case.cast.coordinator, referral=case.referral, text="Zqquestion?"
    )


def told() -> set[tuple[str, str]]:
    rows = Letter.objects.filter(kind=LetterKind.NUDGE).select_related("user")
    return {(letter.user.name, letter.state) for letter in rows}


def rounds(*days: float) -> None:
    """What upkeep and delivery do so many days after now."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        start = timezone.now()
        for day in days:
            clock.move_to(start + day * DAY)
            keep_referrals_moving(timezone.now())
            round_of()


@pytest.mark.parametrize("received", [False, True])
def test_the_clinic_is_told_and_its_answer_is_never_closed(case, referral, received):
    if received:
        receive_referral(by=case.cast.coordinator, referral=referral)
    rounds(9, 10, 400)
    assert {name for name, _ in told()} == {"Cora Coordinator", "Pia Prescriber"}
    assert len(mail.outbox) == 2
    referral.refresh_from_db()
    assert referral.state in (S.REQUESTED, S.RECEIVED)


def test_a_question_that_nobody_answers_lapses_after_it_was_told(case, signed_in):
    asked(case)
    rounds(4)
    assert told() == set()
    rounds(9, 22)
    assert told() == {("Tess Therapist", "sent")}
    case.referral.refresh_from_db()
    assert case.referral.state == S.INFORMATION_ASKED
    rounds(9 + 14.1)
    case.referral.refresh_from_db()
    assert case.referral.state == S.LAPSED
    closing = Closing.unscoped.get()
    assert (closing.reason, closing.author, closing.author_organization) == (
        STALE,
        None,
        case.cast.clinic,
    )
    page = signed_in(case.referrer).get(reverse("referrals:detail", args=[case.referral.pk]))
    assert "was not answered in time" in page.content.decode()
    assert "Take it up again" in page.content.decode()


def test_the_mail_names_nobody(case):
    asked(case)
    rounds(9)
    (message,) = mail.outbox
    text = f"{message.subject} {message.body}"
    for word in (LAST_NAME, "Zq", "Robin", "Northfield", "REF-", "ketamine", "referral"):
        assert word.lower() not in text.lower(), word


def test_a_question_nobody_may_read_is_the_clinics_to_bring_over(case, referral):
    ask_for_information(by=case.cast.coordinator, referral=referral, text="?")
    rounds(9, 40)
    assert {name for name, _ in told()} == {"Cora Coordinator", "Pia Prescriber"}
    referral.refresh_from_db()
    assert referral.state == S.INFORMATION_ASKED


def test_a_release_that_ends_meanwhile_closes_nothing(case):
    asked(case)
    rounds(9)
    case.revoke(case.referral and _release(case))
    rounds(40)
    case.referral.refresh_from_db()
    assert case.referral.state == S.INFORMATION_ASKED


def _release(case):
    from consent.models import Release

    return Release.objects.get(client=case.client)


def test_what_nobody_was_told_of_is_not_closed(case):
    """Mail did not work, or whoever had the move left: no letter went out."""
    asked(case)
    Membership.objects.filter(user=case.referrer).update(ended_at=timezone.now())
    rounds(9, 60)
    assert told() == set()
    case.referral.refresh_from_db()
    assert case.referral.state == S.INFORMATION_ASKED


def test_more_time_postpones_the_nudge(case, referral):
    day = case.cast.clinic.today + 30 * DAY
    by = case.cast.coordinator
    ask_for_time(by=by, referral=referral, answer_by=day, form_key=uuid4())
    rounds(12)
    assert told() == set()
    rounds(32)
    assert len(told()) == 2


def test_one_who_moved_before_it_is_sent_is_not_told(case):
    case.send()
    with time_machine.travel(timezone.now() + 9 * DAY, tick=False):
        keep_referrals_moving(timezone.now())
        case.accept()
        round_of()
    letter = Letter.objects.filter(kind=LetterKind.NUDGE).first()
    assert (state(letter), letter.cancel_reason) == (
        ReminderState.CANCELLED,
        CancelReason.ANSWERED,
    )
    assert mail.outbox == []


def test_a_draft_that_nobody_touches_is_closed_and_kept(case, signed_in):
    draft = case.draft()
    rounds(9, 60)
    draft.refresh_from_db()
    assert draft.state == S.DRAFT
    assert told() == {("Tess Therapist", "sent")}
    rounds(91)
    draft.refresh_from_db()
    assert draft.state == S.CANCELLED
    assert Closing.unscoped.get().author_organization == case.cast.practice
    page = signed_in(case.referrer).get(reverse("referrals:detail", args=[draft.pk]))
    assert "nobody took the next step" in page.content.decode()


def test_a_draft_that_is_worked_on_stays(case):
    case.draft()
    rounds(9)
    with time_machine.travel(timezone.now() + 80 * DAY, tick=False):
        case.fill_in()
    rounds(120 - 80)
    case.referral.refresh_from_db()
    assert case.referral.state == S.DRAFT


def test_each_wait_is_nudged_about_once(case, referral):
    now = timezone.now() + 9 * DAY
    for _ in range(3):
        keep_referrals_moving(now)
    assert Nudge.objects.count() == 1
    assert standing_still(now) == []
    nudge = Nudge.objects.get()
    assert not close_stale(nudge=nudge, told_at=now, now=now + 900 * DAY)
    assert Referral.objects.get().state == S.REQUESTED
