"""What a letter of its own goes out about stands in the portal, too."""

from datetime import datetime

from consent.models import Release
from reminders.actions.letters import told_of_ending
from reminders.enums import Stage, Told
from reminders.models import Letter, Reminder, TextMessage
from reminders.notifications import people
from reminders.notifications.actions import notify


def tell_of_ending(release: Release, at: datetime) -> int:
    """That a release ends soon, to whom its letters go; how many."""
    concerned, case = told_of_ending(release), people.case_of(release)
    return notify(Told.RELEASE_ENDING, concerned, source=release, at=at, referral=case)


def tell_of_window(message: Reminder | Letter | TextMessage) -> int:
    """That a window has opened, to its owner, once for each time that it opens; how many."""
    if not isinstance(message, Reminder) or message.stage != Stage.OPENING:
        return 0
    case, at = message.episode.referral, message.opens_at
    return notify(Told.WINDOW, [message.owner], source=message, at=at, referral=case)
