"""What somebody is told in the portal, as tests ask it."""

from people.models import User
from reminders.enums import Told
from reminders.models import Notification
from reminders.notifications.reading import told as told_to


def kinds(user: User) -> set[str]:
    """What somebody is told of now, asked as with the next request."""
    return {line.row.kind for line in told_to(User.objects.get(pk=user.pk))}


def texts(user: User, kind: Told) -> list[str]:
    return [line.text for line in told_to(user) if line.row.kind == kind]


def written(user: User) -> set[str]:
    return set(Notification.objects.filter(user=user).values_list("kind", flat=True))
