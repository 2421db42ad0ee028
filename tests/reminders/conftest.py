"""A reminder that is due, and real mail."""

from urllib.parse import urlsplit

import pytest

from reminders.models import Reminder
from tests.reminders.sending import due_now, without_mail_of_news

ABOUT_NEWS = {"test_news_mail", "test_notifications", "test_told_of_referrals"}
ABOUT_NEWS |= {"test_notification_pages"}


@pytest.fixture
def due(case, episode) -> Reminder:
    """The primary reminder of a therapist with a release, its window open for an hour now."""
    case.active()
    return due_now(case)


@pytest.fixture
def smtp(settings):
    """Real SMTP to a server of our own, or to wherever `smtp(url)` says."""

    def use(url: str) -> None:
        address = urlsplit(url)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = address.hostname, address.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 5

    return use


@pytest.fixture(autouse=True)
def _no_mail_of_news(request):
    """Here people read their news in the portal, for other letters are counted."""
    if "case" in request.fixturenames and request.path.stem not in ABOUT_NEWS:
        case = request.getfixturevalue("case")
        without_mail_of_news(case.cast.everybody().values())
