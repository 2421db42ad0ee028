"""What a log line may say: no secret of a link, whatever was asked for."""

import logging
import re

# Every address that opens by a secret has one letter before it; calendars and allauth's two have
# words.
BEFORE = r"(?:(?<=/[a-z]/)|(?<=/calendar/)|(?<=/confirm-email/)|(?<=/reset/key/))"
SECRET = re.compile(BEFORE + r"[^/\s?'\"]+")


class WithoutSecrets(logging.Filter):
    """Takes the secret out of addresses: of documents to sign, questions, clients' pages, and of
    mails about an account."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub("…", record.getMessage()), ()
        return True
