"""What changes in a referral is followed in its episode, in the same transaction."""

from django.dispatch import receiver

from people.models import User
from referrals.models import Referral
from referrals.signals import referral_handed_over
from sessions.actions.care import hand_plan_over
from sessions.appointments import following
from sessions.models import DosingSession, EpisodeOfCare
from sessions.signals import dose_changed


@receiver(referral_handed_over)
def follow_handover(sender, referral: Referral, was: User, by: User, **kwargs) -> None:
    """Preparation and integration go along with the referral."""
    for episode in EpisodeOfCare.objects.filter(referral=referral):
        hand_plan_over(by=by, episode=episode, was=was, to=referral.referrer)


@receiver(dose_changed)
def follow_dose(sender, dosing: DosingSession, by: User, **kwargs) -> None:
    """What is booked for a dose goes along with it."""
    following.follow_dose(dosing, by)
