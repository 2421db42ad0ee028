"""Leaving a practice takes every case away at once, and hands on what somebody answered for."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import Role
from people.joining.actions import memberships
from people.models import Membership, User
from referrals.models import Referral, ReferralUserPermission
from reminders.models import Reminder
from tests.factories import make_user
from tests.referrals.covers import agreed, fresh, sees


def member(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def grants(user: User):
    return ReferralUserPermission.objects.filter(user=user)


def test_the_only_colleague_takes_over_all_of_it(case, referral):
    cast = case.cast
    second = case.draft()
    memberships.leave(by=fresh(cast.therapist))
    assert not grants(cast.therapist).exists()
    mine = Referral.objects.open_to(fresh(cast.colleague), "coordinate_case")
    assert set(mine) == {referral, second}
    assert {each.referrer for each in mine} == {cast.colleague}
    events = AuditEvent.objects.filter(event="referral.handed_over", actor_id=cast.therapist.pk)
    assert events.get(subject=f"referrals.referral:{referral.pk}").detail == {
        "was": cast.therapist.pk,
        "to": cast.colleague.pk,
    }


def test_where_there_are_several_one_is_chosen_and_nothing_happens_before(case, referral):
    cast = case.cast
    third = make_user("Thea Third", Role.THERAPIST, cast.practice)
    for attempt in (
        lambda: memberships.leave(by=fresh(cast.therapist)),
        lambda: memberships.end_membership(by=cast.administrator, member=member(cast.therapist)),
    ):
        with pytest.raises(ValidationError) as refusal:
            attempt()
        sentence = "Choose who takes over: 1 referral is open."
        assert refusal.value.message_dict == {"successor": [sentence]}
        assert member(cast.therapist)
        assert sees(cast.therapist, "coordinate_case")
    with pytest.raises(ValidationError):
        memberships.leave(by=fresh(cast.therapist), successor=member(cast.stranger))
    memberships.leave(by=fresh(cast.therapist), successor=member(third))
    assert sees(third, "coordinate_case")
    assert not sees(cast.colleague)


def test_somebody_alone_cannot_leave_what_is_open_but_an_administrator_can_end_it(
    case, referral, signed_in
):
    cast = case.cast
    memberships.leave(by=fresh(cast.colleague))
    with pytest.raises(ValidationError, match="only therapist here, and 1 referral is open"):
        memberships.leave(by=fresh(cast.therapist))
    assert sees(cast.therapist)
    memberships.end_membership(by=cast.administrator, member=member(cast.therapist))
    assert not grants(cast.therapist).exists()
    assert AuditEvent.objects.filter(event="referral.left_alone").count() == 1
    page = signed_in(cast.coordinator).get(f"/referrals/{referral.pk}/triage/").content.decode()
    assert "Nobody at the practice answers for this referral" in page


def test_what_is_over_holds_nobody_back(case, referral):
    cast = case.cast
    memberships.leave(by=fresh(cast.colleague))
    Referral.objects.filter(pk=referral.pk).update(state="declined")
    memberships.leave(by=fresh(cast.therapist))
    assert not grants(cast.therapist).exists()


def test_whoever_reads_by_a_release_is_off_the_case_too(case, referral):
    cast = case.cast
    case.active(recipients=[cast.physician])
    assert grants(cast.physician).exists()
    memberships.end_membership(by=cast.administrator, member=member(cast.physician))
    assert not grants(cast.physician).exists()
    back = Membership.objects.create(
        user=cast.physician, organization=cast.primary_care, role=Role.PHYSICIAN
    )
    assert not sees(back.user)


def test_a_clinics_staff_hand_nothing_over(case, referral):
    cast = case.cast
    memberships.end_membership(by=cast.administrator, member=member(cast.coordinator))
    assert sees(cast.therapist, "coordinate_case")


def test_windows_and_reminders_go_along_with_the_referral(full_case):
    cast, episode = full_case.cast, full_case.episode
    before = episode.careplans.count()
    agreed(cast.therapist, cast.colleague, form_key=uuid4())
    memberships.leave(by=fresh(cast.therapist))
    episode.refresh_from_db()
    assert episode.integration_owner == episode.preparation_owner == cast.colleague
    newest = episode.careplans.first()
    assert (episode.careplans.count(), newest.integration_owner) == (before + 1, cast.colleague)
    ahead = Reminder.objects.of_windows().filter(closes_at__gt=timezone.now())
    assert {each.owner for each in ahead} == {cast.colleague}
