"""As a text message, by whichever provider the settings name. Without one nobody is offered any.

A provider is a class with one method, `send(to, body, reference)`: `to` as in +15550100199, `body`
short enough for one message, `reference` the same for a second try, so that the two can be told
apart. It returns once the message was taken, within SEND_SECONDS / 6; it raises OSError where
nobody knows, and ValueError where the number or the words were refused.
"""

import sys
import time
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from reminders.channels import NotSent, Silent


class Provider(Protocol):
    def send(self, to: str, body: str, reference: str) -> None: ...


class Console:
    """Writes to the console what would be sent: for trying it out."""

    def send(self, to: str, body: str, reference: str) -> None:
        sys.stdout.write(f"Text message to {to}: {body}\n")
        sys.stdout.flush()


def is_offered() -> bool:
    return bool(settings.TEXT_PROVIDER)


def send(to: str, subject: str, body: str, message_id: str, until: float) -> None:
    """Raises NotSent or Silent as mail does; `subject` has no place in a text message."""
    if not is_offered() or time.monotonic() > until:
        raise NotSent
    provider: Provider = import_string(settings.TEXT_PROVIDER)()
    try:
        provider.send(to, body, message_id)
    except ValueError as error:
        raise NotSent from error
    except OSError as error:
        raise Silent from error
