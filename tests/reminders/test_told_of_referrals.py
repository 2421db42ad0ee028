"""Of a referral each house is told what it may know at the moment it looks."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consent.enums import Category as C
from consent.models import Disclosure
from referrals.actions.closing import cancel_referral
from referrals.actions.covers import end_cover
from referrals.actions.handover import hand_over
from referrals.actions.interim import ask_for_time
from referrals.actions.triage import ask_for_information, decline_referral, receive_referral
from referrals.enums import CancelReason
from referrals.models import Cover
from reminders.enums import Told
from reminders.models import Notification
from reminders.notifications.reading import told as told_to
from tests.referrals.covers import agreed as covered
from tests.reminders.news import kinds, texts, written

T = Told
READINESS = {"out_categories": [C.READINESS], "in_categories": [C.HISTORY]}


# ---------------------------------------------------------------- referrals


def test_a_referral_is_told_to_those_who_answer_it_and_not_to_who_sent_it(case, referral):
    cast = case.cast
    assert kinds(cast.coordinator) == kinds(cast.prescriber) == {T.REFERRAL_SENT}
    line = told_to(cast.coordinator)[0]
    assert (line.text, line.client) == ("Harbor Lane Practice sent a referral", case.client)
    for other in (cast.therapist, cast.nurse, cast.administrator, cast.stranger):
        assert written(other) == set()


def _asked(case):
    ask_for_information(by=case.cast.coordinator, referral=case.referral, text="Which?")


def _declined(case):
    decline_referral(by=case.cast.coordinator, referral=case.referral, text="Not now")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (_asked, "Northfield Clinic asks for more information"),
        (lambda case: case.accept(), "Northfield Clinic accepted the referral"),
        (_declined, "Northfield Clinic declined the referral"),
    ],
)
def test_how_the_clinic_answers_is_told_once_readiness_is_open(case, referral, answer, text):
    therapist = case.cast.therapist
    answer(case)
    case.active(out_categories=[C.SCHEDULE])
    assert T.REPLIED in written(therapist)
    assert kinds(therapist) == {T.RELEASE_SIGNED}
    release = case.active(**READINESS)
    assert texts(therapist, T.REPLIED) == [text]
    case.revoke(release)
    assert T.REPLIED not in kinds(therapist)


def test_that_treatment_began_is_told_to_whoever_may_know_that_it_was_accepted(case, opened):
    therapist = case.cast.therapist
    assert T.BEGUN in written(therapist)
    assert kinds(therapist) == set()
    case.active(**READINESS)
    assert {T.BEGUN, T.REPLIED} <= kinds(therapist)


def test_receipt_and_more_time_need_no_release(case, referral):
    therapist, by = case.cast.therapist, case.cast.coordinator
    receive_referral(by=by, referral=referral)
    day = case.cast.clinic.today + timedelta(days=9)
    ask_for_time(by=by, referral=referral, answer_by=day, form_key=uuid4())
    assert kinds(therapist) == {T.RECEIVED, T.MORE_TIME}
    assert Disclosure.objects.count() == 0


def test_a_withdrawn_referral_is_told_to_the_clinic_and_a_draft_is_not(case, referral):
    by, coordinator = case.cast.therapist, case.cast.coordinator
    cancel_referral(by=by, referral=referral, reason=CancelReason.CLIENT_DECIDED)
    assert T.WITHDRAWN in kinds(coordinator)
    before = Notification.objects.count()
    cancel_referral(by=by, referral=case.draft(last_name="Other"), reason="")
    assert Notification.objects.count() == before


def test_whoever_takes_over_is_told_and_who_left_is_not(case, referral):
    cast = case.cast
    hand_over(by=cast.administrator, referral=referral, was=cast.therapist, to=cast.colleague)
    assert kinds(cast.colleague) == {T.HANDED_OVER}
    assert written(cast.therapist) == set()


def test_who_covers_is_told_and_reads_along_while_it_lasts(case, referral):
    colleague, by = case.cast.colleague, case.cast.therapist
    covered(by, colleague)
    receive_referral(by=case.cast.coordinator, referral=referral)
    assert kinds(colleague) == {T.COVER, T.RECEIVED}
    end_cover(by=by, cover=Cover.objects.get())
    assert kinds(colleague) == set()
