"""Who is on a case: by membership at the clinic, by guardian outside, and never by being root."""

from django.utils import timezone

from people.models import User
from referrals.enums import Verb
from referrals.models import Referral
from referrals.permissions import user_can_do


def on_case(case) -> set[str]:
    people = {n: User.objects.get(pk=u.pk) for n, u in case.cast.everybody().items()}
    return {n for n, user in people.items() if case.referral in Referral.objects.open_to(user)}


STAFF = {"coordinator", "prescriber", "nurse", "kaptherapist", "administrator"}


def test_the_referrer_and_the_clinic_are_on_a_sent_case(case, referral):
    assert on_case(case) == {"therapist"} | STAFF


def test_a_signed_release_puts_its_recipient_on_the_case_and_revoking_takes_them_off(
    case, referral
):
    cast = case.cast
    release = case.active(recipients=[cast.physician, cast.therapist])
    second = case.active(recipients=[cast.physician])
    assert on_case(case) == {"therapist", "physician"} | STAFF
    case.revoke(release)
    assert on_case(case) == {"therapist", "physician"} | STAFF
    case.revoke(second)
    assert on_case(case) == {"therapist"} | STAFF


def test_a_recipient_may_look_and_not_act(case, referral):
    case.active(recipients=[case.cast.physician, case.cast.colleague])
    for user in (case.cast.physician, case.cast.colleague):
        assert Referral.objects.open_to(user, "view_case").exists()
        assert not Referral.objects.open_to(user, "contribute_case").exists()
        assert not Referral.objects.open_to(user, "coordinate_case").exists()
        assert not user_can_do(user, referral, Verb.CANCEL)


def test_being_a_superuser_opens_nothing(case, referral):
    superuser = case.cast.superuser
    assert superuser.is_superuser
    for permission in ("view_case", "contribute_case", "coordinate_case"):
        assert not Referral.objects.open_to(superuser, permission).exists()
    superuser.memberships.update(organization=case.cast.practice)
    assert not Referral.objects.open_to(User.objects.get(pk=superuser.pk)).exists()
    superuser.memberships.update(ended_at=timezone.now())
    assert not Referral.objects.open_to(User.objects.get(pk=superuser.pk)).exists()


def test_somebody_who_left_opens_nothing_anywhere(case, referral):
    case.active(recipients=[case.cast.physician])
    for user in case.cast.everybody().values():
        user.memberships.update(ended_at=timezone.now())
    assert on_case(case) == set()


def test_a_grant_given_at_one_organisation_does_not_move_to_the_next(case, referral):
    cast = case.cast
    case.active(recipients=[cast.physician])
    for user, role in ((cast.therapist, "therapist"), (cast.physician, "physician")):
        user.memberships.update(ended_at=timezone.now())
        user.memberships.create(organization=cast.other_practice, role=role)
    assert on_case(case) == STAFF
