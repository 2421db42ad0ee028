"""Every address. Each app names its own; nothing here or there carries a drug or a diagnosis."""

from django.conf import settings
from django.urls import include, path

from kapcare import home
from kapcare.health import health

urlpatterns = [
    path("", home.home, name="home"),
    path("session/stay/", home.stay, name="session_stay"),
    path("health/", health, name="health"),
    # The address somebody signs in with is given with the account, and not theirs to change.
    path("account/email/", home.closed, name="account_email"),
    path("account/", include("allauth.urls")),
    path("", include("reminders.urls")),
    path("", include("referrals.urls")),
    path("", include("sessions.urls")),
    path("", include("consent.urls")),
    path("", include("people.urls")),
    path("", include("people.joining.urls")),
]

if settings.DEMO:
    from kapcare.sent_mail import sent_mail

    urlpatterns.append(path("sent-mail/", sent_mail, name="sent_mail"))
