"""How a message leaves: by mail, or as a text message. What stands in the portal itself is made in
`reminders.notifications`.

Each channel sends one message, and either returns, or says how it failed: `NotSent`, so that it may
be tried again, or `Silent`, where nobody knows whether it went.
"""


class NotSent(Exception):
    """It did not go out."""


class Silent(Exception):
    """The other side was told, and did not answer: it may have gone out."""


def name_of(error: Exception) -> str:
    """The class of what was behind it: its text may hold an address."""
    return type(error.__cause__ or error).__name__[:60]
