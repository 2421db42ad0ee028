"""Who may book, propose and answer; each check raises with a sentence that can be shown."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from people.enums import CLINIC_ROLES, CLINICAL_ROLES, Role
from people.models import User
from people.permissions import check_user_administers
from referrals.models import Referral
from sessions.actions.care import session_owners, staff_of
from sessions.enums.appointments import AppointmentKind, AppointmentState
from sessions.models import Appointment, EpisodeOfCare

NOT_THEIRS = "Whoever holds it, or their house, does this."


def works_inside(user: User, episode: EpisodeOfCare) -> bool:
    """Whether `user` is of the clinical staff of the clinic of this episode."""
    membership = user.membership
    return (
        membership is not None
        and membership.organization_id == episode.clinic_id
        and membership.role in CLINICAL_ROLES & CLINIC_ROLES
    )


def check_user_is_on(user: User, episode: EpisodeOfCare) -> None:
    """The clinic's clinical staff, and the therapists of the practice who contribute to the case.
    Not once treatment has ended."""
    if not works_inside(user, episode):
        membership = user.membership
        cases = Referral.objects.filter(pk=episode.referral_id)
        if (
            membership is None
            or membership.role != Role.THERAPIST
            or membership.organization_id != episode.referral.practice_id
            or not cases.open_to(user, "contribute_case").exists()
        ):
            raise PermissionDenied("Staff of the clinic and therapists on the case book times.")
    if episode.ended_at:
        raise PermissionDenied("Treatment has ended. Nothing is booked any more.")


def holders(user: User, episode: EpisodeOfCare, kind: str = "") -> QuerySet[User]:
    """For whom `user` may book: staff of the clinic for those who treat there, a therapist for
    themselves. Doses are the clinic's."""
    if works_inside(user, episode):
        return staff_of(episode.referral).distinct().order_by("name")
    mine = kind != AppointmentKind.DOSE
    return User.objects.filter(pk=user.pk) if mine else User.objects.none()


def invited(user: User, episode: EpisodeOfCare) -> QuerySet[User]:
    """To whom `user` may propose times: whoever may hold sessions of the case, but themselves; a
    therapist only to those of the clinic who hold some by the plan."""
    owners = session_owners(episode.referral).exclude(pk=user.pk)
    if works_inside(user, episode):
        return owners
    named = {episode.preparation_owner_id, episode.integration_owner_id}
    named |= {owner.pk for owner in episode.dose_owners.values()}
    return owners.filter(
        pk__in=named & set(staff_of(episode.referral).values_list("pk", flat=True))
    )


def check_user_can_book(user: User, episode: EpisodeOfCare, person: User, kind: str) -> None:
    check_user_is_on(user, episode)
    if not holders(user, episode, kind).filter(pk=person.pk).exists():
        raise PermissionDenied("You can book a time for somebody of your own house who holds it.")


def check_user_can_propose(user: User, episode: EpisodeOfCare, person: User) -> None:
    check_user_is_on(user, episode)
    if not invited(user, episode).filter(pk=person.pk).exists():
        raise PermissionDenied("Propose times to somebody who holds sessions of this case.")


def check_user_can_answer(user: User, appointment: Appointment) -> None:
    """Whoever would hold it; at the clinic its clinical staff for one another."""
    episode = appointment.episode
    check_user_is_on(user, episode)
    if appointment.state != AppointmentState.PROPOSED:
        raise PermissionDenied("This was answered already.")
    if not holders(user, episode).filter(pk=appointment.person_id).exists():
        raise PermissionDenied("Whoever would hold it answers this.")


def check_user_can_change(user: User, appointment: Appointment) -> None:
    """To cancel or to move it: the house whose it is; at a practice, whoever holds or made it."""
    check_user_is_on(user, appointment.episode)
    membership = user.membership
    if membership is None or membership.organization_id != appointment.author_organization_id:
        raise PermissionDenied(NOT_THEIRS)
    if not works_inside(user, appointment.episode) and user.pk not in (
        appointment.person_id,
        appointment.author_id,
    ):
        raise PermissionDenied(NOT_THEIRS)
    if appointment.state not in (AppointmentState.PROPOSED, AppointmentState.BOOKED):
        raise PermissionDenied(f"{appointment.get_state_display()}. Nothing is left to change.")


def check_user_can_move(user: User, appointment: Appointment) -> None:
    """As to cancel it, while it is booked; of an offer, other times are proposed instead."""
    check_user_can_change(user, appointment)
    if appointment.state != AppointmentState.BOOKED:
        raise PermissionDenied("Only what is booked is moved. Propose other times instead.")


def check_user_keeps_rooms(user: User, clinic_id: int) -> None:
    """An administrator of the clinic."""
    check_user_administers(user, clinic_id)
