"""By mail."""

import time
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection

from reminders.channels import NotSent, Silent


def send(to: str, subject: str, body: str, message_id: str, until: float) -> None:
    """Raises NotSent where the mail server was not reached or said no; Silent where it fell silent.

    `until`: on the clock of time.monotonic, the last moment at which the message itself may begin
    to go out: from then on its lease might end before the answer.
    """
    message = EmailMessage(subject, body, to=[to], headers={"Message-ID": message_id})
    mailer = get_connection()
    try:
        mailer.open()
        if time.monotonic() > until:
            raise TimeoutError
    except OSError as error:  # every SMTP and network error is one
        mailer.close()
        raise NotSent from error
    try:
        mailer.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        raise NotSent from error
    except OSError as error:
        raise Silent from error
    except Exception as error:  # it could not be put into a mail
        raise NotSent from error
    finally:
        mailer.close()
