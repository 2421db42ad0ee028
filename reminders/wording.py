"""The one wording. It says that something waits and where; never a name, a drug or a diagnosis."""

from django.conf import settings
from django.urls import reverse

SUBJECT = "Something is waiting for you in kapcare"
BODY = """Hello {name},

a time window that you look after has opened, and nothing is recorded in it yet.

Sign in to see which one and until when:
{url}

This message holds no information about anybody, and needs no answer.
kapcare
"""


def message_for(reminder) -> tuple[str, str]:
    """Subject and body for the owner of a reminder, the same for every client and window."""
    url = settings.PUBLIC_URL + reverse("reminders:worklist")
    return SUBJECT, BODY.format(name=reminder.owner.name, url=url)
