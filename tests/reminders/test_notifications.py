"""Nobody is told more than they may know at the moment they look."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.actions.ending import revoke_release
from consent.clock import database_now
from consent.enums import AskedHow, RevokedBy
from consent.enums import Category as C
from consent.models import Disclosure
from people.enums import Role
from people.models import User
from referrals.models import ClinicReply
from reminders.enums import GROUP_OF, OWN_LETTER, Told
from reminders.models import Notification, Reminder
from reminders.notifications.actions import notify
from reminders.notifications.lines import LINES
from reminders.notifications.reading import count_unseen, lines_of
from reminders.notifications.reading import told as told_to
from sessions.actions.notices import escalate_notice
from sessions.enums.notices import NextInLine
from tests.factories import make_user
from tests.referrals.talking import say
from tests.refusing import database_refuses
from tests.reminders.news import kinds, texts, written
from tests.reminders.sending import round_of
from tests.sessions.asking import enter
from tests.sessions.coordinating import BOTH_WAYS, agree, propose
from tests.sessions.telling import tell

T = Told
READINESS = {"out_categories": [C.READINESS], "in_categories": [C.HISTORY]}


# ---------------------------------------------------------------- messages, notes, plan


def test_a_message_is_told_to_whoever_may_read_it(case, referral):
    say(case.cast.therapist, referral)
    coordinator = case.cast.coordinator
    assert T.MESSAGE in written(coordinator)
    assert T.MESSAGE not in kinds(coordinator)
    release = case.active(in_categories=[C.INTEGRATION])
    [text] = texts(coordinator, T.MESSAGE)
    assert text == "Tess Therapist, LCSW wrote, question"
    case.revoke(release)
    assert T.MESSAGE not in kinds(coordinator)


def test_an_answer_is_told_to_whoever_asked(case, referral):
    case.active(**BOTH_WAYS)
    asked = say(case.cast.nurse, referral)
    assert T.MESSAGE in kinds(case.cast.therapist)
    say(case.cast.therapist, referral, "answer", answers=asked.pk)
    assert kinds(case.cast.nurse) == {T.MESSAGE}


def test_a_note_is_told_while_a_release_opens_a_part_of_it(case, episode):
    therapist, physician = case.cast.therapist, case.cast.physician
    case.active(out_categories=[C.RESPONSE])
    case.active(recipients=[physician], out_categories=[C.SAFETY])
    case.give(hours_ago=3)
    note = case.note({C.RESPONSE: "Calm"})
    assert T.NOTE_SIGNED in kinds(therapist)
    assert T.NOTE_SIGNED in written(physician)
    assert T.NOTE_SIGNED not in kinds(physician)
    case.take_back(note)
    assert T.NOTE_SIGNED not in kinds(therapist)


@pytest.mark.parametrize("opened", [True, False])
def test_a_session_is_told_to_the_clinic_where_a_release_opens_its_date(case, episode, opened):
    case.active(in_categories=[C.SCHEDULE if opened else C.HISTORY])
    case.log_session(timezone.now())
    assert (T.SESSION_LOGGED in kinds(case.cast.prescriber)) == opened


def test_a_plan_is_told_to_the_side_that_answers_and_then_to_both(case, episode):
    cast = case.cast
    case.active(**BOTH_WAYS)
    plan = propose(case)
    assert T.PLAN_PROPOSED in kinds(cast.therapist)
    assert T.PLAN_PROPOSED not in written(cast.coordinator)
    agree(case, plan)
    assert T.PLAN_AGREED in kinds(cast.coordinator)
    assert T.PLAN_AGREED not in written(cast.therapist)


# ---------------------------------------------------------------- releases, windows, safety


def test_a_release_is_told_to_whom_it_names_while_it_holds_and_its_end_to_the_office(
    case, referral
):
    cast = case.cast
    release = case.active()
    assert kinds(cast.therapist) == {T.RELEASE_SIGNED}
    assert written(cast.administrator) == set()  # who had it signed
    other = make_user("Otto Other", Role.ADMINISTRATOR, cast.clinic)
    revoke_release(
        by=cast.administrator,
        release=release,
        asked_by=RevokedBy.CLIENT,
        asked_how=AskedHow.PHONE,
        reason="asked to",
    )
    assert kinds(cast.therapist) == set()
    assert kinds(other) == {T.RELEASE_OVER}


def test_a_window_is_told_to_its_owner_once_and_goes_with_its_dose(case, due):
    round_of()
    round_of()
    rows = Notification.objects.filter(kind=T.WINDOW)
    assert [row.user for row in rows] == [case.cast.therapist]
    assert T.WINDOW in kinds(case.cast.therapist)
    Reminder.objects.update(state="cancelled", cancel_reason="dose_changed")
    assert T.WINDOW not in kinds(case.cast.therapist)


def test_a_window_of_a_dose_that_a_release_no_longer_opens_is_not_told(case, due):
    round_of()
    for release in type(case.active()).objects.filter(revoked_at=None):
        case.revoke(release)
    assert T.WINDOW not in kinds(case.cast.therapist)


def test_an_alert_is_the_clinics_own(case, episode):
    case.active(out_categories=list(C.values)[:6], in_categories=[C.OUTCOMES])
    enter(case, item_9=1)
    cast = case.cast
    assert T.ALERT not in written(cast.nurse)  # who entered it
    assert all(T.ALERT in kinds(each) for each in (cast.prescriber, cast.coordinator))
    assert T.ALERT not in written(cast.therapist) | written(cast.administrator)


def test_an_emergency_reaches_the_clinic_without_a_release_and_the_office_learns_no_name(
    case, referral
):
    cast = case.cast
    notice = tell(case)
    assert T.NOTICE in kinds(cast.nurse)
    assert T.NOTICE not in written(cast.therapist) | written(cast.administrator)
    escalate_notice(notice=notice, to=NextInLine.ADMINISTRATORS, at=database_now())
    [line] = told_to(cast.administrator)
    assert (line.row.kind, line.client, line.url) == (T.UNANSWERED, None, "/care/notices/")


# ---------------------------------------------------------------- nobody else


def everything(case) -> set[str]:
    """A case in which most of what can be told has happened."""
    case.active(out_categories=list(C.values)[:7], in_categories=[C.INTEGRATION, C.SCHEDULE])
    say(case.cast.therapist, case.referral)
    tell(case)
    enter(case, item_9=1)
    propose(case)
    case.log_session(timezone.now())
    return set(Notification.objects.values_list("kind", flat=True))


def test_rows_put_under_a_strangers_name_tell_them_nothing(full_case):
    """Whatever is written, and for whom: what is told is decided when they look."""
    case, cast = full_case, full_case.cast
    happened = everything(case)
    assert len(happened) >= 10
    strangers = [cast.stranger, cast.colleague, cast.superuser, cast.lapsed, cast.physician]
    rows = list(Notification.objects.all())
    for user in (*strangers, cast.administrator):
        copies = [
            Notification(
                user=user, kind=row.kind, referral=row.referral, source=row.source, at=row.at
            )
            for row in rows
        ]
        Notification.objects.bulk_create(copies, ignore_conflicts=True)
    assert {user.name: kinds(user) for user in strangers if kinds(user)} == {}
    assert [count_unseen(user) for user in strangers] == [0] * len(strangers)
    assert kinds(cast.administrator) == {T.RELEASE_SIGNED}


def test_somebody_who_left_is_told_nothing(case, referral):
    coordinator = case.cast.coordinator
    coordinator.memberships.update(ended_at=timezone.now())
    assert kinds(coordinator) == set()


def test_a_release_revoked_between_the_event_and_the_look_takes_it_along(full_case):
    therapist = full_case.cast.therapist
    release = full_case.active(out_categories=list(C.values)[:7])
    assert {T.NOTE_SIGNED, T.REPLIED, T.BEGUN} <= kinds(therapist)
    assert count_unseen(therapist) > 3
    full_case.revoke(release)
    assert (kinds(therapist), count_unseen(User.objects.get(pk=therapist.pk))) == (set(), 0)


def test_what_is_listed_is_a_disclosure_and_a_count_is_none(case, referral):
    therapist = case.cast.therapist
    case.accept()
    case.active(**READINESS)
    assert (count_unseen(therapist), Disclosure.objects.count()) == (2, 0)


def test_the_list_records_what_crosses(case, referral):
    therapist = case.cast.therapist
    case.accept()
    case.active(**READINESS)
    rows = list(Notification.objects.filter(user=therapist))
    assert len(lines_of(therapist, rows, shown=True)) == 2
    row = Disclosure.objects.get()
    assert (row.channel, row.items[0][:2]) == (
        "worklist",
        ["referrals.clinicreply", ClinicReply.unscoped.get().pk],
    )


# ---------------------------------------------------------------- the rows


def test_one_event_tells_a_person_once(case, referral):
    coordinator, at = case.cast.coordinator, referral.submitted_at
    about = {"source": referral, "at": at, "referral": referral}
    for _ in range(2):
        notify(T.WITHDRAWN, [coordinator], **about)
    assert Notification.objects.filter(user=coordinator, kind=T.WITHDRAWN).count() == 1
    assert notify(T.WITHDRAWN, [coordinator], **about, by=coordinator) == 0


def test_no_count_without_news_costs_more_than_one_query(case, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert count_unseen(case.cast.nurse) == 0


def test_the_database_keeps_a_notification_whole(case, referral):
    row = Notification.objects.filter(user=case.cast.coordinator)
    early = row.get().at - timedelta(seconds=1)
    database_refuses(lambda: row.update(seen_at=early))
    database_refuses(lambda: row.update(kind="other"))
    database_refuses(lambda: row.update(user=case.cast.nurse))
    row.update(seen_at=database_now())
    database_refuses(lambda: row.update(seen_at=None))
    database_refuses(row.delete)


def test_every_kind_is_told_in_one_way():
    assert set(GROUP_OF) == set(LINES) == set(Told)
    assert {
        *(T.ALERT, T.NOTICE, T.UNANSWERED, T.WINDOW, T.WINDOW_MISSED),
        *(T.RELEASE_ENDING, T.CLEARANCE_ENDING, T.LICENCE_ENDING),
    } == OWN_LETTER


def test_a_window_that_was_moved_is_not_told_at_its_old_time(case, due):
    round_of()
    Reminder.objects.update(opens_at=database_now() - timedelta(hours=3))
    assert T.WINDOW not in kinds(case.cast.therapist)
