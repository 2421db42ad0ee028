"""What a log line may say: no secret of a link, whatever was asked for."""

import logging
import re

SECRET = re.compile(r"(?<=/[dpj]/)[^/\s?'\"]+")


class WithoutSecrets(logging.Filter):
    """Takes the secret out of addresses of signing links (/d/…), clients' pages (/p/…) and
    invitations (/j/…)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub("…", record.getMessage()), ()
        return True
