"""Who may do what about case conferences. Each check raises with a sentence that can be shown."""

from django.core.exceptions import PermissionDenied

from people.enums import CLINIC_ROLES, CLINICAL_ROLES
from people.models import User
from referrals.permissions import TRIAGE_ROLES
from reminders.conferences.people import may_read
from reminders.models import ConferenceDecision

CONFER_ROLES = CLINICAL_ROLES & CLINIC_ROLES  # everybody of the clinic but administrators


def check_user_can_set_up(user: User, clinic_id: int) -> None:
    """How often and when: those who triage."""
    _check(user, clinic_id, TRIAGE_ROLES, "A coordinator or prescriber of the clinic does this.")


def check_user_confers(user: User, clinic_id: int) -> None:
    """The agenda, who was there, what was decided: everybody who works with clients there."""
    _check(user, clinic_id, CONFER_ROLES, "Clinical staff of the clinic do this.")


def check_user_can_tick_off(user: User, decision: ConferenceDecision) -> None:
    """The clinic's staff, and somebody outside what they took on themselves, while they may read
    it."""
    membership = user.membership
    inside = membership and membership.organization_id == decision.author_organization_id
    if not inside and decision.owner_id == user.pk and may_read(user, decision):
        return
    check_user_confers(user, decision.author_organization_id)


def _check(user: User, clinic_id: int, roles, sentence: str) -> None:
    membership = user.membership
    if membership is None or membership.organization_id != clinic_id:
        raise PermissionDenied("Only the clinic whose conference it is can do this.")
    if membership.role not in roles:
        raise PermissionDenied(sentence)
