"""Who may send again what could not be sent."""

from django.core.exceptions import PermissionDenied

from people.enums import Role
from people.models import User
from reminders.models import Letter, Reminder, TextMessage


def check_user_can_resend(user: User, message: Reminder | Letter | TextMessage) -> None:
    """An administrator of the clinic whose mail it is."""
    membership = user.membership
    if membership is None or membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("An administrator of the clinic sends it again.")
    rows = type(message).objects.of_clinic(membership.organization_id)
    if not rows.filter(pk=message.pk).exists():
        raise PermissionDenied("This is the mail of another clinic.")
