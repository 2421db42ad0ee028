"""Covering for a colleague: who may, what it opens, and that it ends by the clock; both engines."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import Role
from people.joining.actions import memberships
from people.models import User
from referrals.actions.covers import end_cover, note_covers_over
from referrals.models import Cover, ReferralUserPermission
from referrals.permissions import user_can_edit
from tests.factories import make_user, utc
from tests.referrals.covers import agreed, fresh, sees
from tests.refusing import database_refuses

DAY = timedelta(days=1)


# ---------------------------------------------------------------- what it opens
def test_while_it_lasts_the_colleague_views_and_contributes_and_no_more(case, referral):
    cast = case.cast
    assert not sees(cast.colleague)
    agreed(cast.therapist, cast.colleague)
    assert sees(cast.colleague)
    assert sees(cast.colleague, "contribute_case")
    assert not sees(cast.colleague, "coordinate_case")
    assert not user_can_edit(fresh(cast.colleague), referral)
    assert not ReferralUserPermission.objects.filter(user=cast.colleague).exists()
    for other in (cast.stranger, cast.physician, cast.superuser):
        assert not sees(other)


def test_it_begins_and_ends_by_the_clock_of_the_practice_alone(case, referral):
    cast = case.cast
    cover = agreed(cast.therapist, cast.colleague, 2, 3)
    moment = timedelta(microseconds=1)
    for at, inside in (
        (cover.starts_at - moment, False),
        (cover.starts_at, True),
        (cover.until - moment, True),
        (cover.until, False),
    ):
        with time_machine.travel(at, tick=False):
            assert sees(cast.colleague) is inside, at
            assert sees(cast.colleague, "contribute_case") is inside
            assert cover.in_force(timezone.now()) is inside
    assert Cover.objects.get().over_noted_at is None  # no round ran


def test_its_days_are_whole_days_at_the_practice_also_when_the_clocks_change(case):
    cast = case.cast
    with time_machine.travel(utc(2026, 10, 30, 12), tick=False):
        cover = agreed(cast.therapist, cast.colleague, 0, 2)
    assert cover.starts_at == utc(2026, 10, 30, 4)
    assert cover.until == utc(2026, 11, 2, 5)  # one hour more: the clocks went back
    assert (cover.last_day.month, cover.last_day.day) == (11, 1)


def test_a_draft_is_not_covered_and_a_later_case_is(case):
    cast = case.cast
    agreed(cast.therapist, cast.colleague)
    case.draft()
    assert not sees(cast.colleague)
    case.send()
    assert sees(cast.colleague)


def test_a_release_that_names_the_therapist_opens_nothing_to_the_cover(full_case, signed_in):
    from tests.factories import CLINIC

    cast = full_case.cast
    full_case.active()
    agreed(cast.therapist, cast.colleague)
    browser = signed_in(cast.colleague)
    page = browser.get(f"/referrals/{full_case.referral.pk}/").content.decode()
    assert "You cover for Tess Therapist" in page
    listed = browser.get("/worklist/").content.decode()
    assert f"/referrals/{full_case.referral.pk}/" in listed
    for text in CLINIC.values():
        assert text not in page + listed
    assert browser.get(f"/care/timeline/{full_case.referral.pk}/").status_code == 404
    case_pages = [f"/referrals/{full_case.referral.pk}/{verb}/" for verb in ("cancel", "answer")]
    assert [browser.get(page).status_code for page in case_pages] == [404, 404]


def test_leaving_ends_it_at_once_whoever_of_the_two_leaves(case, referral):
    cast = case.cast
    agreed(cast.therapist, cast.colleague)
    cast.therapist.memberships.update(ended_at=timezone.now())  # around the actions
    assert not sees(cast.colleague)


def test_leaving_as_it_is_meant_ends_the_cover_for_good(case, referral):
    cast = case.cast
    cover = agreed(cast.therapist, cast.colleague)
    memberships.leave(by=fresh(cast.colleague))
    cover.refresh_from_db()
    assert cover.ended_by == cast.colleague
    assert not Cover.objects.ahead(timezone.now()).exists()


# ---------------------------------------------------------------- who and when
def test_a_therapist_names_a_therapist_of_the_same_practice(cast):
    make_user("Doc Physician", Role.PHYSICIAN, cast.practice)
    doctor = User.objects.get(name="Doc Physician")
    for wrong in (cast.stranger, cast.nurse, cast.therapist, doctor):
        with pytest.raises(ValidationError) as refusal:
            agreed(cast.therapist, wrong)
        assert "colleague" in refusal.value.message_dict
    for by in (cast.physician, cast.administrator, cast.prescriber):
        with pytest.raises(PermissionDenied):
            agreed(by, cast.colleague)
    assert not Cover.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(3, 2, "last_day"), (-3, -1, "last_day"), (0, 90, "last_day"), (400, 401, "first_day")],
)
def test_days_that_cannot_be_are_refused(cast, first, last, field):
    with pytest.raises(ValidationError) as refusal:
        agreed(cast.therapist, cast.colleague, first, last)
    assert field in refusal.value.message_dict
    assert not Cover.objects.exists()


def test_ninety_days_are_the_most_and_the_same_colleague_covers_once_at_a_time(cast):
    agreed(cast.therapist, cast.colleague, 0, 89)
    with pytest.raises(ValidationError) as refusal:
        agreed(cast.therapist, cast.colleague, 89, 95)
    assert "first_day" in refusal.value.message_dict
    agreed(cast.therapist, cast.colleague, 90, 95)
    agreed(cast.colleague, cast.therapist, 0, 3)


def test_the_same_form_twice_is_one_cover_and_one_event(cast):
    key = uuid4()
    first = agreed(cast.therapist, cast.colleague, form_key=key)
    assert agreed(cast.therapist, cast.colleague, form_key=key) == first
    with pytest.raises(ValidationError):
        agreed(cast.colleague, cast.therapist, form_key=key)
    assert list(AuditEvent.objects.filter(event="cover.agreed").values_list("detail")) == [
        ({"user": cast.colleague.pk},)
    ]


def test_either_of_the_two_ends_it_by_one_press(case, referral):
    cast = case.cast
    for by in (cast.therapist, cast.colleague):
        cover = agreed(cast.therapist, cast.colleague)
        for other in (cast.stranger, cast.administrator):
            with pytest.raises(PermissionDenied):
                end_cover(by=other, cover=cover)
        for _ in range(2):
            cover = end_cover(by=by, cover=cover)
        assert cover.ended_by == by
        assert not sees(cast.colleague)
    assert AuditEvent.objects.filter(event="cover.ended").count() == 2


def test_the_round_notes_once_that_it_is_over(cast):
    cover = agreed(cast.therapist, cast.colleague, 0, 0)
    ended = end_cover(by=cast.therapist, cover=agreed(cast.colleague, cast.therapist, 0, 0))
    assert note_covers_over(cover.until - timedelta(seconds=1)) == 0
    assert [note_covers_over(cover.until) for _ in range(2)] == [1, 0]
    event = AuditEvent.objects.get(event="cover.over")
    assert (event.subject, event.actor_id) == (f"referrals.cover:{cover.pk}", None)
    ended.refresh_from_db()
    assert ended.over_noted_at is None


# ---------------------------------------------------------------- the database
def test_the_database_keeps_what_was_agreed(cast):
    cover, now = agreed(cast.therapist, cast.colleague), timezone.now()
    rows = Cover.objects.filter(pk=cover.pk)
    for change in (
        {"until": cover.until + DAY},
        {"starts_at": now - DAY},
        {"colleague": cast.stranger},
        {"ended_at": now},
    ):
        database_refuses(lambda change=change: rows.update(**change))
    database_refuses(lambda: rows._raw_delete(rows.db))
    rows.update(ended_at=now, ended_by=cast.therapist)
    database_refuses(lambda: rows.update(ended_at=None, ended_by=None))
    good = {"practice": cast.practice, "covered": cast.therapist, "colleague": cast.colleague}
    good |= {"starts_at": now, "until": now + DAY}
    for wrong in (
        {"colleague": cast.therapist},
        {"colleague": cast.stranger},
        {"covered": cast.physician},
        {"practice": cast.other_practice},
        {"until": now},
    ):
        database_refuses(lambda wrong=wrong: Cover.objects.create(**{**good, **wrong}))
    with pytest.raises(ValidationError):
        Cover.objects.create(**{**good, "until": now + 91 * DAY})
    Cover.objects.create(**good)
